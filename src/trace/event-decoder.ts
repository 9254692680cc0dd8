// One event from its bytes. A step of a system changes few variables, so most members of a state are written with the
// very bytes of the event before: those are recognised and their JSON is used again as the same object, by which the
// mapping knows that the value is the same too.
import type { Json } from '../util/json.js';
import type { JsonObject } from './itf.js';
import { BYTE, type CursorFailure, JsonCursor } from './json-cursor.js';
import { readJson } from './json-value.js';

/** Where in the bytes of the event before a member of the state stood. */
interface Before {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly json: Json;
}

/** Names of members that are remembered: each keeps the chunk of the file alive in which it last stood. */
const REMEMBERED_MAX = 200;

export class EventDecoder {
  private readonly cursor = new JsonCursor();
  private readonly before = new Map<string, Before>();

  /** The object that these bytes are; undefined when they are none: then `failure` says why. */
  decode(bytes: Buffer): JsonObject | undefined {
    this.cursor.load(bytes);
    const json = this.object(key => (key === 'state' ? this.state() : readJson(this.cursor, 1)));
    return json && this.cursor.end() ? json : undefined;
  }

  get failure(): CursorFailure {
    return this.cursor.failure ?? { code: 'AUR301', message: 'it is not JSON', offset: 0 };
  }

  private state(): Json | undefined {
    if (this.cursor.peek() !== BYTE.openBrace) return readJson(this.cursor, 1);
    return this.object(key => this.shared(key));
  }

  private object(member: (key: string) => Json | undefined): JsonObject | undefined {
    const { cursor } = this;
    if (cursor.peek() !== BYTE.openBrace) {
      // Garbage is told from another value.
      const start = cursor.at;
      return readJson(cursor) === undefined ? undefined : cursor.fail('it is not an object', start, 'AUR311');
    }
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
      const json = member(key);
      if (json === undefined) return undefined;
      object[key] = json;
      const more = cursor.more(BYTE.closeBrace);
      if (more !== true) return more === false ? object : undefined;
    }
  }

  private shared(key: string): Json | undefined {
    const { cursor } = this;
    cursor.peek();
    const start = cursor.at;
    const before = this.before.get(key);
    const repeats = before !== undefined && this.repeats(before);
    if (repeats) cursor.at = start + before.end - before.start;
    const json = repeats ? before.json : readJson(cursor, 2);
    const known = before !== undefined || this.before.size < REMEMBERED_MAX;
    if (json !== undefined && known)
      this.before.set(key, { bytes: cursor.bytes, start, end: cursor.at, json });
    return json;
  }

  /** Whether the bytes at the cursor are those of the member before, up to its end. */
  private repeats({ bytes, start, end }: Before): boolean {
    const { cursor } = this;
    const until = cursor.at + end - start;
    const next = cursor.bytes[until];
    // What may follow a value; without this look, 12 would repeat as the start of 123.
    if (next !== BYTE.comma && next !== BYTE.closeBrace) return false;
    return cursor.bytes.compare(bytes, start, end, cursor.at, until) === 0;
  }
}
