// Collects what surrounds the states of a trace, in whatever order the file has it, and checks it: each key once,
// each of its kind, `loop` within the states. Keys that ITF does not know are kept.
import { isJsonObject, type Json } from '../util/json.js';
import type { ItfFrame, JsonObject } from './itf.js';
import { type CursorFailure, JsonCursor } from './json-cursor.js';
import type { Piece } from './json-frames.js';
import { readJson } from './json-value.js';
import type { Place } from './place.js';

export class FrameCollector {
  private readonly cursor = new JsonCursor();
  private meta: JsonObject | undefined;
  // Without a prototype, `__proto__` is a key like any other.
  private readonly extra: JsonObject = Object.create(null);
  private loop: { readonly index: number; readonly place: Place } | undefined;
  vars: readonly string[] | undefined;
  params: readonly string[] | undefined;

  /** Takes a member other than an array of states, or says why it cannot. */
  take({ key, bytes, place }: Piece): CursorFailure | undefined {
    this.cursor.load(bytes);
    const json = readJson(this.cursor);
    if (json === undefined || !this.cursor.end()) {
      const failure = this.cursor.failure ?? { code: 'AUR301', message: 'not JSON', offset: 0 };
      return { ...failure, message: `${JSON.stringify(key)}: ${failure.message}` };
    }
    const expected = this.keep(key, json, place);
    return expected
      ? { code: 'AUR302', message: `${JSON.stringify(key)} must be ${expected}`, offset: 0 }
      : undefined;
  }

  /** What the member should have been, if it is not. */
  private keep(key: string, json: Json, place: Place): string | undefined {
    switch (key) {
      case '#meta':
        if (!isJsonObject(json)) return 'an object';
        this.meta = json;
        return undefined;
      case 'vars':
        this.vars = namesOf(json);
        return this.vars ? undefined : 'an array of different names';
      case 'params':
        this.params = namesOf(json);
        return this.params ? undefined : 'an array of different names';
      case 'loop':
        if (typeof json !== 'number' || !Number.isInteger(json) || json < 0) return 'the index of a state';
        this.loop = { index: json, place };
        return undefined;
      case 'states':
        return 'an array';
      default:
        this.extra[key] = json;
        return undefined;
    }
  }

  /** The place of a `loop` that points behind the last of `states` states. */
  loopBeyond(states: number): Place | undefined {
    return this.loop && this.loop.index >= states ? this.loop.place : undefined;
  }

  /** What has been read so far. */
  frame(): ItfFrame {
    return {
      ...(this.meta && { meta: this.meta }),
      ...(this.params && { params: this.params }),
      vars: this.vars ?? [],
      ...(this.loop && { loop: this.loop.index }),
      ...(Object.keys(this.extra).length > 0 && { extra: this.extra }),
    };
  }
}

function namesOf(json: Json): readonly string[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const names = json.filter(name => typeof name === 'string');
  return names.length === json.length && new Set(names).size === names.length ? names : undefined;
}
