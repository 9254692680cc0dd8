// One event of an execution trace as it was read: the known keys checked for their kinds, all others kept as they are
// for the mapping, which may point at them. What an event means to a spec is not decided here.
import { isJsonObject, type Json } from '../util/json.js';
import type { JsonObject } from './itf.js';
import { type Misfits, misfitPointer } from './misfits.js';

export interface EventMessage {
  readonly id: string;
  readonly kind: 'send' | 'receive' | 'drop' | 'duplicate';
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export interface EventAction {
  readonly action: string;
  readonly params: JsonObject | undefined;
}

/** An entry of a variable that is a map. */
export interface EventEntry {
  readonly variable: string;
  readonly key: Json;
  readonly value: Json;
}

/** See schemas/execution-trace.schema.json for what the fields mean. */
export interface ReadEvent {
  /** All of it. */
  readonly json: JsonObject;
  readonly seq: number | undefined;
  readonly time: number | undefined;
  readonly node: string | undefined;
  readonly action: string | undefined;
  readonly params: JsonObject | undefined;
  readonly actions: readonly EventAction[] | undefined;
  readonly state: JsonObject | undefined;
  readonly entries: readonly EventEntry[] | undefined;
  readonly clock: ReadonlyMap<string, number> | undefined;
  readonly message: EventMessage | undefined;
  readonly after: readonly number[] | undefined;
}

/** A value of its kind, or undefined after adding a misfit. */
type Check<T> = (json: Json, misfits: Misfits) => T | undefined;

const text: Check<string> = (json, misfits) =>
  typeof json === 'string' ? json : misfits.expected('text', json);

const count: Check<number> = (json, misfits) =>
  typeof json === 'number' && Number.isSafeInteger(json) && json >= 0
    ? json
    : misfits.expected('a whole number from 0 on', json);

const time: Check<number> = (json, misfits) =>
  typeof json === 'number' ? json : misfits.expected('a number of milliseconds', json);

const object: Check<JsonObject> = (json, misfits) =>
  isJsonObject(json) ? json : misfits.expected('an object', json);

const textOrObject: Check<Json> = (json, misfits) =>
  typeof json === 'string' || isJsonObject(json) ? json : misfits.expected('text or an object', json);

const messageId: Check<string> = (json, misfits) => {
  const isInteger = typeof json === 'bigint' || (typeof json === 'number' && Number.isSafeInteger(json));
  return typeof json === 'string' || isInteger ? `${json}` : misfits.expected('text or an integer', json);
};

const messageKind: Check<EventMessage['kind']> = (json, misfits) =>
  json === 'send' || json === 'receive' || json === 'drop' || json === 'duplicate'
    ? json
    : misfits.expected('send, receive, drop or duplicate', json);

function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (json, misfits) => {
    if (!Array.isArray(json)) return misfits.expected('an array', json);
    return json.flatMap((item, i) => {
      const from = misfits.found.length;
      const checked = check(item, misfits);
      return checked === undefined ? (misfits.under(from, i) ?? []) : [checked];
    });
  };
}

/** The member of that name; undefined where there is none, and after adding a misfit. */
function member<T>(json: JsonObject, name: string, check: Check<T>, misfits: Misfits): T | undefined {
  const value = json[name];
  if (value === undefined) return undefined;
  const from = misfits.found.length;
  const checked = check(value, misfits);
  misfits.under(from, name);
  return checked;
}

function needed<T>(json: JsonObject, name: string, check: Check<T>, misfits: Misfits): T | undefined {
  return name in json ? member(json, name, check, misfits) : misfits.add(`${name} is missing`);
}

const clock: Check<ReadonlyMap<string, number>> = (json, misfits) => {
  if (!isJsonObject(json)) return misfits.expected('an object', json);
  const counts = new Map<string, number>();
  for (const node of Object.keys(json)) counts.set(node, member(json, node, count, misfits) ?? 0);
  return counts;
};

const message: Check<EventMessage> = (json, misfits) => {
  if (!isJsonObject(json)) return misfits.expected('an object', json);
  const id = needed(json, 'id', messageId, misfits);
  const kind = needed(json, 'kind', messageKind, misfits);
  const from = member(json, 'from', text, misfits);
  const to = member(json, 'to', text, misfits);
  return id === undefined || kind === undefined ? undefined : { id, kind, from, to };
};

const action: Check<EventAction> = (json, misfits) => {
  if (!isJsonObject(json)) return misfits.expected('an object', json);
  const name = needed(json, 'action', text, misfits);
  const params = member(json, 'params', object, misfits);
  return name === undefined ? undefined : { action: name, params };
};

const entry: Check<EventEntry> = (json, misfits) => {
  if (!isJsonObject(json)) return misfits.expected('an object', json);
  const variable = needed(json, 'variable', text, misfits);
  const { key, value } = json;
  if (key === undefined || value === undefined)
    return misfits.add(`${key === undefined ? 'key' : 'value'} is missing`);
  return variable === undefined ? undefined : { variable, key, value };
};

const actions = listOf(action);
const entries = listOf(entry);
const after = listOf(count);

/** The event, whose fields may lack what `misfits` tell. */
export function checkEvent(json: JsonObject, misfits: Misfits): ReadEvent {
  if (json.fault !== undefined) member(json, 'fault', textOrObject, misfits);
  return {
    json,
    seq: member(json, 'seq', count, misfits),
    time: member(json, 'time', time, misfits),
    node: member(json, 'node', text, misfits),
    action: member(json, 'action', text, misfits),
    params: member(json, 'params', object, misfits),
    actions: member(json, 'actions', actions, misfits),
    state: member(json, 'state', object, misfits),
    entries: member(json, 'entries', entries, misfits),
    clock: member(json, 'clock', clock, misfits),
    message: member(json, 'message', message, misfits),
    after: member(json, 'after', after, misfits),
  };
}

/** The misfits of an event as lines for people: `/message/kind: expected ...`. */
export function showMisfits(misfits: Misfits, root: readonly string[] = []): string[] {
  return misfits.found.map(found => {
    const pointer = misfitPointer(root, found);
    return pointer === '' ? found.reason : `${pointer}: ${found.reason}`;
  });
}
