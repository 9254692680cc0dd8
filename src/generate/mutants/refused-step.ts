// A step that only a mutant takes, as the step of a scenario that a correct system must refuse: the action by its name
// in the model, with all its arguments and picks. A step that the spec itself can take with these values in another way
// is none.
import { decodeState, findOp, type Machine, type Way } from '../../engine/index.js';
import type { Action } from '../../model/model.js';
import { takenActions } from '../../model/taken-action.js';
import type { Value } from '../../model/value.js';
import { must } from '../../util/assert.js';
import { ok, type Result } from '../../util/result.js';
import type { RefusedStep } from '../find.js';
import type { Mutant } from './mutants.js';
import type { Subject } from './subject.js';

type Named = readonly (readonly [string, Value])[];

/**
 * Undefined where the step has no name in the main module, where its arguments are not told, and where the spec allows
 * it after all. Picks that share their name with another of the step are left out: which is which cannot be said.
 */
export function refusedStep(
  { model, machine, reachable }: Pick<Subject, 'model' | 'machine' | 'reachable'>,
  { guard, words }: Pick<Mutant, 'guard' | 'words'>,
  way: Way,
  state: number,
): Result<RefusedStep | undefined> {
  const action = takenActions(model)(way);
  if (action === undefined || !action.name.endsWith(way.action ?? '')) return ok(undefined);
  if (!findOp(machine.compiled, action.name).ok) return ok(undefined);
  const { args, picks: taken } = way.step();
  const picks = taken.filter(([name], i) => taken.every(([other], j) => i === j || other !== name));
  const values = new Map(args);
  if (!action.parameters.every(({ name }) => values.has(name))) return ok(undefined);
  const refused: RefusedStep = {
    action: action.name,
    args: action.parameters.map(({ name }) => [name, must(values.get(name), 'argument')] as const),
    picks,
    guard: guard.id,
    mutation: words,
  };
  const from = decodeState(machine.compiled, reachable.store.get(state));
  const allowed = isAllowed(machine, action, refused, from);
  if (!allowed.ok) return allowed;
  return ok(allowed.value ? undefined : refused);
}

/** Whether the spec can take the action with these values: asked with all picks, and with those inside the action only. */
function isAllowed(
  machine: Machine,
  { calls }: Action,
  { action, args, picks }: RefusedStep,
  from: ReadonlyMap<string, Value>,
): Result<boolean> {
  const outside = new Set(calls.flatMap(({ bindings }) => bindings.map(({ name }) => name)));
  const inside = picks.filter(([name]) => !outside.has(name));
  for (const given of [picks, inside] satisfies Named[]) {
    let found = false;
    const taken = machine.taking(from, { action, args: args.map(([, value]) => value), picks: given }, () => {
      found = true;
      return false;
    });
    // An evaluation that fails is no step.
    if (taken.ok && found) return ok(true);
  }
  return ok(false);
}
