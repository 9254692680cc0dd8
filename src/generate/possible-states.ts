// The states that a step of a schedule may lead to. A schedule says which action was taken and, as far as that was
// recorded, with which values: what it leaves open is tried, all of it up to a bound. What the action alone would do but
// `step` never asks of it is no step of the spec. Takes steps on the engine; chooses nothing.
import { type CompiledSpec, encodeState, findOp, type Machine, StateStore } from '../engine/index.js';
import type { Action, Model } from '../model/model.js';
import type { TakenAction } from '../model/taken-action.js';
import { equalValues, type State, type Value } from '../model/value.js';
import type { ResolvedStep } from '../scenario/resolved.js';
import { LIMITS } from '../util/limits.js';
import { ok, type Result } from '../util/result.js';

/** What a step of a schedule tells of a step of the spec. */
export type ToldStep = Pick<ResolvedStep, 'action' | 'params' | 'picks'>;

/** A spec with what schedules are followed by. */
export interface FollowedSpec {
  readonly machine: Machine;
  readonly model: Model;
  readonly taken: TakenAction;
}

/** States that may have been reached, each once, up to a bound. */
export class PossibleStates {
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

/** The states to start in. Errors: those of evaluating the spec, here and below. */
export function initialStates({ machine }: FollowedSpec): Result<PossibleStates> {
  const found = new PossibleStates(machine.compiled);
  const started = machine.initialStates(({ state }) => found.add(state));
  return started.ok ? ok(found) : started;
}

/** The states after `step` from each of `from`. */
export function statesAfter(
  spec: FollowedSpec,
  from: readonly State[],
  step: ToldStep,
): Result<PossibleStates> {
  const next = new PossibleStates(spec.machine.compiled);
  for (const state of from) {
    const result = addStatesAfter(spec, state, step, next);
    if (!result.ok) return result;
    if (next.cut) break;
  }
  return ok(next);
}

function addStatesAfter(spec: FollowedSpec, from: State, step: ToldStep, next: PossibleStates): Result<void> {
  const { machine, model } = spec;
  const action = model.actions.find(({ name }) => name === step.action);
  const args = action?.parameters.map(({ name }) => step.params.get(name)) ?? [];
  const given = args.filter(value => value !== undefined);
  // What stands in `step` itself is no definition that could be taken by its name.
  const isDefined = action !== undefined && findOp(machine.compiled, action.name).ok;
  if (!isDefined || given.length < args.length) return addMatching(spec, from, step, action, next);
  const reached = new PossibleStates(machine.compiled);
  const { variables } = machine.compiled;
  let isWhole = true;
  const taken = machine.taking(from, { action: step.action, args: given, picks: [...step.picks] }, way => {
    isWhole = variables.every(({ name }) => way.state.has(name));
    return isWhole && reached.add(way.state);
  });
  // What the action leaves alone, and what guards it from errors, stands around it in `step`.
  if (!taken.ok || !isWhole || reached.cut) return addMatching(spec, from, step, action, next);
  // The action alone may do what `step` never asks of it, such as with a participant that it is never called with.
  for (const state of reached.states) {
    const allowed = machine.allowed(from, state);
    if (!allowed.ok) return allowed;
    if (allowed.value !== undefined && !next.add(state)) break;
  }
  return ok(undefined);
}

/** All steps of the spec that agree with what the schedule says of this one. */
function addMatching(
  { machine, taken }: FollowedSpec,
  from: State,
  step: ToldStep,
  action: Action | undefined,
  next: PossibleStates,
): Result<void> {
  const labels = labelsOf(action, step.action);
  return machine.ways(encodeState(machine.compiled, from), undefined, way => {
    // Actions of several instances have one label.
    const known = taken(way);
    const isOther = known !== undefined && action !== undefined && known !== action;
    if (isOther || !labels.includes(way.action ?? '')) return true;
    const { args, picks, state } = way.step();
    return agrees(args, step.params) && agrees(picks, step.picks) ? next.add(state) : true;
  });
}

/** What the engine calls the steps of an action. */
export function labelsOf(action: Action | undefined, name: string): readonly string[] {
  const calls = action?.calls ?? [];
  return calls.length > 0 ? calls.map(({ label }) => label) : [name];
}

/** Whether what was found is what a schedule says, as far as it says something. */
export function agrees(
  found: readonly (readonly [string, Value])[],
  wanted: ReadonlyMap<string, Value>,
): boolean {
  return found.every(([name, value]) => {
    const other = wanted.get(name);
    return other === undefined || equalValues(other, value);
  });
}
