// From what was read and found of one trace to the verdicts on it. Verdicts do not lie: what a budget, an unobserved
// variable or an open order leaves undecided is inconclusive, with the reason.
import type { Conformance, PropertyVerdict, Rejection, TraceVerdict } from '../../generated/verify-result.js';
import type { Machine } from '../engine/index.js';
import type { Observation, ObservedFrame } from '../trace/observation.js';
import { must } from '../util/assert.js';
import { type AuraError, showError } from '../util/errors.js';
import type { Result } from '../util/result.js';
import { type Behaviours, judge } from './behaviours.js';
import { verdictOfStates, violated, type Watched } from './invariants.js';
import type { Invariant } from './property.js';
import { rejectionOf } from './rejection.js';
import type { Furthest, SearchResult } from './search.js';
import type { TemporalRun, TraceEnd } from './temporal/index.js';
import { judgeTemporal, type TemporalWanted, temporalVerdict } from './temporal-watch.js';
import { plainVerdict } from './verdicts.js';
import type { VerifyTarget } from './verify-trace.js';

/** How far following a trace came, and why not further. */
export type Course =
  | { readonly kind: 'following'; readonly machine: Machine }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'rejected'; readonly step: number; readonly rejection: Rejection }
  | { readonly kind: 'stuck'; readonly step: number; readonly error: AuraError }
  /** Something is open from this moment on. */
  | { readonly kind: 'open'; readonly machine: Machine };

/** What was read and found of a trace. */
export interface TraceFacts {
  /** Moments read. */
  readonly length: number;
  readonly course: Course;
  /** The moments that were searched: all from the one before the first open one. */
  readonly pending: readonly Observation[];
  readonly frame: ObservedFrame;
  /** Whether the system may have passed states between the moments. */
  readonly passesUnseen: boolean;
  readonly watched: readonly Watched[];
  readonly runs: readonly TemporalRun[];
  /** Of an open course. */
  readonly found: Result<SearchResult> | undefined;
  readonly behaviours: Behaviours | undefined;
}

export function verdictOf(
  target: VerifyTarget,
  facts: TraceFacts,
): Omit<TraceVerdict, 'trace' | 'reproduce'> {
  const judgement = new Judgement(target, facts);
  return {
    states: facts.length,
    conformance: judgement.conformance(),
    invariants: facts.watched.map(watched => judgement.invariant(watched)),
    temporal: target.temporal.map((wanted, i) => judgement.temporal(wanted, must(facts.runs[i], 'run'))),
  };
}

const OPEN_ORDER =
  'the order of the events is open, and without conformance nothing tells which orders are possible';

const UNOBSERVED = 'variables that it reads were not observed';
const UNSEEN = 'the states between some of the events were not observed';
const SPENT = 'the budget was spent before all behaviours that agree with the trace were found';
const NONE_AGREES = 'no behaviour of the spec agrees with the trace';

class Judgement {
  /** Moments before the first of those that were searched. */
  private readonly offset: number;

  constructor(
    private readonly target: VerifyTarget,
    private readonly facts: TraceFacts,
  ) {
    this.offset = facts.length - facts.pending.length;
  }

  conformance(): Conformance {
    const { course, found, behaviours, length } = this.facts;
    const base: Conformance = {
      verdict: 'conforms',
      step: null,
      consistentStates: length,
      exhaustive: true,
      searched: length,
      reason: null,
      rejection: null,
    };
    if (course.kind === 'following') return base;
    if (course.kind === 'skipped')
      return {
        ...base,
        verdict: 'skipped',
        consistentStates: 0,
        searched: 0,
        exhaustive: false,
        reason: 'not asked for',
      };
    if (course.kind === 'rejected')
      return {
        ...base,
        verdict: 'rejected',
        step: course.step,
        consistentStates: course.step,
        rejection: course.rejection,
      };
    if (course.kind === 'stuck')
      return {
        ...base,
        verdict: 'gaveUp',
        step: course.step,
        consistentStates: course.step,
        exhaustive: false,
        reason: showError(course.error),
      };
    if (found?.ok !== true || behaviours === undefined)
      return { ...base, verdict: 'gaveUp', exhaustive: false, consistentStates: 0, reason: errorText(found) };
    return { ...base, ...this.searched(course.machine, found.value, behaviours) };
  }

  private searched(machine: Machine, found: SearchResult, behaviours: Behaviours): Partial<Conformance> {
    const { ends, searched, exhaustive, furthest } = found;
    const counts = { searched: searched + this.offset, exhaustive };
    if (ends.length > 0) {
      const consistentStates = behaviours.nodes.length + this.offset;
      if (this.facts.frame.loop === undefined) return { ...counts, consistentStates };
      return {
        ...counts,
        verdict: 'gaveUp',
        consistentStates,
        reason: 'a loop can be checked only where all variables are observed',
      };
    }
    const step = this.offset + (furthest?.node.depth ?? 0);
    if (!exhaustive)
      return {
        ...counts,
        verdict: 'gaveUp',
        step,
        consistentStates: 0,
        reason: `the budget of ${this.target.budget + 10 * this.facts.pending.length} states was spent before the trace was matched`,
      };
    const rejection = rejectionOf(machine, {
      from: furthest?.node.state,
      moment: this.blockedMoment(furthest),
      matched: step,
    });
    return { ...counts, verdict: 'rejected', step, consistentStates: found.nodes, rejection };
  }

  /** The moment that could not follow; in the middle of one that spans several actions, what remains of it. */
  private blockedMoment(furthest: Furthest | undefined): Observation {
    const { pending } = this.facts;
    const moment = must(pending[furthest?.blocked[0] ?? 0], 'the moment that is rejected');
    const { actions = [], place } = moment;
    const done = furthest?.done ?? 0;
    const rest = actions.slice(done);
    if (rest.length === 0 || actions.length < 2) return moment;
    // Only after the last of its actions the state was observed.
    return rest.length === 1
      ? { ...moment, actions: rest }
      : { place, actions: rest, known: new Map(), told: [] };
  }

  invariant(watched: Watched): PropertyVerdict {
    const { found, behaviours, frame, passesUnseen } = this.facts;
    // The states in the order of the trace may be states of no behaviour where that order is open.
    const decided = frame.interleaved ? undefined : verdictOfStates(this.target.compiled, watched);
    if (decided !== undefined && !(passesUnseen && decided.verdict === 'satisfied')) return decided;
    const { invariant } = watched;
    if (found === undefined || behaviours === undefined)
      return plainVerdict(invariant, 'inconclusive', {
        step: watched.openAt ?? null,
        reason: frame.interleaved ? OPEN_ORDER : decided === undefined ? UNOBSERVED : UNSEEN,
      });
    if (!found.ok) return plainVerdict(invariant, 'inconclusive', { reason: errorText(found) });
    if (!found.value.exhaustive) return plainVerdict(invariant, 'inconclusive', { reason: SPENT });
    if (behaviours.ends.size === 0) return plainVerdict(invariant, 'inconclusive', { reason: NONE_AGREES });
    return this.judged(invariant, behaviours);
  }

  private judged(invariant: Invariant, behaviours: Behaviours): PropertyVerdict {
    const judgement = judge(behaviours, invariant);
    if (!judgement.ok) return plainVerdict(invariant, 'inconclusive', { reason: errorText(judgement) });
    if (judgement.value.kind === 'allHold')
      return plainVerdict(invariant, 'satisfied', { vacuous: judgement.value.vacuous });
    const { breach } = judgement.value;
    const shifted = { ...breach, step: breach.step + this.offset };
    if (judgement.value.kind === 'allBreak') return violated(this.target.compiled, invariant, shifted);
    return plainVerdict(invariant, 'inconclusive', {
      step: shifted.step,
      reason: 'some of the behaviours that agree with the trace break it, others do not',
    });
  }

  temporal(wanted: TemporalWanted, run: TemporalRun): PropertyVerdict {
    const { compiled, traceEnd } = this.target;
    const { found, behaviours, course, frame, passesUnseen } = this.facts;
    const { loop, interleaved } = frame;
    const end: TraceEnd = loop === undefined ? traceEnd : { loop };
    const open = (reason: string) => plainVerdict(wanted, 'inconclusive', { reason });
    if (course.kind !== 'open')
      return interleaved
        ? open(OPEN_ORDER)
        : passesUnseen
          ? open(UNSEEN)
          : temporalVerdict(compiled, wanted, run.end(end));
    if (found?.ok !== true || behaviours === undefined) return open(errorText(found));
    if (!found.value.exhaustive) return open(SPENT);
    if (behaviours.ends.size === 0) return open(NONE_AGREES);
    if (loop !== undefined) return open('a loop can be evaluated only where all variables are observed');
    if (run.asked === undefined) return temporalVerdict(compiled, wanted, run.end(end));
    const judged = judgeTemporal(wanted.property, behaviours, run.asked, end);
    if (judged === 'tooMany')
      return open('the behaviours that agree with the trace are too many to evaluate it on');
    if (judged === 'differ') return open('the behaviours that agree with the trace differ in it');
    const verdict = temporalVerdict(compiled, wanted, judged);
    return { ...verdict, step: verdict.step === null ? null : verdict.step + this.offset };
  }
}

function errorText(result: Result<unknown> | undefined): string {
  return result?.ok === false ? result.errors.map(showError).join('; ') : 'nothing was searched';
}
