// Steps that were taken on a spec as an ITF trace, with the variables that `quint run --mbt` adds: which action was
// taken and what every `nondet` picked.
import { recordOf, type State, type Value, variantOf } from '../model/value.js';
import { compareText } from '../util/order.js';
import type { ItfTrace, JsonObject } from './itf.js';

export const ACTION_TAKEN = 'mbt::actionTaken';
export const NONDET_PICKS = 'mbt::nondetPicks';

/** A step and the state that it led to. */
export interface TakenStep {
  /** Qualified name; undefined for an action without one. */
  readonly action: string | undefined;
  readonly picks: readonly (readonly [string, Value])[];
  readonly state: State;
}

/** The first step is the one that gave the initial state. A name that was picked twice in a step keeps its last value. */
export function itfOfSteps(steps: readonly TakenStep[], meta: JsonObject): ItfTrace {
  const names = [...new Set(steps.flatMap(({ picks }) => picks.map(([name]) => name)))].sort(compareText);
  const variables = [...(steps[0]?.state.keys() ?? [])].sort(compareText);
  const states = steps.map(({ action, picks, state }) => {
    const picked = new Map(picks);
    const options = names.map((name): [string, Value] => [name, optionOf(picked.get(name))]);
    const label = (action ?? '').slice((action ?? '').lastIndexOf(':') + 1);
    return {
      values: new Map<string, Value>([...state, [ACTION_TAKEN, label], [NONDET_PICKS, recordOf(options)]]),
    };
  });
  return { meta: { format: 'ITF', ...meta }, vars: [...variables, ACTION_TAKEN, NONDET_PICKS], states };
}

function optionOf(value: Value | undefined): Value {
  return value === undefined ? variantOf('None') : variantOf('Some', value);
}
