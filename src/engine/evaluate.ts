// Values of expressions in given states. Any part of a definition can be evaluated, with values for the parameters and
// picks that stand around it; local definitions around it are brought in.
import type { IrExpr } from '../model/ir.js';
import type { State, Value } from '../model/value.js';
import { must } from '../util/assert.js';
import { auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import { type CompiledSpec, findOp } from './compiled-spec.js';
import { fromRt, stateToRt, toRt } from './convert.js';
import { guarded } from './guard.js';
import type { RtState } from './program.js';
import { isRtValue, type RtValue } from './runtime/values.js';
import type { Site } from './scope.js';

/** An expression to compile. */
export interface ExprRequest {
  readonly expr: IrExpr;
  /** Names that are given when it is evaluated, in this order: ids of parameters, nondets or local definitions. */
  readonly params?: readonly { readonly id: number; readonly name: string }[];
  /** Where it stands; absent: where its id is found, or in the main module. */
  readonly site?: Site;
}

/** Evaluates in a state, with values for the parameters; errors are AUR601 to AUR603 with Quint's code. */
export type ExprEvaluator = (state: State | RtState, args?: readonly Value[]) => Result<Value>;

/** Compiles expressions together, which is cheaper than one by one. */
export function compileExprs(compiled: CompiledSpec, requests: readonly ExprRequest[]): ExprEvaluator[] {
  const program = compiled.newProgram();
  for (const { expr, params, site } of requests) {
    const place = site ?? compiled.exprAt(expr.id)?.site ?? compiled.scope.mainSite;
    program.addRoot({ kind: 'value', expr, site: place, params: params ?? [] });
  }
  const loaded = program.load();
  let current: State | RtState | undefined;
  return requests.map(({ expr }, i) => (state, args = []) => {
    const root = must(loaded.roots[i], 'root');
    return guarded(compiled.spec.ir.spans, expr.id, () => {
      if (state !== current) loaded.load('length' in state ? state : stateToRt(state, compiled.variables));
      current = state;
      return fromRt(asValue(root(...args.map(toRt))));
    });
  });
}

/** Compiles one expression. */
export function compileExpr(compiled: CompiledSpec, request: ExprRequest): ExprEvaluator {
  return must(compileExprs(compiled, [request])[0], 'evaluator');
}

/** What an emitted function returned, which is a value unless the spec has a lambda there. */
function asValue(result: unknown): RtValue {
  return isRtValue(result) ? result : '<lambda>';
}

/**
 * Evaluates once: a definition by its name in the main module (of an operator, the body), or any expression by its
 * id. `env` holds values of the names around the expression, by id or by name. Use {@link compileExprs} for what is
 * evaluated often.
 */
export function evaluate(
  compiled: CompiledSpec,
  what: number | string,
  state: State,
  env: ReadonlyMap<number | string, Value> = new Map(),
): Result<Value> {
  const target = targetOf(compiled, what);
  if (!target.ok) return target;
  const { site } = target.value;
  const expr = target.value.expr.kind === 'lambda' ? target.value.expr.expr : target.value.expr;
  const free = freeNames(compiled, expr);
  const given: { id: number; name: string }[] = [];
  const args: Value[] = [];
  for (const [key, value] of env) {
    const param = typeof key === 'number' ? { id: key, name: 'given' } : free.find(one => one.name === key);
    if (param === undefined) continue;
    given.push(param);
    args.push(value);
  }
  return compileExpr(compiled, { expr, site, params: given })(state, args);
}

function targetOf(compiled: CompiledSpec, what: number | string): Result<{ expr: IrExpr; site: Site }> {
  if (typeof what === 'string') {
    const ref = findOp(compiled, what);
    return ref.ok ? ok({ expr: ref.value.def.expr, site: ref.value }) : ref;
  }
  const found = compiled.exprAt(what);
  return found === undefined
    ? fail(auraError('AUR604', `the spec has no expression with the id ${what}`))
    : ok(found);
}

/** Names of what stands around an expression: parameters, picks and local definitions that it refers to. */
export function freeNames(compiled: CompiledSpec, expr: IrExpr): { id: number; name: string }[] {
  const bound = new Set<number>();
  const free = new Map<number, string>();
  const walk = (e: IrExpr): void => {
    if (e.kind === 'lambda') {
      for (const param of e.params) bound.add(param.id);
      walk(e.expr);
    } else if (e.kind === 'let') {
      bound.add(e.opdef.id);
      walk(e.opdef.expr);
      walk(e.expr);
    } else if (e.kind === 'name' || e.kind === 'app') {
      const entry = compiled.spec.ir.table.get(e.id);
      const isLocal =
        entry !== undefined && (entry.kind === 'param' || entry.kind === 'def') && !bound.has(entry.id);
      if (isLocal && compiled.scope.homeOf(entry.id) === undefined) {
        if (entry.kind === 'param' || entry.qualifier === 'nondet') free.set(entry.id, entry.name);
        else walk(entry.expr);
      }
      if (e.kind === 'app') e.args.forEach(walk);
    }
  };
  walk(expr);
  return [...free].map(([id, name]) => ({ id, name }));
}
