// aura quint verify: are these traces behaviours of the spec, and which of its properties do they break?
import type { Command } from 'commander';
import { Option } from 'commander';
import { ok, type Result } from '../../util/result.js';
import { performJob, type VerifyJob } from '../../verify/job.js';
import { DEFAULT_BUDGET } from '../../verify/verify.js';
import { type LoadedConfig, loadConfig } from '../config.js';
import {
  type DrivenSpec,
  type DrivingOptions,
  driveSpec,
  drivingActions,
  NO_ACTIONS,
  withDrivingOptions,
} from '../driven-spec.js';
import { openSpec, type SpecOptions, withSpecOptions } from '../open-spec.js';
import { collectText, integerIn } from '../options.js';
import { parseReportOptions } from '../report-options.js';
import { conclude, type ReportOptions, withReportOptions } from '../reports.js';
import { reproducing } from '../reproduce.js';
import type { Runner, Session } from '../session.js';
import { readingOptions, type TraceReading, withReadingOptions } from '../trace-reading.js';
import { wantedProperties } from '../wanted-properties.js';

interface Options extends SpecOptions, DrivingOptions, TraceReading, ReportOptions {
  trace: readonly string[];
  init: string;
  step: string;
  invariant?: readonly string[];
  temporal?: readonly string[];
  conformance: boolean;
  traceEnd: 'open' | 'stutter';
  budget: number;
  coverage?: boolean;
  propertyChecker: 'builtin' | 'quint';
}

export function registerVerify(parent: Command, runner: Runner): void {
  const command = withDrivingOptions(withSpecOptions(parent.command('verify')))
    .description('check traces against a spec: conformance, invariants, temporal properties')
    .requiredOption('--trace <files...>', 'ITF or execution traces, .gz too; - for standard input')
    .option('--invariant <name or expression>', 'check this one; may be repeated (default: all)', collectText)
    .option('--temporal <name or formula>', 'check this one; may be repeated (default: all)', collectText)
    .option('--no-conformance', 'check properties only')
    .option('--init <name>', 'action that gives the initial state', 'init')
    .option('--step <name>', 'action that takes a step', 'step')
    .addOption(
      new Option('--trace-end <how>', 'what a trace without a loop does after its last state')
        .choices(['open', 'stutter'])
        .default('open'),
    )
    .option(
      '--budget <states>',
      'states to search for what a trace leaves open, beside ten for each of its moments',
      integerIn(1, 1_000_000_000),
      DEFAULT_BUDGET,
    )
    .addOption(
      new Option('--property-checker <name>', 'who decides invariants; quint: Quint too, which has to agree')
        .choices(['builtin', 'quint'])
        .default('builtin'),
    )
    .option('--coverage', 'count how often guards held and failed, too');
  withReadingOptions(withReportOptions(command))
    .addHelpText(
      'after',
      '\nExample:\n  aura quint verify --spec specs/counter.qnt --trace run.itf.json --trace-end stutter\n' +
        '\nExit codes: 0 all hold, 1 rejected or violated, 2 bad input, 3 undecided or nothing checked.\n',
    )
    .action((options: Options) => runner.run(options, session => run(session, options)));
}

async function run(session: Session, options: Options) {
  const requests = parseReportOptions(options.report ?? [], {
    json: options.json === true,
    env: process.env,
  });
  if (!requests.ok) return requests;
  const config = await loadConfig(options.config);
  if (!config.ok) return config;
  const opened = await openSpec(session, options);
  if (!opened.ok) return opened;
  const driven = await driveSpec(session, opened.value, options, options.conformance ? options : NO_ACTIONS);
  if (!driven.ok) return driven;
  const job = await jobOf(session, driven.value, config.value, options);
  if (!job.ok) return job;
  const verified = await performJob(job.value, {
    ...(options.propertyChecker === 'quint' && { quint: driven.value }),
    onMoments: (file, read) =>
      session.terminal.progress(`verifying ${file}${read > 0 ? `: ${read} states` : ''}`),
  });
  if (!verified.ok) return verified;
  const { result, violations } = verified.value;
  session.terminal.document(result);
  return conclude(session.terminal, { results: [result], violations }, requests.value, options);
}

async function jobOf(
  session: Session,
  driven: DrivenSpec,
  config: LoadedConfig,
  options: Options,
): Promise<Result<VerifyJob>> {
  const reading = readingOptions(config, options);
  if (!reading.ok) return reading;
  const wanted = await wantedProperties(driven, config, options.invariant, options.temporal);
  if (!wanted.ok) return wanted;
  const { model, invariants, temporal } = wanted.value;
  const { conformance, traceEnd, budget } = options;
  return ok({
    model,
    options: {
      invariants,
      temporal,
      conformance: conformance ? drivingActions(driven, options) : undefined,
      traceEnd,
      budget,
      signal: session.signal,
    },
    traces: options.trace.map(file => ({ file, reproduce: reproducing(file, options) })),
    reading: reading.value,
    guards: options.coverage === true,
  });
}
