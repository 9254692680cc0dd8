// The spec itself as what a scenario runs against: every generated scenario runs without an implementation. A step is
// taken on the engine as the schedule tells it; of what the schedule leaves open one possibility is drawn by the seed,
// and if the schedule is known, one from which the rest of it is possible.
import { type CompiledSpec, createMachine } from '../engine/index.js';
import { type FollowedSpec, initialStates, statesAfter, type ToldStep } from '../generate/possible-states.js';
import type { EntryActions, Model } from '../model/model.js';
import { takenActions } from '../model/taken-action.js';
import type { State } from '../model/value.js';
import { auraError } from '../util/errors.js';
import { createRandom, type Random } from '../util/random.js';
import { collect, fail, ok, type Result } from '../util/result.js';
import type { Applied, Capabilities, Driver, DriverStep, RunSetup } from './driver.js';
import { plainData } from './plain-data.js';
import { whyRefused } from './refused-step.js';
import { type StepReader, stepReader } from './told-step.js';

/**
 * A driver of the spec, which begins with `init` and goes on with `step`. It injects no faults: those of the spec are
 * steps of it.
 *
 * Errors: AUR604 and AUR605 for actions that the spec does not have; in a run AUR459 for steps that do not fit the spec,
 * AUR601 to AUR603 for what cannot be evaluated.
 */
export function openModelDriver(
  model: Model,
  compiled: CompiledSpec,
  { init, step }: EntryActions,
): Result<Driver> {
  const machine = createMachine(compiled, { init, step });
  if (!machine.ok) return machine;
  const spec = { machine: machine.value, model, taken: takenActions(model) };
  return ok(new ModelDriver(spec, stepReader(model)));
}

/** Possibilities that are followed to the end of the schedule before one is taken that may lead nowhere. */
const FOLLOWED_MAX = 100;

class ModelDriver implements Driver {
  readonly capabilities: Capabilities;
  private state: State | undefined;
  private random: Random = createRandom('0');
  private schedule: readonly DriverStep[] = [];

  constructor(
    private readonly spec: FollowedSpec,
    private readonly read: StepReader,
  ) {
    const faults = spec.model.actions.filter(({ kind }) => kind === 'fault');
    this.capabilities = {
      faults: [],
      strategies: [],
      network: false,
      faultActions: faults.map(({ name }) => name),
      state: 'full',
    };
  }

  async prepare(setup: RunSetup): Promise<Result<void>> {
    this.random = createRandom(setup.seed).fork('model driver');
    this.schedule = setup.schedule ?? [];
    const started = initialStates(this.spec);
    if (!started.ok) return started;
    const chosen = this.choose(started.value.states, 0);
    if (!chosen.ok) return chosen;
    this.state = chosen.value;
    if (this.state !== undefined) return ok(undefined);
    const { init } = this.spec.machine.options;
    return fail(auraError('AUR459', `the spec has no initial state: ${init} is false`));
  }

  async apply(step: DriverStep): Promise<Result<Applied>> {
    const from = this.state;
    if (from === undefined) return fail(notPrepared());
    const told = this.read(step);
    if (!told.ok) return told;
    const next = statesAfter(this.spec, [from], told.value);
    if (!next.ok) return next;
    const chosen = this.choose(next.value.states, step.index + 1);
    if (!chosen.ok) return chosen;
    if (chosen.value === undefined)
      return ok({ outcome: 'rejected', reason: whyRefused(this.spec, from, told.value) });
    this.state = chosen.value;
    const params = { ...step.picks, ...step.params };
    return ok({
      outcome: 'accepted',
      events: [{ action: step.action, params, state: plainState(this.state) }],
    });
  }

  async inject(): Promise<Result<void>> {
    return fail(auraError('AUR452', 'the spec as a driver injects no faults'));
  }

  async observe() {
    return this.state === undefined ? fail(notPrepared()) : ok(plainState(this.state));
  }

  async close(): Promise<Result<void>> {
    this.state = undefined;
    return ok(undefined);
  }

  /** One of the states, by the seed, from which the steps from number `index` on are possible, if there is one. */
  private choose(states: readonly State[], index: number): Result<State | undefined> {
    const [first] = states;
    if (states.length < 2) return ok(first);
    const offset = this.random.below(states.length);
    const turned = [...states.slice(offset), ...states.slice(0, offset)];
    const rest = collect(this.schedule.slice(index).map(this.read));
    if (!rest.ok) return rest;
    for (const state of turned.slice(0, FOLLOWED_MAX)) {
      const leads = this.leadsOn(state, rest.value, index);
      if (!leads.ok) return leads;
      if (leads.value) return ok(state);
    }
    return ok(turned[0]);
  }

  /** Whether the steps of the schedule from number `index` on can come out from `state` as they are expected to. */
  private leadsOn(state: State, steps: readonly ToldStep[], index: number): Result<boolean> {
    let possible: readonly State[] = [state];
    for (const [i, step] of steps.entries()) {
      const isRefused = this.schedule[index + i]?.expect === 'rejected';
      const next = isRefused ? this.refusing(possible, step) : this.after(possible, step);
      if (!next.ok) return next;
      possible = next.value;
      if (possible.length === 0) return ok(false);
    }
    return ok(true);
  }

  private after(from: readonly State[], step: ToldStep): Result<readonly State[]> {
    const next = statesAfter(this.spec, from, step);
    return next.ok ? ok(next.value.states) : next;
  }

  /** Those of the states in which the step cannot be taken. */
  private refusing(from: readonly State[], step: ToldStep): Result<readonly State[]> {
    const refusing: State[] = [];
    for (const state of from) {
      const next = statesAfter(this.spec, [state], step);
      if (!next.ok) return next;
      if (next.value.states.length === 0) refusing.push(state);
    }
    return ok(refusing);
  }
}

function plainState(state: State) {
  return Object.fromEntries([...state].map(([name, value]) => [name, plainData(value)]));
}

function notPrepared() {
  return auraError('AUR452', 'the driver has to be prepared before it takes steps');
}
