// What decoders of plain JSON share: the special objects of ITF, which are accepted everywhere, and sets and maps in
// canonical order. Nothing here knows a type.
import { compareValues, type MapValue, type SetValue, showValue, type Value } from '../model/value.js';
import { isJsonObject, type Json } from '../util/json.js';
import type { Misfits } from './misfits.js';

/** The value, or undefined after adding a misfit. */
export type PlainDecoder = (json: Json, misfits: Misfits) => Value | undefined;

/** The content of an object that is nothing but `{"#set": ...}` or its like, as ITF writes what JSON cannot. */
export function special(json: Json, name: string): Json | undefined {
  if (!isJsonObject(json)) return undefined;
  const content = json[name];
  return content !== undefined && Object.keys(json).length === 1 ? content : undefined;
}

/** The items of an array, or of the object that ITF has for it. */
export function itemsOf(json: Json, name: string): readonly Json[] | undefined {
  const items = Array.isArray(json) ? json : special(json, name);
  return Array.isArray(items) ? items : undefined;
}

/** The value where `json` is not of the expected kind: what its producer could not write out may be of any type. */
export function otherKind(json: Json, misfits: Misfits, expected: string): Value | undefined {
  const text = special(json, '#unserializable');
  return typeof text === 'string' ? { kind: 'unserializable', text } : misfits.expected(expected, json);
}

/** All items decoded; undefined when one does not fit. */
export function decodeItems(
  items: readonly Json[],
  decodeAt: (i: number) => PlainDecoder,
  misfits: Misfits,
): Value[] | undefined {
  const values: Value[] = [];
  for (let i = 0; i < items.length; i++) {
    const from = misfits.found.length;
    const value = decodeAt(i)(items[i] ?? null, misfits);
    if (value !== undefined) values.push(value);
    else {
      misfits.under(from, i);
      if (misfits.full) break;
    }
  }
  return values.length === items.length ? values : undefined;
}

/** An element that is written twice tells of a list or of a bug: neither may pass for a set. */
export function setOfDistinct(values: readonly Value[], misfits: Misfits): SetValue | undefined {
  if (isAscending(values, compareValues)) return { kind: 'set', items: values };
  const items = [...values].sort(compareValues);
  const twice = firstEqual(items, compareValues);
  if (twice === undefined) return { kind: 'set', items };
  return misfits.add(`the set has the element ${shortValue(twice)} twice: is it a list?`);
}

type Entry = readonly [Value, Value];

const byKey = ([a]: Entry, [b]: Entry) => compareValues(a, b);

export function mapOfDistinct(entries: readonly Entry[], misfits: Misfits): MapValue | undefined {
  if (isAscending(entries, byKey)) return { kind: 'map', entries };
  const sorted = [...entries].sort(byKey);
  const twice = firstEqual(sorted, byKey);
  return twice === undefined
    ? { kind: 'map', entries: sorted }
    : misfits.add(`the map has the key ${shortValue(twice[0])} twice`);
}

/** Whether each item is less than the next one, so that none is repeated either. */
function isAscending<T>(items: readonly T[], compare: (a: T, b: T) => number): boolean {
  for (let i = 1; i < items.length; i++) {
    const [a, b] = [items[i - 1], items[i]];
    if (a === undefined || b === undefined || compare(a, b) >= 0) return false;
  }
  return true;
}

function firstEqual<T>(sorted: readonly T[], compare: (a: T, b: T) => number): T | undefined {
  return sorted.find((item, i) => {
    const next = sorted[i + 1];
    return next !== undefined && compare(item, next) === 0;
  });
}

function shortValue(value: Value): string {
  const text = showValue(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
