// The verdict on one trace: conformance, invariants and temporal properties in one pass over its moments. As long as
// all variables are known there is one state to follow and little to keep. From the first moment that leaves something
// open, moments are kept and the behaviours that agree with them are searched for at the end.
import { setImmediate } from 'node:timers/promises';
import type { TraceVerdict } from '../../generated/verify-result.js';
import { type CompiledSpec, type EngineState, encodeState, type Machine } from '../engine/index.js';
import type { Observation, ObservedTrace } from '../trace/observation.js';
import { must } from '../util/assert.js';
import { type AuraError, auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import type { ActionNames } from './action-names.js';
import { type Behaviours, behavioursOf } from './behaviours.js';
import { follow } from './follow.js';
import { InvariantWatch } from './invariants.js';
import type { Invariant } from './property.js';
import { rejectionOf } from './rejection.js';
import { type SearchResult, search } from './search.js';
import { TemporalRun } from './temporal/index.js';
import type { TemporalWanted } from './temporal-watch.js';
import { type Course, verdictOf } from './trace-verdict.js';

/** What traces are verified against, prepared once for all of them. */
export interface VerifyTarget {
  readonly compiled: CompiledSpec;
  /** Undefined where traces are not held against the steps of the spec. */
  readonly machine: Machine | undefined;
  readonly invariants: readonly Invariant[];
  readonly temporal: readonly TemporalWanted[];
  /** What a trace without a loop does after its last state. */
  readonly traceEnd: 'open' | 'stutter';
  /** States that a search may look at, beside ten for each moment. */
  readonly budget: number;
  readonly names: ActionNames;
  readonly signal?: AbortSignal;
}

/** A verdict, and what explaining and reporting it take. */
export interface VerifiedTrace {
  readonly verdict: Omit<TraceVerdict, 'reproduce' | 'trace'>;
  /** The moments up to the first violation, or the last ones: some, or all of a trace that may loop. */
  readonly moments: readonly Observation[];
  /** Index of the first of them. */
  readonly firstMoment: number;
  readonly loop: number | undefined;
  /** Steps by the action that explained them; undefined for one without a name. */
  readonly actions: ReadonlyMap<string | undefined, number>;
  /** Some states of the trace, spread over it. */
  readonly sample: readonly EngineState[];
}

/** Errors are those of reading the trace. `onMoments` is told now and then how many have been read. */
export async function verifyTrace(
  target: VerifyTarget,
  trace: ObservedTrace,
  onMoments?: (read: number) => void,
): Promise<Result<VerifiedTrace>> {
  const monitor = new TraceMonitor(target, trace);
  for await (const moment of trace) {
    if (!moment.ok) return moment;
    const unknown = monitor.read(moment.value);
    if (unknown !== undefined) return fail(unknown);
    if (monitor.length % PIECE === 0) {
      onMoments?.(monitor.length);
      await setImmediate();
    }
    if (target.signal?.aborted) return fail(auraError('AUR607', 'the verification was interrupted'));
  }
  return monitor.end();
}

/** What a trace has broken: a property as the user calls it, or `conformance`. */
export interface BrokenProperty {
  readonly kind: 'conformance' | 'invariant' | 'temporal';
  readonly property: string;
  /** Index of the moment at which that was clear. */
  readonly step: number;
}

/** Moments between two occasions for Ctrl-C and progress. */
const PIECE = 64;
/** Moments that are kept of a trace that cannot loop, for the explanation of a violation. */
const RECENT = 1_000;
/** States that are kept for coverage, at least half of that of a long trace. */
const SAMPLE = 64;

/** Verifies a trace while it is being made: moment by moment, and what is broken is known at once. */
export class TraceMonitor {
  /** Moments read. */
  length = 0;
  private firstBroken: BrokenProperty | undefined;
  private course: Course;
  private before: EngineState | undefined;
  private readonly watches: readonly InvariantWatch[];
  private runs: readonly TemporalRun[] = [];
  /** Of an open course, all moments from the one before the first open one. */
  private readonly pending: Observation[] = [];
  private recent: Observation[] = [];
  private states: EngineState[] = [];
  private readonly actions = new Map<string | undefined, number>();
  private sample: EngineState[] = [];
  private stride = 1;
  private anchor: EngineState | undefined;
  /** Whether some moment stands for several actions. */
  private spans = false;
  private evidence: Pick<VerifiedTrace, 'moments' | 'firstMoment'> | undefined;

  constructor(
    private readonly target: VerifyTarget,
    private readonly trace: Pick<ObservedTrace, 'frame'>,
  ) {
    const { machine } = target;
    this.course = machine ? { kind: 'following', machine } : { kind: 'skipped' };
    this.watches = target.invariants.map(invariant => new InvariantWatch(invariant));
  }

  /** The first that was broken, of several at one moment an invariant before the others; undefined for none so far. */
  get broken(): BrokenProperty | undefined {
    return this.firstBroken;
  }

  /** Takes the next moment. An error for an action that the spec does not have. */
  read(moment: Observation): AuraError | undefined {
    const unknown = this.unknownAction(moment);
    if (unknown !== undefined) return unknown;
    if (this.length === 0) this.begin();
    const step = this.length++;
    const state = encodeState(this.target.compiled, moment.known);
    this.keep(moment, state, step);
    this.spans ||= this.isSpanning(moment);
    const whole = !state.includes(undefined);
    if (this.course.kind === 'following') {
      if (whole && !this.isOpen(moment)) this.followTo(moment, state, step);
      else {
        if (this.before !== undefined) this.pending.push(must(this.recent.at(-2), 'the moment before'));
        this.anchor = this.before;
        this.course = { kind: 'open', machine: this.course.machine };
      }
    }
    if (this.course.kind === 'open') this.pending.push(moment);
    for (const watch of this.watches) watch.observe(step, state, this.before);
    if (this.course.kind !== 'open') for (const run of this.runs) run.next(state);
    this.before = state;
    if (this.firstBroken === undefined) {
      this.firstBroken = this.findBroken(step);
      // What explains a violation has to be kept when it is met.
      if (this.firstBroken !== undefined && !this.trace.frame().mayLoop) this.evidence = this.latest();
    }
    return undefined;
  }

  // What surrounds the moments is known once the first of them is.
  private begin(): void {
    const loop = this.trace.frame().mayLoop ? { loop: 'unknown' as const } : {};
    this.runs = this.target.temporal.map(({ property }) => new TemporalRun(property, loop));
  }

  private unknownAction({ actions, place }: Observation): AuraError | undefined {
    if (this.target.machine === undefined || this.length === 0 || this.trace.frame().actions === 'hints')
      return undefined;
    for (const { name } of actions ?? []) {
      const unknown = this.target.names.unknown(name, place);
      if (unknown !== undefined) return unknown;
    }
    return undefined;
  }

  /** The verdict on all that was read. It ends the monitor. Errors: AUR313 for no moments, AUR607. */
  async end(): Promise<Result<VerifiedTrace>> {
    if (this.length === 0)
      return fail(auraError('AUR313', 'the trace has no states, so there is nothing to verify'));
    const frame = this.trace.frame();
    if (frame.loop !== undefined) this.close(frame.loop);
    const found = await this.search();
    // Ctrl-C is noticed between two turns of the event loop, so it takes two to hear of it.
    await setImmediate();
    await setImmediate();
    if (this.target.signal?.aborted) return fail(auraError('AUR607', 'the verification was interrupted'));
    const behaviours = found?.ok === true ? behavioursOf(found.value) : undefined;
    this.countActions(behaviours);
    const { length, course, pending, runs, actions, sample } = this;
    const watched = this.watches.map(watch => watch.result());
    const passesUnseen = this.spans || this.hidesSome();
    const facts = { length, course, pending, frame, passesUnseen, watched, runs, found, behaviours };
    const evidence = this.evidence ?? this.latest();
    return ok({
      verdict: verdictOf(this.target, facts),
      ...evidence,
      loop: frame.loop,
      actions,
      sample,
    });
  }

  /** The moments that are kept, as they are now. */
  private latest(): Pick<VerifiedTrace, 'moments' | 'firstMoment'> {
    return { moments: [...this.recent], firstMoment: this.length - this.recent.length };
  }

  private findBroken(step: number): BrokenProperty | undefined {
    const { invariants, temporal } = this.target;
    const invariant = this.watches.findIndex(watch => watch.isBroken);
    if (invariant >= 0)
      return { kind: 'invariant', property: must(invariants[invariant], 'invariant').text, step };
    const run = this.runs.findIndex(one => one.isViolated);
    if (run >= 0) return { kind: 'temporal', property: must(temporal[run], 'property').text, step };
    return this.course.kind === 'rejected'
      ? { kind: 'conformance', property: 'conformance', step }
      : undefined;
  }

  private keep(moment: Observation, state: EngineState, step: number): void {
    this.recent.push(moment);
    if (this.trace.frame().mayLoop) this.states.push(state);
    else if (this.recent.length > 2 * RECENT) this.recent = this.recent.slice(-RECENT);
    if (step % this.stride !== 0) return;
    this.sample.push(state);
    if (this.sample.length < SAMPLE) return;
    this.sample = this.sample.filter((_, i) => i % 2 === 0);
    this.stride *= 2;
  }

  private isOpen(moment: Observation): boolean {
    return this.trace.frame().interleaved || this.hidesSome() || this.isSpanning(moment);
  }

  private hidesSome(): boolean {
    const { hidden } = this.trace.frame();
    return hidden.actions.length > 0 && hidden.most > 0;
  }

  private isSpanning({ actions }: Observation): boolean {
    return this.trace.frame().actions === 'certain' && (actions?.length ?? 0) > 1;
  }

  private followTo(moment: Observation, state: EngineState, step: number): void {
    if (this.course.kind !== 'following') return;
    const { machine } = this.course;
    const sameAction = this.target.names.isSame;
    const binding = this.trace.frame().actions === 'certain';
    // How a system starts is told by its first state alone.
    const told = this.before === undefined ? undefined : moment.actions;
    const explained = follow(machine, this.before, state, told, { binding, sameAction });
    if (!explained.ok) {
      const error = must(explained.errors[0], 'an error');
      this.course = { kind: 'stuck', step, error };
    } else if (explained.value === undefined) {
      const rejection = rejectionOf(machine, { from: this.before, moment, matched: step });
      this.course = { kind: 'rejected', step, rejection };
    } else if (explained.value.kind === 'action' && step > 0) this.count(explained.value.action);
  }

  // The step from the last state back to the one at `loop`.
  private close(loop: number): void {
    const [state, moment] = [this.states[loop], this.recent[loop]];
    if (this.course.kind !== 'following' || state === undefined || moment === undefined) return;
    const { actions: _, ...target } = moment;
    this.followTo({ ...target, place: `the loop back to state ${loop}` }, state, this.length);
  }

  private async search(): Promise<Result<SearchResult> | undefined> {
    if (this.course.kind !== 'open') return undefined;
    const { budget, names, signal } = this.target;
    return await search(this.course.machine, {
      moments: this.pending,
      frame: this.trace.frame(),
      budget: budget + 10 * this.pending.length,
      sameAction: names.isSame,
      ...(signal && { signal }),
      ...(this.anchor !== undefined && { from: this.anchor }),
    });
  }

  private count(action: string | undefined): void {
    this.actions.set(action, (this.actions.get(action) ?? 0) + 1);
  }

  // Of several behaviours the one that was found first counts.
  private countActions(behaviours: Behaviours | undefined): void {
    const [end] = behaviours?.ends ?? [];
    for (let node = end; node?.previous !== undefined; node = node.previous)
      if (node.state !== node.previous.state || node.action !== undefined) this.count(node.action);
  }
}
