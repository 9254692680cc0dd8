// Swarm testing: each seed draws its own mix of faults and strategies, and leaves others out, since faults that are always
// all there hide what each of them alone would show. What is drawn goes on top of what the scenario states. So many
// participants stay whole that a quorum of them can be healed.
// Source: Groce, Zhang, Eide, Chen, Regehr, "Swarm testing", 2012.
import type { ByzantineStrategy, Timing } from '../../generated/scenario.js';
import type { ResolvedByzantine, ResolvedNetwork, ResolvedPartition } from '../scenario/resolved.js';
import { must } from '../util/assert.js';
import { createRandom, type Random } from '../util/random.js';
import type { NodeId } from './data.js';
import type { FaultRequest } from './faults.js';
import type { Protocol } from './protocol.js';

/** What a scenario states, and what the draw goes on top of. */
export interface SwarmBase {
  readonly participants: number;
  readonly faultBound: number;
  readonly network: ResolvedNetwork;
  readonly timing: Required<Timing>;
  readonly byzantine: ResolvedByzantine;
  readonly faults: readonly FaultRequest[];
  /** Virtual time within which faults begin and end, ms. */
  readonly safetyMs: number;
}

export interface Swarm {
  readonly network: ResolvedNetwork;
  readonly timing: Required<Timing>;
  readonly byzantine: ResolvedByzantine;
  readonly faults: readonly FaultRequest[];
  /** Honest participants that keep device and disk: those to heal for the liveness phase. */
  readonly quorum: readonly NodeId[];
  /** The kinds of trouble that this seed has, for people. */
  readonly features: readonly string[];
}

/** Each kind of trouble is in half of the seeds. */
const SHARE = 0.5;
/** How many seeds have byzantine participants, where there may be some; and how many strategies one of them has at most. */
const BYZANTINE_SHARE = 0.75;
const STRATEGIES_MOST = 4;
/** How often one kind of fault happens at most. */
const TIMES = 3;
const SHORTEST_FAULT_MS = 20;

/** A function of the seed and of what is given. */
export function drawSwarm(
  seed: string,
  protocol: Pick<Protocol, 'strategies' | 'phases'>,
  base: SwarmBase,
): Swarm {
  const random = createRandom(`${seed}/swarm`);
  const features: string[] = [];
  const has = (feature: string): boolean => {
    const drawn = random.fork(feature).real() < SHARE;
    if (drawn) features.push(feature);
    return drawn;
  };
  const byzantine = drawByzantine(random.fork('byzantine'), protocol, base, has);
  const spared = base.participants - Math.min(base.faultBound, base.participants - 1);
  const honest = everybody(base).filter(id => !byzantine.participants.includes(id));
  const whole = shuffled(honest, random.fork('whole')).slice(0, spared);
  return {
    network: drawNetwork(random.fork('network'), base, has),
    timing: drawTiming(random.fork('timing'), base.timing, has),
    byzantine,
    faults: [...base.faults, ...drawFaults(random.fork('faults'), base, whole, has)],
    quorum: whole.sort((a, b) => a - b),
    features,
  };
}

type Has = (feature: string) => boolean;

function drawByzantine(
  random: Random,
  { strategies, phases }: Pick<Protocol, 'strategies' | 'phases'>,
  base: SwarmBase,
  has: Has,
): ResolvedByzantine {
  if (base.byzantine.participants.length > 0) return base.byzantine;
  const most = Math.min(base.faultBound, base.participants);
  const names = Object.keys(strategies).filter(name => has(`byzantine ${name}`));
  const some = most > 0 && names.length > 0 && random.real() < BYZANTINE_SHARE;
  const count = some ? 1 + random.below(most) : 0;
  const participants = shuffled(everybody(base), random).slice(0, count);
  const mixed = shuffled(names, random).slice(0, count + random.below(STRATEGIES_MOST));
  // Who says nothing shows nothing else.
  const drawn = mixed.length > count ? mixed.filter(name => name !== 'silent') : mixed;
  return {
    participants,
    strategies: count === 0 ? [] : drawn.map(type => strategyOf(type, phases, random)),
  };
}

function strategyOf(type: string, phases: readonly string[], random: Random): ByzantineStrategy {
  if (type !== 'selective_abort' || phases.length === 0) return { type };
  return { type, abort_after: must(phases[random.below(phases.length)], 'a phase') };
}

function drawNetwork(random: Random, { network, safetyMs, ...base }: SwarmBase, has: Has): ResolvedNetwork {
  const rate = (feature: string, stated: number, most: number): number =>
    has(feature) ? Math.max(stated, rounded(random.fork(feature).real() * most)) : stated;
  const latency = random.fork('latency');
  const distributions = ['fixed', 'uniform', 'normal', 'log_normal'] as const;
  const shortest = 1 + latency.below(20);
  return {
    ...network,
    ...(has('latency') && {
      latency_range: [shortest, shortest + latency.below(300)],
      latency_distribution: must(distributions[latency.below(4)], 'a distribution'),
    }),
    drop_rate: rate('drop', network.drop_rate, 0.3),
    duplicate_rate: rate('duplicate', network.duplicate_rate, 0.3),
    reorder_rate: rate('reorder', network.reorder_rate, 0.3),
    corrupt_rate: rate('corrupt', network.corrupt_rate, 0.2),
    ...(network.bandwidth === undefined &&
      has('bandwidth') && { bandwidth: 2_000 + random.fork('bytes').below(50_000) }),
    partitions: [
      ...network.partitions,
      ...(base.participants > 1 && has('partition')
        ? times(random.fork('partition'), each => drawPartition(each, base.participants, safetyMs))
        : []),
    ],
  };
}

function drawPartition(random: Random, participants: number, safetyMs: number): ResolvedPartition {
  const ids = shuffled(
    Array.from({ length: participants }, (_, id) => id),
    random,
  );
  const cut = 1 + random.below(participants - 1);
  const { at_ms, duration_ms } = drawSpan(random, safetyMs);
  return {
    groups: [ids.slice(0, cut), ids.slice(cut)],
    start_ms: at_ms,
    heal_ms: at_ms + duration_ms,
    one_way: random.real() < 0.3,
    in_flight: random.real() < 0.5 ? 'drop' : 'deliver',
  };
}

function drawTiming(random: Random, timing: Required<Timing>, has: Has): Required<Timing> {
  return {
    ...timing,
    ...(has('jitter') && { jitter_ms: Math.max(timing.jitter_ms, random.below(50)) }),
    ...(has('skewed clocks') && { clock_skew_ms: Math.max(timing.clock_skew_ms, random.below(1_000)) }),
  };
}

/** Faults that a participant comes back from hit anybody; those that cost it its disk spare `whole`. */
function drawFaults(random: Random, base: SwarmBase, whole: readonly NodeId[], has: Has): FaultRequest[] {
  const anybody = everybody(base);
  const others = anybody.filter(id => !whole.includes(id));
  const some = (label: string, among: readonly NodeId[], make: (random: Random) => Partial<FaultRequest>) => {
    if (among.length === 0 || !has(label)) return [];
    return times(random.fork(label), each => ({
      type: label,
      participants: [must(among[each.below(among.length)], 'a participant')],
      ...drawSpan(each, base.safetyMs),
      ...make(each),
    }));
  };
  const nothing = (): Partial<FaultRequest> => ({});
  return [
    ...some('crash', anybody, nothing),
    ...some('restart', anybody, nothing),
    ...some('pause', anybody, nothing),
    ...some('disconnect', anybody, nothing),
    ...some('eclipse', anybody, each => ({ allow: each.real() < 0.5 ? 'byzantine' : 'nobody' })),
    ...some('clock_skew', anybody, each => ({ ms: each.below(2_000) - 1_000 })),
    ...some('delay', anybody, each => ({ ms: 10 + each.below(500) })),
    ...some('disk_loss', others, () => ({ type: 'crash', disk: 'lost' })),
    ...some('device_loss', others, nothing).slice(0, 1),
  ];
}

/** When a fault begins and how long it lasts; it is over before `safetyMs` are. */
function drawSpan(
  random: Random,
  safetyMs: number,
): { readonly at_ms: number; readonly duration_ms: number } {
  const at_ms = Math.floor(random.real() * 0.8 * safetyMs);
  const longest = Math.max(SHORTEST_FAULT_MS, Math.min(safetyMs / 2, safetyMs - at_ms));
  const duration_ms = Math.floor(SHORTEST_FAULT_MS * (longest / SHORTEST_FAULT_MS) ** random.real());
  return { at_ms, duration_ms };
}

function times<T>(random: Random, make: (random: Random) => T): T[] {
  return Array.from({ length: 1 + random.below(TIMES) }, (_, index) => make(random.fork(String(index))));
}

function everybody({ participants }: { readonly participants: number }): NodeId[] {
  return Array.from({ length: participants }, (_, id) => id);
}

/** Fisher, Yates. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const [a, b] = [must(mixed[last], 'an item'), must(mixed[other], 'an item')];
    mixed[last] = b;
    mixed[other] = a;
  }
  return mixed;
}

function rounded(rate: number): number {
  return Math.round(rate * 1000) / 1000;
}
