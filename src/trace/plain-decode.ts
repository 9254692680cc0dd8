// Values of a spec from plain JSON, as a program writes it: the type says what an array or an object is. Types are
// compiled once to closures, because every value of a trace goes through them. Where JSON can be read in two ways a
// rule decides, never a guess: docs/execution-trace.md states the rules.
import type { IrType } from '../model/ir.js';
import { rowFields, typeText } from '../model/type-text.js';
import { UNIT, type Value } from '../model/value.js';
import { isJsonObject, type Json } from '../util/json.js';
import { LIMITS } from '../util/limits.js';
import { compareText } from '../util/order.js';
import { type Misfits, previewJson } from './misfits.js';
import {
  decodeItems,
  itemsOf,
  mapOfDistinct,
  otherKind,
  type PlainDecoder,
  setOfDistinct,
  special,
} from './plain-parts.js';
import { decodeByShape } from './plain-shape.js';
import { decoderOfSum } from './plain-sum.js';

/** The decoder of a type in which no names of definitions are left (see inline-type.ts). */
export function plainDecoder(type: IrType): PlainDecoder {
  const expected = typeText(type);
  switch (type.kind) {
    case 'bool':
      return (json, misfits) => (typeof json === 'boolean' ? json : otherKind(json, misfits, expected));
    case 'int':
      return decodeInt;
    case 'str':
      return (json, misfits) => (typeof json === 'string' ? json : otherKind(json, misfits, expected));
    case 'set':
      return decoderOfSet(plainDecoder(type.elem), expected);
    case 'list':
      return decoderOfList(plainDecoder(type.elem), expected);
    case 'fun':
      return decoderOfMap(plainDecoder(type.arg), plainDecoder(type.res), expected);
    case 'tup': {
      const parts = rowFields(type.fields).fields.map(field => plainDecoder(field.fieldType));
      return parts.length === 0 ? decodeUnit : decoderOfTuple(parts, expected);
    }
    case 'rec': {
      const { fields, open } = rowFields(type.fields);
      return decoderOfRecord(fields.map(fieldDecoder), open, expected);
    }
    case 'sum':
      return decoderOfSum(rowFields(type.fields).fields.map(fieldDecoder), expected);
    default:
      return decodeByShape;
  }
}

function fieldDecoder({ fieldName, fieldType }: { fieldName: string; fieldType: IrType }) {
  return { name: fieldName, type: fieldType, decode: plainDecoder(fieldType) };
}

const DIGITS = /^-?(?:0|[1-9][0-9]*)$/;

const decodeInt: PlainDecoder = (json, misfits) => {
  if (typeof json === 'number' && Number.isSafeInteger(json)) return BigInt(json);
  if (typeof json === 'bigint') return json;
  const text = typeof json === 'object' ? special(json, '#bigint') : json;
  if (typeof text === 'string' && text.length <= LIMITS.traceIntDigits && DIGITS.test(text))
    return BigInt(text);
  return otherKind(json, misfits, 'int');
};

/** The empty tuple: `[]`, null as Rust's serde writes it, and the spellings of Quint and Apalache. */
const decodeUnit: PlainDecoder = (json, misfits) => {
  if (json === null || json === 'U_OF_UNIT' || itemsOf(json, '#tup')?.length === 0) return UNIT;
  return isJsonObject(json) && json.tag === 'UNIT' ? UNIT : otherKind(json, misfits, '()');
};

function decoderOfSet(element: PlainDecoder, expected: string): PlainDecoder {
  const decodeAt = () => element;
  return (json, misfits) => {
    const items = itemsOf(json, '#set');
    if (items === undefined) return otherKind(json, misfits, expected);
    const values = decodeItems(items, decodeAt, misfits);
    return values && setOfDistinct(values, misfits);
  };
}

function decoderOfList(element: PlainDecoder, expected: string): PlainDecoder {
  const decodeAt = () => element;
  return (json, misfits) => {
    if (!Array.isArray(json)) return otherKind(json, misfits, expected);
    const items = decodeItems(json, decodeAt, misfits);
    return items && { kind: 'list', items };
  };
}

function decoderOfTuple(parts: readonly PlainDecoder[], expected: string): PlainDecoder {
  const decodeAt = (i: number) => parts[i] ?? decodeByShape;
  return (json, misfits) => {
    const items = itemsOf(json, '#tup');
    if (items?.length !== parts.length) return otherKind(json, misfits, expected);
    const values = decodeItems(items, decodeAt, misfits);
    return values && { kind: 'tuple', items: values };
  };
}

/** An array of pairs, or an object whose keys are read as text is: `{"1": true}` is a map of an int too. */
function decoderOfMap(key: PlainDecoder, result: PlainDecoder, expected: string): PlainDecoder {
  const decodeAt = (i: number) => (i === 0 ? key : result);
  const decodePair = (json: Json, misfits: Misfits): readonly Value[] | undefined => {
    const items = itemsOf(json, '#tup');
    return items?.length === 2
      ? decodeItems(items, decodeAt, misfits)
      : misfits.expected('a pair [key, value]', json);
  };
  return (json, misfits) => {
    const pairs = itemsOf(json, '#map');
    const isObject = pairs === undefined && isJsonObject(json);
    if (pairs === undefined && !isObject) return otherKind(json, misfits, expected);
    const names = isObject ? Object.keys(json) : [];
    const items = pairs ?? names.map((name): Json => (isObject ? [name, json[name] ?? null] : null));
    const entries: (readonly [Value, Value])[] = [];
    for (let i = 0; i < items.length; i++) {
      const from = misfits.found.length;
      const [k, v] = decodePair(items[i] ?? null, misfits) ?? [];
      if (k !== undefined && v !== undefined) entries.push([k, v]);
      else {
        // The position in a pair that is not in the file has no place in the path.
        if (isObject) for (const { path } of misfits.found.slice(from)) path.pop();
        misfits.under(from, names[i] ?? i);
        if (misfits.full) break;
      }
    }
    return entries.length === items.length ? mapOfDistinct(entries, misfits) : undefined;
  };
}

interface Field {
  readonly name: string;
  readonly decode: PlainDecoder;
}

function decoderOfRecord(given: readonly Field[], open: boolean, expected: string): PlainDecoder {
  const fields = [...given].sort((a, b) => compareText(a.name, b.name));
  const names = new Set(fields.map(({ name }) => name));
  return (json, misfits) => {
    if (!isJsonObject(json)) return otherKind(json, misfits, expected);
    const keys = Object.keys(json);
    const present = fields.length === keys.length ? fields : fieldsOf(keys);
    const values: (readonly [string, Value])[] = [];
    for (const { name, decode } of present) {
      const content = json[name];
      if (content === undefined) return refuse(json, keys, misfits);
      const from = misfits.found.length;
      const value = decode(content, misfits);
      if (value !== undefined) values.push([name, value]);
      else {
        misfits.under(from, name);
        if (misfits.full) break;
      }
    }
    if (!open && keys.length !== fields.length) return refuse(json, keys, misfits);
    return values.length === present.length ? { kind: 'record', fields: values } : undefined;
  };

  /** The fields of the type and, of an open record, those that only the value has. */
  function fieldsOf(keys: readonly string[]): readonly Field[] {
    if (!open) return fields;
    const others = keys.filter(name => !names.has(name)).map(name => ({ name, decode: decodeByShape }));
    return [...fields, ...others].sort((a, b) => compareText(a.name, b.name));
  }

  function refuse(
    json: { [key: string]: Json },
    keys: readonly string[],
    misfits: Misfits,
  ): Value | undefined {
    if (special(json, '#unserializable') !== undefined) return otherKind(json, misfits, expected);
    const missing = fields.filter(({ name }) => json[name] === undefined).map(({ name }) => name);
    const unknown = open ? [] : keys.filter(name => !names.has(name));
    const reasons = [
      ...(missing.length > 0 ? [`without ${missing.join(', ')}`] : []),
      ...(unknown.length > 0 ? [`with ${unknown.join(', ')}`] : []),
    ];
    return misfits.add(`expected ${expected}, got ${previewJson(json)} ${reasons.join(' and ')}`);
  }
}
