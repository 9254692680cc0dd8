// A type in the notation of Apalache's type system 1.2 (https://apalache-mc.org/docs/adr/002adr-types.html), which its
// reader of ITF wants for every variable in `varTypes`.
import type { IrType } from '../model/ir.js';
import { type RowFields, rowFields } from '../model/type-text.js';

/** Such as `Str -> Set(Int)`. Names of definitions must have been replaced: see inline-type.ts. */
export function apalacheType(type: IrType): string {
  switch (type.kind) {
    case 'bool':
      return 'Bool';
    case 'int':
      return 'Int';
    case 'str':
      return 'Str';
    case 'set':
      return `Set(${apalacheType(type.elem)})`;
    case 'list':
      return `Seq(${apalacheType(type.elem)})`;
    case 'fun':
      return `${inFunction(type.arg)} -> ${inFunction(type.res)}`;
    case 'tup':
      return tupleText(rowFields(type.fields));
    case 'rec':
      return recordText(rowFields(type.fields));
    case 'sum':
      return rowFields(type.fields)
        .fields.map(({ fieldName, fieldType }) => `${fieldName}(${apalacheType(fieldType)})`)
        .join(' | ');
    case 'const':
      return uninterpreted(type.name);
    case 'app':
      return uninterpreted(type.ctor.name);
    case 'var':
    case 'oper':
      // No variable of a spec can have such a type.
      return 'a';
  }
}

function inFunction(type: IrType): string {
  const text = apalacheType(type);
  return type.kind === 'fun' ? `(${text})` : text;
}

// Apalache has no empty tuple: it takes it for a type of its own with one value.
function tupleText({ fields }: RowFields): string {
  return fields.length === 0
    ? 'UNIT'
    : `<<${fields.map(({ fieldType }) => apalacheType(fieldType)).join(', ')}>>`;
}

function recordText({ fields, open }: RowFields): string {
  const texts = fields.map(({ fieldName, fieldType }) => `${fieldName}: ${apalacheType(fieldType)}`);
  if (open) texts.push('a');
  return texts.length === 0 ? '{}' : `{ ${texts.join(', ')} }`;
}

/** Names of uninterpreted types are written in capitals. */
function uninterpreted(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_').toUpperCase();
}
