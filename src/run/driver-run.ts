// A scenario against a driver: the spec itself, a module, a program. Its schedule is carried out step by step, what the
// driver tells becomes the trace, and the verifier judges it. What the driver cannot do makes the run inconclusive, with
// the reason, and what it does wrong is told apart from its inability to run at all.
import type { TraceEvent } from '../../generated/execution-trace.js';
import type { Driver, DriverStep, RunSetup } from '../drivers/driver.js';
import { driverFault, driverStep } from '../drivers/driver-step.js';
import type { ResolvedScenario, ResolvedStep } from '../scenario/resolved.js';
import { auraError } from '../util/errors.js';
import { LIMITS } from '../util/limits.js';
import { fail, ok, type Result } from '../util/result.js';
import { inabilities } from './driver-abilities.js';
import { checkActions } from './known-actions.js';
import { type NeededSpec, specOfScenario } from './needed-specs.js';
import { plainFields } from './plain-values.js';
import type { ProtocolWatch } from './protocol-watch.js';
import { endWatch, type RunContext, watchProtocol } from './run-context.js';
import type { OpenedSpec } from './run-job.js';

/** Errors: AUR450 to AUR459 for a driver that cannot run, AUR461 for a scenario that has nothing for it. */
export async function runDriver(context: RunContext): Promise<Result<void>> {
  const { job, tools, story, clock } = context;
  const { scenario, driver: choice } = job;
  if (scenario.steps.length === 0) return fail(noSteps(scenario, choice.kind));
  const need = specOfScenario(scenario);
  if (!need.ok) return need;
  const opened = await tools.openSpec(need.value);
  if (!opened.ok) return opened;
  const fits = checkActions(scenario.steps, opened.value.model);
  if (!fits.ok) return fits;
  const driver = await tools.openDriver(choice, opened.value);
  if (!driver.ok) return driver;
  // A driver that is closed answers what it is still asked, if only with an error.
  const forget = clock.whenOver(() => void driver.value.close(LIMITS.driverCloseMs));
  let ran: Result<void>;
  let closed: Result<void>;
  try {
    ran = await runOpened(context, need.value, opened.value, driver.value);
  } finally {
    forget();
    closed = await driver.value.close(clock.over === undefined ? undefined : LIMITS.driverCloseMs);
  }
  // What the run showed weighs more than an untidy end.
  const { violation, surprises, open } = story;
  const isOtherwiseFine = violation === undefined && surprises.length === 0 && open.length === 0;
  return ran.ok && isOtherwiseFine && clock.over === undefined ? closed : ran;
}

async function runOpened(
  context: RunContext,
  need: NeededSpec,
  opened: OpenedSpec,
  driver: Driver,
): Promise<Result<void>> {
  const { job, story, clock } = context;
  const { scenario, driver: choice } = job;
  story.beginPhase(null, scenario.setup);
  const unable = inabilities(scenario, choice, driver.capabilities, opened.model);
  if (unable.length > 0) {
    for (const reason of unable) story.stop(reason);
    return ok(undefined);
  }
  const type = scenario.protocols[0]?.type ?? need.module ?? 'steps';
  const mode = driver.capabilities.state === 'full' ? 'delta' : 'partial';
  const watch = await watchProtocol(context, type, need, { opened, mode });
  if (!watch.ok) return watch;
  const ran = await new DriverRun(context, driver, watch.value).run();
  const { over } = clock;
  if (!ran.ok && over === undefined) return ran;
  if (!ran.ok && over !== undefined) story.stop(over);
  const ended = await endWatch(context, watch.value, outcomeOf(scenario, type));
  if (!ended.ok) return ended;
  story.strategies = story.scheduled.together('strategy', []);
  story.faults = story.scheduled.together('fault', []);
  return ok(undefined);
}

/** How it ended for whom a driver does not tell. */
function outcomeOf({ setup, protocols }: ResolvedScenario, protocol: string) {
  return {
    protocol,
    phase: null,
    setup,
    parameters: {},
    endings: [],
    accusations: [],
    facts: undefined,
    epochs: 0,
    timeoutEpochs: protocols[0]?.timeout_epochs ?? 0,
    timedOut: false,
  };
}

class DriverRun {
  private readonly names: readonly string[];
  private events = 0;
  /** The state that was told last. */
  private seen: string | undefined;

  constructor(
    private readonly context: RunContext,
    private readonly driver: Driver,
    private readonly watch: ProtocolWatch,
  ) {
    this.names = namesOf(context.job.scenario);
  }

  async run(): Promise<Result<void>> {
    const { job, story, clock } = this.context;
    const steps = job.scenario.steps.map((step, index) => driverStep(step, index));
    const prepared = await this.driver.prepare(this.setup(steps));
    if (!prepared.ok) return prepared;
    const began = await this.begin();
    if (!began.ok || !began.value) return began.ok ? ok(undefined) : began;
    for (const [i, step] of steps.entries()) {
      const over = clock.over;
      if (over !== undefined) {
        story.stop(over);
        return ok(undefined);
      }
      const written = job.scenario.steps[i];
      if (written === undefined) break;
      const goesOn = await this.step(step, written);
      if (!goesOn.ok) return goesOn;
      if (!goesOn.value) return ok(undefined);
    }
    return ok(undefined);
  }

  private setup(schedule: readonly DriverStep[]): RunSetup {
    const { scenario, seed } = this.context.job;
    const { participants, threshold, fault_bound, constants } = scenario.setup;
    return {
      scenario: scenario.name,
      seed,
      participants,
      threshold,
      faultBound: fault_bound,
      names: this.names,
      byzantine: scenario.byzantine.participants,
      constants: plainFields(constants),
      schedule,
    };
  }

  /** The initial state; false where that breaks something already. */
  private async begin(): Promise<Result<boolean>> {
    if (this.driver.capabilities.state === 'none') return ok(true);
    const state = await this.driver.observe();
    if (!state.ok) return state;
    this.seen = JSON.stringify(state.value);
    return this.take([{ action: 'init', state: state.value }]);
  }

  /** Carries out a step; false where the run is over with it. */
  private async step(step: DriverStep, written: ResolvedStep): Promise<Result<boolean>> {
    const { story } = this.context;
    const fault = driverFault(written, this.driver.capabilities);
    if (fault !== undefined) {
      const injected = await this.driver.inject(fault);
      if (!injected.ok) return injected;
      story.scheduled.note('fault', fault.type, fault.participants);
    }
    const applied = await this.driver.apply(step);
    if (!applied.ok) return applied;
    const { outcome, events } = applied.value;
    const accepted = outcome === 'accepted';
    const told = await this.told(step, accepted, events);
    if (!told.ok) return told;
    const goesOn = await this.take(told.value);
    if (!goesOn.ok) return goesOn;
    if (accepted) {
      story.accepted++;
      story.countStep(written, this.watch.model);
    } else story.rejected++;
    if (!accepted && step.expect === 'rejected') story.attempts.refused(step.action, this.watch.model);
    const reason = applied.value.outcome === 'rejected' ? (applied.value.reason ?? null) : null;
    const isSurprise = accepted !== (step.expect === 'accepted');
    const { index, action, expect } = step;
    if (isSurprise) story.surprises.push({ index, action, expect, reason });
    return ok(goesOn.value && !isSurprise);
  }

  /** The events of a step, the last of them with the state as it is now. */
  private async told(
    step: DriverStep,
    accepted: boolean,
    events: readonly TraceEvent[] | undefined,
  ): Promise<Result<readonly TraceEvent[]>> {
    const { action, node } = step;
    const name = node === undefined ? undefined : this.names[node];
    const own = {
      ...(name !== undefined && { node: name }),
      action,
      params: { ...step.picks, ...step.params },
    };
    const all: readonly TraceEvent[] = events ?? (accepted ? [own] : []);
    const last = all.at(-1);
    if (this.driver.capabilities.state === 'none') return ok(all);
    if (last?.state !== undefined) {
      this.seen = JSON.stringify(last.state);
      return ok(all);
    }
    const state = await this.driver.observe();
    if (!state.ok) return state;
    const before = this.seen;
    this.seen = JSON.stringify(state.value);
    if (last !== undefined) return ok([...all.slice(0, -1), { ...last, state: state.value }]);
    // Who refuses a step and takes it all the same is found by the state, which nothing that is told explains.
    return ok(this.seen === before ? [] : [{ state: state.value }]);
  }

  private async take(events: readonly TraceEvent[]): Promise<Result<boolean>> {
    const { tools } = this.context;
    for (const event of events) {
      const violated = this.watch.take({ seq: this.events, ...event });
      this.events++;
      if (!violated.ok) return violated;
      if (violated.value !== undefined) return ok(false);
    }
    tools.onProgress?.(this.watch.steps);
    return ok(true);
  }
}

/** The names of the participants, where a constant of the spec is a set of as many texts. */
function namesOf({ setup }: ResolvedScenario): readonly string[] {
  for (const value of setup.constants.values()) {
    if (typeof value !== 'object' || value.kind !== 'set' || value.items.length !== setup.participants)
      continue;
    const texts = value.items.filter(item => typeof item === 'string');
    if (texts.length === setup.participants) return texts;
  }
  return [];
}

function noSteps({ name }: ResolvedScenario, driver: string) {
  return auraError('AUR461', `the scenario "${name}" has no steps, so --driver ${driver} has nothing to do`, {
    hint: 'aura scenarios generate makes scenarios with steps; or choose --driver simulated',
  });
}
