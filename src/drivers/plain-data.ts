// Values of a spec as the plain data that drivers get, and plain data told from what is none. Data has one form for each
// type, so that a program can have types for it: maps are always pairs, variants always `{tag, value}`. All of it reads as
// the same value in an execution trace.
import type { Value } from '../model/value.js';
import type { Json } from '../util/json.js';
import { LIMITS } from '../util/limits.js';

/**
 * A set, list or tuple as an array; a map as an array of pairs `[key, value]`; a record as an object; a variant as
 * `{tag, value}`, without a payload `{tag, value: []}`; an integer as a number, or `{"#bigint": digits}` where a number cannot hold it.
 */
export function plainData(value: Value): Json {
  if (typeof value === 'bigint') return isExact(value) ? Number(value) : { '#bigint': `${value}` };
  if (typeof value !== 'object') return value;
  switch (value.kind) {
    case 'list':
    case 'tuple':
    case 'set':
      return value.items.map(plainData);
    case 'map':
      return value.entries.map(entry => entry.map(plainData));
    case 'record':
      return Object.fromEntries(value.fields.map(([name, field]) => [name, plainData(field)]));
    case 'variant':
      return { tag: value.tag, value: plainData(value.value) };
    case 'unserializable':
      return { '#unserializable': value.text };
  }
}

function isExact(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}

/** A part of foreign data that is not plain: where it is, and what it is. */
export interface NotPlain {
  /** Such as `.events[0]`. */
  readonly path: string;
  /** Such as `is a function`. */
  readonly notPlain: string;
}

export type PlainCopy = { readonly copy: Json } | NotPlain;

/**
 * Foreign data as JSON of our own, which its owner cannot change any more. Bigints become what an execution trace has for
 * them.
 */
export function plainCopy(data: unknown, path = '', depth = 0): PlainCopy {
  if (depth > LIMITS.valueDepth)
    return { path: shortPath(path), notPlain: 'is nested too deeply, or holds itself' };
  switch (typeof data) {
    case 'string':
    case 'boolean':
      return { copy: data };
    case 'bigint':
      return { copy: plainData(data) };
    case 'number':
      return Number.isFinite(data) ? { copy: data } : { path, notPlain: `is ${data}` };
    case 'object':
      return data === null ? { copy: null } : copyObject(data, path, depth);
    case 'undefined':
      return { path, notPlain: 'is undefined' };
    default:
      return { path, notPlain: `is a ${typeof data}` };
  }
}

/** The path of a value in itself tells all in its first parts. */
function shortPath(path: string): string {
  return path.length > 100 ? `${path.slice(0, 100)}…` : path;
}

const INSTEAD: Readonly<Record<string, string>> = {
  Set: 'is a Set: give an array of its elements',
  Map: 'is a Map: give an array of pairs [key, value]',
  Promise: 'is a Promise: wait for it',
};

function copyObject(data: object, path: string, depth: number): PlainCopy {
  const tag = Object.prototype.toString.call(data).slice('[object '.length, -1);
  if (tag !== 'Object' && tag !== 'Array') return { path, notPlain: INSTEAD[tag] ?? `is a ${tag}` };
  const isArray = Array.isArray(data);
  const copies: [string, Json][] = [];
  for (const key of isArray ? data.keys() : Object.keys(data)) {
    const place = isArray ? `${path}[${key}]` : `${path}.${key}`;
    const inner = copyMember(data, key, place, depth + 1);
    if ('notPlain' in inner) return inner;
    copies.push([`${key}`, inner.copy]);
  }
  return { copy: isArray ? copies.map(([, copy]) => copy) : Object.fromEntries(copies) };
}

/** A getter of the user's may throw. */
function copyMember(data: object, key: string | number, path: string, depth: number): PlainCopy {
  let item: unknown;
  try {
    item = Reflect.get(data, key);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { path, notPlain: `cannot be read: ${said.split('\n', 1).join()}` };
  }
  return plainCopy(item, path, depth);
}

/** Plain data for a program of JavaScript: integers that a number cannot hold are bigints. */
export function withBigints(data: Json): Json {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(withBigints);
  const { '#bigint': digits, ...others } = data;
  if (typeof digits === 'string' && Object.keys(others).length === 0) return BigInt(digits);
  return Object.fromEntries(Object.entries(data).map(([key, item]) => [key, withBigints(item)]));
}
