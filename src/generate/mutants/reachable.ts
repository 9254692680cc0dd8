// The states of a spec as all its mutants share them: numbered in the order in which a breadth-first search meets them,
// each with the state before it, so that the shortest way to one is a walk along the parents. Where a bound ends the
// search, random walks go on from its last states.
import { type EngineState, type Machine, StateStore, type Way } from '../../engine/index.js';
import { must } from '../../util/assert.js';
import type { Random } from '../../util/random.js';
import { ok, type Result } from '../../util/result.js';

export interface Reachable {
  /** The states, the first {@link Reachable.count} of them those of the spec; mutants add theirs. */
  readonly store: StateStore;
  readonly count: number;
  /** By number: the state before it, -1 for initial ones. */
  readonly parents: readonly number[];
  /** By number: steps from an initial state. */
  readonly depths: readonly number[];
  /** Whether these are all. */
  readonly complete: boolean;
  /** States that were computed, those that had been met before included. */
  readonly computed: number;
  /** Drops the states that mutants have added, once there are more than so many: the numbers of the others stay. */
  tidy(most: number): void;
}

export interface ReachBounds {
  /** Distinct states. */
  readonly maxStates: number;
  /** Steps from an initial state; absent for no bound. */
  readonly maxDepth?: number;
  /** States that may be computed, met ones included; absent for no bound. */
  readonly budget?: number;
}

/** Longest random walk beyond the bound, in steps. */
const WALK = 20;
/** Of the states that may be visited, those that are left to random walks: one in so many. */
const WALKED = 8;
/** Walks at most: they meet fewer and fewer states that are new. */
const WALKS_MAX = 2_000;

/** Errors: those of the spec in a state that it can reach. */
export function reachableStates(machine: Machine, bounds: ReachBounds, random: Random): Result<Reachable> {
  const { maxStates, maxDepth = Number.POSITIVE_INFINITY, budget = Number.POSITIVE_INFINITY } = bounds;
  const isBroad = () => store.size < maxStates && computed < budget;
  let store = new StateStore(machine.compiled.variables.length);
  const parents: number[] = [];
  const depths: number[] = [];
  let computed = 0;
  const meet = (state: EngineState, from: number): number => {
    const before = store.size;
    const number = store.add(state);
    if (number === before) {
      parents.push(from);
      depths.push(from < 0 ? 0 : must(depths[from], 'depth') + 1);
    }
    return number;
  };
  const visit = (from: number, onWay: (way: Way) => void): Result<void> =>
    machine.ways(from < 0 ? undefined : store.get(from), undefined, way => {
      computed++;
      onWay(way);
      return true;
    });
  const started = visit(-1, way => meet(way.state, -1));
  if (!started.ok) return started;
  const walked = 1 - 1 / WALKED;
  let next = 0;
  const isNear = () => next < store.size && must(depths[next], 'depth') < maxDepth;
  for (; isNear() && store.size < maxStates * walked && computed < budget * walked; next++) {
    const expanded = visit(next, way => meet(way.state, next));
    if (!expanded.ok) return expanded;
  }
  const complete = next === store.size;
  const frontier = store.size;
  for (let tries = 0; isNear() && isBroad() && tries < WALKS_MAX; tries++) {
    let at = next + random.below(frontier - next);
    for (let i = 0; i < WALK && isBroad() && must(depths[at], 'depth') < maxDepth; i++) {
      const ways: Way[] = [];
      const expanded = visit(at, way => ways.push(way));
      if (!expanded.ok) return expanded;
      const way = ways[random.below(Math.max(1, ways.length))];
      if (way === undefined) break;
      at = meet(way.state, at);
    }
  }
  const count = store.size;
  return ok({
    get store() {
      return store;
    },
    count,
    parents,
    depths,
    complete,
    computed,
    tidy(most) {
      if (store.size <= count + most) return;
      const fresh = new StateStore(machine.compiled.variables.length);
      for (let number = 0; number < count; number++) fresh.add(store.get(number));
      store = fresh;
    },
  });
}

/** Numbers of the states on the way to a state, the initial one first. */
export function pathTo(reachable: Reachable, number: number): number[] {
  const path: number[] = [];
  for (let at = number; at >= 0; at = must(reachable.parents[at], 'parent')) path.push(at);
  return path.reverse();
}
