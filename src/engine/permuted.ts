// Values with some of their atoms exchanged. An atom is a string or a variant without payload: what only equality can
// tell apart. A permutation is a map from the key of an atom to the atom that takes its place.
import {
  FSet,
  item,
  Lst,
  MapVal,
  mapOfEntries,
  Rec,
  type RtValue,
  SetBase,
  setOfOwned,
  Tup,
  Variant,
} from './runtime/values.js';

export type Permutation = ReadonlyMap<string, RtValue>;

/** Elements of a set up to which its elements are looked at. */
const LISTED_MAX = 5000;

/** The key of an atom; undefined for what is none. */
export function atomKey(value: RtValue): string | undefined {
  if (typeof value === 'string') return `s${value}`;
  if (!(value instanceof Variant)) return undefined;
  return value.value instanceof Tup && value.value.items.length === 0 ? `v${value.tag}` : undefined;
}

/** The atoms in a value by their keys. */
export function atomsOf(value: RtValue, found = new Map<string, RtValue>()): Map<string, RtValue> {
  const key = atomKey(value);
  if (key !== undefined) found.set(key, value);
  else for (const part of partsOf(value)) atomsOf(part, found);
  return found;
}

/** Whether all sets in a value can be listed at no great cost, or hold no atoms at all. */
export function isSmall(value: RtValue): boolean {
  if (value instanceof SetBase && !(value instanceof FSet)) {
    const size = value.size();
    if (size !== undefined && size > LISTED_MAX) return false;
  }
  return partsOf(value).every(isSmall);
}

/** The value with `a` in place of `b` and the other way round. */
export function exchanged(value: RtValue, a: RtValue, b: RtValue): RtValue {
  const [keyA, keyB] = [atomKey(a) ?? '', atomKey(b) ?? ''];
  return permuted(
    value,
    new Map([
      [keyA, b],
      [keyB, a],
    ]),
  );
}

export function permuted(value: RtValue, by: Permutation): RtValue {
  const each = (part: RtValue): RtValue => permuted(part, by);
  if (typeof value === 'string') return by.get(`s${value}`) ?? value;
  if (typeof value !== 'object') return value;
  if (value instanceof SetBase)
    return value.size() === undefined ? value : setOfOwned(value.list(0).map(each));
  if (value instanceof Tup) return new Tup(value.items.map(each));
  if (value instanceof Lst) return new Lst(value.items.map(each));
  if (value instanceof MapVal) return mapOfEntries(value.keys.map(each), value.vals.map(each));
  if (value instanceof Rec) return new Rec(value.shape, value.vals.map(each));
  const key = atomKey(value);
  return key === undefined ? new Variant(value.tag, each(value.value)) : (by.get(key) ?? value);
}

// `Int` and `Nat` hold no atoms.
function partsOf(value: RtValue): readonly RtValue[] {
  if (typeof value !== 'object') return [];
  if (value instanceof SetBase) return value.size() === undefined ? [] : value.list(0);
  if (value instanceof Tup || value instanceof Lst) return value.items;
  if (value instanceof MapVal) return value.keys.flatMap((key, i) => [key, item(value.vals, i)]);
  return value instanceof Rec ? value.vals : [value.value];
}
