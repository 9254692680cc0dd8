// A pair of types under comparison with its places, and what a comparison returns: findings, in the form of the result
// document. An empty list of them says that the two agree.
import type { SkippedType, TypeMismatch, TypeNote } from '../../generated/check-types-result.js';
import type { IrType } from '../model/ir.js';
import type { Location } from '../util/errors.js';
import type { RustProgram } from './rust-program.js';
import type { Bound } from './rust-view.js';
import type { SpecPlace, SpecTypes } from './spec-types.js';

/** A type of the spec against one of Rust. */
export interface Site {
  /** Such as `Vote.ballot`. */
  readonly path: string;
  readonly type: IrType;
  /** The name that `type` stands for, where it has one. */
  readonly typeName?: string;
  readonly place: SpecPlace;
  /** Of the type, or of the nearest thing around it that stands in the source. */
  readonly location: Location;
  readonly rust: Bound;
}

export type Finding =
  | { readonly kind: 'mismatch'; readonly entry: TypeMismatch }
  | { readonly kind: 'note'; readonly entry: TypeNote }
  | { readonly kind: 'skipped'; readonly entry: SkippedType };

export type Findings = readonly Finding[];

export const AGREES: Findings = [];

/** What the parts of a comparison need of one another. */
export interface Comparing {
  readonly spec: SpecTypes;
  readonly rust: RustProgram;
  /** Compares where a type is used: names first. */
  use(site: Site): Findings;
}

/** The site one step below. */
export function inside(spec: SpecTypes, site: Site, type: IrType, step: string, rust: Bound): Site {
  const location = spec.locate(type, site.place.definition) ?? site.location;
  return { path: site.path + step, type, place: site.place, location, rust };
}

/** `rustLocation` where it is not that of the type. */
export function mismatch(
  { path, location, rust }: Site,
  kind: TypeMismatch['kind'],
  expected: string,
  found: string,
  { hint, rustLocation = rust.type.location }: { hint?: string | undefined; rustLocation?: Location } = {},
): Findings {
  const places = { spec_location: { ...location }, rust_location: { ...rustLocation } };
  return [{ kind: 'mismatch', entry: { path, kind, expected, found, hint: hint ?? null, ...places } }];
}

export function note({ path, location, rust }: Site, kind: TypeNote['kind'], message: string): Findings {
  const places = { spec_location: { ...location }, rust_location: { ...rust.type.location } };
  return [{ kind: 'note', entry: { path, kind, message, ...places } }];
}

export function skip({ path, rust }: Site, reason: string, hint?: string): Findings {
  const { text, location } = rust.type;
  const entry = { side: 'rust' as const, name: `${path}: ${text}`, reason, hint: hint ?? null };
  return [{ kind: 'skipped', entry: { ...entry, location: { ...location } } }];
}
