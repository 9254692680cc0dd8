// Values of Quint as plain data, with one canonical order. Sets and maps have no order of their own: whatever is
// printed, hashed or chosen from them goes through compareValues. The engine has faster representations of its
// own; this is the form in which values cross stages and files.
import { assert } from '../util/assert.js';
import { compareText } from '../util/order.js';

export type Value =
  | boolean
  | bigint
  | string
  | ListValue
  | TupleValue
  | SetValue
  | MapValue
  | RecordValue
  | VariantValue
  | Unserializable;

export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
}

export interface TupleValue {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
}

/** Elements are in canonical order and unique: build it with {@link setOf}. */
export interface SetValue {
  readonly kind: 'set';
  readonly items: readonly Value[];
}

/** Entries are in canonical order of their keys, which are unique: build it with {@link mapOf}. */
export interface MapValue {
  readonly kind: 'map';
  readonly entries: readonly (readonly [Value, Value])[];
}

/** Fields are in code unit order of their names, which are unique: build it with {@link recordOf}. */
export interface RecordValue {
  readonly kind: 'record';
  readonly fields: readonly (readonly [string, Value])[];
}

/** A variant without a payload carries the empty tuple. */
export interface VariantValue {
  readonly kind: 'variant';
  readonly tag: string;
  readonly value: Value;
}

/** A value that its producer could not write out, such as the infinite set `Int` (ITF `#unserializable`). */
export interface Unserializable {
  readonly kind: 'unserializable';
  readonly text: string;
}

/** One state: the value of every variable by its qualified name. */
export type State = ReadonlyMap<string, Value>;

export const UNIT: TupleValue = { kind: 'tuple', items: [] };

export function listOf(items: readonly Value[]): ListValue {
  return { kind: 'list', items };
}

export function tupleOf(items: readonly Value[]): TupleValue {
  return { kind: 'tuple', items };
}

export function setOf(items: Iterable<Value>): SetValue {
  const sorted = [...items].sort(compareValues);
  return { kind: 'set', items: sorted.filter((item, i) => i === 0 || !sameAsPrevious(sorted, i, item)) };
}

function sameAsPrevious(sorted: readonly Value[], i: number, item: Value): boolean {
  const previous = sorted[i - 1];
  return previous !== undefined && compareValues(previous, item) === 0;
}

/** Of several entries with one key the last wins, as in Quint's `setToMap` of a list of puts. */
export function mapOf(entries: Iterable<readonly [Value, Value]>): MapValue {
  const sorted = [...entries].sort(([a], [b]) => compareValues(a, b));
  return {
    kind: 'map',
    entries: sorted.filter((entry, i) => i + 1 === sorted.length || !sameKey(entry, sorted[i + 1])),
  };
}

function sameKey(a: readonly [Value, Value], b: readonly [Value, Value] | undefined): boolean {
  return b !== undefined && compareValues(a[0], b[0]) === 0;
}

/** Throws on a repeated name: the callers that read input check for it first. */
export function recordOf(fields: Iterable<readonly [string, Value]>): RecordValue {
  const sorted = [...fields].sort(([a], [b]) => compareText(a, b));
  assert(new Set(sorted.map(([name]) => name)).size === sorted.length, 'a record repeats a field');
  return { kind: 'record', fields: sorted };
}

export function variantOf(tag: string, value: Value = UNIT): VariantValue {
  return { kind: 'variant', tag, value };
}

const RANK = {
  boolean: 0,
  bigint: 1,
  string: 2,
  tuple: 3,
  list: 4,
  set: 5,
  map: 6,
  record: 7,
  variant: 8,
  unserializable: 9,
} as const;

function rank(value: Value): number {
  if (typeof value === 'object') return RANK[value.kind];
  return typeof value === 'boolean' ? RANK.boolean : typeof value === 'bigint' ? RANK.bigint : RANK.string;
}

/**
 * The canonical total order: by kind, then booleans false first, integers by size, text by code units, sequences
 * by length and then element by element (so sets by size first), records and variants by name before content.
 */
export function compareValues(a: Value, b: Value): number {
  if (a === b) return 0;
  if (typeof a === 'object' && typeof b === 'object') return compareCompound(a, b);
  const byKind = rank(a) - rank(b);
  if (byKind !== 0) return byKind;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareCompound(
  a: Exclude<Value, boolean | bigint | string>,
  b: Exclude<Value, boolean | bigint | string>,
): number {
  const byKind = RANK[a.kind] - RANK[b.kind];
  if (byKind !== 0) return byKind;
  if ('items' in a && 'items' in b) return compareSequences(a.items, b.items, compareValues);
  if (a.kind === 'map' && b.kind === 'map')
    return compareSequences(
      a.entries,
      b.entries,
      ([ak, av], [bk, bv]) => compareValues(ak, bk) || compareValues(av, bv),
    );
  if (a.kind === 'record' && b.kind === 'record')
    return compareSequences(
      a.fields,
      b.fields,
      ([an, av], [bn, bv]) => compareText(an, bn) || compareValues(av, bv),
    );
  if (a.kind === 'variant' && b.kind === 'variant')
    return compareText(a.tag, b.tag) || compareValues(a.value, b.value);
  return a.kind === 'unserializable' && b.kind === 'unserializable' ? compareText(a.text, b.text) : 0;
}

function compareSequences<T>(a: readonly T[], b: readonly T[], compare: (x: T, y: T) => number): number {
  if (a.length !== b.length) return a.length - b.length;
  for (const [i, x] of a.entries()) {
    const y = b[i];
    if (y === undefined) return 1;
    const order = compare(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

export function equalValues(a: Value, b: Value): boolean {
  return compareValues(a, b) === 0;
}

/** The value as a Quint expression that evaluates to it; an unserializable value as its own text. */
export function showValue(value: Value): string {
  if (typeof value === 'string') return quoteText(value);
  if (typeof value !== 'object') return value.toString();
  switch (value.kind) {
    case 'list':
      return `[${value.items.map(showValue).join(', ')}]`;
    case 'tuple':
      return value.items.length === 1
        ? `Tup(${value.items.map(showValue).join('')})`
        : `(${value.items.map(showValue).join(', ')})`;
    case 'set':
      return `Set(${value.items.map(showValue).join(', ')})`;
    case 'map':
      return `Map(${value.entries.map(([k, v]) => `${showValue(k)} -> ${showValue(v)}`).join(', ')})`;
    case 'record':
      return value.fields.length === 0
        ? 'Rec()'
        : `{ ${value.fields.map(([name, v]) => `${name}: ${showValue(v)}`).join(', ')} }`;
    case 'variant':
      return isUnit(value.value) ? value.tag : `${value.tag}(${showValue(value.value)})`;
    case 'unserializable':
      return value.text;
  }
}

export function isUnit(value: Value): boolean {
  return typeof value === 'object' && value.kind === 'tuple' && value.items.length === 0;
}

// Quint's string literals know no escapes: a quote inside cannot be written, so it is shown as it is.
function quoteText(text: string): string {
  return `"${text}"`;
}
