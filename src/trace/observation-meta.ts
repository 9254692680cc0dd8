// What an ITF state cannot say of a moment, kept in `#meta` under keys of ours so that nothing is lost on the way to ITF
// and back: what was not observed, what was told rather than carried, what was done, what came before. All are strings,
// since other readers of ITF want that; lists and values are JSON inside.
import type { IrType } from '../model/ir.js';
import type { Value } from '../model/value.js';
import { isJsonObject, type Json } from '../util/json.js';
import type { JsonObject } from './itf.js';
import { encodeItfValue } from './itf-encode.js';
import { JsonCursor } from './json-cursor.js';
import { readJson } from './json-value.js';
import { Misfits } from './misfits.js';
import type { Observation, ObservedFrame, Told, ToldAction } from './observation.js';
import { plainDecoder } from './plain-decode.js';

/** Keys in the `#meta` of a state, and `frame` in that of the trace. */
const KEY = {
  place: 'aura:place',
  unobserved: 'aura:unobserved',
  told: 'aura:told',
  actions: 'aura:actions',
  after: 'aura:after',
  frame: 'aura:frame',
} as const;

/** What `#meta` tells of a moment, under the names that the trace has for variables and actions. */
export interface MomentMeta {
  readonly place?: string;
  readonly unobserved: readonly string[];
  /** Variables that are told as a whole, and entries of others by their keys; absent for all that is observed. */
  readonly told?: readonly { readonly variable: string; readonly key?: Json }[];
  readonly actions?: readonly { readonly name: string; readonly values: JsonObject }[];
  readonly after?: readonly number[];
}

/** `withActions` when the state itself does not say what was done. */
export function momentMeta(
  { known, told, actions, place, after }: Observation,
  variables: Iterable<string>,
  withActions: boolean,
): JsonObject {
  const unobserved = [...variables].filter(name => !known.has(name));
  const tellsAll = told.length === known.size && told.every(({ key }) => key === undefined);
  return {
    [KEY.place]: place,
    ...(unobserved.length > 0 && { [KEY.unobserved]: unobserved.join(',') }),
    ...(!tellsAll && { [KEY.told]: `[${told.map(toldText).join(',')}]` }),
    ...(withActions && actions && { [KEY.actions]: `[${actions.map(actionText).join(',')}]` }),
    ...(after && { [KEY.after]: JSON.stringify(after) }),
  };
}

function toldText({ variable, key }: Told): string {
  const name = JSON.stringify(variable);
  return key === undefined ? name : `{"variable":${name},"key":${encodeItfValue(key)}}`;
}

function actionText({ name, values }: ToldAction): string {
  const texts = [...values].map(([value, content]) => `${JSON.stringify(value)}:${encodeItfValue(content)}`);
  return `{"name":${JSON.stringify(name)},"values":{${texts.join(',')}}}`;
}

/** Undefined when one of our keys holds what aura does not write. */
export function readMomentMeta(meta: JsonObject): MomentMeta | undefined {
  const { [KEY.place]: place, [KEY.unobserved]: unobserved = '' } = meta;
  if (place !== undefined && typeof place !== 'string') return undefined;
  if (typeof unobserved !== 'string') return undefined;
  const told = listIn(meta[KEY.told], readTold);
  const actions = listIn(meta[KEY.actions], readAction);
  const after = listIn(meta[KEY.after], readIndex);
  if (told === null || actions === null || after === null) return undefined;
  return {
    ...(place !== undefined && { place }),
    unobserved: unobserved === '' ? [] : unobserved.split(','),
    ...(told && { told }),
    ...(actions && { actions }),
    ...(after && { after }),
  };
}

/** The list that a text holds; undefined where there is none, null where it is no such list. */
function listIn<T>(
  text: Json | undefined,
  read: (json: Json) => T | undefined,
): readonly T[] | undefined | null {
  if (text === undefined) return undefined;
  const json = typeof text === 'string' ? jsonOf(text) : undefined;
  if (!Array.isArray(json)) return null;
  const items = json.map(read).filter(item => item !== undefined);
  return items.length === json.length ? items : null;
}

function jsonOf(text: string): Json | undefined {
  const cursor = new JsonCursor();
  cursor.load(Buffer.from(text));
  const json = readJson(cursor);
  return json !== undefined && cursor.end() ? json : undefined;
}

function readTold(json: Json): { variable: string; key?: Json } | undefined {
  if (typeof json === 'string') return { variable: json };
  const { variable, key } = isJsonObject(json) ? json : {};
  return typeof variable === 'string' && key !== undefined ? { variable, key } : undefined;
}

function readAction(json: Json): { name: string; values: JsonObject } | undefined {
  const { name, values } = isJsonObject(json) ? json : {};
  return typeof name === 'string' && isJsonObject(values) ? { name, values } : undefined;
}

function readIndex(json: Json): number | undefined {
  return typeof json === 'number' && Number.isSafeInteger(json) && json >= 0 ? json : undefined;
}

/** A value inside `#meta`, of a type or by its shape. */
export function metaValue(json: Json, type: IrType | undefined): Value | undefined {
  return plainDecoder(type ?? { kind: 'var', name: 'any' })(json, new Misfits());
}

type FrameMeta = Omit<ObservedFrame, 'loop'>;

/** The member of the trace's `#meta` that says how its states continue one another. */
export function frameMeta({ untold, actions, hidden, mayLoop, interleaved }: FrameMeta): JsonObject {
  return {
    [KEY.frame]: JSON.stringify({
      untold,
      actions,
      ...(hidden.actions.length > 0 && { hidden }),
      ...(!mayLoop && { mayLoop }),
      ...(interleaved && { interleaved }),
    }),
  };
}

/** Undefined when it holds what aura does not write; a trace without it is one of another tool. */
export function readFrameMeta(meta: JsonObject): FrameMeta | undefined {
  const text = meta[KEY.frame];
  if (text === undefined) return FOREIGN_FRAME;
  const json = typeof text === 'string' ? jsonOf(text) : undefined;
  if (!isJsonObject(json)) return undefined;
  const { untold, actions, hidden: given = { actions: [], most: 0 } } = json;
  const { mayLoop = true, interleaved = false } = json;
  const hidden = readHidden(given);
  if (untold !== 'carried' && untold !== 'unknown') return undefined;
  if (actions !== 'certain' && actions !== 'hints') return undefined;
  if (hidden === undefined || typeof mayLoop !== 'boolean' || typeof interleaved !== 'boolean')
    return undefined;
  return { untold, actions, hidden, mayLoop, interleaved };
}

/** How the states of a trace of another tool continue one another. */
export const FOREIGN_FRAME: FrameMeta = {
  untold: 'unknown',
  actions: 'hints',
  hidden: { actions: [], most: 0 },
  mayLoop: true,
  interleaved: false,
};

function readHidden(json: Json): FrameMeta['hidden'] | undefined {
  const { actions, most } = isJsonObject(json) ? json : {};
  if (!Array.isArray(actions) || typeof most !== 'number' || !Number.isSafeInteger(most) || most < 0)
    return undefined;
  const names = actions.filter(name => typeof name === 'string');
  return names.length === actions.length ? { actions: names, most } : undefined;
}
