// Variations of when things go wrong: faults of steps earlier, later or longer, partitions too, steps that wait, and
// timers and clocks that are less exact.
import type { Partition, Scenario, ScenarioStep, TimedPartition } from '../../../generated/scenario.js';
import { labelOf, moveStep, reachOf } from './order.js';
import { type Edit, type Edits, type Original, pick, replaced } from './variation.js';

export const timingEdits: Edits = original => {
  const { scenario } = original;
  const steps = scenario.steps ?? [];
  return [
    ...steps.flatMap((step, i) => [...faultEdits(original, step, i), ...waitEdits(scenario, step, i)]),
    ...(scenario.network?.partitions ?? []).map((partition, i) => partitionEdit(scenario, partition, i)),
    clockEdit(original, 'jitter_ms', 'the most by which timers fire late'),
    clockEdit(original, 'clock_skew_ms', 'the most by which clocks are off'),
  ];
};

function faultEdits({ scenario, hasSpec }: Original, step: ScenarioStep, index: number): Edit[] {
  const { fault } = step;
  if (fault === undefined) return [];
  const steps = scenario.steps ?? [];
  const moves = ([1, -1] as const).flatMap((direction): Edit[] => {
    const reach = reachOf(steps, index, direction, hasSpec);
    if (reach === 0) return [];
    return [
      random => {
        const distance = 1 + random.below(reach);
        return {
          scenario: moveStep(scenario, index, index + direction * distance),
          change: `the ${fault.type} of step ${index} (${labelOf(step)}) comes ${distance} ${distance === 1 ? 'step' : 'steps'} ${direction === 1 ? 'later' : 'earlier'}`,
          touches: 'order',
        };
      },
    ];
  });
  const { duration_ms } = fault;
  if (duration_ms === undefined || duration_ms === 0) return moves;
  const last: Edit = random => {
    const factor = pick([0.25, 0.5, 1.5, 2, 3, 5], random);
    const duration = Math.max(1, Math.round(duration_ms * factor));
    const changed = { ...step, fault: { ...fault, duration_ms: duration } };
    return {
      scenario: { ...scenario, steps: replaced(steps, index, changed) },
      change: `the ${fault.type} of step ${index} (${labelOf(step)}) lasts ${duration} ms instead of ${duration_ms} ms`,
      touches: 'conditions',
    };
  };
  return [...moves, last];
}

/** Earliest times of steps, earlier or later but in the order of the steps. */
function waitEdits(scenario: Scenario, step: ScenarioStep, index: number): Edit[] {
  const { at } = step;
  if (at === undefined) return [];
  const steps = scenario.steps ?? [];
  const before = steps.slice(0, index).reduce((latest, other) => Math.max(latest, other.at ?? 0), 0);
  const after = steps.slice(index + 1).find(other => other.at !== undefined)?.at ?? 2 * at + 1000;
  if (after - before < 2) return [];
  return [
    random => {
      const time = Math.round(before + random.real() * (after - before));
      return {
        scenario: { ...scenario, steps: replaced(steps, index, { ...step, at: time }) },
        change: `step ${index} (${labelOf(step)}) waits until ${time} ms instead of ${at} ms`,
        touches: 'conditions',
      };
    },
  ];
}

function partitionEdit(scenario: Scenario, partition: Partition, index: number): Edit {
  const timed: TimedPartition = Array.isArray(partition) ? { groups: partition } : partition;
  const { start_ms: start = 0, heal_ms: heal } = timed;
  const lasting = heal === undefined ? undefined : heal - start;
  return random => {
    const shift = pick([0, 50, 100, 200, 500, 1000], random);
    const begin = pick(['earlier', 'later'], random) === 'later' ? start + shift : Math.max(0, start - shift);
    const length = Math.max(1, Math.round((lasting ?? 1000) * pick([0.5, 1, 2, 3], random)));
    const changed: TimedPartition = { ...timed, start_ms: begin, heal_ms: begin + length };
    const partitions = replaced(scenario.network?.partitions ?? [], index, changed);
    return {
      scenario: { ...scenario, network: { ...scenario.network, partitions } },
      change: `partition ${index} lasts from ${begin} ms to ${begin + length} ms instead of from ${start} ms ${heal === undefined ? 'on' : `to ${heal} ms`}`,
      touches: 'conditions',
    };
  };
}

function clockEdit(
  { scenario, resolved }: Original,
  key: 'jitter_ms' | 'clock_skew_ms',
  words: string,
): Edit {
  const now = resolved.timing[key];
  return random => {
    const then =
      now === 0 ? pick([5, 20, 50, 100, 250], random) : Math.round(now * pick([0.5, 2, 4], random));
    return {
      scenario: { ...scenario, timing: { ...scenario.timing, [key]: then } },
      change: `${words} is ${then} ms instead of ${now} ms`,
      touches: 'conditions',
    };
  };
}
