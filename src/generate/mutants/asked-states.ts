// What the temporal properties of a spec ask in each of its states: the same state may be come to in ways after which
// different things are asked of the rest of the run, and a mutant differs from the spec also where it comes to a known
// state with something else asked. Every step of the spec is taken, so that what it breaks itself is met here.
import type { Machine } from '../../engine/index.js';
import { must } from '../../util/assert.js';
import { ok, type Result } from '../../util/result.js';
import type { Reachable } from './reachable.js';
import type { Asked, Watch } from './watch.js';

export interface AskedStates {
  /** What may be asked from a state on, by its number; of a state that was not come to, along the way to it. */
  in(number: number): readonly Asked[];
  /** Whether that is all. */
  readonly complete: boolean;
  /** States that were computed. */
  readonly computed: number;
  /** A property that the spec itself breaks: then the rest was not looked at. */
  readonly broken: string | undefined;
}

/** Looked at for each state, on average: more hints at a property that counts. */
const ASKED_PER_STATE = 4;

/** `budget` is the number of states that may be computed. Errors: those of the spec in a state that it can reach. */
export function askedStates(
  machine: Machine,
  reachable: Reachable,
  watch: Watch,
  budget: number,
): Result<AskedStates> {
  if (watch.start.length === 0)
    return ok({ in: () => [watch.start], complete: true, computed: 0, broken: undefined });
  const { store, count, parents } = reachable;
  const asked: Asked[][] = Array.from({ length: count }, () => []);
  const open: { readonly number: number; readonly asked: Asked }[] = [];
  const meet = (number: number, now: Asked): void => {
    const known = asked[number];
    if (known === undefined || known.includes(now)) return;
    known.push(now);
    open.push({ number, asked: now });
  };
  for (let number = 0; number < count && parents[number] === -1; number++) meet(number, watch.start);
  let computed = 0;
  let broken: string | undefined;
  let next = 0;
  for (; next < open.length && next < count * ASKED_PER_STATE && computed < budget; next++) {
    const at = must(open[next], 'state');
    const from = store.get(at.number);
    let isEnd = true;
    const expanded = machine.ways(from, undefined, ({ state }) => {
      computed++;
      isEnd = false;
      const after = watch.step(at.asked, from, state);
      broken = after.broken;
      meet(store.add(state), after.asked);
      return broken === undefined;
    });
    if (!expanded.ok) return expanded;
    if (isEnd) broken = watch.end(at.asked, from);
    if (broken !== undefined) break;
  }
  const along = askedAlong(reachable, watch);
  return ok({
    in(number) {
      const known = asked[number];
      return known === undefined || known.length === 0 ? [along(number)] : known;
    },
    complete: broken === undefined && next === open.length,
    computed,
    broken,
  });
}

/** What is asked from a state on, after the way that led to it first. */
export function askedAlong(reachable: Reachable, watch: Watch): (number: number) => Asked {
  const known = new Map<number, Asked>();
  return number => {
    const { store, parents } = reachable;
    const open: number[] = [];
    let at = number;
    for (; at >= 0 && !known.has(at); at = must(parents[at], 'parent')) open.push(at);
    let asked = known.get(at) ?? watch.start;
    for (const next of open.reverse()) {
      const parent = must(parents[next], 'parent');
      if (parent >= 0) asked = watch.step(asked, store.get(parent), store.get(next)).asked;
      known.set(next, asked);
    }
    return asked;
  };
}
