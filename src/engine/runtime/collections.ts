// What emitted code calls for sets, lists and maps. Functions that list a set or can fail take `at`, the IR id that
// the error points to. Predicates over sets stop at the first element that decides, in canonical order, as Quint's
// Rust evaluator does.
import { failEval, spend } from './failure.js';
import { type Int, iadd } from './integers.js';
import { CrossProduct, Interval, listed, MapSet, Powerset } from './lazy-sets.js';
import { showRt } from './show.js';
import {
  compare,
  EMPTY_SET,
  FSet,
  find,
  indexIn,
  item,
  Lst,
  MapVal,
  mapOfEntries,
  type RtValue,
  SetBase,
  setOfOwned,
  Tup,
} from './values.js';

type Fn1 = (value: RtValue) => RtValue;
type Test = (value: RtValue) => boolean;

/** The elements of a set that is about to be visited, paid for. */
export function visit(set: SetBase, at: number): readonly RtValue[] {
  const items = set.list(at);
  spend(items.length, at);
  return items;
}

/** The elements of a list that is about to be visited, paid for. */
export function visitList(list: Lst, at: number): readonly RtValue[] {
  spend(list.items.length, at);
  return list.items;
}

export function mapHas(map: MapVal, key: RtValue): boolean {
  return find(map.keys, key) >= 0;
}

export function exists(set: SetBase, test: Test, at: number): boolean {
  for (const value of visit(set, at)) if (test(value)) return true;
  return false;
}

export function forall(set: SetBase, test: Test, at: number): boolean {
  for (const value of visit(set, at)) if (!test(value)) return false;
  return true;
}

export function mapSet(set: SetBase, fn: Fn1, at: number): FSet {
  const results: RtValue[] = [];
  for (const value of visit(set, at)) results.push(fn(value));
  return setOfOwned(results);
}

export function filterSet(set: SetBase, test: Test, at: number): FSet {
  const kept: RtValue[] = [];
  for (const value of visit(set, at)) if (test(value)) kept.push(value);
  return kept.length === 0 ? EMPTY_SET : new FSet(kept);
}

export function foldSet(
  set: SetBase,
  initial: RtValue,
  fn: (acc: RtValue, value: RtValue) => RtValue,
  at: number,
): RtValue {
  let acc = initial;
  for (const value of visit(set, at)) acc = fn(acc, value);
  return acc;
}

export function subseteq(a: SetBase, b: SetBase, at: number): boolean {
  if (a.size() === undefined) return infiniteSubset(a, b, at);
  if (a instanceof FSet && b instanceof FSet) return sortedSubset(a.items, b.items);
  if (a.size() === 0) return true;
  if (a instanceof Interval && b instanceof Interval) return a.first >= b.first && a.last <= b.last;
  if (a instanceof Powerset && b instanceof Powerset) return subseteq(a.base, b.base, at);
  if (a instanceof CrossProduct && b instanceof CrossProduct)
    return a.sets.length === b.sets.length && a.sets.every((set, i) => subseteq(set, item(b.sets, i), at));
  if (a instanceof MapSet && b instanceof MapSet)
    return compare(a.domain, b.domain) === 0 && subseteq(a.range, b.range, at);
  return visit(a, at).every(value => b.has(value));
}

// Only a set of the same construction can include an infinite one.
function infiniteSubset(a: SetBase, b: SetBase, at: number): boolean {
  if (a instanceof Powerset && b instanceof Powerset) return subseteq(a.base, b.base, at);
  if (a instanceof CrossProduct && b instanceof CrossProduct)
    return a.sets.every((set, i) => subseteq(set, item(b.sets, i), at));
  if (a instanceof MapSet && b instanceof MapSet)
    return compare(a.domain, b.domain) === 0 && subseteq(a.range, b.range, at);
  return b.size() === undefined && b.has(-1) >= a.has(-1) && b.has(0);
}

function sortedSubset(a: readonly RtValue[], b: readonly RtValue[]): boolean {
  if (a.length > b.length) return false;
  if (a.length * 8 < b.length) return a.every(value => indexIn(b, value) >= 0);
  let j = 0;
  for (const value of a) {
    let order = -1;
    while (j < b.length) {
      order = compare(item(b, j++), value);
      if (order >= 0) break;
    }
    if (order !== 0) return false;
  }
  return true;
}

export function union(a: SetBase, b: SetBase, at: number): FSet {
  const left = visit(a, at);
  const right = visit(b, at);
  if (left.length === 0) return listed(b, at);
  if (right.length === 0) return listed(a, at);
  if (right.length === 1) return withElement(listed(a, at), item(right, 0));
  const merged: RtValue[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const order = compare(item(left, i), item(right, j));
    if (order <= 0) merged.push(item(left, i++));
    else merged.push(item(right, j));
    if (order >= 0) j++;
  }
  while (i < left.length) merged.push(item(left, i++));
  while (j < right.length) merged.push(item(right, j++));
  return new FSet(merged);
}

function withElement(set: FSet, value: RtValue): FSet {
  const found = indexIn(set.items, value);
  if (found >= 0) return set;
  const items = set.items.slice();
  items.splice(-1 - found, 0, value);
  return new FSet(items);
}

export function intersect(a: SetBase, b: SetBase, at: number): FSet {
  const right = listed(b, at);
  return new FSet(visit(a, at).filter(value => right.has(value)));
}

export function exclude(a: SetBase, b: SetBase, at: number): FSet {
  const right = listed(b, at);
  const left = visit(a, at);
  return right.items.length === 0 ? listed(a, at) : new FSet(left.filter(value => !right.has(value)));
}

export function sizeOf(set: SetBase, at: number): Int {
  const size = set.size();
  if (size !== undefined) return size;
  return failEval('QNT514', `Cardinality of ${set.describe()} is infinite`, at);
}

export function flatten(sets: SetBase, at: number): FSet {
  const items: RtValue[] = [];
  for (const set of visit(sets, at))
    if (set instanceof SetBase) for (const value of visit(set, at)) items.push(value);
  return setOfOwned(items);
}

export function onlyElement(set: SetBase, at: number): RtValue {
  const items = set.size() === 1 ? set.list(at) : [];
  const message = `Called 'getOnlyElement' on a set with ${set.size()} elements. Make sure the set has exactly one element.`;
  return items[0] ?? failEval('QNT505', message, at);
}

export function allListsUpTo(set: SetBase, length: Int, at: number): FSet {
  const items = set.list(at);
  const all: RtValue[][] = [[]];
  let last: RtValue[][] = [[]];
  for (let n = 0; n < length && last.length > 0; n++) {
    spend(last.length * items.length, at);
    if (last.length * items.length > 2_000_000)
      failEval('budget', 'allListsUpTo makes more than 2000000 lists', at);
    last = last.flatMap(list => items.map(value => [...list, value]));
    for (const list of last) all.push(list);
  }
  return setOfOwned(all.map(list => new Lst(list)));
}

export function mapBy(set: SetBase, fn: Fn1, at: number): MapVal {
  const keys = visit(set, at);
  return new MapVal(
    keys,
    keys.map(key => fn(key)),
  );
}

export function setToMap(set: SetBase, at: number): MapVal {
  return mapOfPairs(visit(set, at));
}

/** A map of 2-tuples; of several with one key the last in the array wins. */
export function mapOfPairs(pairs: readonly RtValue[]): MapVal {
  const entries = pairs.map(pair => (pair instanceof Tup ? pair.items : []));
  return mapOfEntries(
    entries.map(entry => item(entry, 0)),
    entries.map(entry => item(entry, 1)),
  );
}

export function mapGet(map: MapVal, key: RtValue, at: number): RtValue {
  const i = find(map.keys, key);
  return i >= 0 ? item(map.vals, i) : missingKey(map, key, at);
}

function missingKey(map: MapVal, key: RtValue, at: number): never {
  const keys = map.keys.map(showRt).join(', ');
  return failEval(
    'QNT507',
    `Called 'get' with a non-existing key. Key is ${showRt(key)}. Map has keys: ${keys}`,
    at,
  );
}

export function mapPut(map: MapVal, key: RtValue, value: RtValue): MapVal {
  const i = indexIn(map.keys, key);
  if (i >= 0) return replaceVal(map, i, value);
  const keys = map.keys.slice();
  const vals = map.vals.slice();
  keys.splice(-1 - i, 0, key);
  vals.splice(-1 - i, 0, value);
  return new MapVal(keys, vals);
}

function replaceVal(map: MapVal, i: number, value: RtValue): MapVal {
  if (map.vals[i] === value) return map;
  const vals = map.vals.slice();
  vals[i] = value;
  return new MapVal(map.keys, vals);
}

export function mapSetKey(map: MapVal, key: RtValue, value: RtValue, at: number): MapVal {
  const i = find(map.keys, key);
  return i >= 0 ? replaceVal(map, i, value) : failEval('QNT507', "Called 'set' with a non-existing key", at);
}

export function mapSetBy(map: MapVal, key: RtValue, fn: Fn1, at: number): MapVal {
  const i = find(map.keys, key);
  if (i < 0) return failEval('QNT507', `Called 'setBy' with a non-existing key ${showRt(key)}`, at);
  return replaceVal(map, i, fn(item(map.vals, i)));
}

export function listNth(list: Lst, index: Int, at: number): RtValue {
  const found = typeof index === 'number' && index >= 0 ? list.items[index] : undefined;
  return found ?? failEval('QNT510', `Out of bounds, nth(${index})`, at);
}

export function listReplace(list: Lst, index: Int, value: RtValue, at: number): Lst {
  if (index < 0 || index >= list.items.length)
    return failEval('QNT510', `Out of bounds, replaceAt(${index})`, at);
  return new Lst(list.items.with(Number(index), value));
}

export function listHead(list: Lst, at: number): RtValue {
  return list.items[0] ?? failEval('QNT505', "Called 'head' on an empty list", at);
}

export function listTail(list: Lst, at: number): Lst {
  return list.items.length > 0
    ? new Lst(list.items.slice(1))
    : failEval('QNT505', "Called 'tail' on an empty list", at);
}

export function listSlice(list: Lst, start: Int, end: Int, at: number): Lst {
  const size = list.items.length;
  if (start < 0 || start > end || end > size)
    return failEval('QNT506', `slice(..., ${start}, ${end}) applied to a list of size ${size}`, at);
  return new Lst(list.items.slice(Number(start), Number(end)));
}

export function listSelect(list: Lst, test: Test, at: number): Lst {
  spend(list.items.length, at);
  return new Lst(list.items.filter(value => test(value)));
}

export function listFoldl(
  list: Lst,
  initial: RtValue,
  fn: (acc: RtValue, value: RtValue) => RtValue,
  at: number,
): RtValue {
  spend(list.items.length, at);
  let acc = initial;
  for (const value of list.items) acc = fn(acc, value);
  return acc;
}

export function listFoldr(
  list: Lst,
  initial: RtValue,
  fn: (value: RtValue, acc: RtValue) => RtValue,
  at: number,
): RtValue {
  spend(list.items.length, at);
  let acc = initial;
  for (let i = list.items.length - 1; i >= 0; i--) acc = fn(item(list.items, i), acc);
  return acc;
}

/** The integers from `start` up to but without `end`. */
export function rangeList(start: Int, end: Int, at: number): Lst {
  const interval = new Interval(start, iadd(end, -1));
  return new Lst(interval.list(at));
}
