// Whether the spec allows a schedule: every accepted step can be taken, every rejected one cannot. Where a schedule
// leaves something open, all states that it may lead to are followed. Takes steps on the engine; changes nothing.
import { type CompiledSpec, createMachine, type Machine } from '../../engine/index.js';
import type { Model } from '../../model/model.js';
import { takenActions } from '../../model/taken-action.js';
import type { State } from '../../model/value.js';
import type { ResolvedStep } from '../../scenario/resolved.js';
import { ok, type Result } from '../../util/result.js';
import { type FollowedSpec, initialStates, statesAfter } from '../possible-states.js';

export type Replayed =
  | {
      readonly possible: true;
      /** Name of the invariant that the spec violates on the way, in every branch. */
      readonly violates: string | undefined;
    }
  | {
      /** Undefined where there were too many states to follow and the others do not tell. */
      readonly possible: false | undefined;
      /** Index of the step. */
      readonly at: number;
      readonly reason: string;
    };

export interface Replayer {
  readonly model: Model;
  replay(steps: readonly ResolvedStep[]): Result<Replayed>;
}

/**
 * `property` is the name of an invariant, or of a class of them, to watch; others are not watched. `actions` are those to
 * begin and to go on with.
 *
 * Errors: those of the engine for a spec that cannot be driven.
 */
export function createReplayer(
  model: Model,
  compiled: CompiledSpec,
  property: string | undefined,
  actions: { readonly init: string; readonly step: string } = { init: 'init', step: 'step' },
): Result<Replayer> {
  const watched = model.invariants.filter(
    ({ name, propertyClass }) => name === property || propertyClass === property,
  );
  const machine = createMachine(compiled, {
    ...actions,
    invariants: watched.map(({ name }) => name),
  });
  if (!machine.ok) return machine;
  const replayed = { machine: machine.value, model, taken: takenActions(model) };
  return ok({ model, replay: steps => replay(replayed, steps) });
}

function replay(spec: FollowedSpec, steps: readonly ResolvedStep[]): Result<Replayed> {
  const { machine } = spec;
  const started = initialStates(spec);
  if (!started.ok) return started;
  let frontier = started.value;
  // States that are not followed may do what those that are do not.
  let isCut = frontier.cut;
  const open = (at: number, what: string): Result<Replayed> =>
    ok({ possible: undefined, at, reason: `there are too many states to say whether ${what}` });
  let violates = violatedInAll(machine, frontier.states);
  if (!violates.ok) return violates;
  if (isCut && violates.value !== undefined) return open(0, `the spec has to violate ${violates.value}`);
  for (const [at, step] of steps.entries()) {
    const next = statesAfter(spec, frontier.states, step);
    if (!next.ok) return next;
    const label = `${step.action} of step ${at}`;
    const isAllowed = next.value.states.length > 0;
    if (!isAllowed && isCut) return open(at, `the spec allows ${label}`);
    if (step.expect === 'rejected') {
      if (!isAllowed) continue;
      return ok({ possible: false, at, reason: `${label} is to be refused, but the spec allows it` });
    }
    if (!isAllowed) return ok({ possible: false, at, reason: `the spec does not allow ${label}` });
    frontier = next.value;
    isCut ||= frontier.cut;
    if (violates.value !== undefined) continue;
    violates = violatedInAll(machine, frontier.states);
    if (!violates.ok) return violates;
    if (isCut && violates.value !== undefined)
      return open(at, `the spec has to violate ${violates.value} after ${label}`);
  }
  return ok({ possible: true, violates: violates.value });
}

function violatedInAll(machine: Machine, states: readonly State[]): Result<string | undefined> {
  let violated: string | undefined;
  for (const state of states) {
    const found = machine.violated(state);
    if (!found.ok || found.value === undefined) return found;
    violated = found.value;
  }
  return ok(violated);
}
