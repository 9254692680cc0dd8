// What is true in a state, in small pieces: an entry of a map, an element of a set, a field of a record, the tag of a
// variant, each with where it stands. A state is new in an interesting way when it has a piece that none had before.
//
// Facts as in width-based planning: Lipovetzky and Geffner, "Width and serialization of classical planning problems",
// 2012; for states without declared facts: Frances, Ramirez, Lipovetzky, Geffner, "Purely declarative action
// descriptions are overrated: classical planning with simulators", 2017.
import type { EngineState, RtValue } from '../../engine/index.js';
import { ValueNumbers } from '../../engine/index.js';
import { Lst, MapVal, Rec, SetBase, Tup, Variant } from '../../engine/runtime/values.js';

/** How a part belongs to what it is a part of. */
const PART = { value: 0, key: 1, field: 2, index: 3, element: 4, size: 5, tag: 6 } as const;
const KINDS = 8;
/** More values than a search can meet; a place times this is still an exact number. */
const VALUES = 2 ** 26 / KINDS;
/** Places below this are variables. */
const PLACES = 1000;

/** Numbers the facts of states from 0, in the order in which they are met. Numbers show in no result. */
class Facts {
  private readonly numbers = new Map<number, number>();
  private readonly values = new ValueNumbers();
  private readonly known: Map<RtValue, readonly number[]>[] = [];

  /** Facts of a variable; fast where equal values are the same object, as those of a StateStore are. */
  of(state: EngineState, variable: number): readonly number[] {
    const value = state[variable];
    if (value === undefined) return [];
    this.known[variable] ??= new Map();
    let facts = this.known[variable].get(value);
    if (facts === undefined) {
      const found = new Set<number>();
      this.collect(variable, value, found);
      facts = [...found];
      this.known[variable].set(value, facts);
    }
    return facts;
  }

  // Places below a variable are numbered like facts, after those of the variables themselves.
  private collect(place: number, value: RtValue, found: Set<number>): void {
    const below = (kind: number, name: RtValue, part: RtValue | undefined) => {
      if (part !== undefined) this.collect(this.number(place, kind, name) + PLACES, part, found);
    };
    if (value instanceof MapVal) value.keys.forEach((key, i) => void below(PART.key, key, value.vals[i]));
    else if (value instanceof Rec)
      value.shape.names.forEach((name, i) => void below(PART.field, name, value.vals[i]));
    else if (value instanceof Tup) value.items.forEach((item, i) => void below(PART.index, i, item));
    else if (value instanceof Lst) {
      found.add(this.number(place, PART.size, value.items.length));
      value.items.forEach((item, i) => void below(PART.index, i, item));
    } else if (value instanceof Variant) {
      found.add(this.number(place, PART.tag, value.tag));
      below(PART.tag, value.tag, value.value);
    } else if (value instanceof SetBase) {
      // Int and Nat have no elements to list.
      if (value.size() === undefined) return;
      const elements = value.list(0);
      found.add(this.number(place, PART.size, elements.length));
      for (const element of elements) found.add(this.number(place, PART.element, element));
    } else found.add(this.number(place, PART.value, value));
  }

  private number(place: number, kind: number, value: RtValue): number {
    const key = (place * VALUES + this.values.number(value)) * KINDS + kind;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(key, number);
    }
    return number;
  }
}

/** How new states are among those at the same distance, as a whole and in the variables that matter. */
export class Novelty {
  private readonly facts = new Facts();
  private readonly seen = new Map<number, Set<number>>();

  /** `matters` says of each variable whether it does. */
  constructor(private readonly matters: readonly boolean[]) {}

  /** Takes in a state: equal values of a variable should be the same object, as those of a StateStore are. */
  meet(
    state: EngineState,
    distance: number,
  ): { readonly isNew: boolean; readonly isNewWhereItMatters: boolean } {
    let seen = this.seen.get(distance);
    if (seen === undefined) {
      seen = new Set();
      this.seen.set(distance, seen);
    }
    let isNew = false;
    let isNewWhereItMatters = false;
    for (let variable = 0; variable < state.length; variable++)
      for (const fact of this.facts.of(state, variable)) {
        if (seen.has(fact)) continue;
        seen.add(fact);
        isNew = true;
        isNewWhereItMatters ||= this.matters[variable] === true;
      }
    return { isNew, isNewWhereItMatters };
  }
}
