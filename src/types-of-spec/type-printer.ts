// Types of a spec as types of TypeScript, for the plain data that drivers get and give: one form for each type, the one
// that src/drivers/plain-data.ts writes.
import type { IrRow, IrType } from '../model/ir.js';
import { rowFields } from '../model/type-text.js';
import { namedParts, type TypeNames } from './type-names.js';

/** The text of a type, in which definitions of the spec are names. */
export function printType(type: IrType, names: TypeNames): string {
  const inner = (part: IrType) => printType(part, names);
  switch (type.kind) {
    case 'bool':
      return 'boolean';
    case 'int':
      return 'Int';
    case 'str':
      return 'string';
    case 'var':
      return 'unknown';
    case 'const':
    case 'app':
      return printNamed(type, names);
    case 'set':
    case 'list':
      return `readonly ${inElements(inner(type.elem))}[]`;
    case 'fun':
      return `readonly (readonly [${inner(type.arg)}, ${inner(type.res)}])[]`;
    case 'tup':
      return `readonly [${rowFields(type.fields)
        .fields.map(({ fieldType }) => inner(fieldType))
        .join(', ')}]`;
    case 'rec':
      return printRecord(type.fields, names);
    case 'sum':
      return printSum(type, names);
    case 'oper':
      return 'never';
  }
}

function printSum(type: IrType & { kind: 'sum' }, names: TypeNames): string {
  const def = names.definitionOfSum(type);
  return def === undefined ? printOptions(type.fields, names).join(' | ') : names.nameOf(def);
}

/** The variants of a sum. */
export function printOptions(options: IrRow, names: TypeNames): string[] {
  return rowFields(options).fields.map(
    ({ fieldName, fieldType }) =>
      `{ readonly tag: ${quoted(fieldName)}; readonly value: ${printType(fieldType, names)} }`,
  );
}

function printRecord(row: IrRow, names: TypeNames): string {
  const { fields, open } = rowFields(row);
  const members = fields.map(
    ({ fieldName, fieldType }) => `readonly ${memberName(fieldName)}: ${printType(fieldType, names)}`,
  );
  if (open) members.push('readonly [other: string]: unknown');
  return members.length === 0 ? 'Readonly<Record<string, never>>' : `{ ${members.join('; ')} }`;
}

function printNamed(type: IrType, names: TypeNames): string {
  const named = namedParts(type);
  const def = named && names.definition(named.name, type.id);
  if (named === undefined || def === undefined) return 'unknown';
  const args = named.args.map(arg => printType(arg, names));
  return `${names.nameOf(def)}${args.length === 0 ? '' : `<${args.join(', ')}>`}`;
}

function inElements(text: string): string {
  return /^[\w$.]+(<[^|]*>)?$/.test(text) ? text : `(${text})`;
}

export function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

export function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}
