// aura scenarios run: executes scenarios and says whether each ended as it was expected to.
import os from 'node:os';
import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RunResult } from '../../../generated/run-result.js';
import type { RunSummary, RunTotals } from '../../../generated/run-summary.js';
import { parseCommandWords } from '../../drivers/command-words.js';
import { totalsLine } from '../../report/runs/totals.js';
import { loadAssertions } from '../../run/own-assertions.js';
import { DEFAULT_TIMEOUT_S } from '../../run/reproduce-run.js';
import type { DriverChoice, RunJob, RunOptions, RunRecord, TraceLevel } from '../../run/run-job.js';
import { type LoadedScenario, loadScenarios } from '../../scenario/load.js';
import type { Vocabulary } from '../../scenario/vocabulary.js';
import { stopwatch } from '../../util/clock.js';
import { type AuraError, auraError } from '../../util/errors.js';
import { nearest } from '../../util/nearest.js';
import { fail, ok, type Result } from '../../util/result.js';
import { quoted } from '../../util/shell.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { collectText, integerIn, seed } from '../options.js';
import { reportsOnStdout } from '../report-delivery.js';
import { parseReportOptions } from '../report-options.js';
import { runInWorkers } from '../run-in-workers.js';
import { planRuns, runVocabulary } from '../run-plan.js';
import { deliverRunReports } from '../run-reports.js';
import { runLines } from '../run-text.js';
import { runTraceLines } from '../run-trace.js';
import type { Runner, Session } from '../session.js';

const TRACE_LEVELS: readonly TraceLevel[] = ['off', 'summary', 'steps', 'verbose'];
const DRIVERS = ['simulated', 'model', 'module', 'process'] as const;

interface Options {
  directory?: string;
  scenario?: readonly string[];
  verifyProperties?: boolean;
  checkInvariants?: boolean;
  checkTemporal?: boolean;
  propertyChecker: string;
  driver?: (typeof DRIVERS)[number];
  driverFile?: string;
  command?: string;
  plant?: string;
  spec?: string;
  assertions?: string;
  seed?: string;
  seeds?: readonly string[];
  jobs?: number;
  timeout?: number;
  failFast?: boolean;
  strictFaults?: boolean;
  checkpointEvery?: number;
  quintDebug?: boolean;
  traceLevel: TraceLevel;
  output: string;
  report?: readonly string[];
  verbose?: boolean;
  config?: string;
  cache?: boolean;
  json?: boolean;
}

/** Each worker opens the specs for itself, so that many of them cost more than they give. */
const MOST_JOBS = 4;
/** Seconds that a run may take, and that a program may take for one answer. */
const ANSWER_S = 30;
/** Seeds of one range. */
const SEEDS_MOST = 1_000_000n;

export function registerRun(parent: Command, runner: Runner): void {
  parent
    .command('run [paths...]')
    .description('run scenarios and check that each ends as it is expected to')
    .option('--directory <folder>', 'run all scenarios of it (default: scenarios, without paths)')
    .option('--scenario <name>', 'run only the one of this name; may be repeated', collectText)
    .option('--verify-properties', 'hold every trace against its spec (default: this and the two below)')
    .option('--check-invariants', 'check the invariants of the spec after every step')
    .option('--check-temporal', 'check the temporal properties of the spec')
    .option(
      '--property-checker <name or file>',
      'builtin; quint, which has to agree; or a module with a checker of your own',
      'builtin',
    )
    .addOption(
      new Option(
        '--driver <name>',
        'what scenarios run against (default: the simulator if it has the protocol, else the spec)',
      ).choices(DRIVERS),
    )
    .option('--driver-file <file>', 'the module of --driver module')
    .option('--command <words>', 'the program of --driver process, with its arguments')
    .addOption(new Option('--plant <bug>', 'plant a bug of the simulated protocol').hideHelp())
    .option('--spec <file>', 'the spec of the scenarios, instead of the one that they name')
    .option('--assertions <file>', 'a module with assertions of your own')
    .option('--seed <n>', 'seed instead of that of the scenario', seed)
    .option('--seeds <a..b>', 'run each scenario once for each of these seeds', seedRange)
    .option('--jobs <n>', 'runs at the same time (default: one a core, up to 4)', integerIn(1, 256))
    .option('--timeout <seconds>', 'longest time for one run', integerIn(1, 1_000_000), DEFAULT_TIMEOUT_S)
    .option('--fail-fast', 'end with the first run that is not as expected')
    .option('--strict-faults', 'a run in which a fault or strategy had no effect is inconclusive')
    .option('--checkpoint-every <n>', 'write a checkpoint after every n steps', integerIn(1, 1_000_000_000))
    .option('--quint-debug', 'tell which specs are used and show the trace of every run, on standard error')
    .addOption(
      new Option('--trace-level <level>', 'how much of a run its trace holds')
        .choices(TRACE_LEVELS)
        .default('steps'),
    )
    .option('--output <folder>', 'where the folders of the runs go', 'runs')
    .option('--report <name[=file]>', 'json, junit, sarif, github or markdown; may be repeated', collectText)
    .option('--verbose', 'show what held, too')
    .option('--config <file>', 'configuration (default: aura-config.toml if present)')
    .option('--no-cache', 'ask Quint again even if the answer is known')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  aura scenarios run --directory scenarios --verify-properties --check-invariants --check-temporal\n' +
        '\nExit codes: 0 all as expected, 1 some not, 2 bad input or a run that could not be made,\n' +
        '            3 some inconclusive, 130 interrupted.\n',
    )
    .action((paths: string[], options: Options) =>
      runner.run(options, session => run(session, paths, options)),
    );
}

function seedRange(text: string): readonly string[] {
  const [, from = '', to = ''] = /^(\d{1,20})\.\.(\d{1,20})$/.exec(text) ?? [];
  if (from === '') throw new InvalidArgumentError('expected a range such as 1..200');
  const [first, last] = [BigInt(seed(from)), BigInt(seed(to))];
  if (last < first) throw new InvalidArgumentError('the second seed is below the first');
  if (last - first >= SEEDS_MOST) throw new InvalidArgumentError(`a range holds at most ${SEEDS_MOST} seeds`);
  return Array.from({ length: Number(last - first) + 1 }, (_, i) => (first + BigInt(i)).toString());
}

async function run(session: Session, paths: readonly string[], options: Options): Promise<Result<ExitCode>> {
  const seconds = stopwatch();
  const requests = parseReportOptions(options.report ?? [], {
    json: options.json === true,
    env: process.env,
  });
  if (!requests.ok) return requests;
  const driver = driverOf(options);
  if (!driver.ok) return driver;
  const seeds = seedsOf(options);
  if (!seeds.ok) return seeds;
  const assertions = await loadAssertions(options.assertions);
  if (!assertions.ok) return assertions;
  const scenarios = await wanted(paths, options, runVocabulary(assertions.value.names));
  if (!scenarios.ok) return scenarios;
  const jobs = planRuns(scenarios.value, {
    driver: driver.value,
    seeds: seeds.value,
    run: runOptions(options),
  });
  const { terminal } = session;
  // Where a report goes to standard output, nothing else may.
  const say = reportsOnStdout(requests.value) ? terminal.note : terminal.print;
  if (options.spec !== undefined && jobs.some(job => job.driver.kind === 'simulated'))
    return fail(
      auraError('AUR001', '--spec is for scenarios that run against a spec, a module or a program', {
        hint: 'the protocols of the simulator have specs of their own; add --driver model',
      }),
    );
  const { results, errors, failed } = await perform(session, jobs, options, say);
  if (session.signal.aborted) return ok(EXIT.interrupted);
  // Where there is nothing to sum up, the errors are the document.
  if (results.length === 0 && errors.length > 0) return fail(...errors);
  terminal.errors(errors);
  const totals = totalsOf(results, failed, jobs.length);
  const summary: RunSummary = {
    format: 'aura-run-summary',
    version: 1,
    runs: results.map(result => ({ ...result })),
    summary: totals,
    timing: { seconds: seconds() },
  };
  terminal.document(summary);
  say(totalsLine(totals, terminal.colour));
  const delivered = await deliverRunReports(summary, results, requests.value);
  return delivered.ok ? ok(exitCodeOf(totals)) : delivered;
}

function seedsOf({ seed, seeds }: Options): Result<readonly string[] | undefined> {
  if (seed !== undefined && seeds !== undefined)
    return fail(auraError('AUR001', '--seed and --seeds are both given', { hint: 'leave one of them out' }));
  return ok(seeds ?? (seed === undefined ? undefined : [seed]));
}

function driverOf({ driver, driverFile, command, plant }: Options): Result<DriverChoice | undefined> {
  const usage = (message: string, hint: string) => fail(auraError('AUR001', message, { hint }));
  if (driver !== 'module' && driverFile !== undefined)
    return usage('--driver-file is for --driver module', 'add --driver module');
  if (driver !== 'process' && command !== undefined)
    return usage('--command is for --driver process', 'add --driver process');
  if (plant !== undefined && driver !== undefined && driver !== 'simulated')
    return usage('--plant is for --driver simulated', 'leave one of them out');
  if (driver === 'module') {
    if (driverFile === undefined) return usage('--driver module needs a module', 'add --driver-file FILE');
    return ok({ kind: 'module', file: driverFile });
  }
  if (driver === 'process') {
    if (command === undefined)
      return usage('--driver process needs a program', 'add --command "PROGRAM ARGUMENTS"');
    const words = parseCommandWords(command);
    return words.ok ? ok({ kind: 'process', command: words.value }) : words;
  }
  if (plant !== undefined) return ok({ kind: 'simulated', bug: plant });
  return ok(driver === undefined ? undefined : { kind: driver });
}

/** The scenarios that are meant, each once. Errors: AUR466 for a name that none has, and those of loading. */
async function wanted(
  paths: readonly string[],
  options: Options,
  vocabulary: Vocabulary,
): Promise<Result<LoadedScenario[]>> {
  const asked = [...paths, ...(options.directory === undefined ? [] : [options.directory])];
  const found = new Map<string, LoadedScenario>();
  const errors: AuraError[] = [];
  for (const place of asked.length > 0 ? asked : ['scenarios']) {
    const loaded = await loadScenarios(place, vocabulary);
    if (!loaded.ok) errors.push(...loaded.errors);
    else for (const one of loaded.value) found.set(`${path.resolve(one.file)}:${one.line}`, one);
  }
  if (errors.length > 0) return fail(...errors);
  const all = [...found.values()];
  const twice = sameName(all);
  if (twice !== undefined) return fail(twice);
  const names = all.map(({ scenario }) => scenario.name);
  for (const name of options.scenario ?? []) {
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    const hint = near === undefined ? 'aura scenarios list shows their names' : `did you mean "${near}"?`;
    return fail(auraError('AUR466', `there is no scenario "${name}"`, { hint }));
  }
  return ok(all.filter(({ scenario }) => options.scenario?.includes(scenario.name) ?? true));
}

/** Within one file or folder, loading finds them. */
function sameName(all: readonly LoadedScenario[]): AuraError | undefined {
  const byName = new Map<string, LoadedScenario>();
  for (const { scenario, file, line } of all) {
    const other = byName.get(scenario.name);
    if (other !== undefined)
      return auraError('AUR405', `the name "${scenario.name}" is taken at ${other.file}:${other.line}`, {
        location: { file, line, column: 1 },
      });
    byName.set(scenario.name, { scenario, file, line });
  }
  return undefined;
}

/** All checks without a word on them; only what is named otherwise. */
function runOptions(options: Options): RunOptions {
  const {
    verifyProperties = false,
    checkInvariants = false,
    checkTemporal = false,
    propertyChecker,
  } = options;
  const some = checkInvariants || checkTemporal;
  const all = !some;
  const isKnown = propertyChecker === 'builtin' || propertyChecker === 'quint';
  return {
    conformance: verifyProperties || all,
    invariants: checkInvariants || all,
    temporal: checkTemporal || all,
    checker: isKnown ? propertyChecker : { file: propertyChecker },
    ...(options.checkpointEvery !== undefined && { checkpointEvery: options.checkpointEvery }),
    strictFaults: options.strictFaults === true,
    ...(options.timeout !== undefined && { timeoutMs: options.timeout * 1000 }),
    trace: options.traceLevel,
    output: options.output,
    alsoGiven: alsoGiven(options),
  };
}

/** What the runner does not know of, for the command that makes a run again. */
function alsoGiven({ config, spec, assertions }: Options): string[] {
  const given = { '--config': config, '--spec': spec, '--assertions': assertions };
  return Object.entries(given).flatMap(([option, value]) =>
    value === undefined ? [] : [option, quoted(value)],
  );
}

interface Performed {
  readonly results: readonly RunResult[];
  /** Of runs that have no result, and how many those are. */
  readonly errors: readonly AuraError[];
  readonly failed: number;
}

async function perform(
  { terminal, signal }: Session,
  jobs: readonly RunJob[],
  options: Options,
  say: (line: string) => void,
): Promise<Performed> {
  const results: RunResult[] = [];
  const errors: AuraError[] = [];
  let failed = 0;
  const progress = (index: number, what: string) =>
    terminal.progress(`${index + 1} of ${jobs.length}: ${jobs[index]?.scenario.name ?? ''}${what}`);
  progress(0, '');
  const show = ({ result, folder }: RunRecord) => {
    if (options.quintDebug) for (const line of runTraceLines(result, folder)) terminal.note(line);
    for (const line of runLines(result, terminal.colour, folder, options.verbose === true)) say(line);
  };
  await runInWorkers(jobs, workerOptions(options), {
    jobs: options.jobs ?? Math.min(MOST_JOBS, os.availableParallelism()),
    signal,
    onSteps: (index, steps) => progress(index, `, ${steps} steps`),
    onStderr: (index, line) => terminal.note(`${jobs[index]?.scenario.name ?? ''}: ${line}`),
    onRecord: (_, record) => {
      if (!record.ok) {
        failed++;
        errors.push(...record.errors);
      } else {
        results.push(record.value.result);
        show(record.value);
      }
      const isWrong = !record.ok || ['missed', 'error'].includes(record.value.result.result);
      if (results.length + failed < jobs.length) progress(results.length + failed, '');
      return !(isWrong && options.failFast === true);
    },
  });
  return { results, errors: unique(errors), failed };
}

/** Many seeds of one scenario say the same. */
function unique(errors: readonly AuraError[]): AuraError[] {
  return [...new Map(errors.map(error => [JSON.stringify(error), error])).values()];
}

function workerOptions({ config, cache, spec, assertions, verbose, quintDebug }: Options) {
  return {
    ...(config !== undefined && { config }),
    ...(cache !== undefined && { cache }),
    ...(spec !== undefined && { spec }),
    ...(assertions !== undefined && { assertions }),
    answerMs: ANSWER_S * 1000,
    tellsStderr: verbose === true || quintDebug === true,
  };
}

function totalsOf(results: readonly RunResult[], failed: number, planned: number): RunTotals {
  const of = (kind: RunResult['result']) => results.filter(({ result }) => result === kind).length;
  const effects = results.flatMap(({ faults, strategies }) => [...faults, ...strategies]);
  return {
    runs: results.length + failed,
    met: of('met'),
    missed: of('missed'),
    inconclusive: of('inconclusive'),
    error: of('error') + failed,
    notRun: planned - results.length - failed,
    withoutEffect: effects.filter(({ count }) => count === 0).length,
  };
}

function exitCodeOf({ runs, missed, inconclusive, error }: RunTotals): ExitCode {
  if (missed > 0) return EXIT.violated;
  if (error > 0) return EXIT.usage;
  return inconclusive > 0 || runs === 0 ? EXIT.undecided : EXIT.ok;
}
