// Names of a spec as names of TypeScript: every definition of a type that is used gets one of its own, which neither the
// language nor the file itself uses already. Types are found by the place where their name stands, since two modules may
// have different types of one name.
import type { IrType, IrTypeDef } from '../model/ir.js';
import type { Model } from '../model/model.js';
import { must } from '../util/assert.js';

/** Names that a file of types has anyway, and those that mean something in every file. */
const TAKEN = [
  ...[
    'Int',
    'State',
    'Picks',
    'Step',
    'StepBase',
    'Applied',
    'Event',
    'Setup',
    'Fault',
    'Capabilities',
    'Driver',
  ],
  ...['Array', 'Object', 'Promise', 'Readonly', 'Record', 'Partial'],
  ...[
    'any',
    'bigint',
    'boolean',
    'never',
    'null',
    'number',
    'object',
    'string',
    'symbol',
    'undefined',
    'unknown',
  ],
  ...[
    'void',
    'break',
    'case',
    'catch',
    'class',
    'const',
    'continue',
    'debugger',
    'default',
    'delete',
    'do',
    'else',
  ],
  ...[
    'enum',
    'export',
    'extends',
    'false',
    'finally',
    'for',
    'function',
    'if',
    'import',
    'in',
    'instanceof',
    'new',
  ],
  ...[
    'return',
    'super',
    'switch',
    'this',
    'throw',
    'true',
    'try',
    'typeof',
    'var',
    'while',
    'with',
    'let',
    'static',
  ],
  ...[
    'implements',
    'interface',
    'package',
    'private',
    'protected',
    'public',
    'yield',
    'await',
    'async',
    'type',
  ],
];

export class TypeNames {
  private readonly taken = new Set(TAKEN);
  private readonly names = new Map<IrTypeDef, string>();
  /** One object for each definition, whichever import it is seen through. */
  private readonly byId = new Map<number, IrTypeDef>();
  private readonly bySum = new Map<number, IrTypeDef>();
  private readonly byName = new Map<string, IrTypeDef | undefined>();

  constructor(private readonly model: Model) {
    for (const module of model.spec.ir.modules)
      for (const def of module.declarations) {
        if (def.kind !== 'typedef') continue;
        this.byId.set(def.id, def);
        if (def.type?.kind === 'sum') this.bySum.set(def.type.id ?? def.id, def);
        this.byName.set(def.name, this.byName.has(def.name) ? undefined : def);
      }
  }

  /** The definition that a name of a type stands for; undefined for a type that nobody defines. */
  definition(name: string, id: number | undefined): IrTypeDef | undefined {
    const entry = id === undefined ? undefined : this.model.spec.ir.table.get(id);
    if (entry?.kind === 'typedef') return this.byId.get(entry.id) ?? entry;
    return this.byName.get(bareName(name));
  }

  /** The definition that a sum comes from, if it has no parameters: Quint writes what those stand for into the sum. */
  definitionOfSum({ id }: IrType): IrTypeDef | undefined {
    const def = id === undefined ? undefined : this.bySum.get(id);
    return (def?.params ?? []).length === 0 ? def : undefined;
  }

  /** The name of a definition; those that were asked for are {@link used}. */
  nameOf(def: IrTypeDef): string {
    const known = this.names.get(def);
    if (known !== undefined) return known;
    const name = this.free(identifier(bareName(def.name)));
    this.names.set(def, name);
    return name;
  }

  /** Definitions in the order in which they were asked for; more may come while they are looked at. */
  get used(): Iterable<readonly [IrTypeDef, string]> {
    return this.names.entries();
  }

  /** A name like `wanted` that nothing else has; it is taken from then on. */
  free(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.taken.has(name); i++) name = `${wanted}${i}`;
    this.taken.add(name);
    return name;
  }
}

/** `pay` of `main::inst::pay`. */
function bareName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

function identifier(name: string): string {
  return /^[A-Za-z_$]/.test(name) ? name.replace(/[^\w$]/g, '_') : `_${name.replace(/[^\w$]/g, '_')}`;
}

/** `InstPayParams` of `inst::pay` and `Params`. */
export function pascal(name: string, suffix: string): string {
  const parts = name.split(/[^A-Za-z0-9]+/).filter(part => part !== '');
  return identifier(
    parts.map(part => `${must(part[0], 'a letter').toUpperCase()}${part.slice(1)}`).join('') + suffix,
  );
}

/** Whether a type has a name that stands for others. */
export function namedParts(
  type: IrType,
): { readonly name: string; readonly args: readonly IrType[] } | undefined {
  if (type.kind === 'const') return { name: type.name, args: [] };
  return type.kind === 'app' ? { name: type.ctor.name, args: type.args } : undefined;
}
