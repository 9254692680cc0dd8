// Which candidates become scenarios. Every property gets one before any gets a second; among the candidates that
// put a property at stake the one wins that takes most actions not yet covered, then the one
// with most kinds of byzantine and fault actions, then the shortest.
import type { Property } from '../model/model.js';
import { type State, showValue } from '../model/value.js';
import type { Candidate } from './candidate.js';
import { type Stake, stakeAt } from './stakes.js';

export interface Choice {
  /** Undefined for a scenario that only covers actions. */
  readonly property: Property | undefined;
  /** Ends with the last state in which the property is at stake, or with the first that violates it. */
  readonly candidate: Candidate;
  /** Index of the state that violates the property: a bug in the spec. */
  readonly violatedAt: number | undefined;
  /** Others for the same property, next best first. */
  readonly alternatives: readonly Candidate[];
}

export interface Untargeted {
  readonly property: string;
  readonly reason: string;
}

export interface ChooseOptions {
  readonly count: number;
  /** Traces kept for each scenario, the one that gives its steps included. */
  readonly tracesPerScenario: number;
}

interface Contender {
  readonly candidate: Candidate;
  readonly violatedAt: number | undefined;
}

interface Lane {
  readonly property: Property | undefined;
  readonly contenders: readonly Contender[];
  readonly used: Set<Contender>;
}

/** The candidates that differ and take a step; without byzantine steps unless they are wanted. */
export function contestants(candidates: readonly Candidate[], byzantine: boolean): Candidate[] {
  const usable = byzantine ? candidates : candidates.map(beforeByzantine);
  return withoutDuplicates(usable.filter(({ steps }) => steps.length > 0));
}

/**
 * `stakes` has every contestant with its stakes in the order of `targets`, which may be empty: then candidates are
 * chosen for the actions that they cover.
 */
export function choose(
  stakes: ReadonlyMap<Candidate, readonly Stake[]>,
  targets: readonly Property[],
  options: ChooseOptions,
): { choices: Choice[]; untargeted: Untargeted[] } {
  const lanes =
    targets.length > 0
      ? targets.map((property, i) => laneOf(property, i, stakes))
      : [coverageLane([...stakes.keys()])];
  const covered = new Set<string>();
  const choices: Choice[] = [];
  for (let progress = true; progress && choices.length < options.count; ) {
    progress = false;
    for (const lane of lanes) {
      const next = choices.length < options.count ? takeBest(lane, covered) : undefined;
      if (next === undefined) continue;
      progress = true;
      choices.push({
        property: lane.property,
        ...next,
        alternatives: alternativesIn(lane, options.tracesPerScenario - 1),
      });
    }
  }
  return { choices, untargeted: lanes.flatMap(lane => untargetedIn(lane, options.count)) };
}

function laneOf(property: Property, index: number, stakes: ReadonlyMap<Candidate, readonly Stake[]>): Lane {
  const contenders = [...stakes].flatMap(([candidate, all]): Contender[] => {
    const { violatedAt, atStake } = stakeAt(all, index);
    const last = violatedAt ?? atStake.at(-1);
    const testsNothing = last === undefined || (last === 0 && violatedAt === undefined);
    return testsNothing ? [] : [{ candidate: prefix(candidate, last), violatedAt }];
  });
  const unique = new Map(contenders.map(contender => [fingerprint(contender.candidate), contender]));
  return { property, contenders: [...unique.values()], used: new Set() };
}

function coverageLane(candidates: readonly Candidate[]): Lane {
  return {
    property: undefined,
    contenders: candidates.map(candidate => ({ candidate, violatedAt: undefined })),
    used: new Set(),
  };
}

/** The first `steps` steps of a candidate and the states around them. */
function prefix(candidate: Candidate, steps: number): Candidate {
  if (steps >= candidate.steps.length) return candidate;
  const trace = { ...candidate.trace, states: candidate.trace.states.slice(0, steps + 1) };
  return {
    ...candidate,
    trace,
    states: candidate.states.slice(0, steps + 1),
    steps: candidate.steps.slice(0, steps),
  };
}

// A candidate is cut before its first byzantine step.
function beforeByzantine(candidate: Candidate): Candidate {
  const first = candidate.steps.findIndex(({ source }) => source?.kind === 'byzantine');
  return first < 0 ? candidate : prefix(candidate, first);
}

function withoutDuplicates(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const key = fingerprint(candidate);
    if (!seen.has(key)) seen.set(key, candidate);
  }
  return [...seen.values()];
}

function fingerprint(candidate: Candidate): string {
  return [...candidate.steps.map(({ action }) => action), ...candidate.states.map(stateText)].join('\n');
}

const TEXTS = new WeakMap<State, string>();

function stateText(state: State): string {
  const known =
    TEXTS.get(state) ?? [...state].map(([name, value]) => `${name}=${showValue(value)}`).join(';');
  TEXTS.set(state, known);
  return known;
}

type Rank = readonly [violates: number, fresh: number, adverse: number, length: number];

// A violation of the spec itself is the best find; then new actions; then adversity; then brevity.
function rankOf({ candidate, violatedAt }: Contender, covered: ReadonlySet<string>): Rank {
  const fresh = new Set(candidate.steps.map(({ action }) => action).filter(action => !covered.has(action)));
  const adverse = new Set(candidate.steps.filter(isAdverse).map(({ action }) => action));
  return [violatedAt === undefined ? 1 : 0, -fresh.size, -adverse.size, candidate.steps.length];
}

function isAdverse({ source }: Candidate['steps'][number]): boolean {
  return source?.kind === 'byzantine' || source?.kind === 'fault';
}

function takeBest(lane: Lane, covered: Set<string>): Contender | undefined {
  let best: { contender: Contender; rank: Rank } | undefined;
  for (const contender of lane.contenders) {
    if (lane.used.has(contender)) continue;
    const rank = rankOf(contender, covered);
    if (best === undefined || isLess(rank, best.rank)) best = { contender, rank };
  }
  if (best === undefined) return undefined;
  lane.used.add(best.contender);
  for (const { action } of best.contender.candidate.steps) covered.add(action);
  return best.contender;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, x] of a.entries()) {
    const y = b[i] ?? 0;
    if (x !== y) return x < y;
  }
  return false;
}

function alternativesIn(lane: Lane, most: number): Candidate[] {
  return lane.contenders
    .filter(contender => !lane.used.has(contender))
    .slice(0, Math.max(0, most))
    .map(({ candidate }) => candidate);
}

function untargetedIn(lane: Lane, count: number): Untargeted[] {
  if (lane.property === undefined || lane.used.size > 0) return [];
  const reason =
    lane.contenders.length > 0
      ? `the scenario count of ${count} is used up by other properties`
      : 'no sampled trace puts it at stake; more or longer traces may';
  return [{ property: lane.property.name, reason }];
}
