// aura quint trace-convert: a log of a system as a trace in ITF in the words of the spec, and back.
import type { Command } from 'commander';
import type { ConvertResult } from '../../../generated/convert-result.js';
import { type Converted, convertToExecution, convertToItf } from '../../trace/convert-trace.js';
import { type OpenedTrace, openTrace } from '../../trace/open-trace.js';
import { type SpecTypes, specTypes } from '../../trace/spec-types.js';
import { auraError } from '../../util/errors.js';
import { fail, ok, type Result } from '../../util/result.js';
import { loadConfig } from '../config.js';
import { EXIT } from '../exit-codes.js';
import { openSpec, type SpecOptions, withSpecOptions } from '../open-spec.js';
import type { Runner, Session } from '../session.js';
import { readingOptions, type TraceReading, withReadingOptions } from '../trace-reading.js';

interface Options extends Omit<SpecOptions, 'spec'>, TraceReading {
  spec?: string;
  executionTrace?: string;
  itf?: string;
  output: string;
}

export function registerTraceConvert(parent: Command, runner: Runner): void {
  const command = withSpecOptions(parent.command('trace-convert'))
    .description('convert an execution trace to ITF, or ITF to an execution trace')
    .option('--execution-trace <file>', 'JSON or JSON Lines, .gz too; - for standard input')
    .option('--itf <file>', 'a trace in ITF, to convert back; needs no --spec')
    .requiredOption(
      '--output <file>',
      'ITF, or for --itf JSON Lines, unless the name ends in .json: then one JSON document',
    );
  // The way back needs no spec: ITF says what its values are.
  command.options.find(option => option.long === '--spec')?.makeOptionMandatory(false);
  withReadingOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  aura quint trace-convert --execution-trace execution.jsonl --spec specs/counter.qnt --output run.itf.json\n\nExit codes: 0 converted, 2 bad input.\n',
    )
    .action((options: Options) => runner.run(options, session => run(session, options)));
}

async function run(session: Session, options: Options) {
  const { executionTrace, itf, output } = options;
  const source = executionTrace ?? itf;
  if (source === undefined || (executionTrace !== undefined && itf !== undefined))
    return fail(auraError('AUR001', 'give either --execution-trace or --itf'));
  if (executionTrace !== undefined && options.spec === undefined)
    return fail(auraError('AUR001', '--execution-trace needs --spec: its types say what values mean'));
  const config = await loadConfig(options.config);
  if (!config.ok) return config;
  const reading = readingOptions(config.value, options);
  if (!reading.ok) return reading;
  const types = await typesOf(session, options);
  if (!types.ok) return types;
  session.terminal.progress(`converting ${source}`);
  const trace = openTrace(source, { ...reading.value, ...(types.value && { types: types.value }) });
  const converted =
    executionTrace !== undefined && types.value
      ? await convertToItf(trace, types.value, output, source)
      : await convertToExecution(trace, output);
  if (!converted.ok) return converted;
  const result = resultOf(trace, converted.value, {
    source,
    output,
    to: executionTrace === undefined ? 'execution-trace' : 'itf',
  });
  session.terminal.document(result);
  show(session, result);
  return ok(EXIT.ok);
}

async function typesOf(
  session: Session,
  { spec, ...options }: Options,
): Promise<Result<SpecTypes | undefined>> {
  if (spec === undefined) return ok(undefined);
  const opened = await openSpec(session, { ...options, spec });
  return opened.ok ? ok(specTypes(opened.value.model)) : opened;
}

function resultOf(
  trace: OpenedTrace,
  { moments, withActions, unobserved }: Converted,
  names: Pick<ConvertResult, 'source' | 'output' | 'to'>,
): ConvertResult {
  const { loop, interleaved } = trace.frame();
  const { summary } = trace;
  return {
    format: 'aura-convert-result',
    version: 1,
    ...names,
    moments,
    withActions,
    unobserved: [...unobserved].map(([variable, count]) => ({ variable, moments: count })),
    loop: loop ?? null,
    interleaved,
    events: summary
      ? {
          read: summary.events,
          passedOver: summary.passedOver,
          order: summary.order ?? 'file',
          stateMode: summary.stateMode ?? null,
        }
      : null,
  };
}

function show({ terminal }: Session, result: ConvertResult): void {
  const { moments, withActions, unobserved, interleaved, loop, events, output } = result;
  terminal.print(`${terminal.colour.green('converted')}: ${moments} states, ${output}`);
  if (events) {
    const passed = events.passedOver > 0 ? `, ${events.passedOver} of them no steps of the spec` : '';
    terminal.print(`  ${events.read} events in ${events.order} order${passed}`);
  }
  if (interleaved) terminal.print('  the events may have happened in other orders too');
  if (loop !== null) terminal.print(`  the last state is followed by state ${loop}`);
  terminal.print(`  ${withActions} states say which action led there`);
  for (const { variable, moments: count } of unobserved)
    terminal.print(`  ${variable} is not known in ${count} of ${moments} states`);
}
