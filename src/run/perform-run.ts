// One run from its start to its folder: it is told, judged, and where it is not as expected made a second time, since a
// failure that does not repeat is another failure. The folder is there in the end, whole, or not at all.
import type { RunDifference, RunResult } from '../../generated/run-result.js';
import { writeScenarioText } from '../generate/scenario-text.js';
import { type AuraError, auraError, showLocation } from '../util/errors.js';
import { sha256 } from '../util/files.js';
import { canonicalJson, parseJson } from '../util/json.js';
import { fail, ok, type Result } from '../util/result.js';
import { runDriver } from './driver-run.js';
import { firstDifference } from './first-difference.js';
import { judgeRun } from './outcome.js';
import { loadPropertyChecker, type PropertyChecker } from './property-checker.js';
import { reproduceRun } from './reproduce-run.js';
import { RunClock } from './run-clock.js';
import { type RunContext, settleTraces } from './run-context.js';
import { folderError, RunFolder, runId } from './run-folder.js';
import type { DriverChoice, RunJob, RunRecord, RunTools } from './run-job.js';
import { runSimulated } from './simulated-run.js';
import { Story } from './story.js';
import { writtenScenario } from './written-scenario.js';

/**
 * Performs a run and writes its folder. What keeps a scenario from running is a result too, `error`.
 *
 * Errors: AUR464 for a folder that cannot be written, AUR607 after an interruption; then there is no folder.
 */
export async function performRun(job: RunJob, tools: RunTools): Promise<Result<RunRecord>> {
  const { output } = job.options;
  const id = runId(writtenScenario(job.scenario, job.seed), job.driver);
  const opened: RunFolder[] = [];
  const open = async () => {
    const folder = await RunFolder.open(output, id);
    opened.push(folder);
    return folder;
  };
  try {
    return await performIn(job, tools, id, open);
  } catch (error) {
    return fail(folderError(output, error));
  } finally {
    for (const folder of opened) await folder.drop();
  }
}

async function performIn(
  job: RunJob,
  tools: RunTools,
  id: string,
  open: () => Promise<RunFolder>,
): Promise<Result<RunRecord>> {
  const folder = await open();
  const clock = new RunClock(job.options.timeoutMs, tools.signal);
  const reproduce = reproduceRun(job);
  const checker = await checkerOf(job);
  const first = contextOf(
    job,
    tools,
    { folder, clock, reproduce, isRepeat: false },
    checker.ok ? checker.value : undefined,
  );
  const ran = checker.ok ? await tell(first) : checker;
  if (clock.isInterrupted) return interrupted();
  const told = toldOf(first, ran, { id, reproduce: reproduceRun(job, isCut(first)) });
  let result = told;
  if (told.result === 'missed' && mayRepeat(job.driver)) {
    result = await repeat(first, told, await open());
    if (clock.isInterrupted) return interrupted();
  }
  const settled = await settleTraces(first, ran.ok);
  if (!settled.ok) return settled;
  await writeFiles(first, result);
  const { violation } = first.story;
  return ok({ result, ...(violation && { violation }), folder: await folder.finish() });
}

function contextOf(
  job: RunJob,
  tools: RunTools,
  own: Pick<RunContext, 'folder' | 'clock' | 'reproduce' | 'isRepeat'>,
  checker: PropertyChecker | undefined,
): RunContext {
  const checksInvariants = job.options.invariants || checker !== undefined;
  const story = new Story(job.scenario, tools.checkAssertion, checksInvariants);
  return { job, tools, ...own, checker, story };
}

async function checkerOf({ options }: RunJob): Promise<Result<PropertyChecker | undefined>> {
  const { checker } = options;
  return typeof checker === 'object' ? loadPropertyChecker(checker.file) : ok(undefined);
}

/** The run itself, and what has to hold at its end. */
async function tell(context: RunContext): Promise<Result<void>> {
  try {
    return await tellAll(context);
  } finally {
    for (const watch of context.story.watches) watch.close();
  }
}

async function tellAll(context: RunContext): Promise<Result<void>> {
  const { job, story } = context;
  const ran = job.driver.kind === 'simulated' ? await runSimulated(context) : await runDriver(context);
  if (!ran.ok) return ran;
  const judged = await story.checkAssertions(job.scenario.assertions, null);
  if (!judged.ok) return judged;
  story.assertions.push(...judged.value);
  if (job.options.strictFaults)
    for (const { type, count } of [...story.faults, ...story.strategies])
      if (count === 0) story.open.push(`${type} took no effect`);
  return ok(undefined);
}

function toldOf(
  { job, story }: RunContext,
  ran: Result<void>,
  { id, reproduce }: { readonly id: string; readonly reproduce: string },
): RunResult {
  const { scenario, file, line, seed, driver } = job;
  const errors = ran.ok ? [] : ran.errors.map(error => placed(error, file, line));
  const { result, outcome, reasons } = judgeRun(
    scenario.expected_outcome,
    story.shown(errors.map(({ message }) => message)),
  );
  return {
    format: 'aura-run-result',
    version: 1,
    id,
    scenario: scenario.name,
    file,
    line,
    seed,
    driver: shownDriver(driver),
    result,
    expected: scenario.expected_outcome,
    outcome,
    reasons: [...reasons],
    phases: story.phases,
    assertions: story.assertions,
    faults: story.faults,
    strategies: story.strategies,
    attempts: story.attempts.all(),
    schedule: {
      steps: scenario.steps.length,
      accepted: story.accepted,
      rejected: story.rejected,
      surprises: story.surprises,
    },
    events: story.events,
    digest: story.traces.length === 0 ? null : digestOf(story),
    nondeterminism: null,
    errors: errors.map(shownError),
    reproduce,
  };
}

/** An error without a place is one of the scenario. */
function placed(error: AuraError, file: string, line: number): AuraError {
  return error.location ? error : { ...error, location: { file, line, column: 1 } };
}

function shownError({ code, message, location, hint }: AuraError): RunResult['errors'][number] {
  return { code, message, location: location ? showLocation(location) : null, hint: hint ?? null };
}

function shownDriver(driver: DriverChoice): RunResult['driver'] {
  switch (driver.kind) {
    case 'simulated':
      return { kind: driver.kind, detail: driver.bug ?? null };
    case 'model':
      return { kind: driver.kind, detail: null };
    case 'module':
      return { kind: driver.kind, detail: driver.file };
    case 'process':
      return { kind: driver.kind, detail: driver.command.join(' ') };
  }
}

function digestOf({ traces }: Story): string {
  return sha256(traces.map(trace => `${trace.sha256}\n`).join(''));
}

/** Only what is ours is promised to go the same way twice. */
function mayRepeat({ kind }: DriverChoice): boolean {
  return kind === 'simulated' || kind === 'model';
}

/** Makes the run again and adds to what was told what that showed; the verdict stays that of the first run. */
async function repeat(first: RunContext, told: RunResult, folder: RunFolder): Promise<RunResult> {
  const { job, tools, reproduce, checker } = first;
  const clock = new RunClock(job.options.timeoutMs, tools.signal);
  const again = contextOf(job, tools, { folder, clock, reproduce, isRepeat: true }, checker);
  const ran = await tell(again);
  if (!ran.ok) return withErrors(told, ran.errors);
  // What the wall clock cut short says nothing.
  if (isCut(again)) return notRepeated(told, `it was not over in time`);
  if (digestOf(again.story) === told.digest) return told;
  return withDifference(told, await firstDifference(first.story, again.story));
}

/** Whether the wall clock ended the run. */
function isCut({ clock: { over }, story }: RunContext): boolean {
  return over !== undefined && story.open.includes(over);
}

function notRepeated(told: RunResult, why: string): RunResult {
  const reason = `whether that repeats is not known, the run could not be made a second time: ${why}`;
  return { ...told, reasons: [...told.reasons, reason] };
}

function withDifference(told: RunResult, difference: RunDifference | null): RunResult {
  if (difference === null) return told;
  const { trace, event } = difference;
  const error = auraError(
    'AUR468',
    `a second run with the same seed went another way from event ${event} of ${trace} on`,
    {
      hint: 'something in it depends on more than the seed',
    },
  );
  return {
    ...told,
    errors: [...told.errors, shownError(placed(error, told.file, told.line))],
    nondeterminism: difference,
  };
}

function withErrors(told: RunResult, errors: readonly AuraError[]): RunResult {
  const placedErrors = errors.map(error => placed(error, told.file, told.line));
  return {
    ...notRepeated(told, errors[0]?.message ?? 'it failed'),
    errors: [...told.errors, ...placedErrors.map(shownError)],
  };
}

async function writeFiles({ job, folder, story }: RunContext, result: RunResult): Promise<void> {
  const heading = `The run ${result.id} of ${job.file}, with everything that the scenario leaves out`;
  await folder.write('scenario.toml', writeScenarioText([writtenScenario(job.scenario, job.seed)], heading));
  await folder.write('verdict.json', `${JSON.stringify(result, null, 2)}\n`);
  if (story.violation !== undefined)
    await folder.write('violation.json', `${canonicalJson(parseJson(JSON.stringify(story.violation)))}\n`);
  await folder.write('replay.txt', `${result.reproduce}\n`);
}

function interrupted(): Result<RunRecord> {
  return fail(auraError('AUR607', 'the run was interrupted'));
}
