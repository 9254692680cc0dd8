// aura quint validate-trace: everything in a trace that does not follow the format or does not fit the spec.
import type { Command } from 'commander';
import type { ValidateTraceResult } from '../../../generated/validate-trace-result.js';
import { specTypes } from '../../trace/spec-types.js';
import { validateTrace } from '../../trace/validate-trace.js';
import { ok } from '../../util/result.js';
import { loadConfig } from '../config.js';
import { EXIT } from '../exit-codes.js';
import { openSpec, type SpecOptions, withSpecOptions } from '../open-spec.js';
import type { Runner, Session } from '../session.js';
import { readingOptions, type TraceReading, withReadingOptions } from '../trace-reading.js';

interface Options extends SpecOptions, TraceReading {
  trace: string;
}

export function registerValidateTrace(parent: Command, runner: Runner): void {
  const command = withSpecOptions(parent.command('validate-trace'))
    .description('check an execution trace or an ITF trace against its format and the types of a spec')
    .requiredOption('--trace <file>', 'ITF or an execution trace, .gz too; - for standard input');
  withReadingOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  aura quint validate-trace --trace execution.jsonl --spec specs/counter.qnt\n\nExit codes: 0 valid, 1 not valid, 2 bad input.\n',
    )
    .action((options: Options) => runner.run(options, session => run(session, options)));
}

async function run(session: Session, options: Options) {
  const config = await loadConfig(options.config);
  if (!config.ok) return config;
  const reading = readingOptions(config.value, options);
  if (!reading.ok) return reading;
  const opened = await openSpec(session, options);
  if (!opened.ok) return opened;
  const { terminal } = session;
  terminal.progress(`reading ${options.trace}`);
  const checked = await validateTrace(options.trace, {
    types: specTypes(opened.value.model),
    ...reading.value,
  });
  if (!checked.ok) return checked;
  const { kind, moments, misfits, more } = checked.value;
  const valid = misfits.length === 0;
  const result: ValidateTraceResult = {
    format: 'aura-validate-trace-result',
    version: 1,
    trace: options.trace,
    kind: kind === 'execution' ? 'execution-trace' : (kind ?? null),
    valid,
    moments,
    misfits: misfits.map(misfit => ({ ...misfit })),
    more,
  };
  terminal.document(result);
  terminal.errors(misfits);
  if (more > 0) terminal.note(`and ${more} more`);
  const { red, green } = terminal.colour;
  if (valid) terminal.print(`${green('valid')}: ${options.trace}, ${moments} states`);
  else terminal.print(`${red('not valid')}: ${options.trace}, ${misfits.length + more} misfits`);
  return ok(valid ? EXIT.ok : EXIT.violated);
}
