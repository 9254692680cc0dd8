// What the main module sees, under which names, and which variables make up its state. Resolves imports, instances
// and exports by the rules of Quint's manual (section on modules): a plain import brings a module's own definitions
// and what it exports; an instance brings a copy with constants replaced.
import { compareText } from '../util/order.js';
import type { IrDeclaration, IrDef, IrExport, IrExpr, IrImport, IrInstance, IrModule } from './ir.js';

/** A definition as the main module sees it. */
export interface ScopeEntry {
  readonly name: string;
  readonly def: IrDef;
  /** Names of the instances around it, outermost first: which copy of the definition this is. */
  readonly instances: readonly string[];
  /** Constants of the innermost instance around it. */
  readonly overrides: ReadonlyMap<string, IrExpr>;
}

export interface Scope {
  readonly entries: readonly ScopeEntry[];
  /** All state variables, also those that main cannot name, under the names of Quint's simulator. */
  readonly variables: readonly ScopeEntry[];
}

interface Place {
  readonly prefix: string;
  readonly instances: readonly string[];
  readonly overrides: ReadonlyMap<string, IrExpr>;
}

export function resolveScope(modules: readonly IrModule[], main: string): Scope {
  const byName = new Map(modules.map(module => [module.name, module]));
  const root: Place = { prefix: '', instances: [], overrides: new Map() };
  const seen = new Map<string, ScopeEntry>();
  for (const entry of visible(byName, byName.get(main), root, true)) {
    if (!seen.has(entry.name)) seen.set(entry.name, entry);
  }
  const variables = new Map<string, ScopeEntry>();
  for (const entry of stateOf(byName, byName.get(main), main, root)) variables.set(entry.name, entry);
  const sorted = [...variables.values()].sort((a, b) => compareText(a.name, b.name));
  return { entries: [...seen.values()], variables: sorted };
}

function* visible(
  byName: ReadonlyMap<string, IrModule>,
  module: IrModule | undefined,
  place: Place,
  own: boolean,
): Generator<ScopeEntry> {
  for (const declaration of module?.declarations ?? []) {
    if (isDefinition(declaration)) {
      yield {
        name: place.prefix + declaration.name,
        def: declaration,
        instances: place.instances,
        overrides: place.overrides,
      };
    } else if (own && declaration.kind !== 'export') {
      yield* throughImport(byName, declaration, place, declaration);
    } else if (!own && declaration.kind === 'export') {
      const source = module?.declarations.find(
        other => isImport(other) && (other.qualifiedName ?? other.protoName) === declaration.protoName,
      );
      if (source && isImport(source)) yield* throughImport(byName, source, place, declaration);
    }
  }
}

/** The entries behind `source`, named the way `naming` (the import itself, or an export of it) asks for. */
function* throughImport(
  byName: ReadonlyMap<string, IrModule>,
  source: IrImport | IrInstance,
  place: Place,
  naming: IrImport | IrInstance | IrExport,
): Generator<ScopeEntry> {
  const wanted =
    naming.kind === 'instance' ? (naming.qualifiedName === undefined ? '*' : undefined) : naming.defName;
  const prefix =
    wanted === undefined ? `${place.prefix}${naming.qualifiedName ?? naming.protoName}::` : place.prefix;
  for (const entry of visible(
    byName,
    byName.get(source.protoName),
    { ...inside(source, place), prefix },
    false,
  )) {
    if (wanted === undefined || wanted === '*' || entry.name === prefix + wanted) yield entry;
  }
}

function inside(source: IrImport | IrInstance, place: Place): Place {
  if (source.kind === 'import') return place;
  const overrides = new Map(place.overrides);
  for (const [param, expr] of source.overrides) overrides.set(param.name, expr);
  return {
    prefix: place.prefix,
    instances: [...place.instances, source.qualifiedName ?? source.protoName],
    overrides,
  };
}

function* stateOf(
  byName: ReadonlyMap<string, IrModule>,
  module: IrModule | undefined,
  main: string,
  place: Place,
): Generator<ScopeEntry> {
  for (const declaration of module?.declarations ?? []) {
    if (declaration.kind === 'var') {
      const prefix = place.instances.length > 0 ? `${[main, ...place.instances].join('::')}::` : '';
      yield {
        name: prefix + declaration.name,
        def: declaration,
        instances: place.instances,
        overrides: place.overrides,
      };
    } else if (isImport(declaration)) {
      yield* stateOf(byName, byName.get(declaration.protoName), main, inside(declaration, place));
    }
  }
}

function isImport(declaration: IrDeclaration): declaration is IrImport | IrInstance {
  return declaration.kind === 'import' || declaration.kind === 'instance';
}

function isDefinition(declaration: IrDeclaration): declaration is IrDef {
  return !isImport(declaration) && declaration.kind !== 'export';
}
