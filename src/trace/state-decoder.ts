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

/** Where in the bytes of the state before a variable stood. */
interface Before {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly value: Value;
}

export class StateDecoder {
  private readonly cursor = new JsonCursor();
  private readonly fits: ReadonlyMap<string, Fit>;
  private readonly before = new Map<string, Before>();

  constructor(types?: ItfTypes) {
    this.fits = new Map(
      [...(types?.vars ?? [])].map(([name, type]) => [name, fitOfType(type, types?.env ?? new Map())]),
    );
  }

  /** The state that these bytes are, or why they are none. `name` is its path in the messages. */
  decode(bytes: Buffer, name: string): ItfState | CursorFailure {
    this.cursor.load(bytes);
    const state = this.members(name);
    if (state && this.cursor.end()) return state;
    return this.cursor.failure ?? { code: 'AUR301', message: `${name} is not JSON`, offset: 0 };
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
    for (;;) {
      cursor.peek();
      const start = cursor.at;
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
    cursor.peek();
    const start = cursor.at;
    const before = this.before.get(key);
    if (before && this.repeats(before)) {
      cursor.at = start + before.end - before.start;
      this.before.set(key, { bytes: cursor.bytes, start, end: cursor.at, value: before.value });
      return before.value;
    }
    const decoded = decodeItfValue(cursor);
    if (decoded === undefined) return undefined;
    const misfit: Misfit = { path: [], reason: '' };
    const value = (this.fits.get(key) ?? fitByShape)(decoded, misfit);
    if (value === undefined) {
      const path = [...misfit.path].reverse().join('');
      return cursor.fail(`${state}.${key}${path}: ${misfit.reason}`, start, 'AUR303');
    }
    this.before.set(key, { bytes: cursor.bytes, start, end: cursor.at, value });
    return value;
  }

  /** Whether the bytes at the cursor are those of the value before, up to its end. */
  private repeats({ bytes, start, end }: Before): boolean {
    const { cursor } = this;
    const until = cursor.at + end - start;
    const next = cursor.bytes[until];
    // What may follow a value; without this look, 12 would repeat as the start of 123.
    if (next !== BYTE.comma && next !== BYTE.closeBrace) return false;
    return cursor.bytes.compare(bytes, start, end, cursor.at, until) === 0;
  }
}
