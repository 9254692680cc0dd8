// A resolved scenario as it would be written into a file with nothing left out: what the folder of a run keeps, and what
// the name of that folder is a hash of. Reading it back gives the same scenario.
import type { Scenario } from '../../generated/scenario.js';
import { showValue, type Value } from '../model/value.js';
import type { ResolvedScenario, ResolvedStep } from '../scenario/resolved.js';
import { compareText } from '../util/order.js';

/** The scenario with `seed` for its own. */
export function writtenScenario(scenario: ResolvedScenario, seed: string): Scenario {
  const { setup, byzantine, steps, network, faults, phases, protocols, assertions, ...rest } = scenario;
  const { constants, ...quorum } = setup;
  const hasByzantine = byzantine.participants.length + byzantine.strategies.length > 0;
  return {
    ...rest,
    setup: { ...quorum, seed, ...(constants.size > 0 && { constants: literals(constants) }) },
    network: {
      ...network,
      partitions: network.partitions.map(partition => ({ ...partition })),
    },
    ...(hasByzantine && {
      byzantine: {
        count: byzantine.participants.length,
        participants: [...byzantine.participants],
        strategies: [...byzantine.strategies],
      },
    }),
    ...(faults.length > 0 && { faults: [...faults] }),
    ...(protocols.length > 0 && { protocols: [...protocols] }),
    ...(assertions.length > 0 && { assertions: [...assertions] }),
    ...(phases.length > 0 && { phases: phases.map(writtenPhase) }),
    ...(steps.length > 0 && { steps: steps.map(writtenStep) }),
  };
}

function writtenPhase(phase: ResolvedScenario['phases'][number]): NonNullable<Scenario['phases']>[number] {
  return {
    name: phase.name,
    setup: { ...phase.setup },
    protocols: [...phase.protocols],
    assertions: [...phase.assertions],
    simulate: [...phase.simulate],
    checkpoints: [...phase.checkpoints],
  };
}

function writtenStep({ params, picks, ...rest }: ResolvedStep): NonNullable<Scenario['steps']>[number] {
  return {
    ...rest,
    ...(params.size > 0 && { params: literals(params) }),
    ...(picks.size > 0 && { picks: literals(picks) }),
  };
}

/** Quint literals by name, in the order of the names. */
function literals(values: ReadonlyMap<string, Value>): Record<string, string> {
  const sorted = [...values].sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(sorted.map(([name, value]) => [name, showValue(value)]));
}
