// When a state puts an invariant to the test: the premise of an implication is true, a quantifier has something to run
// over. An invariant that no state of a trace exercised held only vacuously (Beer, Ben-David, Eisner, Rodeh,
// "Efficient detection of vacuity in temporal model checking", 2001). The condition is an expression of the IR.
import type { IrApp, IrExpr } from '../model/ir.js';
import { type Table, unfold } from '../model/unfold.js';

/** Definitions are opened this deep; what is below counts as exercised. */
const UNFOLDING_MAX = 20;

/** True in states that exercise `formula`; undefined where every state does. New nodes have negative ids. */
export function exercising(formula: IrExpr, table: Table): IrExpr | undefined {
  let last = 0;
  const nextId = () => --last;
  const app = (opcode: string, args: readonly IrExpr[]): IrApp => ({
    kind: 'app',
    id: nextId(),
    opcode,
    args,
  });

  const condition = (expr: IrExpr, depth: number): IrExpr | undefined => {
    if (expr.kind === 'let') {
      const inner = condition(expr.expr, depth);
      return inner && { ...expr, id: nextId(), expr: inner };
    }
    if (expr.kind !== 'app' && expr.kind !== 'name') return undefined;
    if (table.has(expr.id)) return opened(expr, depth);
    return expr.kind === 'app' ? builtin(expr, depth) : undefined;
  };

  const opened = (expr: IrApp | Extract<IrExpr, { kind: 'name' }>, depth: number): IrExpr | undefined => {
    if (depth >= UNFOLDING_MAX) return undefined;
    let always = false;
    const body = unfold(expr, table, nextId, inner => {
      const found = condition(inner, depth + 1);
      always = found === undefined;
      return found ?? inner;
    });
    return always ? undefined : body;
  };

  const builtin = ({ opcode, args }: IrApp, depth: number): IrExpr | undefined => {
    const [first, second] = args;
    if (first === undefined) return undefined;
    if (opcode === 'implies' && second !== undefined) {
      const inner = condition(second, depth);
      return inner ? app('and', [first, inner]) : first;
    }
    if (opcode === 'and') {
      const parts = args.map(arg => condition(arg, depth));
      const found = parts.filter(part => part !== undefined);
      return found.length === parts.length ? app('or', found) : undefined;
    }
    if (opcode !== 'forall' || second?.kind !== 'lambda') return undefined;
    const inner = condition(second.expr, depth);
    if (inner) return app('exists', [first, { ...second, id: nextId(), expr: inner }]);
    return app('neq', [first, app('Set', [])]);
  };

  return condition(formula, 0);
}
