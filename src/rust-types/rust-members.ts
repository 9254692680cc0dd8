// The members of a Rust type as serde writes them: fields with flattened ones in their places, variants with their
// payloads. What serde leaves out stays visible here, so that a report can say so.
import type { Location } from '../util/errors.js';
import type { RustProgram } from './rust-program.js';
import type { RustFields, RustScope } from './rust-syntax.js';
import { type Bound, type Env, isPhantom, type Shape, viewOf } from './rust-view.js';

export interface Member {
  /** As serde writes it; empty in a tuple. */
  readonly name: string;
  /** As Rust calls it. */
  readonly rustName: string;
  readonly bound: Bound;
  readonly location: Location;
  /** `hidden`: serde does not write it. `unknown`: flattened, and what it flattens into is not known. */
  readonly role: 'written' | 'hidden' | 'unknown';
  readonly mayBeAbsent: boolean;
  /** Why the written form is unknown. */
  readonly foreign?: string;
}

/** Structs flattened into one another. */
const MOST_FLATTENED = 16;

/** The fields of a struct or a variant, in the order in which they are written. */
export function membersOf(
  program: RustProgram,
  fields: RustFields,
  scope: RustScope,
  env: Env,
  depth = 0,
): Member[] {
  if (fields.kind === 'unit') return [];
  return fields.fields
    .filter(({ type }) => !isPhantom(type))
    .flatMap(({ name = '', type, serde, location }): Member[] => {
      const bound: Bound = { type, scope, env };
      const inner = serde.flatten && !serde.skip ? flattened(program, bound, depth) : undefined;
      if (inner !== undefined) return inner;
      return [
        {
          name: serde.serialName ?? name,
          rustName: name,
          bound,
          location,
          role: serde.skip ? 'hidden' : serde.flatten ? 'unknown' : 'written',
          mayBeAbsent: serde.mayBeAbsent,
          ...(serde.foreign !== undefined && { foreign: serde.foreign }),
        },
      ];
    });
}

function flattened(program: RustProgram, bound: Bound, depth: number): Member[] | undefined {
  let { shape } = viewOf(program, bound);
  const isOptional = shape.kind === 'option';
  if (shape.kind === 'option') shape = viewOf(program, shape.elem).shape;
  if (shape.kind !== 'struct' || shape.def.fields.kind !== 'named' || depth >= MOST_FLATTENED)
    return undefined;
  const { def, env } = shape;
  return membersOf(program, def.fields, def.scope, env, depth + 1).map(member => ({
    ...member,
    mayBeAbsent: member.mayBeAbsent || isOptional,
  }));
}

export interface VariantView {
  /** As serde writes it. */
  readonly name: string;
  readonly rustName: string;
  readonly payload: Payload;
  readonly location: Location;
  /** Whether serde refuses to write it. */
  readonly hidden: boolean;
  readonly foreign?: string;
}

export type Payload =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly bound: Bound }
  | { readonly kind: 'tuple' | 'named'; readonly members: readonly Member[] };

/** The variants of an enum, and of `Result`, which serde writes like one; undefined for other shapes. */
export function variantsOf(
  program: RustProgram,
  shape: Shape,
  location: Location,
): VariantView[] | undefined {
  if (shape.kind === 'result')
    return [
      { name: 'Ok', rustName: 'Ok', payload: { kind: 'one', bound: shape.value }, location, hidden: false },
      { name: 'Err', rustName: 'Err', payload: { kind: 'one', bound: shape.error }, location, hidden: false },
    ];
  if (shape.kind !== 'enum') return undefined;
  const { def, env } = shape;
  return def.variants.map(variant => ({
    name: variant.serialName,
    rustName: variant.name,
    payload: payloadOf(variant.fields, membersOf(program, variant.fields, def.scope, env)),
    location: variant.location,
    hidden: variant.skip,
    ...(variant.foreign !== undefined && { foreign: variant.foreign }),
  }));
}

// `V(T)` holds a T; a skipped part of a longer tuple does not make it one.
function payloadOf(fields: RustFields, members: readonly Member[]): Payload {
  if (fields.kind === 'unit') return { kind: 'none' };
  const [only] = members;
  if (fields.kind === 'tuple' && fields.fields.length === 1 && only?.role === 'written')
    return { kind: 'one', bound: only.bound };
  return { kind: fields.kind, members };
}
