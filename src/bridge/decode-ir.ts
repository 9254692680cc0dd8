// Quint's JSON to our IR types, node by node. Nothing is believed: a Quint whose JSON has another shape gives one
// clear error here instead of a crash far away.
import type {
  IrDeclaration,
  IrDef,
  IrEffect,
  IrEntity,
  IrExpr,
  IrModule,
  IrOpDef,
  IrParam,
  IrRow,
  IrType,
  IrTypeScheme,
  OpQualifier,
} from '../model/ir.js';
import { isJsonObject, type Json } from '../util/json.js';

type JsonObject = { [key: string]: Json };

/** Thrown inside the bridge only; its callers turn it into AUR104. */
export class UnexpectedJson extends Error {}

function unexpected(what: string, json: Json | undefined): never {
  throw new UnexpectedJson(
    `expected ${what}, got ${String(JSON.stringify(json, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v))).slice(0, 80)}`,
  );
}

export function object(json: Json | undefined, what: string): JsonObject {
  return isJsonObject(json) ? json : unexpected(what, json);
}

export function list(json: Json | undefined, what: string): Json[] {
  return Array.isArray(json) ? json : unexpected(what, json);
}

export function text(json: Json | undefined, what: string): string {
  return typeof json === 'string' ? json : unexpected(what, json);
}

export function id(json: Json | undefined): number {
  return typeof json === 'number' && Number.isSafeInteger(json) ? json : unexpected('an id', json);
}

function optionalText<K extends string>(node: JsonObject, key: K): { [P in K]?: string } {
  const value = node[key];
  const result: { [P in K]?: string } = {};
  if (typeof value === 'string') result[key] = value;
  return result;
}

function optionalType(node: JsonObject): { typeAnnotation?: IrType } {
  return node.typeAnnotation === undefined ? {} : { typeAnnotation: type(node.typeAnnotation) };
}

const QUALIFIERS = new Map<string, OpQualifier>(
  (['pureval', 'puredef', 'val', 'def', 'nondet', 'action', 'run', 'temporal'] as const).map(q => [q, q]),
);

function qualifier(json: Json | undefined): OpQualifier {
  return QUALIFIERS.get(text(json, 'a qualifier')) ?? unexpected('a qualifier', json);
}

function integer(json: Json | undefined): bigint {
  if (typeof json === 'bigint') return json;
  if (typeof json === 'number' && Number.isSafeInteger(json)) return BigInt(json);
  return typeof json === 'string' && /^-?\d+$/.test(json) ? BigInt(json) : unexpected('an integer', json);
}

function expr(json: Json | undefined): IrExpr {
  const node = object(json, 'an expression');
  const at = id(node.id);
  switch (node.kind) {
    case 'name':
      return { kind: 'name', id: at, name: text(node.name, 'a name') };
    case 'bool':
      return typeof node.value === 'boolean'
        ? { kind: 'bool', id: at, value: node.value }
        : unexpected('a boolean', json);
    case 'int':
      return { kind: 'int', id: at, value: integer(node.value) };
    case 'str':
      return { kind: 'str', id: at, value: text(node.value, 'a string') };
    case 'app':
      return {
        kind: 'app',
        id: at,
        opcode: text(node.opcode, 'an opcode'),
        args: list(node.args, 'arguments').map(expr),
      };
    case 'lambda':
      return {
        kind: 'lambda',
        id: at,
        params: list(node.params, 'parameters').map(param),
        qualifier: qualifier(node.qualifier),
        expr: expr(node.expr),
      };
    case 'let':
      return { kind: 'let', id: at, opdef: opDef(node.opdef), expr: expr(node.expr) };
    default:
      return unexpected('an expression', json);
  }
}

function param(json: Json): IrParam {
  const node = object(json, 'a parameter');
  return { id: id(node.id), name: text(node.name, 'a name'), ...optionalType(node) };
}

function opDef(json: Json | undefined): IrOpDef {
  const node = object(json, 'a definition');
  return {
    kind: 'def',
    id: id(node.id),
    name: text(node.name, 'a name'),
    qualifier: qualifier(node.qualifier),
    expr: expr(node.expr),
    ...optionalType(node),
    ...optionalText(node, 'doc'),
  };
}

function definition(json: Json): IrDef {
  const node = object(json, 'a definition');
  const common = () => ({
    id: id(node.id),
    name: text(node.name, 'a name'),
    ...optionalText(node, 'doc'),
  });
  switch (node.kind) {
    case 'def':
      return opDef(json);
    case 'const':
      return { kind: 'const', ...common(), typeAnnotation: type(node.typeAnnotation) };
    case 'var':
      return { kind: 'var', ...common(), typeAnnotation: type(node.typeAnnotation) };
    case 'assume':
      return { kind: 'assume', ...common(), assumption: expr(node.assumption) };
    case 'typedef':
      return {
        kind: 'typedef',
        ...common(),
        ...(Array.isArray(node.params) && {
          params: node.params.map(p => text(p, 'a type parameter')),
        }),
        ...(node.type !== undefined && { type: type(node.type) }),
      };
    default:
      return unexpected('a definition', json);
  }
}

function declaration(json: Json): IrDeclaration {
  const node = object(json, 'a declaration');
  const common = () => ({
    id: id(node.id),
    protoName: text(node.protoName, 'a module name'),
    ...optionalText(node, 'defName'),
    ...optionalText(node, 'qualifiedName'),
    ...optionalText(node, 'fromSource'),
  });
  switch (node.kind) {
    case 'import':
      return { kind: 'import', ...common() };
    case 'export':
      return { kind: 'export', ...common() };
    case 'instance':
      return {
        kind: 'instance',
        ...common(),
        identityOverride: node.identityOverride === true,
        overrides: list(node.overrides, 'overrides').map(pair => {
          const [left, right] = list(pair, 'an override');
          return [param(left ?? null), expr(right)] as const;
        }),
      };
    default:
      return definition(json);
  }
}

export function irModule(json: Json): IrModule {
  const node = object(json, 'a module');
  return {
    id: id(node.id),
    name: text(node.name, 'a name'),
    declarations: list(node.declarations, 'declarations').map(declaration),
    ...optionalText(node, 'doc'),
  };
}

function type(json: Json | undefined): IrType {
  const node = object(json, 'a type');
  const bare = typeNode(node);
  return node.id === undefined ? bare : { ...bare, id: id(node.id) };
}

function typeNode(node: JsonObject): IrType {
  const kind = node.kind;
  switch (kind) {
    case 'bool':
    case 'int':
    case 'str':
      return { kind };
    case 'const':
    case 'var':
      return { kind, name: text(node.name, 'a name') };
    case 'set':
    case 'list':
      return { kind, elem: type(node.elem) };
    case 'fun':
      return { kind, arg: type(node.arg), res: type(node.res) };
    case 'oper':
      return { kind, args: list(node.args, 'argument types').map(type), res: type(node.res) };
    case 'tup':
    case 'rec':
    case 'sum':
      return { kind, fields: row(node.fields) };
    case 'app': {
      const ctor = object(node.ctor, 'a type constructor');
      return {
        kind,
        ctor: { kind: 'const', name: text(ctor.name, 'a name') },
        args: list(node.args, 'types').map(type),
      };
    }
    default:
      return unexpected('a type', node);
  }
}

function row(json: Json | undefined): IrRow {
  const node = object(json, 'a row');
  switch (node.kind) {
    case 'row':
      return {
        kind: 'row',
        fields: list(node.fields, 'fields').map(field => {
          const entry = object(field, 'a field');
          return { fieldName: text(entry.fieldName, 'a field name'), fieldType: type(entry.fieldType) };
        }),
        other: row(node.other),
      };
    case 'var':
      return { kind: 'var', name: text(node.name, 'a name') };
    case 'empty':
      return { kind: 'empty' };
    default:
      return unexpected('a row', json);
  }
}

export function typeScheme(json: Json | undefined): IrTypeScheme {
  const node = object(json, 'a type scheme');
  const names = (key: string) => list(node[key] ?? [], key).map(name => text(name, 'a name'));
  return {
    type: type(node.type),
    typeVariables: names('typeVariables'),
    rowVariables: names('rowVariables'),
  };
}

export function effect(json: Json | undefined): IrEffect {
  const node = object(json, 'an effect');
  switch (node.kind) {
    case 'concrete':
      return { kind: 'concrete', components: list(node.components, 'components').map(component) };
    case 'arrow':
      return {
        kind: 'arrow',
        params: list(node.params, 'parameters').map(effect),
        result: effect(node.result),
      };
    case 'variable':
      return { kind: 'variable', name: text(node.name, 'a name') };
    default:
      return unexpected('an effect', json);
  }
}

function component(json: Json): { kind: 'read' | 'update' | 'temporal'; entity: IrEntity } {
  const node = object(json, 'an effect component');
  const kind = node.kind;
  if (kind !== 'read' && kind !== 'update' && kind !== 'temporal')
    return unexpected('an effect component', json);
  return { kind, entity: entity(node.entity) };
}

function entity(json: Json | undefined): IrEntity {
  const node = object(json, 'an entity');
  switch (node.kind) {
    case 'concrete':
      return {
        kind: 'concrete',
        stateVariables: list(node.stateVariables, 'variables').map(variable => {
          const entry = object(variable, 'a variable');
          return { name: text(entry.name, 'a name'), reference: id(entry.reference) };
        }),
      };
    case 'variable':
      return { kind: 'variable', name: text(node.name, 'a name') };
    case 'union':
      return { kind: 'union', entities: list(node.entities, 'entities').map(entity) };
    default:
      return unexpected('an entity', json);
  }
}
