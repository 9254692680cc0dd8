// A scenario as everything after loading sees it: inheritance done, defaults filled in, literals read. The types
// in generated/ say what a file may hold; these say what a runner may rely on. Names are those of the file.
import type {
  Assertion,
  ByzantineStrategy,
  Chaos,
  ExpectedOutcome,
  FaultInjection,
  NetworkConditions,
  ProtocolRun,
  QuintSource,
  ScenarioStep,
  SimulationEvent,
  TimedFault,
  TimedPartition,
  Timing,
} from '../../generated/scenario.js';
import type { Value } from '../model/value.js';

export interface ResolvedScenario {
  readonly name: string;
  readonly description: string;
  readonly expected_outcome: ExpectedOutcome;
  readonly setup: ResolvedSetup;
  readonly network: ResolvedNetwork;
  readonly byzantine: ResolvedByzantine;
  readonly faults: readonly ResolvedFault[];
  /** Absent when the scenario states none. */
  readonly chaos?: ResolvedChaos;
  readonly protocols: readonly ResolvedProtocol[];
  readonly assertions: readonly Assertion[];
  readonly phases: readonly ResolvedPhase[];
  readonly timing: Required<Timing>;
  readonly steps: readonly ResolvedStep[];
  /** Absent when the scenario names no spec. */
  readonly quint_source?: ResolvedSource;
}

/** The spec that a scenario came from; the seed is in normal form, as in {@link ResolvedSetup}. */
export type ResolvedSource = Omit<QuintSource, 'seed'> & { readonly seed?: string };

/** Who takes part in a phase. */
export interface ResolvedQuorum {
  readonly participants: number;
  readonly threshold: number;
  readonly fault_bound: number;
  readonly guardian_approvals: number;
}

interface ResolvedSetup extends ResolvedQuorum {
  /** 0 to 2^64 - 1, in decimal digits without leading zeros: the one form of a seed, whatever the file wrote. */
  readonly seed: string;
  readonly constants: ReadonlyMap<string, Value>;
}

export type ResolvedNetwork = Required<Omit<NetworkConditions, 'bandwidth' | 'partitions'>> & {
  /** Bytes per second on each link; absent for no bound. */
  readonly bandwidth?: number;
  readonly partitions: readonly ResolvedPartition[];
};

/** A partition is never the short list: `heal_ms` is absent when it never heals. */
export type ResolvedPartition = Required<Omit<TimedPartition, 'heal_ms'>> & { readonly heal_ms?: number };

export interface ResolvedByzantine {
  /** Their numbers; there are as many as the file's `count`. */
  readonly participants: readonly number[];
  readonly strategies: readonly ByzantineStrategy[];
}

export type ResolvedFault = TimedFault & { readonly at_ms: number };

/** What is absent of its times follows from the run. */
export type ResolvedChaos = Chaos & { readonly swarm: boolean };

export type ResolvedProtocol = ProtocolRun & { readonly timeout_epochs: number };

export interface ResolvedPhase {
  readonly name: string;
  readonly setup: ResolvedQuorum;
  readonly protocols: readonly ResolvedProtocol[];
  readonly assertions: readonly Assertion[];
  readonly simulate: readonly SimulationEvent[];
  readonly checkpoints: readonly string[];
}

export interface ResolvedStep {
  readonly action: string;
  readonly operation: string;
  /** Absent when the step belongs to no participant. */
  readonly node?: number;
  readonly params: ReadonlyMap<string, Value>;
  readonly picks: ReadonlyMap<string, Value>;
  /** Earliest virtual time in milliseconds; absent for as soon as the step before is over. */
  readonly at?: number;
  readonly fault?: FaultInjection;
  readonly expect: Required<ScenarioStep>['expect'];
}
