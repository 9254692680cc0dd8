// Worlds of which a seed draws nearly everything: network, faults, misbehaviour. For protocols whose participants vote.

import type { Value } from '../../../src/model/value.js';
import type { Fields } from '../../../src/simulate/data.js';
import type { FaultRequest } from '../../../src/simulate/faults.js';
import type { LocalAction } from '../../../src/simulate/participant.js';
import type { Protocol } from '../../../src/simulate/protocol.js';
import type { Count, Simulation } from '../../../src/simulate/simulation.js';
import type { SimulatedEvent } from '../../../src/simulate/world.js';
import { createRandom, type Random } from '../../../src/util/random.js';
import { complaints, type SimulatedVerdict, verifySimulated } from '../conformance.js';
import { begun, QUIET_NETWORK, TIMING } from './world.js';

export interface VotingOptions {
  readonly protocol: Protocol;
  readonly seed: string;
  /** One of the protocol's strategies for the last participant; without it the seed draws one or none. */
  readonly strategy?: string;
  readonly strategyParameters?: Fields;
  /** Without any misbehaviour or fault that is not asked for. */
  readonly calm?: boolean;
  readonly parameters?: Fields;
  readonly bug?: string;
  readonly faults?: readonly FaultRequest[];
  readonly timeoutEpochs?: number;
}

export interface VotingRun {
  readonly simulation: Simulation;
  readonly events: readonly SimulatedEvent[];
  readonly strategy: string | undefined;
  readonly counts: readonly Count[];
}

const TIMEOUT_EPOCHS = 25;
/** Always as many, and the last one always of the adversary: a spec is opened once for the same constants. */
const PARTICIPANTS = 4;

/** Runs one world to its end. */
export function runVoting(options: VotingOptions): VotingRun {
  const { protocol, seed, calm = false, parameters = {}, bug, timeoutEpochs = TIMEOUT_EPOCHS } = options;
  const random = createRandom(`swarm/${seed}`);
  const names = Object.keys(protocol.strategies);
  const drawn = random.below(3) === 0 ? undefined : names[random.below(names.length)];
  const strategy = options.strategy ?? (calm ? undefined : drawn);
  const simulation = begun({
    seed,
    participants: PARTICIPANTS,
    protocol,
    network: calm ? QUIET_NETWORK : network(random.fork('network')),
    timing: { ...TIMING, clock_skew_ms: calm ? 0 : random.below(300) },
    byzantine: {
      participants: [PARTICIPANTS - 1],
      strategies: strategy === undefined ? [] : [{ type: strategy, ...options.strategyParameters }],
    },
    faults: options.faults ?? (calm ? [] : faults(random.fork('faults'))),
    begin: { threshold: 2, timeoutEpochs, parameters, ...(bug === undefined ? {} : { bug }) },
  });
  const events = [...simulation.run()];
  return { simulation, events, strategy, counts: simulation.counts() };
}

export async function verdictOf(
  { protocol }: VotingOptions,
  { simulation, events }: VotingRun,
): Promise<SimulatedVerdict> {
  return verifySimulated(protocol, protocol.constants(simulation.view.setting), events);
}

/** The first of so many seeds whose run the verifier rejects, with what is wrong. */
export async function findWrong(
  options: Omit<VotingOptions, 'seed'>,
  seeds: number,
): Promise<string[] | undefined> {
  for (let seed = 0; seed < seeds; seed++) {
    const each = { ...options, seed: String(seed) };
    const wrong = complaints(await verdictOf(each, runVoting(each)));
    if (wrong.length > 0) return wrong;
  }
  return undefined;
}

/** The honest participants that somebody accuses, and the byzantine ones that honest participants do. */
export function accused({ simulation }: VotingRun): {
  readonly honest: number[];
  readonly byzantine: number[];
} {
  const { nodes } = simulation.view;
  const isByzantine = (id: number): boolean => nodes[id]?.byzantine === true;
  const said = simulation.accusations;
  return {
    honest: said.filter(({ who }) => !isByzantine(who)).map(({ who }) => who),
    byzantine: said.filter(({ who, by }) => isByzantine(who) && !isByzantine(by)).map(({ who }) => who),
  };
}

/** A step of a schedule: the action and its parameters. `!` before the action: it has to be refused. */
export type Written = readonly [action: string, params?: Fields];

export interface Followed {
  /** The first step at which what happened is not what was wanted. */
  readonly stuck: string | undefined;
  readonly complaints: readonly string[];
  readonly actions: readonly string[];
}

/** Follows a schedule in the instance of the spec with these constants. */
export async function follow(
  protocol: Protocol,
  constants: ReadonlyMap<string, Value>,
  byzantine: readonly number[],
  schedule: readonly Written[],
): Promise<Followed> {
  const simulation = begun({
    protocol,
    participants: 3,
    byzantine: { participants: byzantine, strategies: [] },
    begin: { constants },
  });
  const events: SimulatedEvent[] = [];
  let stuck: string | undefined;
  for (const [written, params = {}] of schedule) {
    const isRefused = written.startsWith('!');
    const step: LocalAction = { action: isRefused ? written.slice(1) : written, params };
    const outcome = simulation.invoke(step, { patienceMs: 5_000 });
    events.push(...outcome.events);
    if (outcome.accepted === isRefused)
      stuck ??= `${written}: ${outcome.accepted ? 'taken' : outcome.reason}`;
  }
  const verdict = await verifySimulated(protocol, protocol.constants(simulation.view.setting), events);
  return {
    stuck,
    complaints: complaints(verdict),
    actions: events.flatMap(({ action }) => (action === undefined ? [] : [action])),
  };
}

function network(random: Random) {
  const rate = (): number => (random.below(2) === 0 ? 0 : random.real() * 0.2);
  return {
    ...QUIET_NETWORK,
    drop_rate: rate(),
    duplicate_rate: rate(),
    reorder_rate: rate(),
    corrupt_rate: rate(),
  };
}

function faults(random: Random): FaultRequest[] {
  const some = (): number[] => [random.below(PARTICIPANTS)];
  const when = () => ({ at_ms: random.below(4_000), duration_ms: 200 + random.below(3_000) });
  const kinds: (() => FaultRequest)[] = [
    () => ({ type: 'crash', participants: some(), ...when() }),
    () => ({ type: 'crash', participants: some(), ...when() }),
    () => ({ type: 'crash', participants: some(), disk: 'lost', ...when() }),
    () => ({ type: 'device_loss', participants: some(), at_ms: random.below(4_000) }),
    () => ({ type: 'restart', participants: some(), at_ms: random.below(4_000) }),
    () => ({ type: 'pause', participants: some(), ...when() }),
    () => ({ type: 'eclipse', participants: some(), ...when() }),
    () => ({ type: 'disconnect', participants: some(), ...when() }),
    () => ({ type: 'clock_skew', participants: some(), ...when() }),
    () => ({ type: 'partition', ...when() }),
    () => ({ type: 'partition', one_way: true, ...when() }),
    () => ({ type: 'delay', ...when() }),
    () => ({ type: 'drop', ...when() }),
    () => ({ type: 'duplicate', ...when() }),
    () => ({ type: 'reorder', ...when() }),
  ];
  return Array.from({ length: random.below(7) }, () =>
    (kinds[random.below(kinds.length)] ?? kinds[0])?.(),
  ).filter(fault => fault !== undefined);
}
