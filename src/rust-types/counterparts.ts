// Which Rust type stands for a type of the spec: first what the configuration says, then the type of the same name,
// then one whose name differs in case and underscores only. A name that several Rust types have stands for none of
// them.
import { nearest } from '../util/nearest.js';
import { sameLetters } from './compare-members.js';
import { type RustProgram, rustName } from './rust-program.js';
import type { RustDef, RustScope, RustType } from './rust-syntax.js';
import { type Bound, boundOf } from './rust-view.js';
import type { SpecTypeDef } from './spec-types.js';

/** An entry of `quint.mapping.type_mappings`, its Rust type read. */
export interface TypeMapping {
  readonly quint: string;
  readonly rust: RustType;
}

/** A Rust type that stands for a type of the spec. */
export interface Counterpart {
  readonly rule: 'mapping' | 'name' | 'near name' | 'field';
  /** What to call it. */
  readonly label: string;
  readonly bound: Bound;
  /** Absent for a type that the files do not define. */
  readonly def?: RustDef;
}

/** The counterparts of a name, or why it has none. */
export interface Found {
  readonly counterparts: readonly Counterpart[];
  readonly reason?: string;
  readonly hint?: string;
}

/** The module that the configuration speaks from: it sees what has a unique name. */
const CONFIGURATION: RustScope = { file: '', module: [], uses: new Map() };

export class Counterparts {
  private readonly known = new Map<SpecTypeDef, Found>();

  constructor(
    private readonly rust: RustProgram,
    readonly mappings: readonly TypeMapping[],
  ) {}

  /** Of a type of the spec. */
  ofType(def: SpecTypeDef): Found {
    const found = this.known.get(def) ?? this.find(def);
    this.known.set(def, found);
    return found;
  }

  /** What the configuration says of a name, as it is or behind its module's; undefined when nothing. */
  mapped(name: string, module: string): Found | undefined {
    const found = this.mappings
      .filter(({ quint }) => quint === name || quint === `${module}::${name}`)
      .map(mapping => this.ofMapping(mapping));
    if (found.length === 0) return undefined;
    const counterparts = found.flatMap(each => each.counterparts);
    return counterparts.length > 0 ? { counterparts } : found[0];
  }

  private find({ name, module }: SpecTypeDef): Found {
    const mapped = this.mapped(name, module);
    if (mapped !== undefined) return mapped;
    const { definitions } = this.rust;
    const equal = definitions.filter(def => def.name === name);
    if (equal.length > 0) return only(equal, 'name', name);
    const near = definitions.filter(def => sameLetters(def.name, name));
    if (near.length > 0) return only(near, 'near name', name);
    const similar = nearest(
      name,
      definitions.map(def => def.name),
    );
    return { counterparts: [], reason: 'no Rust type has this name', hint: mappingHint(name, similar) };
  }

  private ofMapping({ quint, rust }: TypeMapping): Found {
    const as = (bound: Bound, def?: RustDef): Found => ({
      counterparts: [{ rule: 'mapping', label: rust.text, bound, ...(def && { def }) }],
    });
    const written: Bound = { type: rust, scope: CONFIGURATION, env: new Map() };
    if (rust.kind !== 'path') return as(written);
    const found = this.rust.lookup(rust.segments, CONFIGURATION);
    if (found.kind === 'builtin') return as(written);
    if (found.kind === 'ambiguous') return only(found.defs, 'mapping', quint);
    if (found.kind === 'def') {
      const { def } = found;
      const type = { ...rust, location: def.location };
      return as(rust.args.length === 0 ? boundOf(def) : { ...written, type }, def);
    }
    const name = rust.segments.at(-1) ?? '';
    if (this.rust.mentions(name)) return as(written);
    const near = nearest(
      name,
      this.rust.definitions.map(def => def.name),
    );
    return {
      counterparts: [],
      reason: `it is mapped to ${rust.text}, which the Rust files neither define nor use`,
      ...(near !== undefined && { hint: `did you mean \`${near}\`?` }),
    };
  }
}

function only(defs: readonly RustDef[], rule: Counterpart['rule'], name: string): Found {
  const [def] = defs;
  if (def !== undefined && defs.length === 1)
    return { counterparts: [{ rule, def, label: def.name, bound: boundOf(def) }] };
  const names = defs.map(each => `${rustName(each)} (${each.scope.file}:${each.location.line})`);
  return {
    counterparts: [],
    reason: `several Rust types have this name: ${names.join(', ')}`,
    hint: mappingHint(name, def && rustName(def)),
  };
}

/** How to say what a name of the spec is in Rust. */
export function mappingHint(name: string, rust = '...'): string {
  return `map it in quint.mapping.type_mappings: { quint = "${name}", rust = "${rust}" }`;
}
