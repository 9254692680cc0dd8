// What the parts of a run share: its job and tools, the folder that it fills, its clock, and the doors to a watch over a
// protocol and to what that came to.
import { copyFile, rm } from 'node:fs/promises';
import { convertToItf } from '../trace/convert-trace.js';
import { openTrace } from '../trace/open-trace.js';
import { must } from '../util/assert.js';
import { ok, type Result } from '../util/result.js';
import type { Oracle } from '../verify/quint-checker.js';
import type { ProtocolOutcome } from './assertion.js';
import { type NeededSpec, plannedRuns } from './needed-specs.js';
import type { PropertyChecker } from './property-checker.js';
import { ProtocolWatch, type WatchedSpec, watchedSpec } from './protocol-watch.js';
import type { RunClock } from './run-clock.js';
import type { RunFolder } from './run-folder.js';
import type { OpenedSpec, RunJob, RunTools } from './run-job.js';
import type { Story } from './story.js';
import { traceHeader } from './trace-recorder.js';
import { watchVerdict } from './watch-verdict.js';

export interface RunContext {
  readonly job: RunJob;
  readonly tools: RunTools;
  readonly folder: RunFolder;
  readonly clock: RunClock;
  readonly story: Story;
  readonly checker: PropertyChecker | undefined;
  readonly reproduce: string;
  /** Whether this is the second of two runs, of which only the traces matter. */
  readonly isRepeat: boolean;
}

/** Whether anything is verified: without it no spec is opened. */
function verifies({ job }: RunContext): boolean {
  const { conformance, invariants, temporal, checker } = job.options;
  return conformance || invariants || temporal || typeof checker === 'object';
}

/**
 * The watch over the next protocol. Its spec may be open already; its events may tell states in part.
 *
 * Errors: those of opening the spec and of preparing the verification.
 */
export async function watchProtocol(
  context: RunContext,
  type: string,
  need: NeededSpec,
  given: { readonly opened?: OpenedSpec; readonly mode?: 'delta' | 'partial' } = {},
): Promise<Result<ProtocolWatch>> {
  const { job, tools, checker, folder, story, isRepeat } = context;
  let spec: WatchedSpec | undefined;
  if (verifies(context)) {
    const found = given.opened === undefined ? await tools.openSpec(need) : ok(given.opened);
    if (!found.ok) return found;
    const watched = watchedSpec(found.value, job.options);
    if (!watched.ok) return watched;
    spec = watched.value;
  }
  const name = traceName(context, type);
  const handlers = isRepeat ? [] : (tools.onViolation ?? []);
  const watch = new ProtocolWatch({
    type,
    need,
    header: traceHeader(need, given.mode ?? 'delta'),
    spec,
    checker,
    handlers,
    name,
    file: folder.path(name),
  });
  story.watches.push(watch);
  return ok(watch);
}

/** A scenario of one protocol has one trace; of several each has its number. */
function traceName({ job, story }: RunContext, type: string): string {
  if (plannedRuns(job.scenario).length <= 1) return LAST;
  return `trace-${story.watches.length + 1}-${type.replace(/[^\w-]+/g, '_')}.jsonl`;
}

/** The trace of the only protocol, or a copy of that of the last one that ran. */
const LAST = 'trace.jsonl';

/** Ends the watch and adds what it came to to the story. Errors: those of {@link watchVerdict}. */
export async function endWatch(
  { job, tools, story, reproduce, isRepeat }: RunContext,
  watch: ProtocolWatch,
  outcome: Omit<ProtocolOutcome, 'conformance' | 'properties'>,
): Promise<Result<void>> {
  const sha256 = watch.close();
  const { name } = watch.watching;
  const oracle: Oracle | undefined =
    job.options.checker === 'quint' && !isRepeat
      ? { bridge: must(tools.bridge, 'the bridge to Quint') }
      : undefined;
  const verdict = await watchVerdict(watch, name, reproduce, oracle);
  if (!verdict.ok) return verdict;
  const { verdict: conformance, properties } = verdict.value;
  story.attempts.happened(watch.actions, watch.model);
  const file = job.options.trace === 'off' ? null : name;
  story.addRun({ ...outcome, conformance, properties }, watch, { file, sha256 }, verdict.value);
  return ok(undefined);
}

/**
 * Leaves the traces as the level wants them, with their conversions to ITF where they are `whole`: what kept a run from
 * going on may stand in its trace. Errors: those of reading the traces, AUR006.
 */
export async function settleTraces(
  { job, folder, story }: RunContext,
  whole: boolean,
): Promise<Result<void>> {
  const level = job.options.trace;
  for (const watch of story.watches) {
    const { file, name } = watch.watching;
    const isLast = watch === story.watches.at(-1) && name !== LAST;
    if (level === 'off') await rm(file);
    if (level === 'summary') await folder.write(name, watch.summary());
    if (level !== 'off' && isLast) await copyFile(file, folder.path(LAST));
    if (level === 'off' || level === 'summary' || watch.monitor === undefined || !whole) continue;
    const { types } = watch.monitor;
    const itf = itfName(name);
    const converted = await convertToItf(openTrace(file, { types }), types, folder.path(itf), name);
    if (!converted.ok) return converted;
    if (isLast) await copyFile(folder.path(itf), folder.path(itfName(LAST)));
  }
  return ok(undefined);
}

function itfName(trace: string): string {
  return trace.replace(/\.jsonl$/, '.itf.json');
}
