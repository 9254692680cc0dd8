// What may be written in a module of the spec, and how: constants, variables, operators and variants by the names
// under which that module sees them. Everything that is derived is written in these names.
import type { IrDef, IrType } from '../model/ir.js';
import { resolveScope, type ScopeEntry } from '../model/scope.js';
import type { Spec } from '../model/spec.js';

/** A set or another value that does not depend on the state. */
export interface PureName {
  readonly name: string;
  readonly def: IrDef;
  readonly type: IrType;
  readonly instances: readonly string[];
}

export interface VariableName {
  /** As it is written. */
  readonly name: string;
  /** As states have it. */
  readonly full: string;
  readonly id: number;
  readonly type: IrType;
  readonly instances: readonly string[];
}

export class Sights {
  readonly entries: readonly ScopeEntry[];
  readonly pures: readonly PureName[];
  /** Those that the module can name. */
  readonly variables: readonly VariableName[];
  /** Variables of the module's state that it cannot name. */
  readonly hidden: readonly string[];
  private readonly taken: Set<string>;

  constructor(
    readonly spec: Spec,
    /** The module that is written in. */
    readonly module: string,
  ) {
    const { entries, variables } = resolveScope(spec.ir.modules, module);
    this.entries = entries;
    this.taken = new Set(entries.map(({ name }) => name));
    for (const { name } of spec.ir.modules) this.taken.add(name);
    this.pures = entries.flatMap((entry): PureName[] => {
      const type = pureType(spec, entry.def);
      return type === undefined
        ? []
        : [{ name: entry.name, def: entry.def, type, instances: entry.instances }];
    });
    const full = variables.map(variable => {
      const seen = entries.find(
        entry => entry.def.id === variable.def.id && sameNames(entry.instances, variable.instances),
      );
      return { variable, seen };
    });
    this.variables = full.flatMap(({ variable, seen }): VariableName[] =>
      seen?.def.kind === 'var'
        ? [
            {
              name: seen.name,
              full: variable.name,
              id: seen.def.id,
              type: seen.def.typeAnnotation,
              instances: seen.instances,
            },
          ]
        : [],
    );
    this.hidden = full.flatMap(({ variable, seen }) => (seen === undefined ? [variable.name] : []));
  }

  /** How the definition with this id is written, seen from something behind these instances. */
  nameOf(id: number, instances: readonly string[]): string | undefined {
    const seen = this.entries.filter(entry => entry.def.id === id);
    return (
      seen.find(entry => sameNames(entry.instances, instances)) ?? (seen.length === 1 ? seen[0] : undefined)
    )?.name;
  }

  /** How a variant of this label is written. */
  labelOf(label: string, instances: readonly string[]): string | undefined {
    const seen = this.entries.filter(({ def }) => def.kind === 'def' && def.name === label);
    return (seen.find(entry => sameNames(entry.instances, instances)) ?? seen[0])?.name;
  }

  /** `wanted`, or a name like it that means nothing in the module yet. */
  free(wanted: string): string {
    let name = wanted;
    for (let i = 1; this.taken.has(name); i++) name = `${wanted}_${i}`;
    return name;
  }

  /** As {@link Sights.free}, and nobody else gets it. */
  reserve(wanted: string): string {
    const name = this.free(wanted);
    this.taken.add(name);
    return name;
  }
}

function pureType(spec: Spec, def: IrDef): IrType | undefined {
  if (def.kind === 'const') return def.typeAnnotation;
  if (def.kind !== 'def' || def.qualifier !== 'pureval') return undefined;
  return def.typeAnnotation ?? spec.ir.types.get(def.id)?.type;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
