// What a spec has types for: its type definitions, its variables and its constants, in the modules that the main one
// reaches. Quint puts the bodies of sums and of generic types in the place of their names; their ids tell the names
// again.
import type { IrType } from '../model/ir.js';
import type { Model } from '../model/model.js';
import { isUnitType, rowFields } from '../model/type-text.js';
import type { Location } from '../util/errors.js';

export interface SpecTypeDef {
  readonly name: string;
  readonly module: string;
  readonly params: readonly string[];
  /** Absent for an uninterpreted type. */
  readonly type?: IrType;
  /** Of the whole definition. */
  readonly location: Location;
}

export interface SpecValue {
  readonly name: string;
  readonly kind: 'variable' | 'constant';
  readonly module: string;
  readonly type: IrType;
  readonly location: Location;
}

/** Where a type stands: the module whose names it uses, and the definition that holds it. */
export interface SpecPlace {
  readonly module: string;
  readonly definition: Location;
  /** Type parameters of the definition. */
  readonly params: readonly string[];
}

export class SpecTypes {
  readonly main: string;
  /** Names of the modules that the main one reaches, and its own. */
  readonly modules: readonly string[];
  readonly definitions: readonly SpecTypeDef[];
  readonly values: readonly SpecValue[];
  private readonly spans: Model['spec']['ir']['spans'];
  private readonly byBody = new Map<number, SpecTypeDef>();

  constructor(model: Model) {
    const { ir, main, file } = model.spec;
    this.main = main;
    this.spans = ir.spans;
    const modules = reachable(model);
    this.modules = modules.map(({ name }) => name);
    const nowhere: Location = { file, line: 1, column: 1 };
    const definitions: SpecTypeDef[] = [];
    const moduleOf = new Map<number, string>();
    for (const module of modules) {
      for (const declaration of module.declarations) {
        moduleOf.set(declaration.id, module.name);
        if (declaration.kind !== 'typedef') continue;
        const { id, name, params = [], type } = declaration;
        const location = ir.spans.get(id) ?? nowhere;
        const def = { name, module: module.name, params, ...(type && { type }), location };
        definitions.push(def);
        this.byBody.set(type?.id ?? id, def);
      }
    }
    this.definitions = definitions;
    this.values = [
      ...model.variables.map(value => ({ ...value, kind: 'variable' as const })),
      ...model.constants
        .filter(({ declaredAs }) => declaredAs === 'const')
        .map(value => ({ ...value, kind: 'constant' as const })),
    ]
      // Instances copy a declaration; its type is the same in each.
      .filter(({ id }, i, all) => all.findIndex(other => other.id === id) === i)
      .map(({ id, name, kind, type, location }) => ({
        name: lastSegment(name),
        kind,
        type,
        location,
        module: moduleOf.get(id) ?? main,
      }));
  }

  /** The definition behind a type that has a name, be it that name or the body in its place. */
  definitionOf(type: IrType, module: string): SpecTypeDef | undefined {
    const name = type.kind === 'const' ? type.name : type.kind === 'app' ? type.ctor.name : undefined;
    if (name !== undefined) return this.resolve(name, module);
    return type.id === undefined ? undefined : this.byBody.get(type.id);
  }

  /** A site whose type is a name, with what that name stands for; names may stand for names. */
  withoutName<S extends Named>(site: S): S {
    const { type, place } = site;
    const def =
      type.kind === 'const' || type.kind === 'app' ? this.definitionOf(type, place.module) : undefined;
    if (def?.type === undefined) return site;
    return this.withoutName({
      ...site,
      type: def.type,
      typeName: site.typeName ?? def.name,
      place: placeIn(def),
    });
  }

  /** The place of a type inside a definition; of a body that Quint put there, that of the nearest type inside. */
  locate(type: IrType, definition: Location): Location | undefined {
    const span = type.id === undefined ? undefined : this.spans.get(type.id);
    if (span !== undefined && isInside(span, definition)) return span;
    for (const part of partsOf(type)) {
      const found = this.locate(part, definition);
      if (found) return found;
    }
    return undefined;
  }

  private resolve(name: string, module: string): SpecTypeDef | undefined {
    const bare = lastSegment(name);
    const named = this.definitions.filter(def => def.name === bare);
    return named.find(def => def.module === module) ?? named[0];
  }
}

interface Named {
  readonly type: IrType;
  readonly typeName?: string;
  readonly place: SpecPlace;
}

/** The inside of a definition. */
export function placeIn({ module, location, params }: SpecTypeDef): SpecPlace {
  return { module, definition: location, params };
}

function reachable({ spec }: Model): Model['spec']['ir']['modules'] {
  const names = new Set([spec.main]);
  // Each module follows those that it imports.
  for (const module of [...spec.ir.modules].reverse()) {
    if (!names.has(module.name)) continue;
    for (const declaration of module.declarations) {
      if (declaration.kind === 'import' || declaration.kind === 'instance') names.add(declaration.protoName);
    }
  }
  return spec.ir.modules.filter(({ name }) => names.has(name));
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

function isInside(inner: Location, outer: Location): boolean {
  const before = (aLine: number, aColumn: number, bLine: number, bColumn: number) =>
    aLine < bLine || (aLine === bLine && aColumn <= bColumn);
  return (
    inner.file === outer.file &&
    before(outer.line, outer.column, inner.line, inner.column) &&
    before(
      inner.endLine ?? inner.line,
      inner.endColumn ?? inner.column,
      outer.endLine ?? outer.line,
      outer.endColumn ?? outer.column,
    )
  );
}

function partsOf(type: IrType): readonly IrType[] {
  switch (type.kind) {
    case 'set':
    case 'list':
      return [type.elem];
    case 'fun':
      return [type.arg, type.res];
    case 'tup':
    case 'rec':
    case 'sum':
      return rowFields(type.fields).fields.map(field => field.fieldType);
    case 'app':
    case 'oper':
      return type.args;
    default:
      return [];
  }
}

/** The payload of `Some` in a type `Some(a) | None`. */
export function optionPayload(type: IrType): IrType | undefined {
  if (type.kind !== 'sum') return undefined;
  const { fields } = rowFields(type.fields);
  const some = fields.find(field => field.fieldName === 'Some');
  const none = fields.find(field => field.fieldName === 'None');
  return fields.length === 2 && some && none && isUnitType(none.fieldType) ? some.fieldType : undefined;
}
