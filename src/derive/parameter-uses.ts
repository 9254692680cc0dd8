// What the guards of an action ask of one of its parameters: the values that it is compared with, and the sets that it has
// to be in. Found in what the action is certain to evaluate, and only what can be written in the main module.
import type { IrExpr, IrOpDef } from '../model/ir.js';
import type { Parameter } from '../model/model.js';
import { certainApplications, throughGiven } from './conjuncts.js';
import { printExpr } from './print-expr.js';
import type { Sights } from './sights.js';

export interface ParameterUses {
  /** What it is compared with by `<`, `<=`, `>`, `>=`: edges of what the guards allow. */
  readonly edges: readonly string[];
  /** What it is asked to be equal to, or not to be equal to. */
  readonly equals: readonly string[];
  /** Sets that it is asked to be in. */
  readonly within: readonly string[];
  /** Whether it has to be in some set, be that written or not. */
  readonly isMember: boolean;
}

const COMPARISONS: ReadonlySet<string> = new Set(['ilt', 'ilte', 'igt', 'igte']);
const EQUALITIES: ReadonlySet<string> = new Set(['eq', 'neq']);

export function usesOf(
  parameter: Parameter,
  def: IrOpDef,
  sights: Sights,
  instances: readonly string[],
): ParameterUses {
  const { ir } = sights.spec;
  const isParameter = (expr: IrExpr | undefined) =>
    expr?.kind === 'name' && ir.table.get(expr.id)?.id === parameter.id;
  const options = { sights, instances, parameters: new Map<number, string>(), partial: false };
  const edges = new Set<string>();
  const equals = new Set<string>();
  const within = new Set<string>();
  let isMember = false;
  const note = (into: Set<string>, expr: IrExpr | undefined): void => {
    const text = expr && printExpr(expr, options);
    if (text !== undefined) into.add(text);
  };
  for (const { expr, given } of certainApplications(def, ir)) {
    const [left, right] = expr.args.map(arg => throughGiven(arg, given, ir));
    const other = isParameter(left) ? right : isParameter(right) ? left : undefined;
    if (COMPARISONS.has(expr.opcode)) note(edges, other);
    else if (EQUALITIES.has(expr.opcode)) note(equals, other);
    else if (expr.opcode === 'contains' && isParameter(right)) {
      isMember = true;
      note(within, left);
    } else if (expr.opcode === 'in' && isParameter(left)) {
      isMember = true;
      note(within, right);
    }
  }
  return { edges: [...edges], equals: [...equals], within: [...within], isMember };
}
