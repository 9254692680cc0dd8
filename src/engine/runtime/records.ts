// Fields of records, and what actions and matches call when they cannot go on.
import { failEval } from './failure.js';
import type { EmittedFunction } from './picks.js';
import { item, Lst, Rec, type RtValue, type Shape, shapeOf, type Variant } from './values.js';

/** The field of a record whose shape was guessed when the code was emitted. */
export function fieldAt(record: Rec, shape: Shape, index: number, name: string, at: number): RtValue {
  return record.shape === shape ? item(record.vals, index) : field(record, name, at);
}

export function field(record: Rec, name: string, at: number): RtValue {
  const index = record.shape.index.get(name);
  return index === undefined
    ? failEval('QNT501', `Accessing a missing record field ${name}`, at)
    : item(record.vals, index);
}

export function recordWith(record: Rec, name: string, value: RtValue, at: number): Rec {
  const index = record.shape.index.get(name);
  if (index === undefined) return failEval('QNT501', `Called 'with' with a non-existent field ${name}`, at);
  const vals = record.vals.slice();
  vals[index] = value;
  return new Rec(record.shape, vals);
}

export function noMatch(variant: Variant, at: number): never {
  return failEval('QNT505', `No match for variant ${variant.tag}`, at);
}

export function repsFailed(round: number, at: number): never {
  return failEval(
    'QNT513',
    `Reps loop could not continue after iteration #${round + 1} evaluated to false`,
    at,
  );
}

export function unset(name: string, at: number): never {
  return failEval('QNT502', `Variable ${name} not set`, at);
}

/** The states of a run as a list of records, for `q::lastTrace`. */
export function traceList(path: readonly (readonly (RtValue | undefined)[])[], ...names: string[]): Lst {
  const order = names.map((_, i) => i).sort((i, j) => (item(names, i) < item(names, j) ? -1 : 1));
  const record = (state: readonly (RtValue | undefined)[]): Rec => {
    const present = order.filter(i => state[i] !== undefined);
    const vals = present.map(i => item(state, i)).filter(value => value !== undefined);
    return new Rec(shapeOf(present.map(i => item(names, i))), vals);
  };
  return new Lst(path.map(record));
}

/** A lambda of an action together with its twin that enumerates. */
export function withTwin(plain: EmittedFunction, twin: EmittedFunction): EmittedFunction {
  return Object.assign(plain, { twin });
}

/** Calls a parameter that stands for an action, for every way in which it succeeds. */
export function enumerateTwin(fn: EmittedFunction, args: readonly unknown[], then: () => void): void {
  if (fn.twin !== undefined) fn.twin(...args, then);
  else if (fn(...args) === true) then();
}
