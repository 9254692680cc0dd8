// Traces with one thing wrong: a value changed, an element added to a set or taken from it, a step left out, two steps
// swapped. Whether a mutant is still a behaviour is for the tests to find out.

import {
  listOf,
  mapOf,
  recordOf,
  type State,
  setOf,
  tupleOf,
  type Value,
  variantOf,
} from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { createRandom, type Random } from '../../src/util/random.js';

export type Mutation = 'value' | 'drop' | 'swap' | 'element';

export const MUTATIONS: readonly Mutation[] = ['value', 'drop', 'swap', 'element'];

/** The mutant; undefined where the trace offers nothing to mutate in this way. */
export function mutant(trace: readonly State[], mutation: Mutation, seed: number): State[] | undefined {
  const random = createRandom(`mutant ${seed}`);
  const at = random.below(trace.length);
  const states = [...trace];
  if (mutation === 'drop') {
    if (trace.length < 3) return undefined;
    states.splice(at, 1);
    return states;
  }
  if (mutation === 'swap') {
    if (at + 1 >= trace.length) return undefined;
    [states[at], states[at + 1]] = [must(trace[at + 1], 'state'), must(trace[at], 'state')];
    return states;
  }
  const state = must(trace[at], 'state');
  const names = [...state.keys()];
  const name = must(names[random.below(names.length)], 'variable');
  const value = must(state.get(name), 'value');
  const changed = mutation === 'element' ? withElement(value, random) : changedValue(value, random);
  if (changed === undefined) return undefined;
  states[at] = new Map([...state, [name, changed]]);
  return states;
}

/** A value of the same type, as far as that can be made from the value alone. */
function changedValue(value: Value, random: Random): Value | undefined {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'bigint') return random.below(2) === 0 ? value + 1n : value - 1n;
  if (typeof value === 'string') return `${value}x`;
  const inside = (values: readonly Value[]): readonly Value[] | undefined => {
    if (values.length === 0) return undefined;
    const i = random.below(values.length);
    const changed = changedValue(must(values[i], 'part'), random);
    return changed === undefined ? undefined : values.map((one, k) => (k === i ? changed : one));
  };
  switch (value.kind) {
    case 'list':
      return wrap(inside(value.items), listOf);
    case 'tuple':
      return wrap(inside(value.items), tupleOf);
    case 'set':
      return wrap(inside(value.items), setOf);
    case 'map':
      return wrap(inside(value.entries.map(([, entry]) => entry)), entries =>
        mapOf(value.entries.map(([key], i) => [key, must(entries[i], 'entry')] as const)),
      );
    case 'record':
      return wrap(inside(value.fields.map(([, field]) => field)), fields =>
        recordOf(value.fields.map(([name], i) => [name, must(fields[i], 'field')] as const)),
      );
    case 'variant':
      return wrap(inside([value.value]), ([payload]) => variantOf(value.tag, must(payload, 'payload')));
    default:
      return undefined;
  }
}

function wrap(
  values: readonly Value[] | undefined,
  make: (values: readonly Value[]) => Value,
): Value | undefined {
  return values === undefined ? undefined : make(values);
}

/** A set somewhere inside with one element more, made from one that it has. */
function withElement(value: Value, random: Random): Value | undefined {
  if (typeof value !== 'object') return undefined;
  if (value.kind === 'set') {
    const [first] = value.items;
    const other = first === undefined ? undefined : changedValue(first, random);
    return other === undefined ? undefined : setOf([...value.items, other]);
  }
  if (value.kind !== 'map') return undefined;
  for (const [key, entry] of value.entries) {
    const changed = withElement(entry, random);
    if (changed !== undefined) return mapOf([...value.entries.filter(([k]) => k !== key), [key, changed]]);
  }
  return undefined;
}
