// aura scenarios validate: are these scenario files well-formed?
import type { Command } from 'commander';
import type { ValidateResult } from '../../../generated/validate-result.js';
import { loadScenarios } from '../../scenario/load.js';
import { ok } from '../../util/result.js';
import { EXIT } from '../exit-codes.js';
import type { Runner, Session } from '../session.js';

interface Options {
  json?: boolean;
}

/** Codes of files that were read but are not valid; other errors mean that there was nothing to judge. */
const INVALID = /^AUR4/;

export function registerValidate(parent: Command, runner: Runner): void {
  parent
    .command('validate <path>')
    .description('check a scenario file, or all scenario files of a folder and those below it')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  aura scenarios validate out\n\nExit codes: 0 all valid, 1 some invalid, 2 nothing to check.\n',
    )
    .action((path: string, options: Options) => runner.run(options, session => validate(session, path)));
}

async function validate({ terminal }: Session, path: string) {
  const loaded = await loadScenarios(path);
  if (!loaded.ok && !loaded.errors.every(({ code }) => INVALID.test(code))) return loaded;
  const errors = loaded.ok ? [] : loaded.errors;
  const scenarios = loaded.ok ? loaded.value : [];
  const result: ValidateResult = {
    format: 'aura-validate-result',
    version: 1,
    valid: loaded.ok,
    scenarios: scenarios.map(({ scenario, file, line }) => ({ name: scenario.name, file, line })),
    errors: errors.map(error => ({ ...error })),
  };
  terminal.document(result);
  terminal.errors(errors);
  if (!loaded.ok) {
    terminal.print(terminal.colour.red(`${path} is not valid: ${errors.length} errors`));
    return ok(EXIT.violated);
  }
  const files = new Set(scenarios.map(({ file }) => file)).size;
  terminal.print(terminal.colour.green(`${path} is valid: ${scenarios.length} scenarios in ${files} files`));
  return ok(EXIT.ok);
}
