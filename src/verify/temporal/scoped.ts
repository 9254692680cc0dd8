// Expressions together with what the names around them mean. Operators are opened by name, as in TLA+: a parameter
// stands for the argument as it is written, which may have another value in each state, and not for its value where the
// operator is met. Only quantifiers bind names to values.
import type { Site } from '../../engine/index.js';
import type { IrExpr, IrLookup, IrParam } from '../../model/ir.js';
import type { Slot } from './formula.js';

/** An expression, where it stands, and the names bound around it. */
export interface Scoped {
  readonly expr: IrExpr;
  readonly site: Site;
  readonly env: Env;
}

/** What a parameter stands for: a value that a quantifier gave it, or an argument. */
export type Bound = Slot | Scoped;

/** By id of the parameter. */
export type Env = ReadonlyMap<number, Bound>;

export function isSlot(bound: Bound): bound is Slot {
  return 'at' in bound;
}

export function withNames(env: Env, names: Iterable<readonly [number, Bound]>): Env {
  return new Map([...env, ...names]);
}

export function withArguments(env: Env, params: readonly IrParam[], args: readonly Bound[]): Env {
  return withNames(
    env,
    params.flatMap((param, i) => {
      const arg = args[i];
      return arg === undefined ? [] : [[param.id, arg]];
    }),
  );
}

/** What the name or the operator of an application refers to; undefined for builtins. */
export function entryOf(table: ReadonlyMap<number, IrLookup>, e: IrExpr): IrLookup | undefined {
  return e.kind === 'name' || e.kind === 'app' ? table.get(e.id) : undefined;
}
