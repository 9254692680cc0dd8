// The verdicts of a run as one flat list, each with what it means for the run as a whole. This is the one place that
// says which verdicts are failures: every format that is made of it agrees with the exit code.
import type {
  Candidate,
  Conformance,
  Disagreement,
  Place,
  PropertyVerdict,
  TraceVerdict,
  VerifyResult,
} from '../../generated/verify-result.js';
import { count, shown } from './text.js';

/** What exit code a verdict asks for: 0 for `passed` and `skipped`, 1 for `failed`, 3 for `undecided`. */
export type Outcome = 'passed' | 'failed' | 'undecided' | 'skipped';

interface Said {
  readonly outcome: Outcome;
  /** The verdict in a few words, such as `violated at step 5`. */
  readonly headline: string;
  /** Why it is not clearer. */
  readonly reason: string | null;
  /** The place in the spec that decided. */
  readonly place: Place | null;
}

export type ConformanceFinding = Said & { readonly kind: 'conformance'; readonly conformance: Conformance };

export type PropertyFinding = Said & {
  readonly kind: 'invariant' | 'temporal';
  readonly property: PropertyVerdict;
};

/** The two evaluators disagree. */
export type AgreementFinding = Said & { readonly kind: 'agreement'; readonly disagreement: Disagreement };

/** The verdict as a whole, where no single finding accounts for it: nothing was checked. */
export type WholeFinding = Said & { readonly kind: 'whole' };

export type Finding = ConformanceFinding | PropertyFinding | AgreementFinding | WholeFinding;

/** Findings on one trace, or on all of a result together, or on a run without results. */
export interface FindingGroup {
  readonly result: VerifyResult | null;
  readonly trace: TraceVerdict | null;
  readonly findings: readonly Finding[];
}

/** All findings, in the order of the results. With `strict`, what is presumed to hold is undecided. */
export function findingsOf(results: readonly VerifyResult[], strict: boolean): FindingGroup[] {
  if (results.length === 0) return [{ result: null, trace: null, findings: [NOTHING_CHECKED] }];
  return results.flatMap(result => {
    const groups: FindingGroup[] = result.traces.map(trace => ({
      result,
      trace,
      findings: traceFindings(trace, strict),
    }));
    const others = [...result.disagreements.map(agreementFinding), ...wholeFindings(result, groups)];
    return others.length > 0 ? [...groups, { result, trace: null, findings: others }] : groups;
  });
}

/** The worst of all; `passed` where there is none. */
export function worstOf(outcomes: Iterable<Outcome>): Exclude<Outcome, 'skipped'> {
  const found = new Set(outcomes);
  return found.has('failed') ? 'failed' : found.has('undecided') ? 'undecided' : 'passed';
}

/** Headline and reason in one. */
export function saidOf({ headline, reason }: Finding): string {
  return reason === null ? headline : `${headline}: ${reason}`;
}

/** What the finding is about: `conformance`, `invariant NoTwoHolders`. */
export function subjectOf(finding: Finding, max = 120): string {
  switch (finding.kind) {
    case 'conformance':
      return 'conformance';
    case 'agreement':
      return `agreement on ${shown(finding.disagreement.invariant, max)}`;
    case 'whole':
      return 'verdict';
    default:
      return `${finding.kind} ${shown(finding.property.name, max)}`;
  }
}

/** Candidates of a rejected step but the one that is shown apart as the nearest. */
export function otherCandidates(candidates: readonly Candidate[], nearest: Candidate | null): Candidate[] {
  const key = ({ action, args }: Candidate) => JSON.stringify([action, args]);
  return candidates.filter(each => each.failed !== null || nearest === null || key(each) !== key(nearest));
}

function traceFindings(trace: TraceVerdict, strict: boolean): Finding[] {
  return [
    conformanceFinding(trace.conformance),
    ...trace.invariants.map(each => propertyFinding('invariant', each, strict)),
    ...trace.temporal.map(each => propertyFinding('temporal', each, strict)),
  ];
}

const CONFORMANCE_OUTCOMES = {
  conforms: 'passed',
  rejected: 'failed',
  gaveUp: 'undecided',
  skipped: 'skipped',
} as const;

function conformanceFinding(conformance: Conformance): ConformanceFinding {
  return {
    kind: 'conformance',
    outcome: CONFORMANCE_OUTCOMES[conformance.verdict],
    headline: conformanceHeadline(conformance),
    reason: reasonOf(conformance),
    place: rejectionPlace(conformance),
    conformance,
  };
}

function conformanceHeadline({ verdict, step, searched, rejection }: Conformance): string {
  switch (verdict) {
    case 'conforms':
      return 'conforms';
    case 'skipped':
      return 'skipped';
    case 'gaveUp':
      return `gave up${atStep(step)} after ${count(searched, 'state')}`;
    case 'rejected': {
      const place = rejection?.place ? ` (${shown(rejection.place, 60)})` : '';
      const matched = rejection && step !== 0 ? `, ${count(rejection.matched, 'step')} explained` : '';
      const what = step === 0 ? 'rejected: its first state is not initial' : `rejected${atStep(step)}`;
      return `${what}${place}${matched}`;
    }
  }
}

function rejectionPlace({ rejection }: Conformance): Place | null {
  if (rejection === null) return null;
  const closest = [...rejection.candidates, ...(rejection.nearest ? [rejection.nearest] : [])];
  const places = closest.map(each => each.failed?.location ?? each.location);
  return places.find(each => each !== null) ?? null;
}

const PROPERTY_WORDS = {
  satisfied: 'satisfied',
  violated: 'violated',
  presumablySatisfied: 'presumably satisfied',
  presumablyViolated: 'presumably violated',
  inconclusive: 'inconclusive',
} as const;

function propertyFinding(
  kind: 'invariant' | 'temporal',
  property: PropertyVerdict,
  strict: boolean,
): PropertyFinding {
  const { verdict, step, loop, conjunct, location } = property;
  const onLoop = loop === null ? '' : `, as the trace repeats from step ${loop} on`;
  const at = verdict === 'satisfied' ? '' : `${atStep(step)}${onLoop}`;
  return {
    kind,
    outcome: propertyOutcome(verdict, strict),
    headline: `${PROPERTY_WORDS[verdict]}${at}`,
    reason: reasonOf(property),
    place: conjunct ?? location,
    property,
  };
}

function propertyOutcome(verdict: PropertyVerdict['verdict'], strict: boolean): Outcome {
  if (verdict === 'violated') return 'failed';
  return verdict === 'satisfied' || (verdict === 'presumablySatisfied' && !strict) ? 'passed' : 'undecided';
}

function agreementFinding(disagreement: Disagreement): AgreementFinding {
  const { builtin, quint, step, trace } = disagreement;
  const verdicts = `aura says ${PROPERTY_WORDS[builtin]}, Quint says ${PROPERTY_WORDS[quint]}`;
  return {
    kind: 'agreement',
    outcome: 'failed',
    headline: `${verdicts}${atStep(step)} of ${shown(trace, 120)}`,
    reason: null,
    place: null,
    disagreement,
  };
}

const NOTHING_CHECKED: WholeFinding = {
  kind: 'whole',
  outcome: 'undecided',
  headline: 'nothing was checked',
  reason: null,
  place: null,
};

/** One finding where the verdict is worse than all others say. */
function wholeFindings(result: VerifyResult, groups: readonly FindingGroup[]): WholeFinding[] {
  const { actionShare, minActionShare } = result.coverage;
  if (actionShare < minActionShare) {
    const headline = `${percent(actionShare)} of the actions were taken, ${percent(minActionShare)} are asked for`;
    return [{ kind: 'whole', outcome: 'failed', headline, reason: null, place: null }];
  }
  const outcomes = groups.flatMap(({ findings }) => findings.map(({ outcome }) => outcome));
  if (result.disagreements.length > 0) outcomes.push('failed');
  const worst = worstOf(outcomes);
  if (result.verdict === 'passed' || result.verdict === worst || worst === 'failed') return [];
  if (outcomes.every(each => each === 'skipped') && result.verdict === 'undecided') return [NOTHING_CHECKED];
  const headline = `${result.verdict} as a whole`;
  return [{ kind: 'whole', outcome: result.verdict, headline, reason: null, place: null }];
}

function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`;
}

function reasonOf({ reason }: { readonly reason: string | null }): string | null {
  return reason === null ? null : shown(reason, 300);
}

function atStep(step: number | null): string {
  return step === null ? '' : ` at step ${step}`;
}
