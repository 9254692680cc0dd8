// Where an action decides: the conditions of `if` and the values that `match` looks at, anywhere in its body. What each
// of them is in a step tells which branch the step took, also inside of values that are assigned.
import type { IrExpr, IrLookup, IrOpDef } from './ir.js';

export interface Decision {
  /** Of the `if` or `match`. */
  readonly id: number;
  readonly kind: 'if' | 'match';
  /** The condition, or the value whose tag chooses. */
  readonly on: IrExpr;
}

/** Actions that an action calls are looked into this deep. */
const DEPTH_MAX = 20;

/** The decisions in the body of an action and of the actions that it calls, in the order of the text. */
export function decisionsOf(action: IrOpDef, table: ReadonlyMap<number, IrLookup>): Decision[] {
  const found = new Map<number, Decision>();
  const walk = (expr: IrExpr, depth: number): void => {
    if (expr.kind === 'let') {
      walk(expr.opdef.expr, depth);
      walk(expr.expr, depth);
    } else if (expr.kind === 'lambda') walk(expr.expr, depth);
    else if (expr.kind === 'app' || expr.kind === 'name') {
      const entry = table.get(expr.id);
      const args = expr.kind === 'app' ? expr.args : [];
      if (entry?.kind === 'def' && entry.qualifier === 'action' && depth < DEPTH_MAX)
        walk(entry.expr, depth + 1);
      const [on] = args;
      if (entry === undefined && expr.kind === 'app' && on !== undefined) {
        if (expr.opcode === 'ite') found.set(expr.id, { id: expr.id, kind: 'if', on });
        if (expr.opcode === 'matchVariant') found.set(expr.id, { id: expr.id, kind: 'match', on });
      }
      for (const arg of args) walk(arg, depth);
    }
  };
  walk(action.expr, 0);
  return [...found.values()];
}
