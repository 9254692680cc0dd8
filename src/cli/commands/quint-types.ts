// aura quint types: TypeScript types of a spec, for a driver that is written in TypeScript.
import type { Command } from 'commander';
import type { TypesResult } from '../../../generated/types-result.js';
import { typesOfSpec } from '../../types-of-spec/types-of-spec.js';
import { auraError } from '../../util/errors.js';
import { systemReason, writeAtomically } from '../../util/files.js';
import { fail, ok } from '../../util/result.js';
import { EXIT } from '../exit-codes.js';
import { openSpec, type SpecOptions, withSpecOptions } from '../open-spec.js';
import type { Runner, Session } from '../session.js';

interface Options extends SpecOptions {
  output: string;
}

export function registerTypes(parent: Command, runner: Runner): void {
  withSpecOptions(parent.command('types'))
    .description('write TypeScript types of a spec, for a driver')
    .requiredOption('--output <file>', 'a .ts file')
    .addHelpText(
      'after',
      '\nExample:\n  aura quint types --spec specs/locking.qnt --output locking-types.ts\n\nExit codes: 0 written, 2 bad input.\n',
    )
    .action((options: Options) => runner.run(options, session => writeTypes(session, options)));
}

async function writeTypes(session: Session, options: Options) {
  const { output } = options;
  if (!/\.[cm]?ts$/.test(output))
    return fail(
      auraError('AUR001', `--output ${output} is not a .ts file`, { hint: 'name it like types.ts' }),
    );
  const opened = await openSpec(session, options);
  if (!opened.ok) return opened;
  const { model } = opened.value;
  try {
    await writeAtomically(output, typesOfSpec(model));
  } catch (error) {
    return fail(auraError('AUR006', `cannot write ${output}: ${systemReason(error)}`));
  }
  const result: TypesResult = {
    format: 'aura-types-result',
    version: 1,
    spec: model.spec.file,
    module: model.spec.main,
    output,
    variables: model.variables.map(({ name }) => name),
    actions: model.actions.map(({ name }) => name),
  };
  session.terminal.document(result);
  const count = (items: readonly string[], what: string) =>
    `${items.length} ${what}${items.length === 1 ? '' : 's'}`;
  session.terminal.print(
    `wrote ${output}: ${count(result.variables, 'variable')}, ${count(result.actions, 'action')}`,
  );
  return ok(EXIT.ok);
}
