// Why no step of the spec explains what was observed: for each action the conjunct that failed with its values, and
// the allowed successor that comes nearest. Only the step that is rejected is looked at, in the open and slowly.
import type { Candidate, Place, Reason, Rejection } from '../../generated/verify-result.js';
import {
  type Attempt,
  decodeState,
  type EngineState,
  explain,
  type Machine,
  tryAction,
} from '../engine/index.js';
import { equalValues, mapOf, type State, showValue } from '../model/value.js';
import type { Observation, ToldAction } from '../trace/observation.js';
import { compareText } from '../util/order.js';
import { bindingsOf, differencesOf, placeOf, reasonOf } from './reason.js';

export interface RejectedStep {
  /** The state of the spec from which no step goes on; undefined for a trace whose first state is not initial. */
  readonly from: EngineState | undefined;
  /** What was observed instead. */
  readonly moment: Observation;
  /** Steps that were explained before. */
  readonly matched: number;
}

/** Name under which actions without one are told. */
const UNNAMED = '(unnamed)';

export function rejectionOf(machine: Machine, { from, moment, matched }: RejectedStep): Rejection {
  const state: State = from === undefined ? new Map() : decodeState(machine.compiled, from);
  const told = moment.actions?.[0];
  const isTold = ({ action, args, picks }: Attempt): boolean =>
    action?.name === told?.name &&
    [...args, ...picks].every(([name, value]) => {
      const wanted = told?.values.get(name);
      return wanted === undefined || equalValues(wanted, value);
    });
  const best = new Map<string, Attempt>();
  let nearest: Attempt | undefined;
  const { init, step } = machine.options;
  tryAction(machine.compiled, from === undefined ? init : step, {
    from: state,
    target: moment.known,
    onAttempt: attempt => {
      const name = attempt.action?.name ?? UNNAMED;
      // Of the action that the trace names, only with the values that it names.
      if (name !== told?.name || isTold(attempt)) {
        const known = best.get(name);
        if (known === undefined || compareAttempts(attempt, known) < 0) best.set(name, attempt);
      }
      if (attempt.failed) return;
      if (nearest === undefined || compareAttempts(attempt, nearest) < 0) nearest = attempt;
    },
  });
  const ranked = [...best].sort(
    ([a, left], [b, right]) =>
      Number(b === told?.name) - Number(a === told?.name) ||
      compareAttempts(left, right) ||
      compareText(a, b),
  );
  const candidate = (attempt: Attempt) => candidateOf(machine, attempt, state, moment);
  return {
    matched,
    place: moment.place,
    action: told === undefined ? null : shownAction(told),
    changes: differencesOf(state, observedBeside(state, moment)),
    candidates: ranked.map(([, attempt]) => candidate(attempt)),
    nearest: nearest === undefined ? null : candidate(nearest),
  };
}

function shownAction({ name, values }: ToldAction): string {
  const args = [...values].map(([key, value]) => `${key} = ${showValue(value)}`).join(', ');
  return args === '' ? name : `${name}(${args})`;
}

// Those whose conjuncts all held come first, the one nearest to what was observed before the others.
function compareAttempts(a: Attempt, b: Attempt): number {
  return (
    Number(a.failed !== undefined) - Number(b.failed !== undefined) ||
    a.mismatched - b.mismatched ||
    b.held - a.held
  );
}

function candidateOf(machine: Machine, attempt: Attempt, state: State, moment: Observation): Candidate {
  const { action, args, picks, failed, assigned } = attempt;
  return {
    action: action?.name ?? UNNAMED,
    args: bindingsOf(args.length > 0 ? args : picks),
    location: action === undefined ? null : placeOf(machine.compiled.spec.ir.spans.get(action.id)),
    failed: failed === undefined ? null : reasonOfFailure(machine, failed, state),
    differences: failed === undefined ? differencesOf(assigned, observedBeside(assigned, moment)) : [],
  };
}

// What was observed, for comparison with a state: of a map of which only entries were told, the others are as there.
function observedBeside(state: State, { known, told }: Observation): State {
  const observed = new Map(known);
  for (const { variable, key, value } of told) {
    if (key === undefined || known.has(variable)) continue;
    const map = observed.get(variable) ?? state.get(variable);
    if (map === undefined || typeof map !== 'object' || map.kind !== 'map') continue;
    const others = map.entries.filter(([other]) => !equalValues(other, key));
    observed.set(variable, mapOf([...others, [key, value]]));
  }
  return observed;
}

function reasonOfFailure(machine: Machine, failed: NonNullable<Attempt['failed']>, state: State): Reason {
  const explained = failed.error === undefined ? explain(machine.compiled, failed, state) : undefined;
  if (explained?.ok === true) return reasonOf(explained.value);
  const location: Place | null = placeOf(machine.compiled.spec.ir.spans.get(failed.expr.id));
  const error = failed.error ?? (explained?.ok === false ? explained.errors[0] : undefined);
  return {
    what: failed.expr.kind === 'app' ? failed.expr.opcode : failed.expr.kind,
    value: error?.message ?? 'no choice is possible',
    location,
    bindings: bindingsOf(
      failed.params.flatMap(({ name }, i) => {
        const value = failed.args[i];
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
    because: [],
  };
}
