// Any JSON value off a cursor, for `#meta` and the keys that ITF does not know. Unlike a general parser it tells
// repeated keys and too deep nesting as failures, and loses no digit of an integer. Fractions become doubles, as
// everywhere in JSON.
import { isJsonObject, type Json } from '../util/json.js';
import { LIMITS } from '../util/limits.js';
import type { JsonObject } from './itf.js';
import { BYTE, type JsonCursor } from './json-cursor.js';

const NUMBER = /^-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

/** The value at the cursor, or undefined after a failure. */
export function readJson(cursor: JsonCursor, depth = 0): Json | undefined {
  if (depth > LIMITS.valueDepth)
    return cursor.fail(`JSON is nested deeper than ${LIMITS.valueDepth}`, cursor.at, 'AUR304');
  switch (cursor.peek()) {
    case BYTE.quote:
      return cursor.text();
    case BYTE.openBrace:
      return readObject(cursor, depth);
    case BYTE.openBracket:
      return readArray(cursor, depth);
    case BYTE.t:
      return cursor.word('true', true);
    case BYTE.f:
      return cursor.word('false', false);
    case BYTE.n:
      return cursor.word('null', null);
    default:
      return readShortInteger(cursor) ?? readNumber(cursor);
  }
}

/** As {@link readJson}, where only an object will do; `what` names it in the failure. */
export function readJsonObject(cursor: JsonCursor, what: string): JsonObject | undefined {
  cursor.peek();
  const start = cursor.at;
  const json = readJson(cursor);
  if (json === undefined || isJsonObject(json)) return json;
  return cursor.fail(`${what} is not an object`, start, 'AUR302');
}

function readObject(cursor: JsonCursor, depth: number): JsonObject | undefined {
  // Without a prototype, `__proto__` is a key like any other.
  const object: JsonObject = Object.create(null);
  cursor.at++;
  if (cursor.peek() === BYTE.closeBrace) {
    cursor.at++;
    return object;
  }
  for (;;) {
    cursor.peek();
    const start = cursor.at;
    const key = cursor.key();
    if (key === undefined) return undefined;
    if (key in object) return cursor.fail(`the key ${JSON.stringify(key)} is repeated`, start);
    const value = readJson(cursor, depth + 1);
    if (value === undefined) return undefined;
    object[key] = value;
    const more = cursor.more(BYTE.closeBrace);
    if (more !== true) return more === false ? object : undefined;
  }
}

function readArray(cursor: JsonCursor, depth: number): Json[] | undefined {
  const items: Json[] = [];
  cursor.at++;
  if (cursor.peek() === BYTE.closeBracket) {
    cursor.at++;
    return items;
  }
  for (;;) {
    const item = readJson(cursor, depth + 1);
    if (item === undefined) return undefined;
    items.push(item);
    const more = cursor.more(BYTE.closeBracket);
    if (more !== true) return more === false ? items : undefined;
  }
}

/** Integers of so many digits are exact in a double. */
const EXACT_DIGITS = 15;

/** What most numbers are; undefined, with the cursor unmoved, for all others and for what is none. */
function readShortInteger(cursor: JsonCursor): number | undefined {
  const { bytes, at } = cursor;
  const first = bytes[at] === BYTE.minus ? at + 1 : at;
  let i = first;
  let value = 0;
  for (; ; i++) {
    const digit = (bytes[i] ?? 0) - BYTE.zero;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  const isAlone = !isInNumber(bytes[i] ?? 0) && (bytes[first] !== BYTE.zero || i === first + 1);
  if (i === first || i - first > EXACT_DIGITS || !isAlone) return undefined;
  cursor.at = i;
  return first === at ? value : -value;
}

function readNumber(cursor: JsonCursor): number | bigint | undefined {
  const start = cursor.at;
  let i = start;
  while (isInNumber(cursor.bytes[i] ?? 0)) i++;
  if (i === start) return cursor.fail('expected a value');
  if (i - start > LIMITS.traceIntDigits)
    return cursor.fail(`a number has more than ${LIMITS.traceIntDigits} digits`, start, 'AUR304');
  const text = cursor.bytes.toString('latin1', start, i);
  const parts = NUMBER.exec(text);
  if (!parts)
    return cursor.fail(`${text.slice(0, 40)} is not a number`, i === cursor.bytes.length ? i : start);
  const number = Number(text);
  const isInteger = parts[1] === undefined && parts[2] === undefined;
  if (!isInteger && !Number.isFinite(number))
    return cursor.fail(`${text.slice(0, 40)} is beyond the range of a number`, start);
  cursor.at = i;
  return isInteger && !Number.isSafeInteger(number) ? BigInt(text) : number;
}

/** Digits, signs, the dot and the letter of the exponent; 0x20 folds that to lower case. */
function isInNumber(byte: number): boolean {
  const isDigit = byte >= BYTE.zero && byte <= BYTE.nine;
  return (
    isDigit || byte === BYTE.minus || byte === BYTE.plus || byte === BYTE.dot || (byte | 0x20) === BYTE.e
  );
}
