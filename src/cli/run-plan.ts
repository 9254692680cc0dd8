// From scenarios and options to runs: which driver each scenario gets, with which seeds, and the names that it may use.
import { STRATEGY_TYPES } from '../generate/adversary.js';
import { ASSERTIONS } from '../run/assertions.js';
import type { DriverChoice, RunJob, RunOptions } from '../run/run-job.js';
import type { LoadedScenario } from '../scenario/load.js';
import type { Vocabulary } from '../scenario/vocabulary.js';
import { FAULT_KINDS } from '../simulate/fault-kinds.js';
import { PROTOCOLS } from '../simulate/protocols/index.js';

/** What a scenario may name when it is run. */
export function runVocabulary(ownAssertions: readonly string[]): Vocabulary {
  const ofProtocols = Object.values(PROTOCOLS).flatMap(({ strategies }) => Object.keys(strategies));
  const protocols = Object.entries(PROTOCOLS).map(([name, { phases }]) => [name, phases]);
  return {
    protocols: Object.fromEntries(protocols),
    assertions: [...Object.keys(ASSERTIONS), ...ownAssertions],
    strategies: [...new Set([...STRATEGY_TYPES, ...ofProtocols])],
    faults: Object.keys(FAULT_KINDS),
  };
}

export interface PlanOptions {
  /** Undefined for what fits the scenario. */
  readonly driver: DriverChoice | undefined;
  /** In decimal digits; undefined for the scenario's own. */
  readonly seeds: readonly string[] | undefined;
  readonly run: RunOptions;
}

/** One job a scenario and seed, in the order of the scenarios and then of the seeds. */
export function planRuns(scenarios: readonly LoadedScenario[], options: PlanOptions): RunJob[] {
  return scenarios.flatMap(({ scenario, file, line }) => {
    const driver = options.driver ?? driverFor(scenario);
    const seeds = options.seeds ?? [scenario.setup.seed];
    return seeds.map((seed): RunJob => ({ scenario, file, line, seed, driver, options: options.run }));
  });
}

/** The simulator where it has the protocols that the scenario names, and otherwise the spec that the scenario came from. */
function driverFor({ protocols, phases, quint_source, steps }: LoadedScenario['scenario']): DriverChoice {
  const named = [...protocols, ...phases.flatMap(phase => phase.protocols)];
  const isSimulated = named.length > 0 && named.every(({ type }) => Object.hasOwn(PROTOCOLS, type));
  const canFollow = quint_source !== undefined && steps.length > 0;
  return { kind: isSimulated || !canFollow ? 'simulated' : 'model' };
}
