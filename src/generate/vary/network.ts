// Variations of the network: rates, delays, who is cut off from whom. When it is cut off belongs to the timing.
import type { NetworkConditions, Partition, TimedPartition } from '../../../generated/scenario.js';
import { type Edit, type Edits, type Original, pick, replaced } from './variation.js';

const RATES = ['drop_rate', 'duplicate_rate', 'reorder_rate'] as const;

/** Above it hardly anything arrives, and nothing can be learnt. */
const HIGHEST_RATE = 0.5;

export const networkEdits: Edits = original => {
  const partitions = original.scenario.network?.partitions ?? [];
  return [
    ...RATES.map(rate => rateEdit(original, rate)),
    latencyEdit(original),
    distributionEdit(original),
    ...(original.resolved.setup.participants > 1 ? [cutEdit(original)] : []),
    ...partitions.map((partition, i) => regroupEdit(original, partition, i)),
  ];
};

function withNetwork({ scenario }: Original, network: NetworkConditions, change: string) {
  return {
    scenario: { ...scenario, network: { ...scenario.network, ...network } },
    change,
    touches: 'conditions' as const,
  };
}

function rateEdit(original: Original, rate: (typeof RATES)[number]): Edit {
  const now = original.resolved.network[rate];
  return random => {
    const wanted = now === 0 ? pick([0.01, 0.02, 0.05, 0.1], random) : now * pick([0.5, 1.5, 2, 3], random);
    const then = Math.round(Math.min(wanted, Math.max(HIGHEST_RATE, now)) * 10_000) / 10_000;
    return withNetwork(original, { [rate]: then }, `${rate} is ${then} instead of ${now}`);
  };
}

function latencyEdit(original: Original): Edit {
  const [shortest, longest] = original.resolved.network.latency_range;
  return random => {
    const factor = pick([0.5, 1.5, 2, 4, 8], random);
    const least = pick(['both', 'longest'], random) === 'both' ? Math.round(shortest * factor) : shortest;
    const most = Math.max(least, Math.round(longest * factor));
    return withNetwork(
      original,
      { latency_range: [least, most] },
      `messages take ${least} to ${most} ms instead of ${shortest} to ${longest} ms`,
    );
  };
}

function distributionEdit(original: Original): Edit {
  const now = original.resolved.network.latency_distribution;
  return random => {
    const then = pick(['fixed', 'uniform', 'normal', 'log_normal'] as const, random);
    if (then === now) return undefined;
    return withNetwork(original, { latency_distribution: then }, `delays are ${then} instead of ${now}`);
  };
}

/** One participant is cut off for a while. */
function cutEdit(original: Original): Edit {
  const { participants } = original.resolved.setup;
  return random => {
    const one = random.below(participants);
    const rest = Array.from({ length: participants }, (_, i) => i).filter(i => i !== one);
    const start = 100 * random.below(10);
    const heal = start + 100 * (1 + random.below(10));
    const cut: TimedPartition = { groups: [[one], rest], start_ms: start, heal_ms: heal };
    const partitions = [...(original.scenario.network?.partitions ?? []), cut];
    return withNetwork(
      original,
      { partitions },
      `participant ${one} is cut off from ${start} ms to ${heal} ms`,
    );
  };
}

/** One participant of a partition changes sides. */
function regroupEdit(original: Original, partition: Partition, index: number): Edit {
  const groups = Array.isArray(partition) ? partition : partition.groups;
  return random => {
    const from = random.below(groups.length);
    const to = (from + 1 + random.below(groups.length - 1)) % groups.length;
    const source = groups[from] ?? [];
    const one = source[random.below(source.length)];
    if (one === undefined || source.length < 2) return undefined;
    const changed = groups.map((group, i) => {
      if (i === from) return group.filter(other => other !== one);
      return i === to ? [...group, one].sort((a, b) => a - b) : group;
    });
    const partitions = replaced(
      original.scenario.network?.partitions ?? [],
      index,
      Array.isArray(partition) ? changed : { ...partition, groups: changed },
    );
    return withNetwork(
      original,
      { partitions },
      `participant ${one} is in group ${to} of partition ${index} instead of group ${from}`,
    );
  };
}
