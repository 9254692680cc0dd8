// The world of a run on the simulator: made of the scenario once, for all its phases. Where the scenario asks for a swarm,
// the seed draws what goes wrong on top of what is stated.
import type { ResolvedByzantine, ResolvedScenario } from '../scenario/resolved.js';
import type { NodeId } from '../simulate/data.js';
import type { EffectReport } from '../simulate/effect-report.js';
import type { Protocol } from '../simulate/protocol.js';
import { Simulation, type SimulationOptions } from '../simulate/simulation.js';
import { drawSwarm } from '../simulate/swarm.js';
import { ok, type Result } from '../util/result.js';
import { findProtocol, plannedRuns } from './needed-specs.js';

export interface SimulatedWorld {
  readonly sim: Simulation;
  readonly byzantine: ResolvedByzantine;
  /** Those to heal for the liveness phase; undefined where the scenario alone says who is faulty. */
  readonly quorum: readonly NodeId[] | undefined;
}

/** Milliseconds of a swarm's faults where the scenario does not say when they end. */
const SWARM_EPOCHS = 10;

/** Errors: AUR443, AUR444 for faults, AUR460 for a protocol that is not there. */
export function makeWorld(
  scenario: ResolvedScenario,
  seed: string,
  protocols: Readonly<Record<string, Protocol>>,
  watch: { readonly verbose: boolean; readonly onEffect?: (report: EffectReport) => void },
): Result<SimulatedWorld> {
  const { network, timing, byzantine, faults, chaos, setup } = scenario;
  const planned = plannedRuns(scenario);
  const { participants, fault_bound } = planned[0]?.setup ?? setup;
  let given: Pick<SimulationOptions, 'network' | 'timing' | 'byzantine' | 'faults'> = {
    network,
    timing,
    byzantine,
    faults,
  };
  let quorum: readonly NodeId[] | undefined;
  if (chaos?.swarm === true) {
    const all: Protocol[] = [];
    for (const { protocol } of planned) {
      const found = findProtocol(protocols, protocol.type);
      if (!found.ok) return found;
      all.push(found.value);
    }
    const safetyMs = chaos.safety_ms ?? SWARM_EPOCHS * timing.epoch_ms;
    const base = { ...given, participants, faultBound: fault_bound, safetyMs };
    const swarm = drawSwarm(seed, commonTo(all), base);
    given = {
      network: swarm.network,
      timing: swarm.timing,
      byzantine: swarm.byzantine,
      faults: swarm.faults,
    };
    quorum = swarm.quorum;
  }
  const sim = Simulation.create({ seed, participants, ...given }, watch);
  return sim.ok ? ok({ sim: sim.value, byzantine: given.byzantine, quorum }) : sim;
}

/** What means something to all of them. */
function commonTo(protocols: readonly Protocol[]): Pick<Protocol, 'strategies' | 'phases'> {
  const [first, ...others] = protocols;
  const known = Object.entries(first?.strategies ?? {});
  const common = known.filter(([name]) => others.every(({ strategies }) => Object.hasOwn(strategies, name)));
  return { strategies: Object.fromEntries(common), phases: first?.phases ?? [] };
}
