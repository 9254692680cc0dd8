// What an action evaluates for certain when it is tried, in the order of evaluation, followed through the operators of
// the spec: its guards, and the look-ups by key that fail where the key is missing. What stands behind a condition is
// left out, since whether it is reached depends on the state.
import type { IrApp, IrExpr, IrOpDef, QuintIr } from '../model/ir.js';
import { bodyOf } from '../model/step-leaves.js';

/** An expression and what the parameters of the operators around it stand for, by their ids. */
export interface Situated {
  readonly expr: IrApp;
  readonly given: Environment;
  readonly demand: Demand;
  /** The lambdas around it, outermost first: it is evaluated for each element of their sets. */
  readonly ranges: readonly Range[];
}

/** The parameter of a lambda, and the set that it ranges over. */
export interface Range {
  readonly id: number;
  readonly set: IrExpr;
  readonly given: Environment;
}

/** What a Boolean expression has to be for the action to go on; undefined where that depends on others. */
export type Demand = boolean | undefined;

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
  private ranges: readonly Range[] = [];

  constructor(
    private readonly ir: QuintIr,
    private readonly found: Situated[],
  ) {}

  visit(expr: IrExpr, given: Environment, depth: number, demand: Demand): undefined {
    if (depth > DEPTH_MAX) return;
    if (expr.kind === 'let') return this.visit(expr.expr, given, depth, demand);
    if (expr.kind === 'name') return this.name(expr.id, given, depth, demand);
    if (expr.kind !== 'app') return;
    const entry = this.ir.table.get(expr.id);
    if (entry !== undefined) return this.call(expr, given, depth, demand);
    for (const [arg, wanted] of certainArgs(expr, demand)) this.visit(arg, given, depth, wanted);
    this.found.push({ expr, given, demand, ranges: this.ranges });
    this.each(expr, given, depth, demand);
  }

  /** `Set(a, b).forall(k => ...)` is evaluated for `a` and for `b`, and `q.forall(k => ...)` for each of `q`. */
  private each({ opcode, args }: IrApp, given: Environment, depth: number, demand: Demand): undefined {
    const [set, lambda] = args;
    const isAll = opcode === 'forall' && demand === true;
    if (!isAll && opcode !== 'map' && opcode !== 'filter') return;
    if (set === undefined || lambda?.kind !== 'lambda') return;
    const [param, second] = lambda.params;
    if (param === undefined || second !== undefined) return;
    if (set.kind !== 'app' || set.opcode !== 'Set') {
      const outer = this.ranges;
      this.ranges = [...outer, { id: param.id, set, given }];
      this.visit(lambda.expr, given, depth + 1, undefined);
      this.ranges = outer;
      return;
    }
    for (const element of set.args) {
      const inner = new Map(given).set(param.id, { expr: element, given });
      this.visit(lambda.expr, inner, depth + 1, isAll ? true : undefined);
    }
  }

  private name(id: number, given: Environment, depth: number, demand: Demand): undefined {
    const entry = this.ir.table.get(id);
    if (entry === undefined) return;
    const known = given.get(entry.id);
    if (known !== undefined) this.visit(known.expr, known.given, depth + 1, demand);
    else if (entry.kind === 'def' && entry.qualifier !== 'nondet' && entry.expr.kind !== 'lambda')
      this.visit(entry.expr, (entry.depth ?? 0) > 0 ? given : NOTHING, depth + 1, demand);
  }

  private call(app: IrApp, given: Environment, depth: number, demand: Demand): undefined {
    for (const arg of app.args) this.visit(arg, given, depth, undefined);
    const called = calledBody(app, given, this.ir);
    if (called !== undefined) this.visit(called.expr, called.given, depth + 1, demand);
  }
}

/** The body of the operator that is called, and what its parameters stand for. */
export function calledBody(
  app: IrApp,
  given: Environment,
  ir: QuintIr,
): { readonly expr: IrExpr; readonly given: Environment } | undefined {
  const entry = ir.table.get(app.id);
  if (entry?.kind !== 'def' || entry.expr.kind !== 'lambda') return undefined;
  const { params, expr } = entry.expr;
  const inner = new Map((entry.depth ?? 0) > 0 ? given : NOTHING);
  for (const [i, param] of params.entries()) {
    const arg = app.args[i];
    if (arg !== undefined) inner.set(param.id, { expr: arg, given });
  }
  return { expr, given: inner };
}

/** Those arguments of a builtin that are evaluated whatever the others are, and what they have to be. */
function certainArgs({ opcode, args }: IrApp, demand: Demand): readonly (readonly [IrExpr, Demand])[] {
  const [first, ...others] = args;
  const only = first === undefined ? [] : [[first, undefined] as const];
  switch (opcode) {
    case 'actionAll':
      return args.map(arg => [arg, demand === true ? true : undefined]);
    case 'and':
      return demand === true ? args.map(arg => [arg, true]) : only;
    case 'or':
      return demand === false ? args.map(arg => [arg, false]) : only;
    case 'implies':
      if (demand !== false || first === undefined) return only;
      return [[first, true], ...others.map(arg => [arg, false] as const)];
    case 'not':
      return args.map(arg => [arg, demand === undefined ? undefined : !demand]);
    case 'actionAny':
      return [];
    case 'ite':
    case 'matchVariant':
      return only;
    case 'assign':
      return args.slice(1).map(arg => [arg, undefined]);
    default:
      return args.map(arg => [arg, undefined]);
  }
}
