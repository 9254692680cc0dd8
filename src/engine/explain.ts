// Why a boolean is what it is: from the whole expression down to the conjuncts that decided it, each with the values
// of what it compares. Operators of the spec are opened, quantifiers are shown with the element that decided.
import type { IrApp, IrExpr, IrParam, SourceSpan } from '../model/ir.js';
import { operatorSymbol } from '../model/operator-symbols.js';
import type { State, Value } from '../model/value.js';
import { ok, type Result } from '../util/result.js';
import type { CompiledSpec } from './compiled-spec.js';
import { compileExpr } from './evaluate.js';
import type { Site } from './scope.js';

/** One expression of the explanation. */
export interface Explanation {
  readonly exprId: number;
  readonly value: Value;
  /** The operator that decides here, in Quint's words, or the name that is read. */
  readonly what: string;
  readonly location: SourceSpan | undefined;
  /** Names that got a value on the way: elements of quantifiers, parameters. */
  readonly bindings: readonly (readonly [string, Value])[];
  /** What decided: of a false `and` the first false conjunct, of a comparison its two sides. */
  readonly because: readonly Explanation[];
}

/** Levels that are opened at most; below, expressions only have their value. */
const DEPTH_MAX = 40;

interface Env {
  readonly ids: readonly IrParam[];
  readonly values: readonly Value[];
}

/** Explains `expr` in `state`, with values for names around it. Fails where its value cannot be computed. */
export function explain(
  compiled: CompiledSpec,
  request: {
    readonly expr: IrExpr;
    readonly site?: Site;
    readonly params?: readonly IrParam[];
    readonly args?: readonly Value[];
  },
  state: State,
): Result<Explanation> {
  const site = request.site ?? compiled.exprAt(request.expr.id)?.site ?? compiled.scope.mainSite;
  const explainer = new Explainer(compiled, state);
  return explainer.explain(request.expr, site, { ids: request.params ?? [], values: request.args ?? [] }, 0);
}

class Explainer {
  constructor(
    private readonly compiled: CompiledSpec,
    private readonly state: State,
  ) {}

  explain(expr: IrExpr, site: Site, env: Env, depth: number): Result<Explanation> {
    const value = this.value(expr, site, env);
    if (!value.ok) return value;
    const because = depth < DEPTH_MAX ? this.because(expr, value.value, site, env, depth + 1) : ok([]);
    if (!because.ok) return because;
    return ok({
      exprId: expr.id,
      value: value.value,
      what: expr.kind === 'app' ? operatorSymbol(expr.opcode) : expr.kind === 'name' ? expr.name : expr.kind,
      location: this.compiled.spec.ir.spans.get(expr.id),
      bindings: env.ids.map((param, i) => [param.name, env.values[i] ?? false]),
      because: because.value,
    });
  }

  private value(expr: IrExpr, site: Site, env: Env): Result<Value> {
    return compileExpr(this.compiled, { expr, site, params: env.ids })(this.state, env.values);
  }

  private because(expr: IrExpr, value: Value, site: Site, env: Env, depth: number): Result<Explanation[]> {
    if (expr.kind === 'let') return this.all([expr.expr], site, env, depth);
    if (expr.kind === 'name') return this.named(expr, value, site, env, depth);
    if (expr.kind !== 'app') return ok([]);
    if (this.compiled.spec.ir.table.has(expr.id)) return this.call(expr, site, env, depth);
    switch (expr.opcode) {
      case 'and':
      case 'actionAll':
        return value === false
          ? this.first(expr.args, false, site, env, depth)
          : this.all(expr.args, site, env, depth);
      case 'or':
        return value === true
          ? this.first(expr.args, true, site, env, depth)
          : this.all(expr.args, site, env, depth);
      case 'implies':
        return value === true
          ? this.impliesTrue(expr, site, env, depth)
          : this.all(expr.args, site, env, depth);
      case 'forall':
        return value === false ? this.witness(expr, false, site, env, depth) : ok([]);
      case 'exists':
        return value === true ? this.witness(expr, true, site, env, depth) : ok([]);
      case 'ite':
        return this.branch(expr, site, env, depth);
      default:
        return this.all(
          expr.args.filter(arg => arg.kind !== 'lambda' && !isLiteral(arg)),
          site,
          env,
          depth,
        );
    }
  }

  private all(exprs: readonly IrExpr[], site: Site, env: Env, depth: number): Result<Explanation[]> {
    const found: Explanation[] = [];
    for (const expr of exprs) {
      const one = this.explain(expr, site, env, depth);
      if (!one.ok) return one;
      found.push(one.value);
    }
    return ok(found);
  }

  private first(
    exprs: readonly IrExpr[],
    wanted: boolean,
    site: Site,
    env: Env,
    depth: number,
  ): Result<Explanation[]> {
    for (const expr of exprs) {
      const value = this.value(expr, site, env);
      if (!value.ok) return value;
      if (value.value === wanted) return this.all([expr], site, env, depth);
    }
    return ok([]);
  }

  private impliesTrue(expr: IrApp, site: Site, env: Env, depth: number): Result<Explanation[]> {
    const [left, right] = expr.args;
    if (left === undefined || right === undefined) return ok([]);
    const premise = this.value(left, site, env);
    if (!premise.ok) return premise;
    return this.all([premise.value === false ? left : right], site, env, depth);
  }

  private branch(expr: IrApp, site: Site, env: Env, depth: number): Result<Explanation[]> {
    const [condition, yes, no] = expr.args;
    if (condition === undefined || yes === undefined || no === undefined) return ok([]);
    const chosen = this.value(condition, site, env);
    if (!chosen.ok) return chosen;
    return this.all([condition, chosen.value === true ? yes : no], site, env, depth);
  }

  // The first element, in canonical order, for which the predicate is `wanted`.
  private witness(expr: IrApp, wanted: boolean, site: Site, env: Env, depth: number): Result<Explanation[]> {
    const [set, predicate] = expr.args;
    const param = predicate?.kind === 'lambda' ? predicate.params[0] : undefined;
    if (set === undefined || predicate?.kind !== 'lambda' || param === undefined) return ok([]);
    const elements = this.value(set, site, env);
    if (!elements.ok) return elements;
    const items =
      typeof elements.value === 'object' && elements.value.kind === 'set' ? elements.value.items : [];
    const test = compileExpr(this.compiled, { expr: predicate.expr, site, params: [...env.ids, param] });
    for (const item of items) {
      const held = test(this.state, [...env.values, item]);
      if (!held.ok) return held;
      if (held.value !== wanted) continue;
      const inner = { ids: [...env.ids, param], values: [...env.values, item] };
      return this.all([predicate.expr], site, inner, depth);
    }
    return ok([]);
  }

  // A name of a boolean definition is opened; other names are their value.
  private named(
    expr: IrExpr & { kind: 'name' },
    value: Value,
    site: Site,
    env: Env,
    depth: number,
  ): Result<Explanation[]> {
    const entry = this.compiled.spec.ir.table.get(expr.id);
    if (typeof value !== 'boolean' || entry?.kind !== 'def' || env.ids.some(id => id.id === entry.id))
      return ok([]);
    const ref = this.compiled.scope.resolveEntry(expr.name, entry, site);
    if (ref === undefined)
      return entry.qualifier === 'nondet' ? ok([]) : this.all([entry.expr], site, env, depth);
    return ref.def.kind === 'def' ? this.all([ref.def.expr], ref, { ids: [], values: [] }, depth) : ok([]);
  }

  private call(expr: IrApp, site: Site, env: Env, depth: number): Result<Explanation[]> {
    const entry = this.compiled.spec.ir.table.get(expr.id);
    const ref = entry && this.compiled.scope.resolveEntry(expr.opcode, entry, site);
    const operator = ref?.def.kind === 'def' ? ref.def : entry?.kind === 'def' ? entry : undefined;
    if (operator?.expr.kind !== 'lambda' || expr.args.some(arg => arg.kind === 'lambda')) return ok([]);
    const values: Value[] = [];
    for (const arg of expr.args) {
      const value = this.value(arg, site, env);
      if (!value.ok) return value;
      values.push(value.value);
    }
    const { params, expr: body } = operator.expr;
    const inner =
      ref === undefined
        ? { ids: [...env.ids, ...params], values: [...env.values, ...values] }
        : { ids: params, values };
    return this.all([body], ref ?? site, inner, depth);
  }
}

function isLiteral(expr: IrExpr): boolean {
  return expr.kind === 'bool' || expr.kind === 'int' || expr.kind === 'str';
}
