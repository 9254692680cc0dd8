// A property as the verifier evaluates it: a boolean definition of the main module, the variables that it reads, and
// what exercises it. Compiled once for all traces.
import {
  type CompiledSpec,
  compileExprs,
  type EngineState,
  type ExprEvaluator,
  findOp,
  type OpRef,
} from '../engine/index.js';
import { must } from '../util/assert.js';
import type { Location } from '../util/errors.js';
import { auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import { exercising } from './vacuity.js';

/** A property that is asked for. */
export interface WantedProperty {
  /** Of its definition in the main module. */
  readonly name: string;
  /** What the user calls it: the name or the expression. */
  readonly text: string;
  /** Names of the variables that it reads; undefined where that is not known, which counts as all. */
  readonly reads?: readonly string[];
}

export interface Invariant extends WantedProperty {
  readonly ref: OpRef;
  /** Undefined for an expression of the command line. */
  readonly location: Location | undefined;
  /** Positions, in a state of the engine, of the variables that it reads. */
  readonly variables: readonly number[];
  readonly holds: ExprEvaluator;
  /** Undefined where every state exercises it. */
  readonly exercised: ExprEvaluator | undefined;
}

/** Errors: AUR604 and AUR605 for names that are not boolean values of the spec. */
export function prepareInvariants(
  compiled: CompiledSpec,
  wanted: readonly WantedProperty[],
): Result<Invariant[]> {
  const refs: OpRef[] = [];
  for (const { name, text } of wanted) {
    const ref = booleanOp(compiled, name, text);
    if (!ref.ok) return ref;
    refs.push(ref.value);
  }
  const conditions = refs.map(ref => exercising(ref.def.expr, compiled.spec.ir.table));
  const evaluators = compileExprs(compiled, [
    ...refs.map(ref => ({ expr: ref.def.expr, site: ref })),
    ...conditions.flatMap((expr, i) => (expr ? [{ expr, site: must(refs[i], 'definition') }] : [])),
  ]);
  let next = refs.length;
  return ok(
    wanted.map((property, i): Invariant => {
      const ref = must(refs[i], 'definition');
      return {
        ...property,
        ref,
        location: locationOf(compiled, property, ref),
        variables: positionsOf(compiled, property.reads),
        holds: must(evaluators[i], 'evaluator'),
        exercised: conditions[i] ? evaluators[next++] : undefined,
      };
    }),
  );
}

/** The definition of that name, which has to be a boolean without parameters. */
export function booleanOp(compiled: CompiledSpec, name: string, text: string): Result<OpRef> {
  const ref = findOp(compiled, name);
  if (!ref.ok) return ref;
  const { def } = ref.value;
  const type = compiled.spec.ir.types.get(def.id)?.type;
  if (def.expr.kind !== 'lambda' && (type === undefined || type.kind === 'bool')) return ref;
  const location = name === text ? compiled.spec.ir.spans.get(def.id) : undefined;
  return fail(
    auraError('AUR605', `${text} is not a boolean, so it cannot be a property`, location ? { location } : {}),
  );
}

/** Where a property is defined; undefined for an expression of the command line. */
export function locationOf(
  compiled: CompiledSpec,
  { name, text }: WantedProperty,
  ref: OpRef,
): Location | undefined {
  return name === text ? compiled.spec.ir.spans.get(ref.def.id) : undefined;
}

/** Positions of variables by name, matched by their longest common end; all where `names` are not known. */
function positionsOf(compiled: CompiledSpec, names: readonly string[] | undefined): number[] {
  const all = compiled.variables.map(({ name }) => name);
  const positions = (names ?? all).flatMap(name => {
    const exact = all.indexOf(name);
    if (exact >= 0) return [exact];
    const near = all.flatMap((known, i) =>
      known.endsWith(`::${name}`) || name.endsWith(`::${known}`) ? [i] : [],
    );
    return near.length > 0 ? near : [...all.keys()];
  });
  return [...new Set(positions)].sort((a, b) => a - b);
}

/** Whether the variables at these positions have values. */
export function hasAll(state: EngineState, positions: readonly number[]): boolean {
  return positions.every(position => state[position] !== undefined);
}
