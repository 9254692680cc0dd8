// The types of a Rust program as its text gives them: data only, unresolved. Names stay paths until rust-program.ts
// looks them up, because a file may use what another one defines. Everything carries its place.
import type { Location } from '../util/errors.js';
import type { EnumSerde, FieldSerde, StructSerde } from './serde.js';

/** A type where it is used; `text` is how it is written there. */
export type RustType = RustTypeNode & { readonly text: string; readonly location: Location };

type RustTypeNode =
  | { readonly kind: 'path'; readonly segments: readonly string[]; readonly args: readonly RustType[] }
  | { readonly kind: 'tuple'; readonly items: readonly RustType[] }
  /** An array or a slice. */
  | { readonly kind: 'list'; readonly elem: RustType }
  /** What has no values that could be compared, and why. */
  | { readonly kind: 'opaque'; readonly reason: string }
  /** A type parameter that nothing stands for, by its position. */
  | { readonly kind: 'parameter'; readonly index: number };

/** A module of the program: what its names may refer to. */
export interface RustScope {
  readonly file: string;
  /** Names of the modules around, outermost first; the file's own name counts unless it is a crate's root. */
  readonly module: readonly string[];
  /** What `use` brings in, by the name it has here. */
  readonly uses: ReadonlyMap<string, readonly string[]>;
}

export interface RustField {
  /** Absent in a tuple. */
  readonly name?: string;
  readonly type: RustType;
  readonly serde: FieldSerde;
  readonly location: Location;
}

export type RustFields =
  | { readonly kind: 'named'; readonly fields: readonly RustField[] }
  | { readonly kind: 'tuple'; readonly fields: readonly RustField[] }
  | { readonly kind: 'unit' };

export interface RustVariant {
  readonly name: string;
  /** As serde writes it. */
  readonly serialName: string;
  readonly fields: RustFields;
  readonly skip: boolean;
  /** Why the form that serde writes is unknown. */
  readonly foreign?: string;
  readonly location: Location;
}

/** A type parameter, in order; constants count, lifetimes do not. */
export interface RustParam {
  readonly name: string;
  readonly fallback?: RustType;
}

interface Defined {
  readonly name: string;
  readonly scope: RustScope;
  readonly params: readonly RustParam[];
  /** Of the name. */
  readonly location: Location;
}

export type RustStruct = Defined & {
  readonly kind: 'struct';
  readonly fields: RustFields;
  readonly serde: StructSerde;
};

export type RustEnum = Defined & {
  readonly kind: 'enum';
  readonly variants: readonly RustVariant[];
  readonly serde: EnumSerde;
};

export type RustAlias = Defined & { readonly kind: 'alias'; readonly type: RustType };

export type RustDef = RustStruct | RustEnum | RustAlias;

/** A `const` or a `static`. */
export interface RustConstant {
  readonly name: string;
  readonly type: RustType;
  readonly scope: RustScope;
  readonly location: Location;
}

/** What was read but not understood. */
export interface SkippedRust {
  readonly name: string;
  readonly reason: string;
  readonly location: Location;
}

export interface RustItems {
  readonly definitions: readonly RustDef[];
  readonly constants: readonly RustConstant[];
  readonly skipped: readonly SkippedRust[];
  /** `mod name;` without a body. */
  readonly outside: readonly SkippedRust[];
}
