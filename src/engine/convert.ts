// Between the values of the model, which cross stages and files, and those of emitted code. Both keep sets and maps
// in the same order, so nothing is sorted here. What was converted once is remembered in both directions, because
// states go back and forth between the engine and those who use it.
import type { State, Value } from '../model/value.js';
import type { CompiledSpec } from './compiled-spec.js';
import type { RtState } from './program.js';
import { toInt } from './runtime/integers.js';
import { INT_SET, NAT_SET } from './runtime/lazy-sets.js';
import {
  type Compound,
  eq,
  FSet,
  item,
  Lst,
  MapVal,
  Rec,
  type RtValue,
  SetBase,
  shapeOf,
  Tup,
  Variant,
} from './runtime/values.js';
import type { VariableInfo } from './variables.js';

type CompoundValue = Exclude<Value, boolean | bigint | string>;

const toModel = new WeakMap<Compound, CompoundValue>();
const toRuntime = new WeakMap<CompoundValue, Compound>();

/** The value of the model; lazy sets are listed, `Int` and `Nat` become unserializable. */
export function fromRt(value: RtValue): Value {
  if (typeof value === 'number') return BigInt(value);
  if (typeof value !== 'object') return value;
  let known = toModel.get(value);
  if (known === undefined) {
    known = compoundFromRt(value);
    toModel.set(value, known);
    if (known.kind !== 'unserializable') toRuntime.set(known, value);
  }
  return known;
}

function compoundFromRt(value: Compound): CompoundValue {
  if (value instanceof SetBase) {
    if (value.size() === undefined) return { kind: 'unserializable', text: value.describe() };
    return { kind: 'set', items: value.list(0).map(fromRt) };
  }
  if (value instanceof Tup) return { kind: 'tuple', items: value.items.map(fromRt) };
  if (value instanceof Lst) return { kind: 'list', items: value.items.map(fromRt) };
  if (value instanceof MapVal)
    return { kind: 'map', entries: value.keys.map((key, i) => [fromRt(key), fromRt(item(value.vals, i))]) };
  if (value instanceof Rec)
    return {
      kind: 'record',
      fields: value.shape.names.map((name, i) => [name, fromRt(item(value.vals, i))]),
    };
  return { kind: 'variant', tag: value.tag, value: fromRt(value.value) };
}

/** The value for emitted code. An unserializable value other than `Int` and `Nat` becomes its text. */
export function toRt(value: Value): RtValue {
  if (typeof value === 'bigint') return toInt(value);
  if (typeof value !== 'object') return value;
  let known = toRuntime.get(value);
  if (known === undefined) {
    if (value.kind === 'unserializable')
      return value.text === 'Int' ? INT_SET : value.text === 'Nat' ? NAT_SET : value.text;
    known = compoundToRt(value);
    toRuntime.set(value, known);
  }
  return known;
}

function compoundToRt(value: Exclude<CompoundValue, { kind: 'unserializable' }>): Compound {
  switch (value.kind) {
    case 'tuple':
      return new Tup(value.items.map(toRt));
    case 'list':
      return new Lst(value.items.map(toRt));
    case 'set':
      return new FSet(value.items.map(toRt));
    case 'map':
      return new MapVal(
        value.entries.map(([key]) => toRt(key)),
        value.entries.map(([, entry]) => toRt(entry)),
      );
    case 'record':
      return new Rec(
        shapeOf(value.fields.map(([name]) => name)),
        value.fields.map(([, field]) => toRt(field)),
      );
    case 'variant':
      return new Variant(value.tag, toRt(value.value));
  }
}

/** The assigned variables by name. */
export function stateFromRt(state: RtState, variables: readonly VariableInfo[]): State {
  const entries: [string, Value][] = [];
  for (const [i, variable] of variables.entries()) {
    const value = state[i];
    if (value !== undefined) entries.push([variable.name, fromRt(value)]);
  }
  return new Map(entries);
}

/**
 * The state in the order of the variables. A name is looked up as it is, then by the longest `::` suffix that the
 * state has, because tools name the variables of instances differently. Missing variables are undefined.
 */
export function stateToRt(state: State, variables: readonly VariableInfo[]): RtState {
  return variables.map(({ name }) => {
    const value = state.get(name) ?? bySuffix(state, name);
    return value === undefined ? undefined : toRt(value);
  });
}

function bySuffix(state: State, name: string): Value | undefined {
  const parts = name.split('::');
  for (let from = 1; from < parts.length; from++) {
    const value = state.get(parts.slice(from).join('::'));
    if (value !== undefined) return value;
  }
  const longer = [...state.keys()].filter(key => key.endsWith(`::${name}`));
  return longer.length === 1 && longer[0] !== undefined ? state.get(longer[0]) : undefined;
}

/** A state as emitted code holds it, in the order of the variables: cheaper to pass on than a {@link State}. */
export type EngineState = RtState;

/** Variables that `state` lacks are undefined. */
export function encodeState(compiled: CompiledSpec, state: State): EngineState {
  return stateToRt(state, compiled.variables);
}

export function decodeState(compiled: CompiledSpec, state: EngineState): State {
  return stateFromRt(state, compiled.variables);
}

/** Whether `state` has the values of `target` where that has any. */
export function agrees(state: EngineState, target: EngineState): boolean {
  return target.every((wanted, i) => {
    const value = state[i];
    return wanted === undefined || (value !== undefined && eq(value, wanted));
  });
}
