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
  /** Whether it has to be equal to something, be that written or not. */
  readonly isFixed: boolean;
  /** Sets that it is asked to be in. */
  readonly within: readonly string[];
  /** Whether it has to be in some set such that the sets above, or else what the state holds, are all that it may be. */
  readonly isMember: boolean;
  /** Whether it has to be outside of some set, and which of those can be written. */
  readonly isOutside: boolean;
  readonly outside: readonly string[];
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
  const outside = new Set<string>();
  let isFixed = false;
  let isMember = false;
  let isHidden = false;
  let isOutside = false;
  const note = (into: Set<string>, expr: IrExpr | undefined): boolean => {
    const text = expr && printExpr(expr, options);
    if (text !== undefined) into.add(text);
    return text !== undefined;
  };
  for (const { expr, given, demand, ranges } of certainApplications(def, ir)) {
    // Nothing is asked for where a set has no elements.
    if (ranges.length > 0) continue;
    const [left, right] = expr.args.map(arg => throughGiven(arg, given, ir));
    const other = isParameter(left) ? right : isParameter(right) ? left : undefined;
    if (COMPARISONS.has(expr.opcode)) note(edges, other);
    else if (EQUALITIES.has(expr.opcode)) note(equals, other);
    if (other !== undefined && expr.opcode === 'eq' && demand === true) isFixed = true;
    if (expr.opcode !== 'contains' && expr.opcode !== 'in') continue;
    const [item, set] = expr.opcode === 'in' ? [left, right] : [right, left];
    if (!isParameter(item)) continue;
    if (demand === false) {
      isOutside = true;
      note(outside, set);
    } else {
      const isWritten = note(within, set);
      if (demand !== undefined && isWritten) isMember = true;
      // Of `all.exclude(some)` that cannot be written, what the state holds may be just what is excluded.
      else if (set?.kind === 'app' && set.opcode === 'exclude') isOutside = true;
      else if (demand !== undefined) isHidden = true;
    }
  }
  return {
    edges: [...edges],
    equals: [...equals],
    isFixed,
    within: [...within],
    isMember: isMember || (isHidden && !isOutside),
    isOutside,
    outside: [...outside],
  };
}
