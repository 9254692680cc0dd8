// Where a Rust program keeps what a spec has in variables and constants: in fields of a struct that holds the state of
// a module, or, for constants, in a `const` or a `static`. The struct is the one that the configuration gives for the
// module's name, or one that is named like the module, with or without `State` behind it.
import { sameLetters } from './compare-members.js';
import { type Counterparts, type Found, mappingHint } from './counterparts.js';
import { membersOf } from './rust-members.js';
import type { RustProgram } from './rust-program.js';
import type { RustDef, RustStruct } from './rust-syntax.js';
import { boundOf, type Env, viewOf } from './rust-view.js';
import type { SpecValue } from './spec-types.js';

interface Holder {
  readonly def: RustStruct;
  readonly env: Env;
}

export class StateHolders {
  constructor(
    private readonly main: string,
    private readonly rust: RustProgram,
    private readonly counterparts: Counterparts,
    /** Gets the structs that turn out to hold something. */
    private readonly used: Set<RustDef>,
  ) {}

  /** What holds the variable or the constant `name` of `module`. */
  find(name: string, kind: SpecValue['kind'], module: string): Found {
    const constant = kind === 'constant' ? this.constant(name) : undefined;
    if (constant !== undefined) return constant;
    const holders = [...new Set([module, this.main])].flatMap(each => this.holdersOf(each));
    for (const { def, env } of holders) {
      const members = membersOf(this.rust, def.fields, def.scope, env).filter(
        ({ role }) => role === 'written',
      );
      const member =
        members.find(each => each.name === name || each.rustName === name) ??
        members.find(each => sameLetters(each.name, name));
      if (member === undefined) continue;
      this.used.add(def);
      const label = `${def.name}.${member.rustName}`;
      return { counterparts: [{ rule: 'field', label, bound: member.bound }] };
    }
    const [holder] = holders;
    if (holder !== undefined)
      return {
        counterparts: [],
        reason: `\`${holder.def.name}\` has no such field`,
        hint: mappingHint(name),
      };
    return {
      counterparts: [],
      reason: 'no Rust struct is known to hold the state',
      hint: `map the module to that struct: { quint = "${module}", rust = "..." }`,
    };
  }

  private constant(name: string): Found | undefined {
    const { constants } = this.rust;
    const equal = constants.filter(each => each.name === name);
    const all = equal.length > 0 ? equal : constants.filter(each => sameLetters(each.name, name));
    const [only] = all;
    if (only === undefined || all.length > 1) return undefined;
    const rule = equal.length > 0 ? 'name' : 'near name';
    const bound = { type: only.type, scope: only.scope, env: new Map() };
    return { counterparts: [{ rule, label: only.name, bound }] };
  }

  private holdersOf(module: string): Holder[] {
    const mapped = this.counterparts.mapped(module, '')?.counterparts.map(({ bound }) => bound);
    const named = this.rust.definitions.filter(
      ({ name }) => sameLetters(name, module) || sameLetters(name, `${module}State`),
    );
    return (mapped ?? named.map(boundOf)).flatMap(bound => {
      const { shape } = viewOf(this.rust, bound);
      return shape.kind === 'struct' && shape.def.fields.kind === 'named' ? [shape] : [];
    });
  }
}
