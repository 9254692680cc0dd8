// Worlds for tests of the kernel: the small protocol under conditions of which a test says only what it is about.

import type { Protocol } from '../../../src/simulate/protocol.js';
import {
  type BeginOptions,
  type Observation,
  Simulation,
  type SimulationOptions,
} from '../../../src/simulate/simulation.js';
import type { SimulatedEvent } from '../../../src/simulate/world.js';
import type { Result } from '../../../src/util/result.js';
import { tokens } from './tokens.js';

export const QUIET_NETWORK: SimulationOptions['network'] = {
  latency_range: [10, 50],
  latency_distribution: 'uniform',
  drop_rate: 0,
  duplicate_rate: 0,
  reorder_rate: 0,
  corrupt_rate: 0,
  partitions: [],
};

export const TIMING: SimulationOptions['timing'] = {
  epoch_ms: 1000,
  timeout_epochs: 20,
  jitter_ms: 0,
  clock_skew_ms: 0,
};

type Setup = Partial<SimulationOptions> & {
  readonly begin?: Partial<BeginOptions>;
  readonly observation?: Observation;
  readonly protocol?: Protocol;
};

export function got<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.errors.map(({ code, message }) => `${code} ${message}`).join('; '));
  return result.value;
}

export function beginOptions(options: Partial<BeginOptions> = {}): BeginOptions {
  return {
    threshold: 2,
    faultBound: 1,
    guardianApprovals: 0,
    timeoutEpochs: 20,
    parameters: {},
    constants: new Map(),
    ...options,
  };
}

/** A world in which the small protocol, or another one, has begun. */
export function begun({ begin, observation, protocol = tokens, ...options }: Setup = {}): Simulation {
  const simulation = got(
    Simulation.create(
      {
        seed: '1',
        participants: 3,
        network: QUIET_NETWORK,
        timing: TIMING,
        byzantine: { participants: [], strategies: [] },
        faults: [],
        ...options,
      },
      observation,
    ),
  );
  got(simulation.begin(protocol, beginOptions(begin)));
  return simulation;
}

export function actionsOf(events: Iterable<SimulatedEvent>): string[] {
  return [...events].flatMap(({ action }) => (action === undefined ? [] : [action]));
}
