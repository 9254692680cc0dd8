// Plain JSON without a type, for uninterpreted types and type variables: text and whole numbers are what they look
// like, an array is a list, an object a record, unless it is written as ITF writes what JSON cannot. There is no
// guess: what only a type could tell stays what it looks like.
import { recordOf, type Value, variantOf } from '../model/value.js';
import { isJsonObject, type Json } from '../util/json.js';
import type { Misfits } from './misfits.js';
import { decodeItems, mapOfDistinct, setOfDistinct } from './plain-parts.js';

const always = () => decodeByShape;
const DIGITS = /^-?[0-9]+$/;

export function decodeByShape(json: Json, misfits: Misfits): Value | undefined {
  if (typeof json === 'string' || typeof json === 'boolean' || typeof json === 'bigint') return json;
  if (typeof json === 'number')
    return Number.isSafeInteger(json) ? BigInt(json) : misfits.expected('a value', json);
  if (Array.isArray(json)) {
    const items = decodeItems(json, always, misfits);
    return items && { kind: 'list', items };
  }
  return isJsonObject(json) ? decodeObject(json, misfits) : misfits.expected('a value', json);
}

function decodeObject(json: { [key: string]: Json }, misfits: Misfits): Value | undefined {
  const keys = Object.keys(json);
  const [only = ''] = keys;
  if (keys.length === 1 && only.startsWith('#')) {
    const before = misfits.found.length;
    const value = decodeSpecial(only, json[only] ?? null, misfits);
    if (value !== undefined || misfits.found.length > before) return value;
  }
  if (keys.length === 2 && typeof json.tag === 'string' && json.value !== undefined) {
    const from = misfits.found.length;
    const payload = decodeByShape(json.value, misfits);
    return payload === undefined ? misfits.under(from, 'value') : variantOf(json.tag, payload);
  }
  const fields: [string, Value][] = [];
  for (const name of keys) {
    const from = misfits.found.length;
    const value = decodeByShape(json[name] ?? null, misfits);
    if (value !== undefined) fields.push([name, value]);
    else {
      misfits.under(from, name);
      if (misfits.full) break;
    }
  }
  return fields.length === keys.length ? recordOf(fields) : undefined;
}

/** What `{"#set": [...]}` and its like stand for; undefined, without a misfit, when it is none of them. */
function decodeSpecial(name: string, content: Json, misfits: Misfits): Value | undefined {
  if (name === '#bigint')
    return typeof content === 'string' && DIGITS.test(content) ? BigInt(content) : undefined;
  if (name === '#unserializable')
    return typeof content === 'string' ? { kind: 'unserializable', text: content } : undefined;
  if (!Array.isArray(content)) return undefined;
  if (name !== '#set' && name !== '#tup' && name !== '#map') return undefined;
  const items = decodeItems(content, always, misfits);
  if (items === undefined) return undefined;
  if (name === '#set') return setOfDistinct(items, misfits);
  return name === '#tup' ? { kind: 'tuple', items } : mapOfItems(items, content, misfits);
}

function mapOfItems(items: readonly Value[], content: Json, misfits: Misfits): Value | undefined {
  const entries = items.flatMap((item): [Value, Value][] => {
    const [key, value, ...more] = typeof item === 'object' && item.kind === 'list' ? item.items : [];
    return key === undefined || value === undefined || more.length > 0 ? [] : [[key, value]];
  });
  if (entries.length < items.length) return misfits.expected('an array of pairs', content);
  return mapOfDistinct(entries, misfits);
}
