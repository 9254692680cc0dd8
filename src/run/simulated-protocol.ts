// One protocol in a simulated world: it begins, follows the scenario's schedule if that is of its spec, then runs freely
// until it is over, watched after every step. A violation ends it, with a checkpoint of the moment.

import path from 'node:path';
import type { RunSurprise } from '../../generated/run-result.js';
import type { ResolvedStep } from '../scenario/resolved.js';
import type { LocalAction } from '../simulate/participant.js';
import type { Protocol } from '../simulate/protocol.js';
import type { SimulatedEvent } from '../simulate/world.js';
import { auraError } from '../util/errors.js';
import { nearest } from '../util/nearest.js';
import { fail, ok, type Result } from '../util/result.js';
import type { ProtocolOutcome } from './assertion.js';
import { checkActions } from './known-actions.js';
import { findProtocol, type PlannedRun, parametersOf, plannedRuns, specOfProtocol } from './needed-specs.js';
import { plainFields } from './plain-values.js';
import type { ProtocolWatch } from './protocol-watch.js';
import { endWatch, type RunContext, watchProtocol } from './run-context.js';
import type { SimulatedWorld } from './simulated-world.js';

/** Writes a checkpoint of that name. */
type WriteCheckpoint = (name: string) => Promise<void>;

/** Epochs that a step of a schedule may take before it counts as refused. */
const PATIENCE_EPOCHS = 20;

/** Errors: those of the protocol's setting, of its spec, and of events that do not fit the spec. */
export async function runProtocol(
  context: RunContext,
  world: SimulatedWorld,
  planned: PlannedRun,
  checkpoint: WriteCheckpoint,
): Promise<Result<void>> {
  const { job, tools, story } = context;
  const { sim } = world;
  const protocol = findProtocol(tools.protocols, planned.protocol.type);
  if (!protocol.ok) return protocol;
  const bug = plantedBug(context, protocol.value);
  if (!bug.ok) return bug;
  const before = { endings: sim.endings.length, accusations: sim.accusations.length };
  const began = sim.time;
  const begun = sim.begin(protocol.value, {
    threshold: planned.setup.threshold,
    faultBound: planned.setup.fault_bound,
    guardianApprovals: planned.setup.guardian_approvals,
    timeoutEpochs: planned.protocol.timeout_epochs,
    parameters: parametersOf(planned.protocol),
    constants: job.scenario.setup.constants,
    participants: planned.setup.participants,
    lost: [...story.lost],
    ...(bug.value !== undefined && { bug: bug.value }),
  });
  if (!begun.ok) return begun;
  const constants = protocol.value.constants(sim.view.setting);
  const watch = await watchProtocol(
    context,
    planned.protocol.type,
    specOfProtocol(protocol.value, constants),
  );
  if (!watch.ok) return watch;
  const run = new ProtocolRun(context, world, watch.value, checkpoint, began);
  const scheduled = isScheduled(context, planned);
  const { model } = watch.value;
  const fits = scheduled && model !== undefined ? checkActions(job.scenario.steps, model) : ok(undefined);
  if (!fits.ok) return fits;
  const followed = scheduled ? await run.follow(job.scenario.steps, protocol.value) : ok(true);
  if (!followed.ok) return followed;
  const freely = followed.value ? await run.freely() : ok(undefined);
  if (!freely.ok) return freely;
  return endWatch(context, watch.value, outcomeOf(world, planned, before));
}

/** A bug is planted where the protocol has it; unknown where none of the scenario's has. */
function plantedBug({ job, tools }: RunContext, protocol: Protocol): Result<string | undefined> {
  const { driver, scenario } = job;
  if (driver.kind !== 'simulated' || driver.bug === undefined) return ok(undefined);
  if (Object.hasOwn(protocol.bugs, driver.bug)) return ok(driver.bug);
  const known = plannedRuns(scenario).flatMap(({ protocol: { type } }) =>
    Object.keys(tools.protocols[type]?.bugs ?? {}),
  );
  if (known.includes(driver.bug)) return ok(undefined);
  const near = nearest(driver.bug, known);
  return fail(
    auraError('AUR461', `there is no bug ${driver.bug} to plant in ${protocol.name}`, {
      hint: near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`,
    }),
  );
}

/** The schedule is that of the first protocol, or of the first whose spec the scenario came from. */
function isScheduled({ job, tools, story }: RunContext, { protocol }: PlannedRun): boolean {
  const { steps, quint_source } = job.scenario;
  if (steps.length === 0 || story.accepted + story.rejected + story.surprises.length > 0) return false;
  const source = quint_source && path.basename(quint_source.specification);
  const specs = plannedRuns(job.scenario).map(({ protocol: { type } }) => tools.protocols[type]?.spec.file);
  const own = tools.protocols[protocol.type]?.spec.file;
  return source === undefined || !specs.includes(source) || own === source;
}

function outcomeOf(
  { sim }: SimulatedWorld,
  { phase, setup, protocol }: PlannedRun,
  before: { readonly endings: number; readonly accusations: number },
): Omit<ProtocolOutcome, 'conformance' | 'properties'> {
  const endings = sim.endings.slice(before.endings);
  return {
    protocol: protocol.type,
    phase,
    setup,
    parameters: parametersOf(protocol),
    endings: Array.from({ length: setup.participants }, (_, id) => {
      const ending = endings.find(({ node }) => node === id);
      return ending ? { as: ending.as, reason: ending.reason ?? null } : null;
    }),
    accusations: sim.accusations
      .slice(before.accusations)
      .map(({ by, who, reason }) => ({ by, who, reason })),
    facts: sim.facts(),
    epochs: sim.epoch,
    timeoutEpochs: protocol.timeout_epochs,
    timedOut: sim.epoch >= protocol.timeout_epochs,
  };
}

class ProtocolRun {
  constructor(
    private readonly context: RunContext,
    private readonly world: SimulatedWorld,
    private readonly watch: ProtocolWatch,
    private readonly checkpoint: WriteCheckpoint,
    private readonly began: number,
  ) {}

  /** Follows the schedule; false where that ended the run. */
  async follow(steps: readonly ResolvedStep[], protocol: Protocol): Promise<Result<boolean>> {
    const { sim } = this.world;
    const { story, job } = this.context;
    const patienceMs = PATIENCE_EPOCHS * job.scenario.timing.epoch_ms;
    for (const [index, step] of steps.entries()) {
      const action: LocalAction = { action: step.action, params: plainFields(step.params) };
      const injected = this.inject(step, action, protocol);
      if (!injected.ok) return injected;
      const at = step.at === undefined ? {} : { at: this.began + step.at };
      const played = this.played();
      const invoked = sim.invoke(action, { patienceMs, ...at });
      const goesOn = await this.take(invoked.events);
      if (!goesOn.ok) return goesOn;
      if (invoked.accepted) {
        story.accepted++;
        // A strategy that took the step has counted it.
        if (this.played() === played) story.countStep(step, this.watch.model);
      } else story.rejected++;
      if (!invoked.accepted && step.expect === 'rejected')
        story.attempts.refused(step.action, this.watch.model);
      const surprise = surpriseOf(index, step, invoked);
      if (surprise !== undefined) story.surprises.push(surprise);
      if (!goesOn.value || surprise !== undefined) return ok(false);
    }
    sim.release();
    return ok(true);
  }

  /** How often strategies took effect up to now. */
  private played(): number {
    const counts = this.world.sim.counts();
    return counts.reduce((sum, { of, count }) => sum + (of === 'strategy' ? count : 0), 0);
  }

  /** The fault of a step that is not the fault itself. */
  private inject(step: ResolvedStep, action: LocalAction, protocol: Protocol): Result<void> {
    const { sim } = this.world;
    if (step.fault === undefined) return ok(undefined);
    const { type, participants, duration_ms, ...parameters } = step.fault;
    const placement = protocol.place(action, sim.view);
    const isItself = placement !== undefined && placement.kind !== 'act';
    if (isItself || this.kindOf(step.action) !== 'honest' || Object.hasOwn(protocol.strategies, type))
      return ok(undefined);
    const nodes = participants ?? (step.node === undefined ? undefined : [step.node]);
    const injected = sim.inject({
      ...parameters,
      type,
      at_ms: Math.max(sim.time, this.began + (step.at ?? 0)),
      ...(nodes && { participants: nodes }),
      ...(duration_ms !== undefined && { duration_ms }),
    });
    return injected.ok ? ok(undefined) : injected;
  }

  private kindOf(action: string): string {
    return this.watch.model?.actions.find(({ name }) => name === action)?.kind ?? 'honest';
  }

  /** Lets the world run until it is over; with a safety phase, heals a quorum at its end and asks for progress. */
  async freely(): Promise<Result<void>> {
    const { sim } = this.world;
    const { chaos } = this.context.job.scenario;
    const healAt = chaos?.safety_ms === undefined ? Infinity : this.began + chaos.safety_ms;
    const endAt = chaos?.liveness_ms === undefined ? Infinity : healAt + chaos.liveness_ms;
    let healed: readonly number[] | undefined;
    let healedAt = healAt;
    for (;;) {
      if (sim.time >= endAt) break;
      const events = sim.advance();
      const goesOn = await this.take(events ?? []);
      if (!goesOn.ok) return goesOn;
      if (!goesOn.value) return ok(undefined);
      if (healed === undefined && (sim.time >= healAt || (events === undefined && healAt < Infinity))) {
        healed = this.quorum();
        healedAt = sim.time;
        sim.heal(healed);
      } else if (events === undefined) break;
    }
    if (healed !== undefined) this.askProgress(healed, Math.max(0, sim.time - healedAt));
    return ok(undefined);
  }

  /** Those that are healed: as many as have to be without fault, honest ones first. */
  private quorum(): readonly number[] {
    const { setup, lost } = this.context.story;
    if (this.world.quorum !== undefined) return this.world.quorum.filter(id => id < setup.participants);
    const size = Math.max(setup.threshold, setup.participants - setup.fault_bound);
    const byzantine = this.world.byzantine.participants;
    const all = Array.from({ length: setup.participants }, (_, id) => id).filter(id => !lost.has(id));
    const honestFirst = [...all].sort(
      (a, b) => Number(byzantine.includes(a)) - Number(byzantine.includes(b)) || a - b,
    );
    return honestFirst.slice(0, size);
  }

  /** Whoever runs into a timeout has come to an end, but not on. */
  private askProgress(healed: readonly number[], ms: number): void {
    const { nodes } = this.world.sim.view;
    const { failures } = this.context.story;
    const late = healed.filter(id => {
      const { byzantine, ending } = nodes[id] ?? {};
      return byzantine === false && (ending === undefined || ending === 'timeout');
    });
    if (late.length > 0)
      failures.push(
        `no progress: ${late.join(', ')} did not finish within ${ms} ms after the quorum was healed`,
      );
  }

  /** Takes the events of one moment; false where the run is over. */
  private async take(events: readonly SimulatedEvent[]): Promise<Result<boolean>> {
    const { story, job, clock, tools } = this.context;
    const every = job.options.checkpointEvery;
    for (const event of events) {
      const stepsBefore = story.events + this.watch.steps;
      const violated = this.watch.take(event);
      if (!violated.ok) return violated;
      const steps = story.events + this.watch.steps;
      if (violated.value !== undefined) {
        // The trace ends with what broke it.
        await this.checkpoint('violation');
        return ok(false);
      }
      if (steps === stepsBefore) continue;
      if (steps % PROGRESS_STEPS === 0) tools.onProgress?.(steps);
      if (every !== undefined && steps % every === 0) this.isDue = true;
    }
    if (this.isDue) {
      this.isDue = false;
      await this.checkpoint(`step_${String(story.events + this.watch.steps).padStart(6, '0')}`);
    }
    const over = await clock.tick();
    if (over === undefined) return ok(true);
    story.stop(over);
    return ok(false);
  }

  private isDue = false;
}

const PROGRESS_STEPS = 256;

function surpriseOf(
  index: number,
  { action, expect }: ResolvedStep,
  invoked: { readonly accepted: boolean; readonly reason?: string },
): RunSurprise | undefined {
  if (invoked.accepted === (expect === 'accepted')) return undefined;
  return { index, action, expect, reason: invoked.reason ?? null };
}
