// At which states of a schedule a property is at stake: where its trigger holds and a variable that it reads differs
// from the first state; of a liveness property, which waits while others move, any variable. A schedule without such a
// state satisfies the property vacuously.
import { type EngineState, StateStore, sameResult } from '../engine/index.js';
import type { Model, Property } from '../model/model.js';
import { must } from '../util/assert.js';
import type { AuraError } from '../util/errors.js';
import type { SpecEvaluator } from './evaluator.js';
import { triggerOf } from './trigger.js';

/** What a schedule puts at stake of one property. */
export interface Stake {
  /** Indices of states, ascending. */
  readonly atStake: readonly number[];
  /** Index of the first state that violates the property, of an invariant only. */
  readonly violatedAt: number | undefined;
}

export interface Stakes {
  /** The stakes of the states of a schedule, in the order of the properties. */
  of(states: readonly EngineState[]): readonly Stake[];
  /** Of invariants that could not be evaluated in some state until now: the first error of each, by name. */
  readonly failures: ReadonlyMap<string, AuraError>;
}

/** States whose answers are remembered: schedules of one spec go through the same ones again and again. */
const REMEMBERED = 100_000;

/** Errors of evaluation are no stake, and are kept in `failures`. */
export function compileStakes(
  properties: readonly Property[],
  model: Model,
  evaluator: SpecEvaluator,
): Stakes {
  const { table } = model.spec.ir;
  const { variables } = evaluator.compiled;
  const triggers = properties.map(({ name, expr }) => ({ expr: triggerOf(expr, table), at: name }));
  const invariants = properties.filter(({ kind }) => kind === 'invariant');
  const moving = properties.map(({ safety, reads }) =>
    [...variables.keys()].filter(i => !safety || reads.includes(variables[i]?.name ?? '')),
  );
  const failures = new Map<string, AuraError>();
  const predicates = evaluator.predicates(
    [...triggers, ...invariants.map(({ name, expr }) => ({ expr, at: name }))],
    (index, error) => {
      const name = invariants[index - properties.length]?.name;
      if (name !== undefined && !failures.has(name)) failures.set(name, error);
    },
  );
  let store = new StateStore(variables.length);
  let known: (readonly (boolean | undefined)[])[] = [];
  const answersIn = (state: EngineState): readonly (boolean | undefined)[] => {
    if (store.size >= REMEMBERED) {
      store = new StateStore(variables.length);
      known = [];
    }
    const number = store.add(state);
    known[number] ??= predicates(state);
    return must(known[number], 'the answers');
  };
  const of = (states: readonly EngineState[]): readonly Stake[] => {
    const answers = states.map(answersIn);
    const first = states[0];
    return properties.map((property, i): Stake => {
      const atStake = states.flatMap((state, k) =>
        first && k > 0 && answers[k]?.[i] === true && differs(first, state, moving[i] ?? []) ? [k] : [],
      );
      const column = properties.length + invariants.indexOf(property);
      const violatedAt = property.kind === 'invariant' ? answers.findIndex(row => row[column] === false) : -1;
      return { atStake, violatedAt: violatedAt < 0 ? undefined : violatedAt };
    });
  };
  return { of, failures };
}

function differs(first: EngineState, state: EngineState, variables: readonly number[]): boolean {
  return variables.some(i => first[i] !== state[i] && !sameResult(first[i], state[i]));
}
