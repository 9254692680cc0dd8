// In which parts two states differ. A difference goes as deep as the two values are alike: to the entry of a map, the
// field of a record, the element of a set or list, so that of a large state only what changed is shown.
import { compareText } from '../util/order.js';
import { compareValues, equalValues, type State, showValue, type Value } from './value.js';

/** One part that differs; `from` or `to` is absent where only one side has it. */
export interface Difference {
  readonly variable: string;
  /** How Quint selects the part, such as `.get("p1").count`; empty for the whole variable. */
  readonly path: string;
  readonly from?: Value;
  readonly to?: Value;
}

type Part = Omit<Difference, 'variable'>;

/** The parts in which variables that both states have differ, in the order of `to`. */
export function differences(from: State, to: State): Difference[] {
  const found: Difference[] = [];
  for (const [variable, value] of to) {
    const before = from.get(variable);
    if (before !== undefined && before !== value)
      for (const part of partsOf(before, value, '')) found.push({ variable, ...part });
  }
  return found;
}

function partsOf(from: Value, to: Value, path: string): Part[] {
  if (equalValues(from, to)) return [];
  if (typeof from !== 'object' || typeof to !== 'object') return [{ path, from, to }];
  if (from.kind === 'map' && to.kind === 'map')
    return keyed(from.entries, to.entries, compareValues, key => `${path}.get(${showValue(key)})`);
  if (from.kind === 'record' && to.kind === 'record')
    return keyed(from.fields, to.fields, compareText, name => `${path}.${name}`);
  if (from.kind === 'set' && to.kind === 'set') return elements(from.items, to.items, path);
  if (from.kind === 'variant' && to.kind === 'variant' && from.tag === to.tag)
    return partsOf(from.value, to.value, `${path}.${to.tag}`);
  if (from.kind === 'tuple' && to.kind === 'tuple' && from.items.length === to.items.length)
    return to.items.flatMap((item, i) => partsOf(from.items[i] ?? item, item, `${path}._${i + 1}`));
  if (from.kind === 'list' && to.kind === 'list') return items(from.items, to.items, path);
  return [{ path, from, to }];
}

function keyed<K>(
  from: readonly (readonly [K, Value])[],
  to: readonly (readonly [K, Value])[],
  compare: (a: K, b: K) => number,
  pathOf: (key: K) => string,
): Part[] {
  const parts: Part[] = [];
  for (let i = 0, j = 0; i < from.length || j < to.length; ) {
    const [left, right] = [from[i], to[j]];
    const order = left === undefined ? 1 : right === undefined ? -1 : compare(left[0], right[0]);
    if (order === 0 && left && right) parts.push(...partsOf(left[1], right[1], pathOf(left[0])));
    else if (order < 0 && left) parts.push({ path: pathOf(left[0]), from: left[1] });
    else if (right) parts.push({ path: pathOf(right[0]), to: right[1] });
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return parts;
}

function elements(from: readonly Value[], to: readonly Value[], path: string): Part[] {
  const pairs = (values: readonly Value[]) => values.map((value): readonly [Value, Value] => [value, value]);
  return keyed(pairs(from), pairs(to), compareValues, () => `${path}.element`);
}

function items(from: readonly Value[], to: readonly Value[], path: string): Part[] {
  const shared = Math.min(from.length, to.length);
  const parts = to.slice(0, shared).flatMap((item, i) => partsOf(from[i] ?? item, item, `${path}[${i}]`));
  for (let i = shared; i < from.length; i++) parts.push({ path: `${path}[${i}]`, ...side('from', from[i]) });
  for (let i = shared; i < to.length; i++) parts.push({ path: `${path}[${i}]`, ...side('to', to[i]) });
  return parts;
}

function side(name: 'from' | 'to', value: Value | undefined): Partial<Part> {
  return value === undefined ? {} : { [name]: value };
}
