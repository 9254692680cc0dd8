// Fills in what a scenario leaves out. The schema states the same defaults for people and a test holds the two
// together. Nothing is checked here: what contradicts itself resolves too, and check.ts says so afterwards.
import type {
  NetworkConditions,
  Partition,
  Phase,
  PhaseSetup,
  ProtocolRun,
  QuintSource,
  Scenario,
  ScenarioStep,
  Timing,
} from '../../generated/scenario.js';
import { parseQuintLiteral } from '../model/literal.js';
import type { Value } from '../model/value.js';
import type { TomlPath } from '../util/toml-places.js';
import type {
  ResolvedByzantine,
  ResolvedNetwork,
  ResolvedPartition,
  ResolvedPhase,
  ResolvedProtocol,
  ResolvedQuorum,
  ResolvedScenario,
  ResolvedSource,
  ResolvedStep,
} from './resolved.js';

/** A literal of the scenario that cannot be read; `path` starts at the scenario's own table. */
export interface BadLiteral {
  readonly path: TomlPath;
  readonly message: string;
  readonly hint?: string;
}

/** Notes a literal that cannot be read; it is then absent from the resolved scenario. */
type Complain = (bad: BadLiteral) => void;

/** The scenario with its defaults, and what could not be read of it. It must have no base left to inherit from. */
export function resolveScenario(written: Scenario): {
  scenario: ResolvedScenario;
  badLiterals: readonly BadLiteral[];
} {
  const badLiterals: BadLiteral[] = [];
  const complain: Complain = bad => badLiterals.push(bad);
  const timing = resolveTiming(written.timing ?? {});
  const start = { ...withoutSeed(written.phases?.[0]?.setup), ...withoutSeed(written.setup) };
  const quorum = resolveQuorum(start);
  const scenario: ResolvedScenario = {
    name: written.name,
    description: written.description ?? '',
    expected_outcome: written.expected_outcome ?? 'success',
    setup: {
      ...quorum,
      seed: normalSeed(written.setup?.seed ?? 0),
      constants: readConstants(written.setup?.constants ?? {}, complain),
    },
    network: resolveNetwork(written.network ?? {}),
    byzantine: resolveByzantine(written.byzantine ?? {}, quorum.participants),
    faults: (written.faults ?? []).map(fault => ({ ...fault, at_ms: fault.at_ms ?? 0 })),
    ...(written.chaos ? { chaos: { ...written.chaos, swarm: written.chaos.swarm ?? false } } : {}),
    protocols: resolveProtocols(written.protocols, timing),
    assertions: written.assertions ?? [],
    phases: resolvePhases(written.phases ?? [], start, timing),
    timing,
    steps: (written.steps ?? []).map((step, index) => resolveStep(step, ['steps', index], complain)),
    ...(written.quint_source ? { quint_source: resolveSource(written.quint_source) } : {}),
  };
  return { scenario, badLiterals };
}

/** Decimal digits without leading zeros. */
function normalSeed(seed: number | string): string {
  return BigInt(seed).toString();
}

function resolveTiming(timing: Timing): Required<Timing> {
  return { epoch_ms: 1000, timeout_epochs: 100, jitter_ms: 0, clock_skew_ms: 0, ...timing };
}

/** The keys that a phase may change, out of a setup. */
function withoutSeed(setup: PhaseSetup = {}): PhaseSetup {
  const { participants, threshold, fault_bound, guardian_approvals } = setup;
  return {
    ...(participants === undefined ? {} : { participants }),
    ...(threshold === undefined ? {} : { threshold }),
    ...(fault_bound === undefined ? {} : { fault_bound }),
    ...(guardian_approvals === undefined ? {} : { guardian_approvals }),
  };
}

function resolveQuorum(setup: PhaseSetup): ResolvedQuorum {
  const participants = setup.participants ?? 3;
  const threshold = setup.threshold ?? Math.floor(participants / 2) + 1;
  return {
    participants,
    threshold,
    fault_bound: setup.fault_bound ?? threshold - 1,
    guardian_approvals: setup.guardian_approvals ?? 0,
  };
}

/** What is stated is carried from phase to phase; what never was follows from what is. */
function resolvePhases(
  phases: readonly Phase[],
  start: PhaseSetup,
  timing: Required<Timing>,
): readonly ResolvedPhase[] {
  let stated = start;
  return phases.map(phase => {
    stated = { ...stated, ...phase.setup };
    return {
      name: phase.name,
      setup: resolveQuorum(stated),
      protocols: resolveProtocols(phase.protocols, timing),
      assertions: phase.assertions ?? [],
      simulate: phase.simulate ?? [],
      checkpoints: phase.checkpoints ?? [],
    };
  });
}

function resolveProtocols(
  runs: readonly ProtocolRun[] = [],
  timing: Required<Timing>,
): readonly ResolvedProtocol[] {
  return runs.map(run => ({ ...run, timeout_epochs: run.timeout_epochs ?? timing.timeout_epochs }));
}

function resolveNetwork(network: NetworkConditions): ResolvedNetwork {
  const { partitions = [], ...conditions } = network;
  return {
    latency_range: [10, 50],
    latency_distribution: 'uniform',
    drop_rate: 0,
    duplicate_rate: 0,
    reorder_rate: 0,
    corrupt_rate: 0,
    ...conditions,
    partitions: partitions.map(resolvePartition),
  };
}

function resolvePartition(partition: Partition): ResolvedPartition {
  const timed = Array.isArray(partition) ? { groups: partition } : partition;
  return { start_ms: 0, one_way: false, in_flight: 'drop', ...timed };
}

function resolveByzantine(
  byzantine: NonNullable<Scenario['byzantine']>,
  participants: number,
): ResolvedByzantine {
  const count = Math.min(byzantine.count ?? 0, participants);
  const last = Array.from({ length: count }, (_, i) => participants - count + i);
  return { participants: byzantine.participants ?? last, strategies: byzantine.strategies ?? [] };
}

function resolveSource(source: QuintSource): ResolvedSource {
  const { seed, ...rest } = source;
  return seed === undefined ? rest : { ...rest, seed: normalSeed(seed) };
}

function resolveStep(step: ScenarioStep, path: TomlPath, complain: Complain): ResolvedStep {
  const { params, picks, ...rest } = step;
  return {
    operation: step.action,
    expect: 'accepted',
    ...rest,
    params: readLiterals(params ?? {}, [...path, 'params'], complain),
    picks: readLiterals(picks ?? {}, [...path, 'picks'], complain),
  };
}

function readConstants(
  constants: Readonly<Record<string, number | boolean | string>>,
  complain: Complain,
): ReadonlyMap<string, Value> {
  const texts = Object.entries(constants).map(([name, constant]): [string, string] => [
    name,
    String(constant),
  ]);
  return readLiterals(Object.fromEntries(texts), ['setup', 'constants'], complain);
}

function readLiterals(
  texts: Readonly<Record<string, string>>,
  path: TomlPath,
  complain: Complain,
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const [name, text] of Object.entries(texts)) {
    const value = parseQuintLiteral(text);
    if (value.ok) values.set(name, value.value);
    else
      for (const { message, hint } of value.errors)
        complain({ path: [...path, name], message: `\`${name}\` is ${message}`, ...(hint ? { hint } : {}) });
  }
  return values;
}
