// What an action evaluates for certain when it is tried, in the order of evaluation, followed through the operators of
// the spec: its guards, and the look-ups by key that fail where the key is missing. What stands behind a condition is
// left out, since whether it is reached depends on the state.
import type { IrApp, IrExpr, IrOpDef, QuintIr } from '../model/ir.js';
import { bodyOf } from '../model/step-leaves.js';

/** An expression and what the parameters of the operators around it stand for, by their ids. */
export interface Situated {
  readonly expr: IrApp;
  readonly given: Environment;
}

export type Environment = ReadonlyMap<number, { readonly expr: IrExpr; readonly given: Environment }>;

const NOTHING: Environment = new Map();
const DEPTH_MAX = 12;

/** Applications of builtins that are evaluated whenever the action is, or whenever all guards before them hold. */
export function certainApplications(def: IrOpDef, ir: QuintIr): Situated[] {
  const found: Situated[] = [];
  new Walk(ir, found).visit(bodyOf(def), NOTHING, 0, true);
  return found;
}

/** What a parameter of an operator stands for, back to the parameters of the action itself. */
export function throughGiven(expr: IrExpr, given: Environment, ir: QuintIr): IrExpr {
  if (expr.kind === 'name') {
    const known = given.get(ir.table.get(expr.id)?.id ?? -1);
    return known === undefined ? expr : throughGiven(known.expr, known.given, ir);
  }
  if (expr.kind !== 'app') return expr;
  return { ...expr, args: expr.args.map(arg => throughGiven(arg, given, ir)) };
}

class Walk {
  constructor(
    private readonly ir: QuintIr,
    private readonly found: Situated[],
  ) {}

  /** `isConjunct`: whether the action fails where the expression is false, so that what follows needs it to be true. */
  visit(expr: IrExpr, given: Environment, depth: number, isConjunct: boolean): undefined {
    if (depth > DEPTH_MAX) return;
    if (expr.kind === 'let') return this.visit(expr.expr, given, depth, isConjunct);
    if (expr.kind === 'name') return this.name(expr.id, given, depth, isConjunct);
    if (expr.kind !== 'app') return;
    const entry = this.ir.table.get(expr.id);
    if (entry !== undefined) return this.call(expr, given, depth, isConjunct);
    const isAll = expr.opcode === 'actionAll' || expr.opcode === 'and';
    for (const arg of certainArgs(expr, isConjunct)) this.visit(arg, given, depth, isConjunct && isAll);
    this.found.push({ expr, given });
  }

  private name(id: number, given: Environment, depth: number, isConjunct: boolean): undefined {
    const entry = this.ir.table.get(id);
    if (entry === undefined) return;
    const known = given.get(entry.id);
    if (known !== undefined) this.visit(known.expr, known.given, depth + 1, false);
    else if (entry.kind === 'def' && entry.qualifier !== 'nondet' && entry.expr.kind !== 'lambda')
      this.visit(entry.expr, (entry.depth ?? 0) > 0 ? given : NOTHING, depth + 1, isConjunct);
  }

  private call(app: IrApp, given: Environment, depth: number, isConjunct: boolean): undefined {
    for (const arg of app.args) this.visit(arg, given, depth, false);
    const entry = this.ir.table.get(app.id);
    if (entry?.kind !== 'def' || entry.expr.kind !== 'lambda') return;
    const { params, expr } = entry.expr;
    const inner = new Map((entry.depth ?? 0) > 0 ? given : NOTHING);
    for (const [i, param] of params.entries()) {
      const arg = app.args[i];
      if (arg !== undefined) inner.set(param.id, { expr: arg, given });
    }
    this.visit(expr, inner, depth + 1, isConjunct);
  }
}

/** Those arguments of a builtin that are evaluated whatever the others are. */
function certainArgs({ opcode, args }: IrApp, isConjunct: boolean): readonly IrExpr[] {
  switch (opcode) {
    case 'and':
      return isConjunct ? args : args.slice(0, 1);
    case 'actionAny':
      return [];
    case 'ite':
    case 'or':
    case 'implies':
    case 'matchVariant':
      return args.slice(0, 1);
    case 'assign':
      return args.slice(1);
    default:
      return args;
  }
}
