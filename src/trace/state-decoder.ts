// One state of a trace from its bytes. A step of a spec changes few variables, so most values of a state are
// written with the very bytes of the state before: those are recognised and the value is used again, which saves
// the decoding and lets equal values be the same object.
import type { Value } from '../model/value.js';
import type { Fit, Misfit } from './fit.js';
import { fitByShape } from './fit-by-shape.js';
import type { ItfState, JsonObject } from './itf.js';
import { decodeItfValue } from './itf-decode.js';
import { fitOfType, type ItfTypes } from './itf-typed.js';
import { BYTE, type CursorFailure, JsonCursor } from './json-cursor.js';
import { readJsonObject } from './json-value.js';
import { TextMemo } from './text-memo.js';

/** A variable with its name as it stood among the members of a state before. */
interface Member {
  readonly name: string;
  bytes: Buffer;
  start: number;
  end: number;
  readonly value: Value;
}

/** Bytes that are compared one by one before the rest is compared at once, which is quick only for many. */
const COMPARED_SINGLY = 32;

export class StateDecoder {
  private readonly cursor = new JsonCursor();
  private readonly memo = new TextMemo();
  private readonly fits = new Map<string, Fit>();
  /** By position in a state: the variable that stood there last. */
  private readonly before: (Member | undefined)[] = [];

  constructor(private readonly types?: ItfTypes) {}

  /** The state that these bytes are, or why they are none. `name` is its path in the messages. */
  decode(bytes: Buffer, name: string): ItfState | CursorFailure {
    this.cursor.load(bytes);
    const state = this.members(name);
    if (state && this.cursor.end()) return state;
    return this.cursor.failure ?? { code: 'AUR301', message: `${name} is not JSON`, offset: 0 };
  }

  /** The state that starts in `chunk`, and where it ends; undefined when it is not complete there or not right. */
  decodeAhead(chunk: Buffer, start: number): { state: ItfState; end: number } | undefined {
    this.cursor.load(chunk, start);
    const state = this.members('');
    return state && { state, end: this.cursor.at };
  }

  private members(name: string): ItfState | undefined {
    const { cursor } = this;
    const values = new Map<string, Value>();
    let meta: JsonObject | undefined;
    if (cursor.peek() !== BYTE.openBrace) return cursor.fail(`${name} is not an object`, cursor.at, 'AUR302');
    cursor.at++;
    if (cursor.peek() === BYTE.closeBrace) {
      cursor.at++;
      return { values };
    }
    for (let position = 0; ; position++) {
      cursor.peek();
      const start = cursor.at;
      const before = this.before[position];
      if (before !== undefined && this.repeats(before) && !values.has(before.name))
        values.set(before.name, before.value);
      else {
        const key = cursor.key();
        if (key === undefined) return this.within(name);
        if (values.has(key) || (key === '#meta' && meta))
          return cursor.fail(`${name} has ${JSON.stringify(key)} twice`, start);
        if (key === '#meta') {
          meta = readJsonObject(cursor, '#meta');
          if (meta === undefined) return this.within(`${name}.#meta`);
        } else {
          const value = this.variable(key, name);
          if (value === undefined) return this.within(`${name}.${key}`);
          values.set(key, value);
          this.before[position] = { name: key, bytes: cursor.bytes, start, end: cursor.at, value };
        }
      }
      const more = cursor.more(BYTE.closeBrace);
      if (more === undefined) return this.within(name);
      if (!more) return meta ? { meta, values } : { values };
    }
  }

  /** Puts the path in front of a message that has none. */
  private within(path: string): undefined {
    const { failure } = this.cursor;
    if (failure && failure.code !== 'AUR303')
      this.cursor.failure = { ...failure, message: `${path}: ${failure.message}` };
    return undefined;
  }

  private variable(key: string, state: string): Value | undefined {
    const { cursor } = this;
    const byte = cursor.peek();
    const start = cursor.at;
    if (byte === BYTE.openBrace || byte === BYTE.openBracket) this.memo.index(cursor.bytes, start);
    const decoded = decodeItfValue(cursor, this.memo);
    if (decoded === undefined) return undefined;
    const fitting = this.fitOf(key);
    if (this.memo.isFit(start, decoded, fitting)) return decoded;
    const misfit: Misfit = { path: [], reason: '' };
    const value = fitting(decoded, misfit);
    if (value === decoded) this.memo.noteFit(start, value, fitting);
    if (value !== undefined) return value;
    const path = [...misfit.path].reverse().join('');
    return cursor.fail(`${state}.${key}${path}: ${misfit.reason}`, start, 'AUR303');
  }

  private fitOf(key: string): Fit {
    let fit = this.fits.get(key);
    if (fit === undefined) {
      const type = this.types?.vars.get(key);
      const typed = type && this.types ? fitOfType(type, this.types.env) : fitByShape;
      fit = this.types?.fitOf?.(key) ?? typed;
      this.fits.set(key, fit);
    }
    return fit;
  }

  /** Whether the bytes at the cursor are those of a member before, up to its end, where the cursor is then put. */
  private repeats(before: Member): boolean {
    const { cursor } = this;
    const { bytes, at } = cursor;
    const length = before.end - before.start;
    const next = bytes[at + length];
    // What may follow a value; without this look, 12 would repeat as the start of 123.
    if (next !== BYTE.comma && next !== BYTE.closeBrace) return false;
    const singly = Math.min(length, COMPARED_SINGLY);
    for (let i = 0; i < singly; i++) if (bytes[at + i] !== before.bytes[before.start + i]) return false;
    const end = at + length;
    if (
      length > singly &&
      bytes.compare(before.bytes, before.start + singly, before.end, at + singly, end) !== 0
    )
      return false;
    before.bytes = bytes;
    before.start = at;
    before.end = end;
    cursor.at = end;
    return true;
  }
}
