// A use of a definition as the body of that definition, for those who look through definitions at the structure of a
// formula. Parameters become local values, so the result means the same.
import type { IrApp, IrExpr, IrLookup, IrOpDef } from './ir.js';

export type Table = ReadonlyMap<number, IrLookup>;

/**
 * `formula` with the definition that it uses opened and its body passed through `inside`. Undefined where there is
 * nothing to open: builtins, parameters, picks, local definitions, and operators that are given operators. `nextId`
 * gives ids that the IR does not use.
 */
export function unfold(
  formula: IrApp | Extract<IrExpr, { kind: 'name' }>,
  table: Table,
  nextId: () => number,
  inside: (body: IrExpr) => IrExpr,
): IrExpr | undefined {
  const found = table.get(formula.id);
  if (found?.kind !== 'def' || found.qualifier === 'nondet' || (found.depth ?? 0) > 0) return undefined;
  if (formula.kind === 'name') return inside(found.expr);
  if (found.expr.kind !== 'lambda' || formula.args.some(arg => arg.kind === 'lambda')) return undefined;
  const { params, expr } = found.expr;
  return formula.args.reduceRight((body, arg, i): IrExpr => {
    const param = params[i];
    if (param === undefined) return body;
    const opdef: IrOpDef = { kind: 'def', id: param.id, name: param.name, qualifier: 'val', expr: arg };
    return { kind: 'let', id: nextId(), opdef, expr: body };
  }, inside(expr));
}
