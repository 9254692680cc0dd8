// The edges that guards name: for each comparison of numbers or sizes the condition under which a step is taken exactly
// at the edge, and those under which it is refused one beyond it. Conditions are expressions in the place of the guard.

import { type Guard, guardsOf } from '../../model/guards.js';
import type { IrApp, IrExpr } from '../../model/ir.js';
import type { Model } from '../../model/model.js';
import { exprText } from './expr-text.js';
import { type Make, workshopOf } from './mutants.js';
import { strengthenings, weakenings } from './weaken.js';

export interface Edge {
  readonly guard: Guard;
  readonly side: 'at' | 'beyond';
  /** What is done to the guard so that it allows the step, in words. */
  readonly words: string;
  readonly condition: (make: Make) => IrExpr;
}

/** Edge by edge, guard by guard. */
export function edgesOf(model: Model): Edge[] {
  const workshop = workshopOf(model.spec);
  return guardsOf(model).flatMap(guard => {
    const { expr } = guard;
    if (isEquation(expr, model)) return equationEdges(guard, expr);
    const at = strengthenings(expr, workshop(guard)).map(
      (strict): Edge => ({
        guard,
        side: 'at',
        words: strict.words,
        condition: ({ app }) => app('and', [expr, app('not', [strict.expr])]),
      }),
    );
    const beyond = weakenings(expr, workshop(guard))
      .filter(({ kind }) => kind === 'comparison' || kind === 'quorum')
      .map(
        (weak): Edge => ({
          guard,
          side: 'beyond',
          words: weak.words,
          condition: ({ app }) => app('and', [weak.expr, app('not', [expr])]),
        }),
      );
    return [...at, ...beyond];
  });
}

function isEquation(expr: IrExpr, { spec }: Model): expr is IrApp {
  const [left] = expr.kind === 'app' && expr.opcode === 'eq' ? expr.args : [];
  return left !== undefined && !spec.ir.table.has(expr.id) && spec.ir.types.get(left.id)?.type.kind === 'int';
}

function equationEdges(guard: Guard, { args }: IrApp): Edge[] {
  const [left, right] = args;
  if (left === undefined || right === undefined) return [];
  const off = (larger: IrExpr, smaller: IrExpr): Edge => ({
    guard,
    side: 'beyond',
    words: `\`${exprText(larger)} == ${exprText(smaller)} + 1\` let through`,
    condition: ({ app, int }) => app('eq', [larger, app('iadd', [smaller, int(1n)])]),
  });
  return [off(left, right), off(right, left)];
}
