// At which states of a trace a property is at stake: where its trigger holds and a variable that it reads differs
// from the first state; of a liveness property, which waits while others move, any variable. A trace without such a
// state satisfies the property vacuously.
import type { Model, Property } from '../model/model.js';
import { equalValues, type State } from '../model/value.js';
import { must } from '../util/assert.js';
import type { Candidate } from './candidate.js';
import type { SpecEvaluator } from './evaluator.js';
import { triggerOf } from './trigger.js';

/** What a trace puts at stake of one property. */
export interface Stake {
  /** Indices of states, ascending. */
  readonly atStake: readonly number[];
  /** Index of the first state that violates the property, of an invariant only. */
  readonly violatedAt: number | undefined;
}

/** The stakes of a candidate, in the order of the properties. */
export type StakesOf = (candidate: Candidate) => readonly Stake[];

export function compileStakes(
  properties: readonly Property[],
  model: Model,
  evaluator: SpecEvaluator,
): StakesOf {
  const { table } = model.spec.ir;
  const triggers = properties.map(({ name, expr }) => ({ expr: triggerOf(expr, table), at: name }));
  const invariants = properties.filter(({ kind }) => kind === 'invariant');
  const all = model.variables.map(({ name }) => name);
  const moving = properties.map(({ safety, reads }) => (safety ? reads : all));
  const predicates = evaluator.predicates([
    ...triggers,
    ...invariants.map(({ name, expr }) => ({ expr, at: name })),
  ]);
  return ({ states }) => {
    const answers = states.map(predicates);
    const first = states[0];
    return properties.map((property, i): Stake => {
      const atStake = states.flatMap((state, k) =>
        first && k > 0 && answers[k]?.[i] === true && differs(first, state, moving[i] ?? all) ? [k] : [],
      );
      const column = properties.length + invariants.indexOf(property);
      const violatedAt = property.kind === 'invariant' ? answers.findIndex(row => row[column] === false) : -1;
      return { atStake, violatedAt: violatedAt < 0 ? undefined : violatedAt };
    });
  };
}

/** The stake of the property at `index`. */
export function stakeAt(stakes: readonly Stake[], index: number): Stake {
  return must(stakes[index], 'a stake of every property');
}

function differs(first: State, state: State, variables: readonly string[]): boolean {
  return variables.some(name => {
    const [before, now] = [first.get(name), state.get(name)];
    return before !== undefined && now !== undefined && !equalValues(before, now);
  });
}
