// What one part of a strategy's work keeps of all that it comes upon: for every goal the schedule that reaches it
// soonest, and a bounded number of others that differ in what is done. So memory is bounded by what is kept, not by
// what was tried, and nothing is lost that a choice among all of them would want.

import type { TakenAction } from '../model/taken-action.js';
import type { Value } from '../model/value.js';
import type { Schedule, ScheduleStep } from './candidate.js';
import type { Find } from './find.js';
import type { Judge } from './judge.js';

export interface Keeper {
  keep(find: Find): boolean;
  /** What was kept, in the order in which it was found. */
  schedules(): readonly Schedule[];
  /** Schedules that were offered. */
  readonly offered: number;
}

interface Kept {
  readonly find: Find;
  readonly number: number;
}

/** The best for a goal: less is better, what came first wins. */
interface Best {
  readonly kept: Kept;
  readonly cost: number;
}

/** `others` is how many are kept beside those that are the best for some goal. */
export function createKeeper(judge: Judge, taken: TakenAction, others: number): Keeper {
  const best = new Map<string, Best>();
  const shapes = new Set<string>();
  const spare: Kept[] = [];
  let offered = 0;
  const isBetter = (goal: string, kept: Kept, cost: number): boolean => {
    const known = best.get(goal);
    if (known !== undefined && known.cost <= cost) return false;
    best.set(goal, { kept, cost });
    return true;
  };
  return {
    get offered() {
      return offered;
    },
    keep(find) {
      const kept: Kept = { find, number: offered++ };
      const actions = find.ways.slice(1).map(way => taken(way)?.name ?? way.action ?? 'unknown');
      const states = find.ways.map(({ state }) => state);
      const { goals, stakes } = judge.judge({
        ...find,
        actions,
        states,
        values: step => valuesOf(find, step),
      });
      let isBest = false;
      for (const { kind, name, at } of goals) {
        const cost = kind === 'nearest' ? (find.distance ?? 0) : at;
        isBest = isBetter(`${kind}:${name}`, kept, cost) || isBest;
      }
      for (const [i, { atStake }] of stakes.entries()) {
        const [first] = atStake;
        if (first !== undefined) isBest = isBetter(`stake:${i}`, kept, first) || isBest;
      }
      const shape = `${actions.join()};${find.refused?.action ?? ''};${find.refused?.guard ?? ''}`;
      if (!isBest && spare.length < others && !shapes.has(shape)) {
        spare.push(kept);
        shapes.add(shape);
      }
      return true;
    },
    schedules() {
      const all = new Set([...[...best.values()].map(({ kept }) => kept), ...spare]);
      return [...all].sort((a, b) => a.number - b.number).map(({ find }) => scheduleOf(find, taken));
    },
  };
}

function valuesOf(find: Find, step: number): ReadonlyMap<string, Value> {
  const taken = find.ways[step + 1]?.step();
  return new Map([...(taken?.picks ?? []), ...(taken?.args ?? [])]);
}

function scheduleOf({ ways, ...rest }: Find, taken: TakenAction): Schedule {
  const steps = ways.map((way): ScheduleStep => {
    const { args, picks, state } = way.step();
    return { action: taken(way)?.name, label: way.action, args, picks, state };
  });
  return { ...rest, steps };
}
