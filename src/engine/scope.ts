// Names of a spec, seen from its main module: imports, exports and instances are followed here, on Quint's unflattened
// modules. Each instance is a context of its own: definitions reached through it have its constants and its own
// copies of the variables. Variables bear the names that Quint's simulator gives them.
import type {
  IrDeclaration,
  IrDef,
  IrExpr,
  IrInstance,
  IrLookup,
  IrModule,
  IrType,
  QuintIr,
} from '../model/ir.js';
import { must } from '../util/assert.js';

/** What an override of a constant means: an expression and where to evaluate it. */
export interface Override {
  readonly id: number;
  readonly name: string;
  readonly expr: IrExpr;
  readonly site: Site;
}

/** The root, or one instance seen from one context. */
export interface Context {
  /** 0 for the root. */
  readonly id: number;
  readonly parent: Context | undefined;
  /** Prefix of the variables' names: `main::inst`, empty for the root. */
  readonly path: string;
  readonly overrides: ReadonlyMap<number, Override>;
}

/** A module as seen in a context: where an expression stands. */
export interface Site {
  readonly module: IrModule;
  readonly context: Context;
}

/** A definition and where it stands. */
export interface DefRef extends Site {
  readonly def: IrDef;
}

export class Scope {
  readonly root: Context = { id: 0, parent: undefined, path: '', overrides: new Map() };
  private readonly modules: ReadonlyMap<string, IrModule>;
  private readonly home = new Map<number, { def: IrDef; module: IrModule }>();
  private readonly contexts = new Map<string, Context>();
  private readonly aliases = new Map<string, IrType | undefined>();
  private nextContext = 1;

  constructor(
    readonly ir: QuintIr,
    readonly main: IrModule,
  ) {
    this.modules = new Map(ir.modules.map(module => [module.name, module]));
    for (const module of ir.modules)
      for (const def of module.declarations) {
        if (isDef(def)) this.home.set(def.id, { def, module });
        if (def.kind === 'typedef')
          this.aliases.set(def.name, this.aliases.has(def.name) ? undefined : def.type);
      }
  }

  /** What a type name stands for, when exactly one type of the spec bears it. */
  aliasOf(name: string): IrType | undefined {
    return this.aliases.get(name);
  }

  get mainSite(): Site {
    return { module: this.main, context: this.root };
  }

  /** What `name` means at `site`; undefined for builtins and unknown names. */
  resolve(name: string, site: Site): DefRef | undefined {
    for (const declaration of site.module.declarations) {
      const found = this.through(declaration, name, site);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What a reference with Quint's answer `entry` means at `site`, for definitions at the top level of a module. */
  resolveEntry(name: string, entry: IrLookup, site: Site): DefRef | undefined {
    const home = this.home.get(entry.id);
    if (home === undefined) return undefined;
    if (home.module === site.module && entry.importedFrom === undefined)
      return { ...home, context: site.context };
    const found = this.resolve(name, site);
    return found !== undefined && found.def.id === entry.id ? found : { ...home, context: site.context };
  }

  /** The module in which a top-level definition stands. */
  homeOf(id: number): { def: IrDef; module: IrModule } | undefined {
    return this.home.get(id);
  }

  /** The names that can be used at `site`, in the order of the declarations that bring them in. */
  namesAt(site: Site): string[] {
    const names = site.module.declarations.flatMap(declaration =>
      this.namesThrough(declaration, site, false),
    );
    return [...new Set(names)];
  }

  private namesThrough(declaration: IrDeclaration, site: Site, outside: boolean): string[] {
    if (isDef(declaration)) return [declaration.name];
    if (declaration.kind === 'instance') {
      const inner = outside ? undefined : this.enter(declaration, site);
      return inner === undefined ? [] : prefixed(declaration.qualifiedName, this.exportedNames(inner));
    }
    if ((declaration.kind === 'export') !== outside) return [];
    if (declaration.defName !== undefined && declaration.defName !== '*') return [declaration.defName];
    const target = this.siteOf(declaration.protoName, site);
    const prefix =
      declaration.defName === '*' ? undefined : (declaration.qualifiedName ?? declaration.protoName);
    return target === undefined ? [] : prefixed(prefix, this.exportedNames(target));
  }

  private exportedNames(site: Site): string[] {
    return site.module.declarations.flatMap(declaration => this.namesThrough(declaration, site, true));
  }

  /** Every module that main reaches, with the context in which it does. */
  reachableSites(): Site[] {
    const sites: Site[] = [];
    const seen = new Set<string>();
    const visit = (site: Site): void => {
      const key = `${site.module.name}#${site.context.id}`;
      if (seen.has(key)) return;
      seen.add(key);
      sites.push(site);
      for (const declaration of site.module.declarations) {
        if (declaration.kind === 'import' && this.modules.has(declaration.protoName))
          visit({ module: must(this.modules.get(declaration.protoName), 'module'), context: site.context });
        if (declaration.kind === 'instance') {
          const inner = this.enter(declaration, site);
          if (inner !== undefined) visit(inner);
        }
      }
    };
    visit(this.mainSite);
    return sites;
  }

  private through(declaration: IrDeclaration, name: string, site: Site): DefRef | undefined {
    if (isDef(declaration)) return declaration.name === name ? { def: declaration, ...site } : undefined;
    if (declaration.kind === 'instance') {
      const rest = stripPrefix(name, declaration.qualifiedName);
      const inner = rest === undefined ? undefined : this.enter(declaration, site);
      return rest === undefined || inner === undefined ? undefined : this.exported(rest, inner);
    }
    if (declaration.kind === 'import') {
      const rest = importedName(name, declaration);
      return rest === undefined ? undefined : this.fromModuleOrInstance(declaration.protoName, rest, site);
    }
    return undefined;
  }

  private fromModuleOrInstance(target: string, name: string, site: Site): DefRef | undefined {
    const inner = this.siteOf(target, site);
    return inner === undefined ? undefined : this.exported(name, inner);
  }

  // `import p.x` and `export p` may name an instance or a renamed import of the same module instead of a module.
  private siteOf(target: string, site: Site): Site | undefined {
    for (const declaration of site.module.declarations) {
      if (declaration.kind === 'instance' && (declaration.qualifiedName ?? declaration.protoName) === target)
        return this.enter(declaration, site);
      if (declaration.kind === 'import' && declaration.qualifiedName === target)
        return this.siteOf(declaration.protoName, site);
    }
    const module = this.modules.get(target);
    return module === undefined ? undefined : { module, context: site.context };
  }

  // What a module shows to those who import it: its own definitions and what it exports.
  private exported(name: string, site: Site): DefRef | undefined {
    for (const declaration of site.module.declarations) {
      if (isDef(declaration) && declaration.name === name) return { def: declaration, ...site };
      if (declaration.kind !== 'export') continue;
      const rest = importedName(name, declaration);
      const found =
        rest === undefined ? undefined : this.fromModuleOrInstance(declaration.protoName, rest, site);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private enter(instance: IrInstance, site: Site): Site | undefined {
    const module = this.modules.get(instance.protoName);
    if (module === undefined) return undefined;
    const key = `${instance.id}#${site.context.id}`;
    let context = this.contexts.get(key);
    if (context === undefined) {
      context = {
        id: this.nextContext++,
        parent: site.context,
        path: `${site.module.name}::${instance.qualifiedName ?? instance.protoName}`,
        overrides: new Map(
          instance.overrides.flatMap(([param, expr]) => this.override(param.name, expr, module, site)),
        ),
      };
      this.contexts.set(key, context);
    }
    return { module, context };
  }

  private override(name: string, expr: IrExpr, module: IrModule, site: Site): [number, Override][] {
    const found = this.exported(name, { module, context: this.root });
    return found === undefined ? [] : [[found.def.id, { id: found.def.id, name, expr, site }]];
  }
}

/** The override of a constant in a context or around it. */
export function overrideOf(constId: number, context: Context): Override | undefined {
  return context.overrides.get(constId) ?? (context.parent && overrideOf(constId, context.parent));
}

function isDef(declaration: IrDeclaration): declaration is IrDef {
  return declaration.kind !== 'import' && declaration.kind !== 'export' && declaration.kind !== 'instance';
}

function stripPrefix(name: string, prefix: string | undefined): string | undefined {
  if (prefix === undefined) return name;
  return name.startsWith(`${prefix}::`) ? name.slice(prefix.length + 2) : undefined;
}

function prefixed(prefix: string | undefined, names: readonly string[]): string[] {
  return prefix === undefined ? [...names] : names.map(name => `${prefix}::${name}`);
}

function importedName(
  name: string,
  declaration: { readonly defName?: string; readonly qualifiedName?: string; readonly protoName: string },
): string | undefined {
  if (declaration.defName === '*') return name;
  if (declaration.defName !== undefined) return name === declaration.defName ? name : undefined;
  return stripPrefix(name, declaration.qualifiedName ?? declaration.protoName);
}
