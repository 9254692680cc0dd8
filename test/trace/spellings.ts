// Every way in which a program may write a value of a type as plain JSON: which one, the choices decide. Text and not
// objects, because the reader takes bytes.
import type { IrType } from '../../src/model/ir.js';
import { rowFields } from '../../src/model/type-text.js';
import { isUnit, type Value } from '../../src/model/value.js';
import { encodeItfValue } from '../../src/trace/itf-encode.js';

/** A number below `n`. */
export type Choose = (n: number) => number;

/** Numbers of a list, again and again. */
export function chooser(numbers: readonly number[]): Choose {
  let i = 0;
  return n => (numbers[i++ % Math.max(1, numbers.length)] ?? 0) % n;
}

export function spell(value: Value, type: IrType, choose: Choose): string {
  if (typeof value === 'boolean') return `${value}`;
  if (typeof value === 'bigint') return spellInt(value, choose);
  if (typeof value === 'string') return JSON.stringify(value);
  switch (value.kind) {
    case 'set':
      return special('#set', value.items, type.kind === 'set' ? type.elem : type, choose);
    case 'list': {
      const elem = type.kind === 'list' ? type.elem : type;
      return `[${value.items.map(item => spell(item, elem, choose)).join()}]`;
    }
    case 'tuple':
      return spellTuple(value.items, type, choose);
    case 'map':
      return spellMap(value.entries, type, choose);
    case 'record':
      return spellMembers(
        value.fields.map(([name, field]) => [name, spell(field, fieldType(type, name), choose)]),
        choose,
      );
    case 'variant':
      return spellVariant(value.tag, value.value, type, choose);
    case 'unserializable':
      return encodeItfValue(value);
  }
}

function spellInt(value: bigint, choose: Choose): string {
  return [`${value}`, `"${value}"`, `{"#bigint":"${value}"}`][choose(3)] ?? `${value}`;
}

/** In any order, as an array or as ITF writes it. */
function special(key: string, items: readonly Value[], elem: IrType, choose: Choose): string {
  const array = `[${shuffled(
    items.map(item => spell(item, elem, choose)),
    choose,
  ).join()}]`;
  return choose(2) === 0 ? array : `{"${key}":${array}}`;
}

function shuffled<T>(items: readonly T[], choose: Choose): T[] {
  const left = [...items];
  const result: T[] = [];
  while (left.length > 0) result.push(...left.splice(choose(left.length), 1));
  return result;
}

function spellTuple(items: readonly Value[], type: IrType, choose: Choose): string {
  if (items.length === 0)
    return ['[]', 'null', '{"#tup":[]}', '"U_OF_UNIT"', '{"tag":"UNIT"}'][choose(5)] ?? '[]';
  const parts = type.kind === 'tup' ? rowFields(type.fields).fields : [];
  const array = `[${items.map((item, i) => spell(item, parts[i]?.fieldType ?? type, choose)).join()}]`;
  return choose(2) === 0 ? array : `{"#tup":${array}}`;
}

function spellMap(entries: readonly (readonly [Value, Value])[], type: IrType, choose: Choose): string {
  const [arg, res] = type.kind === 'fun' ? [type.arg, type.res] : [type, type];
  const isText = entries.every(([key]) => typeof key === 'string' || typeof key === 'bigint');
  if (isText && choose(2) === 0)
    return spellMembers(
      entries.map(([key, value]) => [`${String(key)}`, spell(value, res, choose)]),
      choose,
    );
  const pairs = entries.map(([key, value]) => {
    const pair = `[${spell(key, arg, choose)},${spell(value, res, choose)}]`;
    return choose(4) === 0 ? `{"#tup":${pair}}` : pair;
  });
  const array = `[${shuffled(pairs, choose).join()}]`;
  return choose(2) === 0 ? array : `{"#map":${array}}`;
}

function spellMembers(members: readonly (readonly [string, string])[], choose: Choose): string {
  return `{${shuffled(members, choose)
    .map(([name, text]) => `${JSON.stringify(name)}:${text}`)
    .join()}}`;
}

function fieldType(type: IrType, name: string): IrType {
  const fields = type.kind === 'rec' || type.kind === 'sum' ? rowFields(type.fields).fields : [];
  return fields.find(({ fieldName }) => fieldName === name)?.fieldType ?? type;
}

function spellVariant(tag: string, payload: Value, type: IrType, choose: Choose): string {
  const text = spell(payload, fieldType(type, tag), choose);
  const ways = [
    spellMembers(
      [
        ['tag', JSON.stringify(tag)],
        ['value', text],
      ],
      choose,
    ),
    `{${JSON.stringify(tag)}:${text}}`,
  ];
  if (isUnit(payload)) ways.push(JSON.stringify(tag));
  const names = type.kind === 'sum' ? rowFields(type.fields).fields.map(({ fieldName }) => fieldName) : [];
  if (names.length === 2 && names.includes('Some') && names.includes('None')) {
    if (tag === 'None') ways.push('null');
    else if (isClearlyBare(text)) ways.push(text);
  }
  return ways[choose(ways.length)] ?? '';
}

/** Whether a bare value of an option cannot be taken for a variant of it. */
function isClearlyBare(text: string): boolean {
  return text !== 'null' && !/^"(None|Some)"$/.test(text) && !/"(None|Some)"/.test(text);
}
