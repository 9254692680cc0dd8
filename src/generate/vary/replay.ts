// Whether the spec allows a schedule: every accepted step can be taken, every rejected one cannot. Where a schedule
// leaves something open, all states that it may lead to are followed. Takes steps on the engine; changes nothing.
import {
  type CompiledSpec,
  createMachine,
  encodeState,
  findOp,
  type Machine,
  StateStore,
} from '../../engine/index.js';
import type { Action, Model } from '../../model/model.js';
import { type TakenAction, takenActions } from '../../model/taken-action.js';
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

interface Spec {
  readonly machine: Machine;
  readonly model: Model;
  readonly taken: TakenAction;
}

/** States that may have been reached, each once, up to a bound. */
class Frontier {
  readonly states: State[] = [];
  /** Whether there were more. */
  cut = false;
  private readonly store: StateStore;

  constructor(private readonly compiled: CompiledSpec) {
    this.store = new StateStore(compiled.variables.length);
  }

  /** False when no more can be taken. */
  add(state: State): boolean {
    const before = this.store.size;
    this.store.add(encodeState(this.compiled, state));
    if (this.store.size === before) return true;
    if (before < LIMITS.replayStates) this.states.push(state);
    else this.cut = true;
    return !this.cut;
  }
}

function replay(spec: Spec, steps: readonly ResolvedStep[]): Result<Replayed> {
  const { machine } = spec;
  let frontier = new Frontier(machine.compiled);
  const started = machine.initialStates(({ state }) => frontier.add(state));
  if (!started.ok) return started;
  // States that are not followed may do what those that are do not.
  let isCut = frontier.cut;
  const open = (at: number, what: string): Result<Replayed> =>
    ok({ possible: undefined, at, reason: `there are too many states to say whether ${what}` });
  let violates = violatedInAll(machine, frontier.states);
  if (!violates.ok) return violates;
  if (isCut && violates.value !== undefined) return open(0, `the spec has to violate ${violates.value}`);
  for (const [at, step] of steps.entries()) {
    const next = nextStates(spec, frontier.states, step);
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

function nextStates(spec: Spec, from: readonly State[], step: ResolvedStep): Result<Frontier> {
  const next = new Frontier(spec.machine.compiled);
  for (const state of from) {
    const result = statesAfter(spec, state, step, next);
    if (!result.ok) return result;
    if (next.cut) break;
  }
  return ok(next);
}

function statesAfter(spec: Spec, from: State, step: ResolvedStep, next: Frontier): Result<void> {
  const { machine, model } = spec;
  const action = model.actions.find(({ name }) => name === step.action);
  const args = action?.parameters.map(({ name }) => step.params.get(name)) ?? [];
  const given = args.filter(value => value !== undefined);
  // What stands in `step` itself is no definition that could be taken by its name.
  const isDefined = action !== undefined && findOp(machine.compiled, action.name).ok;
  if (!isDefined || given.length < args.length) return matching(spec, from, step, action, next);
  const reached = new Frontier(machine.compiled);
  const { variables } = machine.compiled;
  let isWhole = true;
  const taken = machine.taking(from, { action: step.action, args: given, picks: [...step.picks] }, way => {
    isWhole = variables.every(({ name }) => way.state.has(name));
    return isWhole && reached.add(way.state);
  });
  // What the action leaves alone, and what guards it from errors, stands around it in `step`.
  if (!taken.ok || !isWhole || reached.cut) return matching(spec, from, step, action, next);
  // The action alone may do what `step` never asks of it, such as with a participant that it is never called with.
  for (const state of reached.states) {
    const allowed = machine.allowed(from, state);
    if (!allowed.ok) return allowed;
    if (allowed.value !== undefined && !next.add(state)) break;
  }
  return ok(undefined);
}

/** All steps of the spec that agree with what the schedule says of this one. */
function matching(
  { machine, taken }: Spec,
  from: State,
  step: ResolvedStep,
  action: Action | undefined,
  next: Frontier,
): Result<void> {
  const calls = action?.calls ?? [];
  const labels = calls.length > 0 ? calls.map(({ label }) => label) : [step.action];
  return machine.ways(encodeState(machine.compiled, from), undefined, way => {
    // Actions of several instances have one label.
    const known = taken(way);
    const isOther = known !== undefined && action !== undefined && known !== action;
    if (isOther || !labels.includes(way.action ?? '')) return true;
    const { args, picks, state } = way.step();
    return agrees(args, step.params) && agrees(picks, step.picks) ? next.add(state) : true;
  });
}

function agrees(found: readonly (readonly [string, Value])[], wanted: ReadonlyMap<string, Value>): boolean {
  return found.every(([name, value]) => {
    const other = wanted.get(name);
    return other === undefined || equalValues(other, value);
  });
}
