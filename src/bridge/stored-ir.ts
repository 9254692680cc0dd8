// The form in which the cache keeps an IR. Quint's own JSON repeats every definition for every reference to it (a
// large spec has several MB of it); here a reference is a number, equal types stand once and integers are text, so
// that the platform's fast JSON parser can read it.
import path from 'node:path';
import type {
  IrDef,
  IrEffect,
  IrExpr,
  IrLookup,
  IrModule,
  IrParam,
  IrTypeScheme,
  QuintIr,
  SourceSpan,
} from '../model/ir.js';
import { isJsonObject, type Json } from '../util/json.js';
import * as decode from './decode-ir.js';

type JsonObject = { [key: string]: Json };

/** Makes the stored form from what `quint typecheck --out` and `quint parse --source-map` wrote. */
export function storeIr(checked: Json, sourceMap: Json, folder: string): Json {
  const root = decode.object(checked, 'the output of quint typecheck');
  const modules = decode.list(root.modules, 'modules');
  const table = storeTable(decode.object(root.table, 'the table'));
  const types = shareRows(decode.object(root.types, 'types'));
  const effects = topLevelEffects(modules, decode.object(root.effects, 'effects'));
  return integersAsText({ modules, ...table, ...types, effects, ...storeSpans(sourceMap, folder) });
}

function integersAsText(json: Json): Json {
  if (typeof json === 'bigint') return json.toString();
  if (Array.isArray(json)) return json.map(integersAsText);
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, integersAsText(value)]));
}

// An entry keeps what cannot be found again in the modules: how the name was imported, and its name here.
function storeTable(table: JsonObject): JsonObject {
  const rows = new Map<string, { index: number; row: Json }>();
  const references: Json[] = [];
  for (const [reference, entry] of Object.entries(table)) {
    const node = decode.object(entry, 'a table entry');
    const importedFrom = isJsonObject(node.importedFrom) ? (node.importedFrom.id ?? null) : null;
    const row: Json = [
      node.id ?? null,
      node.name ?? null,
      importedFrom,
      node.namespaces ?? null,
      node.hidden ?? null,
      node.depth ?? null,
    ];
    const key = JSON.stringify(row);
    const known = rows.get(key) ?? { index: rows.size, row };
    rows.set(key, known);
    references.push([Number(reference), known.index]);
  }
  return { entries: [...rows.values()].map(({ row }) => row), references };
}

function shareRows(types: JsonObject): JsonObject {
  const shared = new Map<string, { index: number; scheme: Json }>();
  const typeOf: Json[] = [];
  for (const [key, scheme] of Object.entries(types)) {
    const bare = withoutIds(scheme);
    const text = JSON.stringify(bare);
    const known = shared.get(text) ?? { index: shared.size, scheme: bare };
    shared.set(text, known);
    typeOf.push([Number(key), known.index]);
  }
  return { types: [...shared.values()].map(({ scheme }) => scheme), typeOf };
}

function withoutIds(json: Json): Json {
  if (Array.isArray(json)) return json.map(withoutIds);
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).flatMap(([key, value]) => (key === 'id' ? [] : [[key, withoutIds(value)]])),
  );
}

function topLevelEffects(modules: readonly Json[], effects: JsonObject): Json {
  const ids = modules
    .flatMap(module => decode.list(decode.object(module, 'a module').declarations, 'declarations'))
    .map(declaration => decode.id(decode.object(declaration, 'a declaration').id));
  return ids.flatMap(id => {
    const scheme = effects[id];
    return isJsonObject(scheme) ? [[id, scheme.effect ?? null]] : [];
  });
}

// Quint counts lines and columns from 0 and its end column is the last one inside; ours count from 1 and end after.
function storeSpans(sourceMap: Json, folder: string): JsonObject {
  const root = decode.object(sourceMap, 'the source map');
  const files = new Map<string, number>();
  const fileIndex = Object.entries(decode.object(root.sourceIndex, 'the source index')).map(([key, file]) => {
    const relative = path.relative(folder, decode.text(file, 'a path')).split(path.sep).join('/');
    files.set(key, files.size);
    return relative;
  });
  const spans = Object.entries(decode.object(root.map, 'the map')).map(([key, span]) => {
    const [source, start, end] = decode.list(span, 'a span');
    const [from, to] = [decode.object(start, 'a position'), decode.object(end ?? start, 'a position')];
    const place = [Number(from.line) + 1, Number(from.col) + 1, Number(to.line) + 1, Number(to.col) + 2];
    return [Number(key), files.get(String(source)) ?? 0, ...place];
  });
  return { files: fileIndex, spans };
}

/** The IR of a stored form; files are named relative to `folder` as the user wrote it. Throws UnexpectedJson. */
export function loadStoredIr(stored: Json, folder: string): QuintIr {
  const root = decode.object(stored, 'a stored IR');
  const modules = decode.list(root.modules, 'modules').map(decode.irModule);
  return {
    modules,
    table: loadTable(root, modules),
    types: loadTypes(root),
    effects: new Map(
      pairs(root.effects).map(([id, effect]): [number, IrEffect] => [decode.id(id), decode.effect(effect)]),
    ),
    spans: loadSpans(root, folder),
  };
}

function pairs(json: Json | undefined): Json[][] {
  return decode.list(json, 'pairs').map(pair => decode.list(pair, 'a pair'));
}

function loadTypes(root: JsonObject): Map<number, IrTypeScheme> {
  const schemes = decode.list(root.types, 'types').map(decode.typeScheme);
  const found = new Map<number, IrTypeScheme>();
  for (const [id, index] of pairs(root.typeOf)) {
    const scheme = schemes[decode.id(index)];
    if (scheme) found.set(decode.id(id), scheme);
  }
  return found;
}

function loadSpans(root: JsonObject, folder: string): Map<number, SourceSpan> {
  const files = decode.list(root.files, 'files').map(file => path.join(folder, decode.text(file, 'a path')));
  const spans = new Map<number, SourceSpan>();
  for (const row of pairs(root.spans)) {
    const [id, file, line, column, endLine, endColumn] = row.map(decode.id);
    if (id === undefined || file === undefined || endColumn === undefined)
      throw new decode.UnexpectedJson('a short span');
    spans.set(id, {
      file: files[file] ?? '',
      line: line ?? 1,
      column: column ?? 1,
      endLine: endLine ?? 1,
      endColumn,
    });
  }
  return spans;
}

type Declared = IrDef | ({ kind: 'param' } & IrParam);
type ImportLike = Extract<IrModule['declarations'][number], { kind: 'import' | 'export' | 'instance' }>;

function loadTable(root: JsonObject, modules: readonly IrModule[]): Map<number, IrLookup> {
  const { definitions, imports } = indexById(modules);
  const entries = pairs(root.entries).map(row => loadLookup(row, definitions, imports));
  const table = new Map<number, IrLookup>();
  for (const [reference, index] of pairs(root.references)) {
    const entry = entries[decode.id(index)];
    if (entry) table.set(decode.id(reference), entry);
  }
  return table;
}

function loadLookup(
  row: Json[],
  definitions: ReadonlyMap<number, Declared>,
  imports: ReadonlyMap<number, ImportLike>,
): IrLookup | undefined {
  const [id, name, importedFrom, namespaces, hidden, depth] = row;
  const definition = definitions.get(decode.id(id));
  if (definition === undefined) return undefined;
  const source = typeof importedFrom === 'number' ? imports.get(importedFrom) : undefined;
  return {
    ...definition,
    name: typeof name === 'string' ? name : definition.name,
    ...(source && { importedFrom: source }),
    ...(Array.isArray(namespaces) && {
      namespaces: namespaces.map(space => decode.text(space, 'a namespace')),
    }),
    ...(typeof hidden === 'boolean' && { hidden }),
    ...(typeof depth === 'number' && { depth }),
  };
}

function indexById(modules: readonly IrModule[]): {
  definitions: Map<number, Declared>;
  imports: Map<number, ImportLike>;
} {
  const definitions = new Map<number, Declared>();
  const imports = new Map<number, ImportLike>();
  const addExpr = (expr: IrExpr): void => {
    if (expr.kind === 'app') expr.args.forEach(addExpr);
    if (expr.kind === 'lambda') {
      for (const param of expr.params) definitions.set(param.id, { kind: 'param', ...param });
      addExpr(expr.expr);
    }
    if (expr.kind === 'let') {
      definitions.set(expr.opdef.id, expr.opdef);
      addExpr(expr.opdef.expr);
      addExpr(expr.expr);
    }
  };
  for (const declaration of modules.flatMap(module => module.declarations)) {
    if (declaration.kind === 'import' || declaration.kind === 'export' || declaration.kind === 'instance') {
      imports.set(declaration.id, declaration);
      if (declaration.kind === 'instance') for (const [, value] of declaration.overrides) addExpr(value);
      continue;
    }
    definitions.set(declaration.id, declaration);
    if (declaration.kind === 'def') addExpr(declaration.expr);
    if (declaration.kind === 'assume') addExpr(declaration.assumption);
  }
  return { definitions, imports };
}
