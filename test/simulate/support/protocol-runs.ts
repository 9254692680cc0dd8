// Runs of real protocols for their tests: free runs in worlds that are as bad as a seed makes them, and generated
// scenarios followed step by step.
import type { ResolvedScenario } from '../../../src/scenario/resolved.js';
import type { Data, Fields } from '../../../src/simulate/data.js';
import type { FaultRequest } from '../../../src/simulate/faults.js';
import type { Protocol } from '../../../src/simulate/protocol.js';
import type { BeginOptions, Simulation, SimulationOptions } from '../../../src/simulate/simulation.js';
import type { SimulatedEvent } from '../../../src/simulate/world.js';
import { createRandom } from '../../../src/util/random.js';
import { complaints, verifySimulated } from '../conformance.js';
import { begun, QUIET_NETWORK } from './world.js';

export interface Ran {
  readonly simulation: Simulation;
  readonly events: readonly SimulatedEvent[];
  /** What the verifier has against it. */
  readonly complaints: readonly string[];
  /** Actions of the spec that its steps were. */
  readonly actions: ReadonlySet<string>;
  readonly known: readonly string[];
}

export interface RunSetup extends Partial<SimulationOptions> {
  readonly protocol: Protocol;
  readonly begin?: Partial<BeginOptions>;
}

/** Runs freely to the end and asks the verifier. */
export async function runFreely(setup: RunSetup): Promise<Ran> {
  const simulation = begun(setup);
  return judged(setup.protocol, simulation, [...simulation.run()]);
}

export async function judged(
  protocol: Protocol,
  simulation: Simulation,
  events: readonly SimulatedEvent[],
): Promise<Ran> {
  const constants = protocol.constants(simulation.view.setting);
  const verdict = await verifySimulated(protocol, constants, plain(events));
  return {
    simulation,
    events,
    complaints: complaints(verdict),
    actions: verdict.actions,
    known: verdict.known,
  };
}

function plain(events: readonly SimulatedEvent[]): Parameters<typeof verifySimulated>[2] {
  return JSON.parse(JSON.stringify(events));
}

/** A bad world: loss, disorder, crashes, a partition, of which each seed has its own mix. */
export function badWorld(seed: string, participants: number): Partial<SimulationOptions> {
  const random = createRandom(`bad world ${seed}`);
  const rate = (most: number): number => (random.real() < 0.5 ? 0 : random.real() * most);
  const crashes = Array.from({ length: random.below(3) }, (): FaultRequest => {
    const at_ms = random.below(4000);
    const disk = random.real() < 0.3 ? 'lost' : 'kept';
    const node = random.below(participants);
    return { type: 'crash', participants: [node], at_ms, duration_ms: 200 + random.below(3000), disk };
  });
  const cut: FaultRequest[] =
    random.real() < 0.3
      ? [
          {
            type: 'disconnect',
            participants: [random.below(participants)],
            at_ms: random.below(3000),
            duration_ms: 1500,
          },
        ]
      : [];
  return {
    seed,
    network: {
      ...QUIET_NETWORK,
      latency_range: [1, 20 + random.below(300)],
      drop_rate: rate(0.3),
      duplicate_rate: rate(0.3),
      reorder_rate: rate(0.3),
      corrupt_rate: rate(0.2),
    },
    faults: [...crashes, ...cut],
  };
}

export interface Followed extends Ran {
  /** For each step, whether it was taken as the schedule has it, or refused where it has to be. */
  readonly met: readonly string[];
}

/** Follows a generated scenario on a protocol. */
export async function followScenario(protocol: Protocol, scenario: ResolvedScenario): Promise<Followed> {
  const { setup, byzantine, steps } = scenario;
  const simulation = begun({
    protocol,
    seed: setup.seed,
    participants: setup.participants,
    byzantine,
    begin: {
      threshold: setup.threshold,
      faultBound: setup.fault_bound,
      guardianApprovals: setup.guardian_approvals,
      constants: setup.constants,
    },
  });
  const events: SimulatedEvent[] = [];
  const met: string[] = [];
  for (const [i, { action, params, expect }] of steps.entries()) {
    const step = { action, params: plainFields(params) };
    const outcome = simulation.invoke(step, { patienceMs: 20_000 });
    events.push(...outcome.events);
    const wanted = expect !== 'rejected';
    if (outcome.accepted !== wanted)
      met.push(`step ${i}, ${action}: ${outcome.accepted ? 'was taken' : outcome.reason}`);
  }
  return { ...(await judged(protocol, simulation, events)), met };
}

function plainFields(params: ResolvedScenario['steps'][number]['params']): Fields {
  return Object.fromEntries([...params].map(([name, value]) => [name, plainValue(value)]));
}

type Param = ResolvedScenario['steps'][number]['params'] extends ReadonlyMap<string, infer V> ? V : never;

/** The values that steps of these specs have. */
function plainValue(value: Param): Data {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object') return value;
  if (value.kind === 'set') return value.items.map(plainValue);
  if (value.kind === 'record')
    return Object.fromEntries(value.fields.map(([name, field]) => [name, plainValue(field)]));
  throw new Error(`no plain form for a ${value.kind}`);
}
