// A type with the names of definitions replaced by what they stand for: what decoders of values and writers of types
// work on, so that none of them has to resolve names. Only uninterpreted types and type variables stay names. Quint
// refuses types that are defined by themselves; one that arrives here is a bug.
import type { IrRow, IrType } from '../model/ir.js';
import { assert } from '../util/assert.js';

export interface TypeDefinition {
  readonly params: readonly string[];
  /** Absent for an uninterpreted type. */
  readonly type?: IrType;
}

/** A name that a type refers to, with its id where the spec has one. */
export interface TypeName {
  readonly name: string;
  readonly id?: number | undefined;
}

type Lookup = (name: TypeName) => TypeDefinition | undefined;
type Bound = ReadonlyMap<string, IrType>;

/** Definitions that may stand inside one another. */
const DEPTH_MAX = 100;

export function inlineType(type: IrType, lookup: Lookup): IrType {
  return inline(type, { lookup, bound: new Map(), depth: 0 });
}

interface Scope {
  readonly lookup: Lookup;
  /** What the parameters of the definition around stand for. */
  readonly bound: Bound;
  readonly depth: number;
}

function inline(type: IrType, scope: Scope): IrType {
  const inside = (part: IrType) => inline(part, scope);
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'str':
      return type;
    case 'var':
      return scope.bound.get(type.name) ?? type;
    case 'const':
      return scope.bound.get(type.name) ?? inlineNamed(type, [], type, scope);
    case 'app':
      return inlineNamed({ name: type.ctor.name, id: type.id }, type.args.map(inside), type, scope);
    case 'set':
    case 'list':
      return { ...type, elem: inside(type.elem) };
    case 'fun':
      return { ...type, arg: inside(type.arg), res: inside(type.res) };
    case 'oper':
      return { ...type, args: type.args.map(inside), res: inside(type.res) };
    case 'tup':
    case 'rec':
    case 'sum':
      return { ...type, fields: inlineRow(type.fields, scope) };
  }
}

function inlineNamed(name: TypeName, args: readonly IrType[], type: IrType, scope: Scope): IrType {
  const definition = scope.lookup(name);
  if (definition?.type === undefined) return type;
  assert(scope.depth < DEPTH_MAX, `the type ${name.name} is defined by itself`);
  const bound = new Map(definition.params.flatMap((param, i) => (args[i] ? [[param, args[i]]] : [])));
  return inline(definition.type, { lookup: scope.lookup, bound, depth: scope.depth + 1 });
}

function inlineRow(row: IrRow, scope: Scope): IrRow {
  if (row.kind !== 'row') return row;
  const fields = row.fields.map(({ fieldName, fieldType }) => ({
    fieldName,
    fieldType: inline(fieldType, scope),
  }));
  return { kind: 'row', fields, other: inlineRow(row.other, scope) };
}
