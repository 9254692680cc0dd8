// Types of a spec looked through: aliases opened, type parameters filled in, and two questions answered that rules of
// derivation ask all the time: which alias does a type bear, and are two types the same when no alias counts. Names are
// resolved without their namespace.
import type { IrRow, IrType, IrTypeDef, QuintIr } from '../model/ir.js';
import { rowFields, typeText } from '../model/type-text.js';
import type { Value } from '../model/value.js';

/** Aliases of aliases that are opened in a row: Quint refuses a type that is defined by itself. */
const DEPTH_MAX = 100;

export class TypeBook {
  private readonly definitions = new Map<string, IrTypeDef>();

  constructor(ir: QuintIr) {
    for (const module of ir.modules)
      for (const def of module.declarations)
        if (def.kind === 'typedef' && !this.definitions.has(def.name)) this.definitions.set(def.name, def);
  }

  /** All names of types, in the order of the modules. */
  get names(): readonly string[] {
    return [...this.definitions.keys()];
  }

  /** The type with no alias at its head; an uninterpreted type stays its name. */
  open(type: IrType, depth = 0): IrType {
    if (depth > DEPTH_MAX) return type;
    if (type.kind === 'const') {
      const found = this.definitions.get(bareName(type.name))?.type;
      return found === undefined ? type : this.open(found, depth + 1);
    }
    if (type.kind !== 'app') return type;
    const found = this.definitions.get(bareName(type.ctor.name));
    if (found?.type === undefined) return type;
    const given = new Map((found.params ?? []).flatMap((name, i) => pair(name, type.args[i])));
    return this.open(substitute(found.type, given), depth + 1);
  }

  /** The name that a type bears, such as `Guardian` for `str`. */
  alias(type: IrType): string | undefined {
    return type.kind === 'const' ? bareName(type.name) : undefined;
  }

  /** Equal for types that are equal once every alias is opened. */
  key(type: IrType, depth = 0): string {
    if (depth > DEPTH_MAX) return '...';
    const below = (inner: IrType) => this.key(inner, depth + 1);
    const opened = this.open(type);
    switch (opened.kind) {
      case 'set':
        return `Set[${below(opened.elem)}]`;
      case 'list':
        return `List[${below(opened.elem)}]`;
      case 'fun':
        return `(${below(opened.arg)} -> ${below(opened.res)})`;
      case 'tup':
        return `(${fieldsOf(opened)
          .map(field => below(field.fieldType))
          .join(', ')})`;
      case 'rec':
      case 'sum': {
        const fields = fieldsOf(opened).map(field => `${field.fieldName}: ${below(field.fieldType)}`);
        return `${opened.kind}{${fields.sort().join(', ')}}`;
      }
      case 'const':
        return bareName(opened.name);
      default:
        return typeText(opened);
    }
  }
}

export function bareName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/** Fields of a record, variants of a sum, members of a tuple. */
export function fieldsOf(type: Extract<IrType, { kind: 'tup' | 'rec' | 'sum' }>) {
  return rowFields(type.fields).fields;
}

function pair(name: string, type: IrType | undefined): [string, IrType][] {
  return type === undefined ? [] : [[name, type]];
}

function substitute(type: IrType, given: ReadonlyMap<string, IrType>): IrType {
  const inner = (one: IrType) => substitute(one, given);
  switch (type.kind) {
    case 'var':
      return given.get(type.name) ?? type;
    case 'set':
    case 'list':
      return { ...type, elem: inner(type.elem) };
    case 'fun':
      return { ...type, arg: inner(type.arg), res: inner(type.res) };
    case 'oper':
      return { ...type, args: type.args.map(inner), res: inner(type.res) };
    case 'tup':
    case 'rec':
    case 'sum':
      return { ...type, fields: substituteRow(type.fields, given) };
    case 'app':
      return { ...type, args: type.args.map(inner) };
    default:
      return type;
  }
}

function substituteRow(row: IrRow, given: ReadonlyMap<string, IrType>): IrRow {
  if (row.kind !== 'row') return row;
  const fields = row.fields.map(({ fieldName, fieldType }) => ({
    fieldName,
    fieldType: substitute(fieldType, given),
  }));
  return { kind: 'row', fields, other: substituteRow(row.other, given) };
}

/** Whether a value is one of the type. */
export function fitsType(value: Value, type: IrType, book: TypeBook): boolean {
  const opened = book.open(type);
  if (typeof value === 'boolean') return opened.kind === 'bool';
  if (typeof value === 'bigint') return opened.kind === 'int';
  if (typeof value === 'string') return opened.kind === 'str';
  switch (value.kind) {
    case 'set':
      return opened.kind === 'set' && value.items.every(item => fitsType(item, opened.elem, book));
    case 'list':
      return opened.kind === 'list' && value.items.every(item => fitsType(item, opened.elem, book));
    case 'map':
      return (
        opened.kind === 'fun' &&
        value.entries.every(
          ([key, item]) => fitsType(key, opened.arg, book) && fitsType(item, opened.res, book),
        )
      );
    case 'tuple':
      return opened.kind === 'tup' && fitAll(value.items, fieldsOf(opened), book);
    case 'record': {
      if (opened.kind !== 'rec') return false;
      const fields = fieldsOf(opened);
      return (
        fields.length === value.fields.length &&
        value.fields.every(([name, item]) => {
          const field = fields.find(({ fieldName }) => fieldName === name);
          return field !== undefined && fitsType(item, field.fieldType, book);
        })
      );
    }
    case 'variant': {
      const variant =
        opened.kind === 'sum' ? fieldsOf(opened).find(({ fieldName }) => fieldName === value.tag) : undefined;
      return variant !== undefined && fitsType(value.value, variant.fieldType, book);
    }
    case 'unserializable':
      return false;
  }
}

function fitAll(items: readonly Value[], fields: ReturnType<typeof fieldsOf>, book: TypeBook): boolean {
  return (
    items.length === fields.length &&
    items.every((item, i) => {
      const field = fields[i];
      return field !== undefined && fitsType(item, field.fieldType, book);
    })
  );
}
