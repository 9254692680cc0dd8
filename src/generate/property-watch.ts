// Whether a state puts a property at stake or violates it, asked state by state and property by property while states
// are being found, so that a search can stop asking what it knows. What counts as at stake is said in stakes.ts.
import {
  type CompiledSpec,
  compileExprs,
  type EngineState,
  type ExprRequest,
  findOp,
  sameResult,
} from '../engine/index.js';
import type { IrExpr } from '../model/ir.js';
import type { Property } from '../model/model.js';
import { triggerOf } from './trigger.js';

export interface PropertyWatch {
  readonly property: Property;
  /** `first` is the state in which the schedule starts. */
  atStake(first: EngineState, state: EngineState): boolean;
  /** Of an invariant only; false for other properties. */
  violated(state: EngineState): boolean;
}

/** In the order of the properties. A state in which the evaluation fails neither puts at stake nor violates. */
export function watchProperties(compiled: CompiledSpec, properties: readonly Property[]): PropertyWatch[] {
  const { table } = compiled.spec.ir;
  const standing = (expr: IrExpr, { name }: Property): ExprRequest => {
    const site = findOp(compiled, name);
    return site.ok ? { expr, site: site.value } : { expr };
  };
  const evaluators = compileExprs(compiled, [
    ...properties.map(property => standing(triggerOf(property.expr, table), property)),
    ...properties
      .map(property => standing(property.expr, property))
      .filter((_, i) => isInvariant(properties[i])),
  ]);
  const invariants = properties.filter(isInvariant);
  const says = (evaluator: number, wanted: boolean, state: EngineState): boolean => {
    const answer = evaluators[evaluator]?.(state);
    return answer?.ok === true && answer.value === wanted;
  };
  return properties.map((property, i): PropertyWatch => {
    const moving = movingVariables(property, compiled);
    const check = properties.length + invariants.indexOf(property);
    return {
      property,
      atStake: (first, state) =>
        moving.some(at => first[at] !== state[at] && !sameResult(first[at], state[at])) &&
        says(i, true, state),
      violated: state => isInvariant(property) && says(check, false, state),
    };
  });
}

function isInvariant(property: Property | undefined): boolean {
  return property?.kind === 'invariant';
}

/** Indices of the variables of which one must differ from the first state. */
function movingVariables({ safety, reads }: Property, { variables }: CompiledSpec): number[] {
  return [...variables.keys()].filter(i => !safety || reads.includes(variables[i]?.name ?? ''));
}
