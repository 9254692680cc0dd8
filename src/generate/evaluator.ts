// What the generator asks of the engine: values of constants, predicates over states, and arguments of calls.
import { type CompiledSpec, compileSpec, findOp } from '../engine/compiled-spec.js';
import type { EngineState } from '../engine/convert.js';
import { compileExpr, compileExprs, type ExprEvaluator, freeNames } from '../engine/evaluate.js';
import type { IrExpr } from '../model/ir.js';
import type { ActionCall, Constant, Model } from '../model/model.js';
import type { State, Value } from '../model/value.js';
import type { AuraError } from '../util/errors.js';
import { ok, type Result } from '../util/result.js';

/** Answers in the order of the expressions; undefined where an evaluation fails. */
export type Predicates = (state: State | EngineState) => readonly (boolean | undefined)[];

export interface SpecEvaluator {
  readonly compiled: CompiledSpec;
  /** Undefined when it has no value or its evaluation fails. */
  constant(constant: Constant): Value | undefined;
  /** Each expression stands where the definition `at` (a name as the main module sees it) stands. */
  predicates(
    exprs: readonly { readonly expr: IrExpr; readonly at: string }[],
    onFailure?: (index: number, error: AuraError) => void,
  ): Predicates;
  /** Argument `index` of a call in `state`, given the picks of the `nondet`s around it; undefined when one is missing. */
  argument(
    call: ActionCall,
    index: number,
    picks: ReadonlyMap<string, Value>,
    state: State,
  ): Value | undefined;
}

/** Errors: those of compiling the spec. */
export function createEvaluator(model: Model): Result<SpecEvaluator> {
  const compiled = compileSpec(model.spec);
  if (!compiled.ok) return compiled;
  const argumentsOf = new Map<IrExpr, ArgumentEvaluator>();
  return ok({
    compiled: compiled.value,
    constant: ({ value }) => value && okValue(compileExpr(compiled.value, { expr: value })(new Map())),
    predicates: (exprs, onFailure) => compilePredicates(compiled.value, exprs, onFailure),
    argument: (call, index, picks, state) => {
      const expr = call.args[index];
      if (expr === undefined) return undefined;
      const known = argumentsOf.get(expr) ?? compileArgument(compiled.value, call, expr);
      argumentsOf.set(expr, known);
      return known(picks, state);
    },
  });
}

function okValue<T>(result: Result<T>): T | undefined {
  return result.ok ? result.value : undefined;
}

// Compiled together, so that a state is converted once for all of them.
function compilePredicates(
  compiled: CompiledSpec,
  exprs: readonly { readonly expr: IrExpr; readonly at: string }[],
  onFailure?: (index: number, error: AuraError) => void,
): Predicates {
  const requests = exprs.map(({ expr, at }) => {
    const site = okValue(findOp(compiled, at));
    return { expr, ...(site && { site }) };
  });
  const evaluators = compileExprs(compiled, requests);
  return state =>
    evaluators.map((run, i) => {
      const result = run(state);
      const [error] = result.ok ? [] : result.errors;
      if (error !== undefined) onFailure?.(i, error);
      return booleanOf(result);
    });
}

function booleanOf(result: Result<Value>): boolean | undefined {
  const value = okValue(result);
  return typeof value === 'boolean' ? value : undefined;
}

type ArgumentEvaluator = (picks: ReadonlyMap<string, Value>, state: State) => Value | undefined;

// A name that is bound around the call is a pick, or what a composition was called with.
function compileArgument(compiled: CompiledSpec, call: ActionCall, expr: IrExpr): ArgumentEvaluator {
  const unfolded = throughBindings(compiled, call, expr);
  const free = freeNames(compiled, unfolded);
  const [run]: ExprEvaluator[] = compileExprs(compiled, [{ expr: unfolded, params: free }]);
  return (picks, state) => {
    const values = free.map(({ name }) => picks.get(name));
    const given = values.filter(value => value !== undefined);
    return run && given.length === free.length ? okValue(run(state, given)) : undefined;
  };
}

/** `expr` itself, or what a parameter of a composition around the call stands for. */
function throughBindings(compiled: CompiledSpec, call: ActionCall, expr: IrExpr): IrExpr {
  const target = expr.kind === 'name' ? compiled.spec.ir.table.get(expr.id)?.id : undefined;
  const binding = call.bindings.find(({ id, nondet }) => id === target && !nondet);
  return binding === undefined || binding.expr === expr
    ? expr
    : throughBindings(compiled, call, binding.expr);
}
