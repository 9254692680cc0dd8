// The comparisons of an action's guards, each as two expressions over a state: whether it holds for some choice of the
// arguments, and whether it is one short of holding. They mark the moments around a quorum, a deadline, a limit. Built
// as expressions of the IR, with negative ids for what is new.
import type { IrApp, IrExpr, IrLambda, IrOpDef, IrType } from '../model/ir.js';
import type { Action, ActionCall } from '../model/model.js';
import type { Spec } from '../model/spec.js';

interface Margin {
  readonly holds: IrExpr;
  readonly short: IrExpr;
}

/** Nested definitions are opened this deep. */
const DEPTH_MAX = 12;
/** Elements that a choice may have; comparisons under a larger one hold never. */
const CHOICES_MAX = 256n;
/** Comparisons of one action. */
const MARGINS_MAX = 40;

/** The margins of an action with this definition, for each of its calls in `step`. */
export function marginsOf(action: Action, def: IrOpDef, ir: Spec['ir']): Margin[] {
  const finder = new MarginFinder(ir);
  const body = def.expr.kind === 'lambda' ? def.expr.expr : def.expr;
  const params = def.expr.kind === 'lambda' ? def.expr.params : [];
  if (action.calls.length === 0) finder.look(body, []);
  for (const call of action.calls) finder.look(body, [...bindingsOf(call), ...given(params, call.args)]);
  return finder.found.slice(0, MARGINS_MAX);
}

/** A name around an expression: a value, or one element of a set after the other. */
interface Binding {
  readonly id: number;
  readonly name: string;
  readonly kind: 'value' | 'element';
  readonly expr: IrExpr;
}

function bindingsOf(call: ActionCall): Binding[] {
  return call.bindings.flatMap(({ id, name, nondet, expr }): Binding[] => {
    const set = nondet && expr.kind === 'app' ? expr.args[0] : undefined;
    return nondet
      ? set === undefined
        ? []
        : [{ id, name, kind: 'element', expr: set }]
      : [{ id, name, kind: 'value', expr }];
  });
}

function given(params: IrLambda['params'], args: readonly IrExpr[]): Binding[] {
  return params.flatMap(({ id, name }, i): Binding[] => {
    const expr = args[i];
    return expr === undefined ? [] : [{ id, name, kind: 'value', expr }];
  });
}

const ORDERS = new Set(['ilt', 'ilte', 'igt', 'igte']);
const OPPOSITES = new Map([
  ['ilt', 'igte'],
  ['ilte', 'igt'],
  ['igt', 'ilte'],
  ['igte', 'ilt'],
]);
const JUNCTIONS = new Set(['actionAll', 'actionAny', 'and', 'or']);

class MarginFinder {
  readonly found: Margin[] = [];
  private nextId = -1;

  constructor(private readonly ir: Spec['ir']) {}

  /** Looks for comparisons where `expr` is a guard, or an action with guards. */
  look(expr: IrExpr, around: readonly Binding[], negated = false, depth = 0): void {
    if (depth > DEPTH_MAX || this.found.length >= MARGINS_MAX) return;
    const entry = expr.kind === 'name' || expr.kind === 'app' ? this.ir.table.get(expr.id) : undefined;
    if (expr.kind === 'let') this.look(expr.expr, [...around, ...localBinding(expr.opdef)], negated, depth);
    else if (entry?.kind === 'def' && entry.qualifier !== 'nondet') {
      const args = expr.kind === 'app' ? expr.args : [];
      if (args.some(({ kind }) => kind === 'lambda')) return;
      const { params, expr: body } =
        entry.expr.kind === 'lambda' ? entry.expr : { params: [], expr: entry.expr };
      this.look(body, [...around, ...given(params, args)], negated, depth + 1);
    } else if (entry === undefined && expr.kind === 'app') this.builtin(expr, around, negated, depth);
  }

  private builtin(app: IrApp, around: readonly Binding[], negated: boolean, depth: number): void {
    const { opcode, args } = app;
    const [first, second] = args;
    if (JUNCTIONS.has(opcode)) for (const arg of args) this.look(arg, around, negated, depth);
    else if (opcode === 'not' && first) this.look(first, around, !negated, depth);
    else if (opcode === 'ite') for (const arg of args.slice(1)) this.look(arg, around, negated, depth);
    else if ((opcode === 'exists' || opcode === 'forall') && first && second?.kind === 'lambda') {
      const [param] = second.params;
      if (param === undefined || second.params.length > 1) return;
      const element: Binding = { id: param.id, name: param.name, kind: 'element', expr: first };
      this.look(second.expr, [...around, element], negated, depth);
    } else if (first && second) this.comparison(opcode, first, second, around, negated);
  }

  private comparison(
    opcode: string,
    left: IrExpr,
    right: IrExpr,
    around: readonly Binding[],
    negated: boolean,
  ): void {
    const order = negated ? OPPOSITES.get(opcode) : opcode;
    const isEquality = opcode === 'eq' && !negated && this.typeOf(left)?.kind === 'int';
    if (order === undefined || !(ORDERS.has(order) || isEquality)) return;
    const missing = this.missing(order, left, right);
    const all = this.within(this.app(order, [left, right]), around);
    const near = this.within(missing, around);
    if (all !== undefined && near !== undefined) this.found.push({ holds: all, short: near });
  }

  /** That one more, or one less, would make the comparison hold. */
  private missing(order: string, left: IrExpr, right: IrExpr): IrExpr {
    const differBy = (a: IrExpr, b: IrExpr) => this.app('eq', [this.app('isub', [a, b]), this.int(1n)]);
    if (order === 'igte') return differBy(right, left);
    if (order === 'ilte') return differBy(left, right);
    if (order === 'eq') return this.app('or', [differBy(left, right), differBy(right, left)]);
    return this.app('eq', [left, right]);
  }

  /** Puts the bindings that are used around an expression, so that it is about some choice of them. */
  private within(expr: IrExpr, around: readonly Binding[]): IrExpr | undefined {
    return around.reduceRight<IrExpr>((body, { id, name, kind, expr: bound }) => {
      if (!this.uses(body, id)) return body;
      if (kind === 'value') {
        const opdef: IrOpDef = { kind: 'def', id, name, qualifier: 'val', expr: bound };
        return { kind: 'let', id: this.nextId--, opdef, expr: body };
      }
      const lambda: IrLambda = {
        kind: 'lambda',
        id: this.nextId--,
        params: [{ id, name }],
        qualifier: 'def',
        expr: body,
      };
      const few = this.app('ilte', [this.app('size', [bound]), this.int(CHOICES_MAX)]);
      const some = this.app('exists', [bound, lambda]);
      return this.app('ite', [few, some, { kind: 'bool', id: this.nextId--, value: false }]);
    }, expr);
  }

  private uses(expr: IrExpr, id: number): boolean {
    const within = (inner: IrExpr): boolean => this.uses(inner, id);
    if (expr.kind === 'lambda') return within(expr.expr);
    if (expr.kind === 'let') return within(expr.opdef.expr) || within(expr.expr);
    if (expr.kind !== 'name' && expr.kind !== 'app') return false;
    const entry = this.ir.table.get(expr.id);
    if (entry?.id === id) return true;
    // A local definition may use what stands around it.
    if (entry?.kind === 'def' && (entry.depth ?? 0) > 0 && within(entry.expr)) return true;
    return expr.kind === 'app' && expr.args.some(within);
  }

  private typeOf(expr: IrExpr): IrType | undefined {
    return this.ir.types.get(expr.id)?.type;
  }

  private app(opcode: string, args: readonly IrExpr[]): IrApp {
    return { kind: 'app', id: this.nextId--, opcode, args };
  }

  private int(value: bigint): IrExpr {
    return { kind: 'int', id: this.nextId--, value };
  }
}

function localBinding(opdef: IrOpDef): Binding[] {
  const { id, name, expr } = opdef;
  // An operator is found where it is used.
  if (expr.kind === 'lambda') return [];
  if (opdef.qualifier !== 'nondet') return [{ id, name, kind: 'value', expr }];
  const set = expr.kind === 'app' && expr.opcode === 'oneOf' ? expr.args[0] : undefined;
  return set === undefined ? [] : [{ id, name, kind: 'element', expr: set }];
}
