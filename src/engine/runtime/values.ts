// Values as emitted code holds them: plain and structural, because in random simulation most are thrown away at
// once. Sets and maps keep their elements sorted in the canonical order of model/value.ts, so iteration order is a
// function of the value alone, and membership is a binary search. Values are immutable.
import { failEval, SET_ITEMS_MAX } from './failure.js';
import type { Int } from './integers.js';

/** A value at run time. Lambdas are plain functions and never part of a value. */
export type RtValue = boolean | Int | string | Compound;

export type Compound = Tup | Lst | SetBase | MapVal | Rec | Variant;

/**
 * The element at an index that the caller has proven to be in range. The one place where the type of an indexed
 * access is narrowed without a check: it stands in the innermost loops.
 */
export function item<T>(items: readonly T[], i: number): T {
  return items[i] as T;
}

/** The rank of each kind in the canonical order, after booleans, integers and strings. */
const RANK = { tuple: 3, list: 4, set: 5, map: 6, record: 7, variant: 8 } as const;

export class Tup {
  /** Cached by hash.ts, 0 until then. */
  hash = 0;
  readonly rank = RANK.tuple;
  constructor(readonly items: readonly RtValue[]) {}
}

export class Lst {
  /** Cached by hash.ts, 0 until then. */
  hash = 0;
  readonly rank = RANK.list;
  constructor(readonly items: readonly RtValue[]) {}
}

/** Keys are sorted and unique; `vals[i]` belongs to `keys[i]`. */
export class MapVal {
  /** Cached by hash.ts, 0 until then. */
  hash = 0;
  readonly rank = RANK.map;
  constructor(
    readonly keys: readonly RtValue[],
    readonly vals: readonly RtValue[],
  ) {}
}

/** The sorted field names of a record type; one object per list of names, so that shapes compare by identity. */
export class Shape {
  readonly index: ReadonlyMap<string, number>;
  constructor(readonly names: readonly string[]) {
    this.index = new Map(names.map((name, i) => [name, i]));
  }
}

const shapes = new Map<string, Shape>();

/** The shape with these names, which must be sorted by code units. */
export function shapeOf(names: readonly string[]): Shape {
  const key = JSON.stringify(names);
  let shape = shapes.get(key);
  if (shape === undefined) {
    shape = new Shape(names);
    shapes.set(key, shape);
  }
  return shape;
}

/** `vals[i]` belongs to `shape.names[i]`. */
export class Rec {
  /** Cached by hash.ts, 0 until then. */
  hash = 0;
  readonly rank = RANK.record;
  constructor(
    readonly shape: Shape,
    readonly vals: readonly RtValue[],
  ) {}
}

export class Variant {
  /** Cached by hash.ts, 0 until then. */
  hash = 0;
  readonly rank = RANK.variant;
  constructor(
    readonly tag: string,
    readonly value: RtValue,
  ) {}
}

/**
 * A set, listed or lazy. `bounds` and `pick` are how one element is chosen without listing the set: a choice is
 * one position below each bound. `undefined` stands for an infinite bound.
 */
export abstract class SetBase {
  /** Cached by hash.ts, 0 until then. */
  hash = 0;
  readonly rank = RANK.set;
  /** The number of elements, `undefined` if infinite. */
  abstract size(): Int | undefined;
  abstract has(value: RtValue): boolean;
  /** The elements in canonical order; fails with a budget when there are too many. */
  abstract list(at: number): readonly RtValue[];
  abstract bounds(): readonly (Int | undefined)[];
  /** The element at these positions, taken from `positions` starting at `from.next`. */
  abstract pick(positions: readonly Int[], cursor: { next: number }): RtValue;
  /** How messages name the set. */
  abstract describe(): string;
}

/** A set with its elements listed, sorted and unique. */
export class FSet extends SetBase {
  constructor(readonly items: readonly RtValue[]) {
    super();
  }
  size(): number {
    return this.items.length;
  }
  has(value: RtValue): boolean {
    return find(this.items, value) >= 0;
  }
  list(): readonly RtValue[] {
    return this.items;
  }
  bounds(): readonly Int[] {
    return [this.items.length];
  }
  pick(positions: readonly Int[], cursor: { next: number }): RtValue {
    const found = this.items[Number(positions[cursor.next++])];
    return found ?? failEval('QNT501', 'Index out of bounds', 0);
  }
  describe(): string {
    return `a set of ${this.items.length} elements`;
  }
}

export const EMPTY_SET = new FSet([]);
export const UNIT_TUP = new Tup([]);

/** Fails when a set of `size` elements is too large to list. */
export function checkListable(set: SetBase, at: number): number {
  const size = set.size();
  if (size === undefined) return failEval('QNT501', `Infinite set ${set.describe()} is non-enumerable`, at);
  if (size > SET_ITEMS_MAX)
    return failEval(
      'budget',
      `${set.describe()} has ${showSize(size)} elements, more than the ${SET_ITEMS_MAX} that are listed`,
      at,
    );
  return Number(size);
}

function showSize(size: Int): string {
  const digits = size.toString();
  return digits.length <= 30 ? digits : `about 10^${digits.length - 1}`;
}

/**
 * The canonical order, equal to `compareValues` of model/value.ts on the converted values. Lazy sets are listed
 * when nothing cheaper decides.
 */
export function compare(a: RtValue, b: RtValue): number {
  if (a === b) return 0;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : 1;
  if (typeof a === 'object') return typeof b === 'object' ? compareCompound(a, b) : 1;
  if (typeof b === 'object') return -1;
  const byKind = plainRank(a) - plainRank(b);
  if (byKind !== 0) return byKind;
  return a < b ? -1 : 1;
}

function plainRank(value: boolean | Int | string): number {
  return typeof value === 'boolean' ? 0 : typeof value === 'string' ? 2 : 1;
}

function compareCompound(a: Compound, b: Compound): number {
  switch (a.rank) {
    case RANK.tuple:
      return b.rank === RANK.tuple ? compareItems(a.items, b.items) : a.rank - b.rank;
    case RANK.list:
      return b.rank === RANK.list ? compareItems(a.items, b.items) : a.rank - b.rank;
    case RANK.set:
      return b.rank === RANK.set ? compareSets(a, b) : a.rank - b.rank;
    case RANK.map:
      return b.rank === RANK.map ? compareMaps(a, b) : a.rank - b.rank;
    case RANK.record:
      return b.rank === RANK.record ? compareRecords(a, b) : a.rank - b.rank;
    case RANK.variant:
      if (b.rank !== RANK.variant) return a.rank - b.rank;
      if (a.tag !== b.tag) return a.tag < b.tag ? -1 : 1;
      return compare(a.value, b.value);
  }
}

function compareItems(a: readonly RtValue[], b: readonly RtValue[]): number {
  if (a.length !== b.length) return a.length - b.length;
  for (let i = 0; i < a.length; i++) {
    const order = compare(item(a, i), item(b, i));
    if (order !== 0) return order;
  }
  return 0;
}

function compareSets(a: SetBase, b: SetBase): number {
  if (a instanceof FSet && b instanceof FSet) return compareItems(a.items, b.items);
  const sizeA = a.size();
  const sizeB = b.size();
  // Infinite sets come after finite ones, Int before Nat: any fixed order will do, they are never written out.
  if (sizeA === undefined || sizeB === undefined) {
    if (sizeA !== undefined) return -1;
    if (sizeB !== undefined) return 1;
    const [nameA, nameB] = [a.describe(), b.describe()];
    return nameA < nameB ? -1 : nameA > nameB ? 1 : 0;
  }
  if (sizeA !== sizeB) return sizeA < sizeB ? -1 : 1;
  return compareItems(a.list(0), b.list(0));
}

function compareMaps(a: MapVal, b: MapVal): number {
  if (a.keys.length !== b.keys.length) return a.keys.length - b.keys.length;
  for (let i = 0; i < a.keys.length; i++) {
    const order = compare(item(a.keys, i), item(b.keys, i)) || compare(item(a.vals, i), item(b.vals, i));
    if (order !== 0) return order;
  }
  return 0;
}

function compareRecords(a: Rec, b: Rec): number {
  if (a.shape === b.shape) return compareItems(a.vals, b.vals);
  if (a.vals.length !== b.vals.length) return a.vals.length - b.vals.length;
  for (let i = 0; i < a.vals.length; i++) {
    const [nameA, nameB] = [a.shape.names[i] ?? '', b.shape.names[i] ?? ''];
    if (nameA !== nameB) return nameA < nameB ? -1 : 1;
    const order = compare(item(a.vals, i), item(b.vals, i));
    if (order !== 0) return order;
  }
  return 0;
}

/** Equality of any two values of one type. */
export function eq(a: RtValue, b: RtValue): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && equalCompound(a, b));
}

function equalCompound(a: Compound, b: Compound): boolean {
  if (a.rank !== b.rank) return false;
  // Ranks are cheaper to test than classes, and these are the innermost comparisons.
  if (a.rank === RANK.variant && b.rank === RANK.variant) return a.tag === b.tag && eq(a.value, b.value);
  if (a.rank === RANK.record && b.rank === RANK.record)
    return a.shape === b.shape && equalItems(a.vals, b.vals);
  if (a.rank === RANK.map && b.rank === RANK.map)
    return equalItems(a.keys, b.keys) && equalItems(a.vals, b.vals);
  if (a.rank === RANK.tuple && b.rank === RANK.tuple) return equalItems(a.items, b.items);
  if (a instanceof FSet && b instanceof FSet) return equalItems(a.items, b.items);
  return compareCompound(a, b) === 0;
}

function equalItems(a: readonly RtValue[], b: readonly RtValue[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!eq(item(a, i), item(b, i))) return false;
  return true;
}

/** Where `value` stands in a sorted array, or `-1 - i` when it belongs before `i`. */
export function indexIn(sorted: readonly RtValue[], value: RtValue): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compare(item(sorted, middle), value);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1 - low;
}

/** Where `value` stands in a sorted array, negative if nowhere. */
export function find(sorted: readonly RtValue[], value: RtValue): number {
  if (typeof value === 'object' || sorted.length > 16) return indexIn(sorted, value);
  // Plain values are equal when they are identical: in a short array a scan beats the search.
  for (let i = 0; i < sorted.length; i++) if (sorted[i] === value) return i;
  return -1;
}

/** Sorts `items` in place and drops repeated ones: the caller gives the array away. */
export function setOfOwned(items: RtValue[]): FSet {
  if (items.length === 0) return EMPTY_SET;
  if (items.length <= 12) return new FSet(insertionSorted(items));
  items.sort(compare);
  let kept = 1;
  for (let i = 1; i < items.length; i++) {
    const value = item(items, i);
    if (compare(item(items, kept - 1), value) !== 0) items[kept++] = value;
  }
  items.length = kept;
  return new FSet(items);
}

// Small arrays, often sorted already: cheaper than a general sort, and it drops repetitions on the way.
function insertionSorted(items: RtValue[]): RtValue[] {
  let kept = 1;
  for (let i = 1; i < items.length; i++) {
    const value = item(items, i);
    let j = kept - 1;
    let order = 1;
    while (j >= 0) {
      order = compare(item(items, j), value);
      if (order <= 0) break;
      j--;
    }
    if (j >= 0 && order === 0) continue;
    for (let m = kept; m > j + 1; m--) items[m] = item(items, m - 1);
    items[j + 1] = value;
    kept++;
  }
  // Setting the length costs even when it stays the same.
  if (kept < items.length) items.length = kept;
  return items;
}

/** A map of these entries, in any order; of several with one key the last wins. */
export function mapOfEntries(keys: readonly RtValue[], vals: readonly RtValue[]): MapVal {
  const order = keys.map((_, i) => i).sort((i, j) => compare(item(keys, i), item(keys, j)) || i - j);
  const sortedKeys: RtValue[] = [];
  const sortedVals: RtValue[] = [];
  for (const i of order) {
    const key = item(keys, i);
    const last = sortedKeys.length - 1;
    if (last >= 0 && compare(item(sortedKeys, last), key) === 0) sortedVals[last] = item(vals, i);
    else {
      sortedKeys.push(key);
      sortedVals.push(item(vals, i));
    }
  }
  return new MapVal(sortedKeys, sortedVals);
}

export function isRtValue(value: unknown): value is RtValue {
  const kind = typeof value;
  if (kind === 'boolean' || kind === 'number' || kind === 'bigint' || kind === 'string') return true;
  return value instanceof SetBase || [Tup, Lst, MapVal, Rec, Variant].some(one => value instanceof one);
}
