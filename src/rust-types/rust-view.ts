// A Rust type as a comparison sees it: aliases replaced, wrappers and newtypes taken off, type parameters filled in,
// until a shape is left that a value has. The names passed on the way are kept, because a type of the spec may stand
// for any of them.
import type { Builtin } from './builtins.js';
import { type RustProgram, rustName } from './rust-program.js';
import type { RustDef, RustEnum, RustField, RustScope, RustStruct, RustType } from './rust-syntax.js';

/** A type with what its names mean: in which module, for which type parameters. */
export interface Bound {
  readonly type: RustType;
  readonly scope: RustScope;
  readonly env: Env;
}

export type Env = ReadonlyMap<string, Bound>;

export type Shape =
  | { readonly kind: 'int'; readonly bounds: 'none' | 'fixed' | 'natural' }
  | { readonly kind: 'bool' | 'str' | 'char' | 'float' | 'phantom' }
  | { readonly kind: 'list' | 'set' | 'option'; readonly elem: Bound }
  | { readonly kind: 'map'; readonly key: Bound; readonly value: Bound }
  | { readonly kind: 'result'; readonly value: Bound; readonly error: Bound }
  | { readonly kind: 'tuple'; readonly items: readonly Bound[] }
  | { readonly kind: 'struct'; readonly def: RustStruct; readonly env: Env }
  | { readonly kind: 'enum'; readonly def: RustEnum; readonly env: Env }
  | { readonly kind: 'parameter'; readonly index: number }
  | { readonly kind: 'opaque'; readonly reason: string };

export interface View {
  /** Definitions passed, outermost first. */
  readonly defs: readonly RustDef[];
  /** Last segments of the paths passed, of builtin and external types too. */
  readonly names: readonly string[];
  /** The type that has the shape, as written. */
  readonly inner: RustType;
  readonly shape: Shape;
}

/** Aliases, wrappers and newtypes taken off one type. Real ones have a handful. */
const MOST_LAYERS = 64;

/** The type of a definition itself: its parameters stand for themselves, or for their defaults. */
export function boundOf(def: RustDef): Bound {
  const { name, location, scope, params } = def;
  // Defaults come last.
  const args = params
    .filter(({ fallback }) => fallback === undefined)
    .map((param, index): RustType => ({ kind: 'parameter', index, text: param.name, location }));
  return {
    type: { kind: 'path', segments: [name], args, text: name, location },
    // Found by its own module, where its name means itself.
    scope: { ...scope, uses: new Map() },
    env: new Map(),
  };
}

/** Whether a type is one that neither the files nor this program know. */
export function isExternal(program: RustProgram, { type, scope }: Bound): boolean {
  return type.kind === 'path' && program.lookup(type.segments, scope).kind === 'external';
}

export function viewOf(program: RustProgram, start: Bound): View {
  const defs: RustDef[] = [];
  const names: string[] = [];
  let bound = start;
  for (let layer = 0; layer < MOST_LAYERS; layer++) {
    const step = openLayer(program, bound);
    if (step.def) defs.push(step.def);
    if (step.name !== undefined) names.push(step.name);
    if (step.shape) return { defs, names, inner: bound.type, shape: step.shape };
    bound = step.next;
  }
  return { defs, names, inner: bound.type, shape: { kind: 'opaque', reason: 'it contains itself' } };
}

type Layer = { readonly def?: RustDef; readonly name?: string } & (
  | { readonly shape: Shape; readonly next?: never }
  | { readonly shape?: never; readonly next: Bound }
);

function openLayer(program: RustProgram, bound: Bound): Layer {
  const { type, scope, env } = bound;
  switch (type.kind) {
    case 'tuple':
      return { shape: { kind: 'tuple', items: type.items.map(item => ({ type: item, scope, env })) } };
    case 'list':
      return { shape: { kind: 'list', elem: { type: type.elem, scope, env } } };
    case 'opaque':
      return { shape: type };
    case 'parameter':
      return { shape: type };
    case 'path': {
      const [first = ''] = type.segments;
      const filled = env.get(first);
      if (filled !== undefined)
        return type.segments.length === 1
          ? { next: filled }
          : { shape: { kind: 'opaque', reason: 'an associated type' } };
      const name = type.segments.at(-1) ?? '';
      const args = type.args.map(arg => ({ type: arg, scope, env }));
      const found = program.lookup(type.segments, scope);
      if (found.kind === 'def') return { name, ...openDef(found.def, args) };
      if (found.kind === 'builtin') return { name, ...openBuiltin(found.builtin, args) };
      const reason =
        found.kind === 'external'
          ? 'a type that the given files do not define'
          : `a name of ${found.defs.length} types: ${found.defs.map(rustName).join(', ')}`;
      return { name, shape: { kind: 'opaque', reason } };
    }
  }
}

function openDef(def: RustDef, args: readonly Bound[]): Layer {
  const env = envOf(def, args);
  const inner = (type: RustType): Layer => ({ def, next: { type, scope: def.scope, env } });
  if (def.kind === 'alias') return inner(def.type);
  if (def.serde.into !== undefined)
    return { def, shape: { kind: 'opaque', reason: `serde writes it as \`${def.serde.into}\`` } };
  if (def.kind === 'enum') return { def, shape: { kind: 'enum', def, env } };
  const only = newtypeField(def);
  if (only === undefined) return { def, shape: { kind: 'struct', def, env } };
  return only.serde.foreign === undefined
    ? inner(only.type)
    : { def, shape: { kind: 'opaque', reason: only.serde.foreign } };
}

function envOf({ params, scope }: RustDef, args: readonly Bound[]): Env {
  const env = new Map<string, Bound>();
  for (const [i, { name, fallback }] of params.entries()) {
    const given = args[i] ?? (fallback && { type: fallback, scope, env: new Map(env) });
    if (given) env.set(name, given);
  }
  return env;
}

/** The one field of a struct that serde writes as that field alone. */
function newtypeField({ fields, serde }: RustStruct): RustField | undefined {
  if (fields.kind === 'unit' || (fields.kind === 'named' && !serde.transparent)) return undefined;
  const written = fields.fields.filter(field => !field.serde.skip && !isPhantom(field.type));
  return written.length === 1 ? written[0] : undefined;
}

/** Whether a type is one of the standard markers that hold no value. */
export function isPhantom(type: RustType): boolean {
  return type.kind === 'path' && (type.segments.at(-1) ?? '').startsWith('Phantom');
}

function openBuiltin(builtin: Builtin, args: readonly Bound[]): Layer {
  const missing: Layer = { shape: { kind: 'opaque', reason: 'its type arguments are missing' } };
  const [first, second] = args;
  switch (builtin.kind) {
    case 'wrapper': {
      const last = args.at(-1);
      return last ? { next: last } : missing;
    }
    case 'list':
    case 'set':
    case 'option':
      return first ? { shape: { kind: builtin.kind, elem: first } } : missing;
    case 'map':
      return first && second ? { shape: { kind: 'map', key: first, value: second } } : missing;
    case 'result':
      return first && second ? { shape: { kind: 'result', value: first, error: second } } : missing;
    default:
      return { shape: builtin };
  }
}
