// Whether the spec allows a schedule: every accepted step can be taken, every rejected one cannot. Where a schedule
// leaves something open, all states that it may lead to are followed. Takes steps on the engine; changes nothing.
import {
  type CompiledSpec,
  createMachine,
  encodeState,
  type Machine,
  StateStore,
} from '../../engine/index.js';
import type { Model } from '../../model/model.js';
import { equalValues, type State, type Value } from '../../model/value.js';
import type { ResolvedStep } from '../../scenario/resolved.js';
import { LIMITS } from '../../util/limits.js';
import { ok, type Result } from '../../util/result.js';

export type Replayed =
  | {
      readonly possible: true;
      /** Name of the invariant that the spec violates on the way, in every branch. */
      readonly violates: string | undefined;
    }
  | {
      readonly possible: false;
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
  return ok({ model, replay: steps => replay(machine.value, model, steps) });
}

function replay(machine: Machine, model: Model, steps: readonly ResolvedStep[]): Result<Replayed> {
  let frontier: State[] = [];
  const started = machine.initialStates(({ state }) => {
    frontier.push(state);
    return frontier.length < LIMITS.replayStates;
  });
  if (!started.ok) return started;
  let violates = violatedInAll(machine, frontier);
  if (!violates.ok) return violates;
  for (const [at, step] of steps.entries()) {
    const next = nextStates(machine, model, frontier, step);
    if (!next.ok) return next;
    const label = `${step.action} of step ${at}`;
    if (step.expect === 'rejected') {
      if (next.value.length === 0) continue;
      return ok({ possible: false, at, reason: `${label} is to be refused, but the spec allows it` });
    }
    if (next.value.length === 0)
      return ok({ possible: false, at, reason: `the spec does not allow ${label}` });
    frontier = next.value;
    const found: Result<string | undefined> =
      violates.value === undefined ? violatedInAll(machine, frontier) : violates;
    if (!found.ok) return found;
    violates = found;
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

/** The states after a step, each once. */
function nextStates(
  machine: Machine,
  model: Model,
  frontier: readonly State[],
  step: ResolvedStep,
): Result<State[]> {
  const store = new StateStore(machine.compiled.variables.length);
  const next: State[] = [];
  for (const from of frontier) {
    const result = statesAfter(machine, model, from, step, state => {
      const before = store.size;
      store.add(encodeState(machine.compiled, state));
      if (store.size > before) next.push(state);
      return next.length < LIMITS.replayStates;
    });
    if (!result.ok) return result;
  }
  return ok(next);
}

type Visit = (state: State) => boolean;

function statesAfter(
  machine: Machine,
  model: Model,
  from: State,
  step: ResolvedStep,
  visit: Visit,
): Result<void> {
  const action = model.actions.find(({ name }) => name === step.action);
  const args = action?.parameters.map(({ name }) => step.params.get(name)) ?? [];
  const given = args.filter(value => value !== undefined);
  if (action === undefined || given.length < args.length)
    return matching(machine, from, step, action?.calls ?? [], visit);
  const reached: State[] = [];
  const taken = machine.taking(from, { action: step.action, args: given, picks: [...step.picks] }, way => {
    reached.push(way.state);
    return reached.length < LIMITS.replayStates;
  });
  if (!taken.ok) return taken;
  // The action alone may do what `step` never asks of it, such as with a participant that it is never called with.
  for (const state of reached) {
    const allowed = machine.allowed(from, state);
    if (!allowed.ok) return allowed;
    if (allowed.value !== undefined && !visit(state)) break;
  }
  return ok(undefined);
}

/** All steps of the spec that agree with what the schedule says of this one. */
function matching(
  machine: Machine,
  from: State,
  step: ResolvedStep,
  calls: readonly { readonly label: string }[],
  visit: Visit,
): Result<void> {
  const labels = calls.length > 0 ? calls.map(({ label }) => label) : [step.action];
  return machine.successors(from, way => {
    const fits =
      labels.includes(way.action ?? '') && agrees(way.args, step.params) && agrees(way.picks, step.picks);
    return fits ? visit(way.state) : true;
  });
}

function agrees(found: readonly (readonly [string, Value])[], wanted: ReadonlyMap<string, Value>): boolean {
  return found.every(([name, value]) => {
    const other = wanted.get(name);
    return other === undefined || equalValues(other, value);
  });
}
