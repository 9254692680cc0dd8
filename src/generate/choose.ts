// Which schedules become scenarios: a set cover. Of thousands the few are taken that together reach most goals, each
// the one that adds most to those before it, the shorter one where two add the same; once every goal is reached, those
// that reach it again in another way. Schedules that do the same up to the names of participants count as one.
import type { Property } from '../model/model.js';
import { equalValues, type Value } from '../model/value.js';
import { must } from '../util/assert.js';
import { type Candidate, legalPart } from './candidate.js';
import type { Goal, GoalKind, Judged } from './judge.js';
import { Heap } from './search/heap.js';

export interface Choice {
  /** Undefined for a scenario that only covers actions and guards. */
  readonly property: Property | undefined;
  /** Ends with the last state in which the property is at stake, or with the first that violates it. */
  readonly candidate: Candidate;
  /** Index of the state that violates the property: a bug in the spec. */
  readonly violatedAt: number | undefined;
  /** Goals that it reaches, as `kind:name`. */
  readonly goals: readonly string[];
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
  readonly participants: readonly Value[];
  /** Whether an action is one of the system itself, which can refuse it; others are done to it. */
  readonly isHonest: (action: string) => boolean;
  /** Whether schedules that target none of the properties may be taken for what else they cover. */
  readonly untargetedToo: boolean;
}

/**
 * What one goal more is worth. Bugs in the spec itself come first, then that every property gets a scenario, then that
 * every action is taken; after that a forbidden step is worth about as much as a schedule with a dozen new pairs.
 */
const WORTH: Record<GoalKind | 'property', number> = {
  violation: 100_000,
  property: 2_000,
  action: 200,
  attack: 60,
  nearest: 60,
  guard: 40,
  branch: 30,
  pair: 8,
};

interface Contender {
  readonly property: Property | undefined;
  readonly candidate: Candidate;
  readonly violatedAt: number | undefined;
  readonly goals: readonly { readonly key: string; readonly worth: number }[];
  readonly length: number;
  /** What it does, up to the names of participants. */
  readonly shape: string;
}

/** `judged` has every candidate with what it is worth, stakes in the order of `targets`. */
export function choose(
  judged: ReadonlyMap<Candidate, Judged>,
  targets: readonly Property[],
  options: ChooseOptions,
): { choices: Choice[]; untargeted: Untargeted[] } {
  const contenders = contendersFor(judged, targets, options);
  const taken = cover(contenders, options.count);
  const left = new Set(contenders);
  for (const contender of taken) left.delete(contender);
  const choices = taken.map(({ property, candidate, violatedAt, goals }): Choice => {
    const others = [...left].filter(other => other.property === property);
    const alternatives = others.slice(0, Math.max(0, options.tracesPerScenario - 1));
    for (const other of alternatives) left.delete(other);
    return {
      property,
      candidate,
      violatedAt,
      goals: goals.map(({ key }) => key).filter(key => !key.startsWith('property:')),
      alternatives: alternatives.map(other => other.candidate),
    };
  });
  return { choices, untargeted: targets.flatMap(target => untargetedIn(target, contenders, taken, options)) };
}

function contendersFor(
  judged: ReadonlyMap<Candidate, Judged>,
  targets: readonly Property[],
  options: ChooseOptions,
): Contender[] {
  const nearest = nearestOf(judged);
  const unique = new Map<string, Contender>();
  for (const [candidate, one] of judged)
    for (const contender of contendersOf(candidate, one, targets, options, nearest)) {
      const key = `${contender.property?.name ?? ''}\n${contender.violatedAt !== undefined}\n${contender.shape}`;
      if (!unique.has(key)) unique.set(key, contender);
    }
  return [...unique.values()];
}

function* contendersOf(
  candidate: Candidate,
  { goals, stakes }: Judged,
  targets: readonly Property[],
  { participants, untargetedToo, isHonest }: ChooseOptions,
  nearest: ReadonlySet<Candidate>,
): Generator<Contender> {
  const { origin, steps } = candidate;
  const end = steps.length;
  const contender = (property: Property | undefined, cut: Candidate, violatedAt?: number): Contender => {
    const length = cut.steps.length;
    const isNearest = nearest.has(candidate) && origin.aim === property?.name;
    // That the adversary cannot do something is a limit of the spec more than a duty of the system.
    const share = origin.refused === undefined || isHonest(origin.refused.action) ? 1 : 1 / 4;
    const worthOf = (kind: GoalKind) => WORTH[kind] * (kind === 'guard' || kind === 'attack' ? share : 1);
    // Of schedules that end in a bug of the spec the shortest is wanted, whatever else they cover.
    const isBug = violatedAt !== undefined;
    const reached = goals.filter(
      goal =>
        goal.at <= length && belongs(goal, property, cut, isNearest) && (!isBug || goal.kind === 'violation'),
    );
    const own =
      property && isTested(property, cut)
        ? [{ key: `property:${property.name}`, worth: WORTH.property }]
        : [];
    return {
      property,
      candidate: cut,
      violatedAt,
      goals: [...own, ...reached.map(({ kind, name }) => ({ key: `${kind}:${name}`, worth: worthOf(kind) }))],
      length: length + (cut.origin.refused ? 1 : 0),
      shape: shapeOf(cut, participants),
    };
  };
  // A forbidden step alone says nothing of what the system does with the property until then.
  const isTested = (property: Property, cut: Candidate): boolean =>
    cut.origin.refused === undefined || (stakes[targets.indexOf(property)]?.atStake.length ?? 0) > 0;
  const known = (name: string | undefined) => targets.find(target => target.name === name);
  const broken = known(origin.violates);
  if (broken?.kind === 'temporal') yield contender(broken, candidate, end);
  if (origin.refused) {
    const aim = known(origin.refused.breaks);
    if (aim || untargetedToo) yield contender(aim, candidate);
  }
  for (const [i, { violatedAt, atStake }] of stakes.entries()) {
    const last = violatedAt ?? atStake.at(-1);
    if (last === undefined || (last === 0 && violatedAt === undefined)) continue;
    yield contender(must(targets[i], 'a target of every stake'), legalPart(candidate, last), violatedAt);
  }
  if (untargetedToo && end > 0) yield contender(undefined, legalPart(candidate, end));
}

// What is told of a whole schedule, or of its last step that is refused, does not belong to a part of it; and that it
// breaks another property than the one it is for is told by the scenario for that one.
function belongs(
  { kind, name }: Goal,
  property: Property | undefined,
  { origin }: Candidate,
  isNearest: boolean,
): boolean {
  if (kind === 'nearest') return isNearest;
  if (kind === 'violation') return name === property?.name;
  return (kind !== 'guard' && kind !== 'attack') || origin.refused !== undefined;
}

/** For every property that was aimed at, the candidates that came nearest to violating it. */
function nearestOf(judged: ReadonlyMap<Candidate, Judged>): ReadonlySet<Candidate> {
  const best = new Map<string, Candidate>();
  for (const candidate of judged.keys()) {
    const { aim, distance } = candidate.origin;
    if (aim === undefined || distance === undefined) continue;
    const known = best.get(aim)?.origin.distance ?? Number.POSITIVE_INFINITY;
    if (distance < known) best.set(aim, candidate);
  }
  return new Set(best.values());
}

/** The actions of a candidate with the participants that they name, numbered as they come. */
function shapeOf({ steps, origin: { refused, loop } }: Candidate, participants: readonly Value[]): string {
  const numbers = new Map<number, number>();
  const roleOf = (value: Value): string => {
    const index = participants.findIndex(participant => equalValues(participant, value));
    if (index < 0) return '';
    if (!numbers.has(index)) numbers.set(index, numbers.size);
    return String(numbers.get(index));
  };
  const done = steps.map(({ action, params }) => `${action}(${[...params.values()].map(roleOf)})`);
  if (refused)
    done.push(`!${refused.action}(${refused.args.map(([, value]) => roleOf(value))})#${refused.guard}`);
  return `${done.join(';')}${loop === undefined ? '' : `@${loop}`}`;
}

/** A contender that is not taken yet, and what it gained when that was last looked at. */
interface Waiting {
  readonly contender: Contender;
  readonly order: number;
  readonly gain: number;
}

// More gain first, then the shorter schedule, then the one that was found first.
function isBefore(a: Waiting, b: Waiting): boolean {
  if (a.gain !== b.gain) return a.gain > b.gain;
  const longer = a.contender.length - b.contender.length;
  return longer !== 0 ? longer < 0 : a.order < b.order;
}

function cover(contenders: readonly Contender[], count: number): Contender[] {
  const taken: Contender[] = [];
  const reached = new Map<string, number>();
  const shapes = new Set<string>();
  let left = contenders.map((contender, order) => ({ contender, order }));
  for (let times = 1; taken.length < count && left.length > 0; times++) {
    const picked = new Set<number>();
    const gainNow = (contender: Contender) => gainOf(contender, reached, times, shapes);
    for (const { contender, order } of inOrder(left, gainNow, times === 1)) {
      if (taken.length >= count) break;
      picked.add(order);
      taken.push(contender);
      shapes.add(contender.shape);
      for (const { key } of contender.goals) reached.set(key, (reached.get(key) ?? 0) + 1);
    }
    // What reaches nothing at all would wait for ever.
    left = left.filter(({ contender, order }) => !picked.has(order) && contender.goals.length > 0);
  }
  return taken;
}

/**
 * Those that gain something, the one that gains most each time if `exactly`, otherwise in the order of what they gained
 * at first, which is enough where everything is covered already and there may be thousands to take. Gains only shrink while others are taken, so what a
 * contender gained last bounds what it gains now (Minoux, "Accelerated greedy algorithms for maximizing submodular set
 * functions", 1978).
 */
function* inOrder(
  left: readonly Omit<Waiting, 'gain'>[],
  gainNow: (contender: Contender) => number,
  exactly: boolean,
): Generator<Waiting> {
  const waiting = new Heap(isBefore);
  for (const one of left) waiting.push({ ...one, gain: gainNow(one.contender) });
  for (let first = waiting.pop(); first !== undefined; first = waiting.pop()) {
    const gain = gainNow(first.contender);
    if (gain <= 0) continue;
    if (gain === first.gain || !exactly) yield first;
    else waiting.push({ ...first, gain });
  }
}

function gainOf(
  { goals, shape }: Contender,
  reached: ReadonlyMap<string, number>,
  times: number,
  shapes: ReadonlySet<string>,
): number {
  let gain = 0;
  for (const { key, worth } of goals) if ((reached.get(key) ?? 0) < times) gain += worth;
  // The same steps for another property are worth a scenario only where nothing else is.
  return shapes.has(shape) ? gain / 1_000 : gain;
}

function untargetedIn(
  target: Property,
  contenders: readonly Contender[],
  taken: readonly Contender[],
  { count }: ChooseOptions,
): Untargeted[] {
  if (taken.some(({ property }) => property === target)) return [];
  const reason = contenders.some(({ property }) => property === target)
    ? `the scenario count of ${count} is used up by other properties`
    : 'no schedule that was tried puts it at stake; a larger budget, more or longer traces may';
  return [{ property: target.name, reason }];
}
