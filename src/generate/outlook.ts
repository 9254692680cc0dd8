// What may happen next in a state, told apart by who acts: what a schedule that mixes honest and adverse steps chooses
// from. Choices are random; each asks for an action first and for a way to take it second, because an action with many
// arguments would otherwise crowd out the others.
import type { EngineState, Machine, Way } from '../engine/index.js';
import type { Random } from '../util/random.js';
import { ok, type Result } from '../util/result.js';
import type { Adversary } from './adverse-steps.js';

export interface Outlook {
  /** Ways by what tells their actions apart, in the order of the enumeration. */
  readonly honest: ReadonlyMap<string, readonly Way[]>;
  readonly environment: ReadonlyMap<string, readonly Way[]>;
  /** Those that the budget allows: byzantine steps, faults, and those of the environment. */
  readonly adverse: ReadonlyMap<string, readonly Way[]>;
}

/** Counts states that are computed, and says when there may be no more. */
export class Meter {
  states = 0;

  constructor(private readonly budget: number) {}

  get isEmpty(): boolean {
    return this.states >= this.budget;
  }
}

/** Looks around in a state; undefined where the meter ran empty before all was seen. */
export function lookAround(
  machine: Machine,
  adversary: Adversary,
  state: EngineState,
  meter: Meter,
): Result<Outlook | undefined> {
  const honest = new Map<string, Way[]>();
  const environment = new Map<string, Way[]>();
  const adverse = new Map<string, Way[]>();
  let isComplete = true;
  const visited = machine.ways(state, undefined, way => {
    if (meter.isEmpty) {
      isComplete = false;
      return false;
    }
    meter.states++;
    const label = labelOf(way);
    const action = adversary.actionOf(way);
    if (action === undefined) push(honest, label, way);
    if (action === undefined || !adversary.actions.includes(action)) return true;
    push(adverse, label, way);
    if (action.kind === 'environment') push(environment, label, way);
    return true;
  });
  return visited.ok ? ok(isComplete ? { honest, environment, adverse } : undefined) : visited;
}

function labelOf({ action, instance }: Way): string {
  return `${instance} ${action ?? ''}`;
}

function push(into: Map<string, Way[]>, label: string, way: Way): void {
  const ways = into.get(label);
  if (ways === undefined) into.set(label, [way]);
  else ways.push(way);
}

/** How often actions were taken, by label. */
export type Counts = Map<string, number>;

/** One of the ways, of an action that was taken seldom rather than often; counts it. Undefined for no ways. */
export function pickWay(
  ways: ReadonlyMap<string, readonly Way[]>,
  counts: Counts,
  random: Random,
): Way | undefined {
  const weights = [...ways.keys()].map(label => [label, 1 / (1 + (counts.get(label) ?? 0))] as const);
  let left = random.real() * weights.reduce((sum, [, weight]) => sum + weight, 0);
  const chosen = weights.find(([, weight]) => {
    left -= weight;
    return left < 0;
  });
  const [label] = chosen ?? weights.at(-1) ?? [];
  const choices = label === undefined ? undefined : ways.get(label);
  if (label === undefined || choices === undefined) return undefined;
  counts.set(label, (counts.get(label) ?? 0) + 1);
  return choices[random.below(choices.length)];
}

/** The ways for which `fits`, where there are any. */
export function filterWays(
  ways: ReadonlyMap<string, readonly Way[]>,
  fits: (way: Way) => boolean,
): ReadonlyMap<string, readonly Way[]> {
  return new Map(
    [...ways].flatMap(([label, all]): [string, Way[]][] => {
      const fitting = all.filter(fits);
      return fitting.length > 0 ? [[label, fitting]] : [];
    }),
  );
}
