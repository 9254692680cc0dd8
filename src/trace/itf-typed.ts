// What the decoder gave by shape, fitted to the type that the spec states. A type decides what a shape cannot: a
// record with fields `tag` and `value` against a variant, and what is a spelling of a unit variant and what is
// text. Types are compiled once to closures, because every value of a trace goes through them.
import type { IrType } from '../model/ir.js';
import { type RowFields, rowFields, typeText } from '../model/type-text.js';
import { isUnit, type RecordValue, recordOf, setOf, UNIT, type Value, variantOf } from '../model/value.js';
import { assert } from '../util/assert.js';
import {
  type Fit,
  fitEntries,
  fitFields,
  fitItems,
  isUnitSpelling,
  type Misfit,
  reject,
  under,
} from './fit.js';
import { fitByShape } from './fit-by-shape.js';

/** Type definitions by the name under which the types refer to them; one without `type` is uninterpreted. */
export type TypeEnv = ReadonlyMap<string, { readonly params: readonly string[]; readonly type?: IrType }>;

/** What the spec says of the values of a trace. */
export interface ItfTypes {
  /** Types of variables by the names of the trace. Others, such as `mbt::nondetPicks`, are decoded by shape. */
  readonly vars: { get(name: string): IrType | undefined };
  /** For a name whose values no type describes. */
  readonly fitOf?: (name: string) => Fit | undefined;
  readonly env: TypeEnv;
}

interface Scope {
  readonly env: TypeEnv;
  /** Fits of the parameters of the type definition around. */
  readonly bound: ReadonlyMap<string, Fit>;
  /** Names of the definitions around, to find cycles. */
  readonly around: ReadonlySet<string>;
}

/**
 * The fit of a type. Type variables, uninterpreted types and names that `env` lacks take any value by its shape.
 * Throws on a type that is defined by itself, which Quint refuses.
 */
export function fitOfType(type: IrType, env: TypeEnv): Fit {
  return compile(type, { env, bound: new Map(), around: new Set() });
}

function compile(type: IrType, scope: Scope): Fit {
  switch (type.kind) {
    case 'bool':
      return (value, misfit) => (typeof value === 'boolean' ? value : otherKind(value, misfit, 'bool'));
    case 'int':
      return (value, misfit) => (typeof value === 'bigint' ? value : otherKind(value, misfit, 'int'));
    case 'str':
      return (value, misfit) => (typeof value === 'string' ? value : otherKind(value, misfit, 'str'));
    case 'set':
      return fitOfSet(compile(type.elem, scope), typeText(type));
    case 'list':
      return fitOfList(compile(type.elem, scope), typeText(type));
    case 'fun':
      return fitOfMap(compile(type.arg, scope), compile(type.res, scope), typeText(type));
    case 'tup': {
      const parts = rowFields(type.fields).fields.map(field => compile(field.fieldType, scope));
      return parts.length === 0 ? fitUnit : fitOfTuple(parts, typeText(type));
    }
    case 'rec':
      return fitOfRecord(compileRow(rowFields(type.fields), scope), typeText(type));
    case 'sum':
      return fitOfSum(compileRow(rowFields(type.fields), scope), typeText(type));
    case 'var':
      return scope.bound.get(type.name) ?? fitByShape;
    case 'const':
      return scope.bound.get(type.name) ?? compileNamed(type.name, [], scope);
    case 'app':
      return compileNamed(type.ctor.name, type.args, scope);
    case 'oper':
      return fitByShape;
  }
}

function compileNamed(name: string, args: readonly IrType[], scope: Scope): Fit {
  const definition = scope.env.get(name);
  if (definition?.type === undefined) return fitByShape;
  assert(!scope.around.has(name), `the type ${name} is defined by itself`);
  const fits = args.map(arg => compile(arg, scope));
  const bound = new Map(definition.params.map((param, i) => [param, fits[i] ?? fitByShape]));
  return compile(definition.type, { env: scope.env, bound, around: new Set([...scope.around, name]) });
}

interface RowFits {
  readonly byName: ReadonlyMap<string, Fit>;
  /** Of a name that the row does not have: by shape in an open row. */
  readonly others: Fit | undefined;
}

function compileRow({ fields, open }: RowFields, scope: Scope): RowFits {
  const byName = new Map(fields.map(field => [field.fieldName, compile(field.fieldType, scope)]));
  return { byName, others: open ? fitByShape : undefined };
}

// What its producer could not write out may be a value of any type.
function otherKind(value: Value, misfit: Misfit, expected: string): Value | undefined {
  return typeof value === 'object' && value.kind === 'unserializable'
    ? value
    : reject(misfit, expected, value);
}

function fitOfSet(element: Fit, expected: string): Fit {
  const fitAt = () => element;
  return (value, misfit) => {
    if (typeof value !== 'object' || value.kind !== 'set') return otherKind(value, misfit, expected);
    const items = fitItems(value.items, fitAt, misfit, i => `.element(${i})`);
    return items === value.items ? value : items && setOf(items);
  };
}

function fitOfList(element: Fit, expected: string): Fit {
  const fitAt = () => element;
  return (value, misfit) => {
    if (typeof value !== 'object' || value.kind !== 'list') return otherKind(value, misfit, expected);
    const items = fitItems(value.items, fitAt, misfit, i => `[${i}]`);
    return items === value.items ? value : items && { kind: 'list', items };
  };
}

function fitOfMap(key: Fit, result: Fit, expected: string): Fit {
  return (value, misfit) => {
    if (typeof value !== 'object' || value.kind !== 'map') return otherKind(value, misfit, expected);
    return fitEntries(value, key, result, misfit);
  };
}

const fitUnit: Fit = (value, misfit) => {
  if (isUnit(value)) return value;
  return isUnitSpelling(value) ? UNIT : otherKind(value, misfit, '()');
};

function fitOfTuple(parts: readonly Fit[], expected: string): Fit {
  const fitAt = (i: number) => parts[i] ?? fitByShape;
  return (value, misfit) => {
    if (typeof value !== 'object' || value.kind !== 'tuple' || value.items.length !== parts.length)
      return otherKind(value, misfit, expected);
    const items = fitItems(value.items, fitAt, misfit, i => `._${i + 1}`);
    return items === value.items ? value : items && { kind: 'tuple', items };
  };
}

function fitOfRecord({ byName, others }: RowFits, expected: string): Fit {
  const fitOf = (name: string) => byName.get(name) ?? fitByShape;
  return (value, misfit) => {
    const record = asRecord(value);
    if (record === undefined) return otherKind(value, misfit, expected);
    let known = 0;
    for (const [name] of record.fields) {
      if (byName.has(name)) known++;
      else if (others === undefined) return reject(misfit, `${expected} without a field ${name}`, record);
    }
    if (known === byName.size) return fitFields(record, fitOf, misfit);
    const present = new Set(record.fields.map(([name]) => name));
    const missing = [...byName.keys()].filter(name => !present.has(name));
    return reject(misfit, `${expected} with the field ${missing.join(' and ')}`, record);
  };
}

/** A record whose fields are just `tag` and `value` arrives as a variant. */
function asRecord(value: Value): RecordValue | undefined {
  if (typeof value !== 'object') return undefined;
  if (value.kind === 'record') return value;
  if (value.kind !== 'variant') return undefined;
  return recordOf([
    ['tag', value.tag],
    ['value', value.value],
  ]);
}

function fitOfSum({ byName, others }: RowFits, expected: string): Fit {
  return (value, misfit) => {
    if (typeof value !== 'object' || value.kind !== 'variant') return otherKind(value, misfit, expected);
    const fitPayload = byName.get(value.tag) ?? others;
    if (fitPayload === undefined) return reject(misfit, expected, value);
    const payload = fitPayload(value.value, misfit);
    if (payload === undefined) return under(misfit, `.${value.tag}`);
    return payload === value.value ? value : variantOf(value.tag, payload);
  };
}
