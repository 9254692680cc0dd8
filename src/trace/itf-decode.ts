// One value of ITF from JSON bytes, by its shape alone and straight to a Value. Nothing that a type could still
// want to tell apart is decided here: the spellings of a unit variant stay as they are written, and an object
// with just `tag` and `value` is a variant that itf-typed.ts may turn into the record that it is.
import {
  compareValues,
  listOf,
  mapOf,
  type RecordValue,
  setOf,
  tupleOf,
  type Value,
  variantOf,
} from '../model/value.js';
import { LIMITS } from '../util/limits.js';
import { compareText } from '../util/order.js';
import { BYTE, type JsonCursor } from './json-cursor.js';
import type { TextMemo } from './text-memo.js';

type Field = readonly [string, Value];

/** Values that stand deeper are not looked up, so that no value becomes deeper by a look than it may be. */
const MEMO_DEPTH = 100;

/** The value at the cursor, or undefined after a failure. The memo has to know the value (index). */
export function decodeItfValue(cursor: JsonCursor, memo: TextMemo, depth = 0): Value | undefined {
  const byte = cursor.peek();
  if (byte === BYTE.quote) return cursor.text();
  if (depth > MEMO_DEPTH || (byte !== BYTE.openBrace && byte !== BYTE.openBracket))
    return decodeAnew(cursor, memo, depth, byte);
  const start = cursor.at;
  const known = memo.find(cursor);
  if (known !== undefined) return known;
  const value = decodeAnew(cursor, memo, depth, byte);
  if (typeof value === 'object') memo.keep(cursor, start, value);
  return value;
}

function decodeAnew(cursor: JsonCursor, memo: TextMemo, depth: number, byte: number): Value | undefined {
  if (depth > LIMITS.valueDepth)
    return cursor.fail(`a value is nested deeper than ${LIMITS.valueDepth}`, cursor.at, 'AUR304');
  switch (byte) {
    case BYTE.openBrace:
      return decodeObject(cursor, memo, depth);
    case BYTE.openBracket: {
      const items = decodeItems(cursor, memo, depth);
      return items && listOf(items);
    }
    case BYTE.t:
      return cursor.word('true', true);
    case BYTE.f:
      return cursor.word('false', false);
    case BYTE.n:
      return cursor.fail('null is not a value of ITF', cursor.at, 'AUR302');
    default:
      return decodeNumber(cursor);
  }
}

function decodeNumber(cursor: JsonCursor): bigint | undefined {
  const start = cursor.at;
  const first = cursor.bytes[start] ?? 0;
  if (first !== BYTE.minus && (first < BYTE.zero || first > BYTE.nine))
    return cursor.fail('expected a value');
  const value = cursor.integer();
  if (value === undefined) return undefined;
  const next = cursor.bytes[cursor.at] ?? 0;
  // 0x20 folds the letter to lower case.
  if (next === BYTE.dot || (next | 0x20) === BYTE.e)
    return cursor.fail('a number in a state is not an integer', start, 'AUR302');
  const lead = first === BYTE.minus ? start + 1 : start;
  if (cursor.bytes[lead] === BYTE.zero && cursor.at > lead + 1)
    return cursor.fail('a number has a leading zero', start);
  return value;
}

function decodeItems(cursor: JsonCursor, memo: TextMemo, depth: number): Value[] | undefined {
  const items: Value[] = [];
  cursor.at++;
  if (cursor.peek() === BYTE.closeBracket) {
    cursor.at++;
    return items;
  }
  for (;;) {
    const item = decodeItfValue(cursor, memo, depth + 1);
    if (item === undefined) return undefined;
    items.push(item);
    const more = cursor.more(BYTE.closeBracket);
    if (more !== true) return more === false ? items : undefined;
  }
}

function decodeObject(cursor: JsonCursor, memo: TextMemo, depth: number): Value | undefined {
  const start = cursor.at++;
  const fields: Field[] = [];
  if (cursor.peek() === BYTE.closeBrace) {
    cursor.at++;
    return { kind: 'record', fields };
  }
  for (;;) {
    const name = cursor.key();
    if (name === undefined) return undefined;
    if (name === '#bigint' && fields.length === 0) {
      const integer = decodeBigint(cursor);
      if (integer !== undefined) return integer;
    }
    const value = decodeMember(cursor, memo, name, depth);
    if (value === undefined) return undefined;
    fields.push([name, value]);
    const more = cursor.more(BYTE.closeBrace);
    if (more === undefined) return undefined;
    if (!more) return assemble(cursor, fields, start);
  }
}

// The array in `{"#set": [...]}` and its like is not a level of nesting of its own.
function decodeMember(cursor: JsonCursor, memo: TextMemo, name: string, depth: number): Value | undefined {
  if (!name.startsWith('#') || cursor.peek() !== BYTE.openBracket)
    return decodeItfValue(cursor, memo, depth + 1);
  const items = decodeItems(cursor, memo, depth);
  return items && listOf(items);
}

/**
 * The rest of `{"#bigint": "123"}` after the key, which is most of the objects of a trace; undefined, with the
 * cursor unmoved and no failure, when it is not written like that.
 */
function decodeBigint(cursor: JsonCursor): bigint | undefined {
  const start = cursor.at;
  if (cursor.peek() === BYTE.quote) {
    cursor.at++;
    const first = cursor.bytes[cursor.at] ?? 0;
    const isInteger = first === BYTE.minus || (first >= BYTE.zero && first <= BYTE.nine);
    const integer = isInteger ? cursor.integer() : undefined;
    if (integer !== undefined && cursor.bytes[cursor.at] === BYTE.quote) {
      cursor.at++;
      if (cursor.peek() === BYTE.closeBrace) {
        cursor.at++;
        return integer;
      }
    }
  }
  cursor.at = start;
  return undefined;
}

/** What an object with these members, one at least, is. `#` keys mean something only when they stand alone. */
function assemble(cursor: JsonCursor, fields: Field[], start: number): Value | undefined {
  const [first, second] = fields;
  if (first && fields.length === 1 && first[0].startsWith('#')) return assembleSpecial(cursor, first, start);
  if (first && second && fields.length === 2) {
    const [tag, value] = first[0] === 'tag' ? [first, second] : [second, first];
    if (tag[0] === 'tag' && value[0] === 'value' && typeof tag[1] === 'string')
      return variantOf(tag[1], value[1]);
  }
  return assembleRecord(cursor, fields, start);
}

function assembleSpecial(cursor: JsonCursor, [name, value]: Field, start: number): Value | undefined {
  const items = typeof value === 'object' && value.kind === 'list' ? value.items : undefined;
  switch (name) {
    case '#bigint':
      return cursor.fail('"#bigint" needs a string of digits', start, 'AUR302');
    case '#set':
      return items ? assembleSet(items) : cursor.fail('"#set" needs an array', start, 'AUR302');
    case '#tup':
      return items ? tupleOf(items) : cursor.fail('"#tup" needs an array', start, 'AUR302');
    case '#map':
      return items
        ? assembleMap(cursor, items, start)
        : cursor.fail('"#map" needs an array of pairs', start, 'AUR302');
    case '#unserializable':
      if (typeof value !== 'string') return cursor.fail('"#unserializable" needs a string', start, 'AUR302');
      return { kind: 'unserializable', text: value };
    default:
      return { kind: 'record', fields: [[name, value]] };
  }
}

// Sets and maps that are in canonical order already, as those that aura wrote are, need no sorting.
function assembleSet(items: readonly Value[]): Value {
  return isAscending(items, compareValues) ? { kind: 'set', items } : setOf(items);
}

function assembleMap(cursor: JsonCursor, items: readonly Value[], start: number): Value | undefined {
  const entries: (readonly [Value, Value])[] = [];
  for (const item of items) {
    const pair = typeof item === 'object' && item.kind === 'list' ? item.items : [];
    if (!isPair(pair)) return cursor.fail('"#map" needs an array of pairs', start, 'AUR302');
    entries.push(pair);
  }
  if (isAscending(entries, ([a], [b]) => compareValues(a, b))) return { kind: 'map', entries };
  const map = mapOf(entries);
  return map.entries.length === entries.length ? map : cursor.fail('a map has a key twice', start, 'AUR302');
}

function isPair(items: readonly Value[]): items is readonly [Value, Value] {
  return items.length === 2;
}

function assembleRecord(cursor: JsonCursor, fields: Field[], start: number): RecordValue | undefined {
  const byName = (a: Field, b: Field) => compareText(a[0], b[0]);
  if (isAscending(fields, byName)) return { kind: 'record', fields };
  fields.sort(byName);
  if (isAscending(fields, byName)) return { kind: 'record', fields };
  const repeated = fields.find((field, i) => fields[i + 1]?.[0] === field[0]);
  return cursor.fail(`the key ${JSON.stringify(repeated?.[0])} is repeated`, start);
}

/** Whether each item is less than the next one, so that none is repeated either. */
function isAscending<T>(items: readonly T[], compare: (a: T, b: T) => number): boolean {
  for (let i = 1; i < items.length; i++) {
    const [a, b] = [items[i - 1], items[i]];
    if (a === undefined || b === undefined || compare(a, b) >= 0) return false;
  }
  return true;
}
