// All definitions of the given Rust files, and what a path in one of their modules refers to. The rules are those of
// the language as far as the files tell; where they do not (globs, re-exports, crates that were not given), a name
// counts only if it is unique. Nothing is guessed among several.
import { type AuraError, auraError } from '../util/errors.js';
import { LIMITS } from '../util/limits.js';
import { type Builtin, builtinOf, PRELUDE } from './builtins.js';
import type { RustAlias, RustConstant, RustDef, RustItems, RustScope, RustType } from './rust-syntax.js';

export type Lookup =
  | { readonly kind: 'def'; readonly def: RustDef }
  | { readonly kind: 'builtin'; readonly builtin: Builtin; readonly name: string }
  | { readonly kind: 'ambiguous'; readonly defs: readonly RustDef[] }
  | { readonly kind: 'external' };

export class RustProgram {
  readonly definitions: readonly RustDef[];
  readonly constants: readonly RustConstant[];
  private readonly byName = new Map<string, RustDef[]>();
  private mentioned: ReadonlySet<string> | undefined;

  constructor({ definitions, constants }: Pick<RustItems, 'definitions' | 'constants'>) {
    this.definitions = definitions;
    this.constants = constants;
    for (const def of this.definitions) {
      const known = this.byName.get(def.name) ?? [];
      known.push(def);
      this.byName.set(def.name, known);
    }
  }

  /** What `segments` refers to in the module `scope`. */
  lookup(segments: readonly string[], scope: RustScope): Lookup {
    const [first = '', ...more] = segments;
    if (more.length === 0) {
      const own = this.named(first).filter(def => sameModule(def.scope, scope));
      if (own.length > 0) return oneOf(own);
    }
    const used = scope.uses.get(first);
    if (used !== undefined) return this.lookupPath([...used, ...more], scope);
    if (more.length > 0) return this.lookupPath(segments, scope);
    return this.lookupName(first);
  }

  /** Whether some type is written with `name` as the last segment of a path. */
  mentions(name: string): boolean {
    this.mentioned ??= new Set(
      [...this.definitions.flatMap(typesIn), ...this.constants.map(({ type }) => type)].flatMap(namesIn),
    );
    return this.mentioned.has(name);
  }

  private named(name: string | undefined): readonly RustDef[] {
    return this.byName.get(name ?? '') ?? [];
  }

  private lookupName(name: string): Lookup {
    const builtin = builtinOf(name);
    const defs = this.named(name);
    if (builtin !== undefined && (PRELUDE.has(name) || defs.length === 0))
      return { kind: 'builtin', builtin, name };
    return defs.length > 0 ? oneOf(defs) : { kind: 'external' };
  }

  private lookupPath(path: readonly string[], scope: RustScope): Lookup {
    const name = path.at(-1) ?? '';
    const builtin = builtinOf(name);
    const head = path[0] ?? '';
    if (path.length === 1) return this.lookupName(name);
    if (!['std', 'core', 'alloc'].includes(head)) {
      const within = path.slice(0, -1).filter(segment => segment !== 'crate' && segment !== 'self');
      const ups = within.filter(segment => segment === 'super').length;
      const modules = within.slice(ups);
      if (head === 'self' || ups > 0) {
        const module = [...scope.module.slice(0, scope.module.length - ups), ...modules];
        const exact = this.named(name).filter(def => sameModule(def.scope, { file: scope.file, module }));
        if (exact.length > 0) return oneOf(exact);
      }
      const ours = this.named(name).filter(def => endsWith(def.scope.module, modules));
      if (ours.length > 0) return oneOf(ours);
      const isOurs = head === 'crate' || head === 'self' || head === 'super';
      // A path of this crate that no module fits: a re-export.
      if (isOurs && this.named(name).length > 0) return oneOf(this.named(name));
    }
    return builtin === undefined ? { kind: 'external' } : { kind: 'builtin', builtin, name };
  }

  /** Errors AUR721 for aliases that are defined by themselves, one for each cycle. */
  aliasCycles(): AuraError[] {
    const done = new Set<RustAlias>();
    const errors: AuraError[] = [];
    const visit = (alias: RustAlias, around: readonly RustAlias[]): void => {
      if (around.includes(alias)) errors.push(cycle(alias, around.slice(around.indexOf(alias))));
      if (done.has(alias) || around.length > LIMITS.rustTypeDepth) return;
      done.add(alias);
      for (const next of this.aliasesIn(alias.type, alias)) visit(next, [...around, alias]);
    };
    for (const def of this.definitions) if (def.kind === 'alias') visit(def, []);
    return errors;
  }

  /** The aliases that a type within the body of an alias names. */
  private aliasesIn(type: RustType, inside: RustAlias): RustAlias[] {
    const below = (types: readonly RustType[]) => types.flatMap(each => this.aliasesIn(each, inside));
    if (type.kind === 'list') return below([type.elem]);
    if (type.kind === 'tuple') return below(type.items);
    if (type.kind !== 'path') return [];
    const isParam = type.segments.length === 1 && inside.params.some(({ name }) => name === type.segments[0]);
    if (isParam) return below(type.args);
    const found = this.lookup(type.segments, inside.scope);
    return [...(found.kind === 'def' && found.def.kind === 'alias' ? [found.def] : []), ...below(type.args)];
  }
}

function oneOf(defs: readonly RustDef[]): Lookup {
  const [first] = defs;
  return first !== undefined && defs.length === 1 ? { kind: 'def', def: first } : { kind: 'ambiguous', defs };
}

function sameModule(a: Pick<RustScope, 'file' | 'module'>, b: Pick<RustScope, 'file' | 'module'>): boolean {
  return a.file === b.file && a.module.join('::') === b.module.join('::');
}

function endsWith(module: readonly string[], end: readonly string[]): boolean {
  return (
    end.length <= module.length && end.every((name, i) => name === module[module.length - end.length + i])
  );
}

function cycle(alias: RustAlias, through: readonly RustAlias[]): AuraError {
  const names = [...through, alias].map(({ name }) => name).join(' = ');
  return auraError('AUR721', `the type \`${alias.name}\` is defined by itself: ${names}`, {
    location: alias.location,
    hint: 'give it a type of its own',
  });
}

/** The path of a definition as Rust writes it. */
export function rustName({ name, scope }: Pick<RustDef, 'name' | 'scope'>): string {
  return [...scope.module, name].join('::');
}

function typesIn(def: RustDef): RustType[] {
  if (def.kind === 'alias') return [def.type];
  const bodies = def.kind === 'struct' ? [def.fields] : def.variants.map(({ fields }) => fields);
  return bodies.flatMap(body => (body.kind === 'unit' ? [] : body.fields.map(({ type }) => type)));
}

function namesIn(type: RustType): string[] {
  if (type.kind === 'list') return namesIn(type.elem);
  if (type.kind === 'tuple') return type.items.flatMap(namesIn);
  return type.kind === 'path' ? [type.segments.at(-1) ?? '', ...type.args.flatMap(namesIn)] : [];
}
