// Whether the spec itself does what a mutant seems to do for the first time. Where not all states of the spec are known,
// a state that is not among them may be one of the spec, and a property that none of them breaks may be broken farther
// on. So the spec goes on from the state before the illegal step, as far as a bound lets it.
import { StateStore } from '../../engine/index.js';
import { must } from '../../util/assert.js';
import { askedAlong } from './asked-states.js';
import type { Subject } from './subject.js';
import type { IllegalStep } from './verdict.js';
import { type Asked, watchOf } from './watch.js';

export interface OwnWay {
  /** Whether the spec comes to the state after the illegal step, or breaks the property. */
  readonly found: boolean;
  /** States that were computed. */
  readonly computed: number;
}

/** States that may be computed for each that may be visited. */
const COMPUTED = 20;

/** Visits up to `most` states and computes up to `budget`. Without `property` only the state after the illegal step is looked for. */
export function ownWay(
  { machine, reachable, properties }: Pick<Subject, 'machine' | 'reachable' | 'properties'>,
  { path, way }: IllegalStep,
  property: string | undefined,
  { most, budget }: { readonly most: number; readonly budget: number },
): OwnWay {
  const watch = watchOf(
    machine.compiled,
    properties.filter(({ name }) => name === property),
  );
  const before = must(path.at(-1), 'state');
  const states = new StateStore(machine.compiled.variables.length);
  // A step to a state that is known to be one of the spec differs only in what is asked.
  const isKnown = reachable.store.add(way.state) < reachable.count;
  const goal = isKnown ? -1 : states.add(way.state);
  const seen = new Map<number, Asked[]>();
  const open: { readonly number: number; readonly asked: Asked }[] = [];
  const meet = (number: number, asked: Asked): void => {
    const known = seen.get(number) ?? [];
    if (known.includes(asked)) return;
    seen.set(number, [...known, asked]);
    open.push({ number, asked });
  };
  meet(states.add(reachable.store.get(before)), askedAlong(reachable, watch)(before));
  let computed = 0;
  let found = false;
  const isOpen = () => !found && open.length <= most && computed < Math.min(budget, most * COMPUTED);
  for (let next = 0; next < open.length && isOpen(); next++) {
    const at = must(open[next], 'state');
    const from = states.get(at.number);
    let isEnd = true;
    // An evaluation that fails is no step.
    machine.ways(from, undefined, ({ state }) => {
      computed++;
      isEnd = false;
      const after = watch.step(at.asked, from, state);
      const number = states.add(state);
      found = number === goal || after.broken !== undefined || watch.state(state).broken !== undefined;
      if (!found) meet(number, after.asked);
      return isOpen();
    });
    if (isEnd && watch.end(at.asked, from) !== undefined) found = true;
  }
  return { found, computed };
}
