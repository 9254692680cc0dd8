// A type as a person writes it in Quint, for errors and reports: aliases stay names, since those are what the author
// of the spec knows. Also the fields of a row, which Quint may nest. Not for text that Quint reads again: an open row
// has no syntax.
import type { IrRow, IrType } from './ir.js';

export interface RowFields {
  readonly fields: readonly { readonly fieldName: string; readonly fieldType: IrType }[];
  /** Whether a row variable allows more fields. */
  readonly open: boolean;
}

/** The fields of a row and of the rows that it continues in. */
export function rowFields(row: IrRow): RowFields {
  if (row.kind !== 'row') return { fields: [], open: row.kind === 'var' };
  const rest = rowFields(row.other);
  return { fields: [...row.fields, ...rest.fields], open: rest.open };
}

/** Such as `str -> Set[int]`. */
export function typeText(type: IrType): string {
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'str':
      return type.kind;
    case 'const':
    case 'var':
      return type.name;
    case 'set':
      return `Set[${typeText(type.elem)}]`;
    case 'list':
      return `List[${typeText(type.elem)}]`;
    case 'fun':
      return `${type.arg.kind === 'fun' ? `(${typeText(type.arg)})` : typeText(type.arg)} -> ${typeText(type.res)}`;
    case 'oper':
      return `(${type.args.map(typeText).join(', ')}) => ${typeText(type.res)}`;
    case 'tup':
      return `(${rowFields(type.fields)
        .fields.map(field => typeText(field.fieldType))
        .join(', ')})`;
    case 'rec':
      return recordText(rowFields(type.fields));
    case 'sum':
      return rowFields(type.fields).fields.map(sumOptionText).join(' | ');
    case 'app':
      return `${type.ctor.name}[${type.args.map(typeText).join(', ')}]`;
  }
}

function recordText({ fields, open }: RowFields): string {
  const texts = fields.map(field => `${field.fieldName}: ${typeText(field.fieldType)}`);
  if (open) texts.push('...');
  return texts.length === 0 ? '{}' : `{ ${texts.join(', ')} }`;
}

function sumOptionText({ fieldName, fieldType }: RowFields['fields'][number]): string {
  return isUnitType(fieldType) ? fieldName : `${fieldName}(${typeText(fieldType)})`;
}

/** The empty tuple, which is the payload of a variant without one. */
export function isUnitType(type: IrType): boolean {
  return type.kind === 'tup' && rowFields(type.fields).fields.length === 0;
}
