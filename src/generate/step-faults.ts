// What the steps of a schedule hold beside their actions: who takes them, which faults come with them and for how long,
// and what these do to the network. Reads only the steps; chaos that is added to them is in conditions.ts.
import type { FaultInjection, NetworkConditions, TimedPartition } from '../../generated/scenario.js';
import { equalValues, type Value } from '../model/value.js';
import { endsFault, faultOf, type NetworkRate, networkEffect } from './adversary.js';
import type { CandidateStep } from './candidate.js';
import type { Sourced } from './setting.js';

/** Milliseconds of virtual time from a step to the next, where faults with a duration or partitions need them. */
export const STEP_MS = 100;

/** What a schedule needs of one step beside its action. */
export interface StepPlan {
  /** Number of the participant that takes it. */
  readonly node: number | undefined;
  readonly fault: FaultInjection | undefined;
  /** Earliest time, ms. */
  readonly at: number | undefined;
}

export interface StepConditions {
  /** One a step. */
  readonly plans: readonly StepPlan[];
  readonly network: Sourced<NetworkConditions> | undefined;
  /** Remarks on names that the mapping did not know. */
  readonly remarks: readonly string[];
}

type Participants = readonly Value[];

/** `participants` in the order of their numbers. */
export function planSteps(steps: readonly CandidateStep[], participants: Participants): StepConditions {
  const faults = steps.map(({ source }) => (source?.kind === 'fault' ? faultOf(source) : undefined));
  const timed = new Set<number>();
  const plans = steps.map((step, i): Omit<StepPlan, 'at'> => {
    const node = nodeOf(step, participants);
    const mapped = faults[i];
    if (mapped === undefined) return { node, fault: undefined };
    const end = endOf(steps, i, mapped.type, participants);
    if (end !== undefined) for (const index of [i, end]) timed.add(index);
    if (networkEffect(mapped.type) === 'partition') timed.add(i);
    const hit = participantsIn(step, participants);
    const names = hit.length > 0 && !(hit.length === 1 && hit[0] === node);
    return {
      node,
      fault: {
        type: mapped.type,
        ...(names && { participants: hit }),
        ...(end !== undefined && { duration_ms: (end - i) * STEP_MS }),
      },
    };
  });
  return {
    plans: plans.map((plan, i) => ({ ...plan, at: timed.has(i) ? i * STEP_MS : undefined })),
    network: networkOf(
      steps,
      faults.map(mapped => mapped?.type),
      participants,
    ),
    remarks: [...new Set(faults.flatMap(mapped => (mapped ? [`${mapped.type}: ${mapped.why}`] : [])))],
  };
}

/** The participant that takes a step: the first parameter or else the first pick that is one. */
function nodeOf({ params, picks }: CandidateStep, participants: Participants): number | undefined {
  for (const value of [...params.values(), ...picks.values()]) {
    const index = numberOf(value, participants);
    if (index >= 0) return index;
  }
  return undefined;
}

function numberOf(value: Value, participants: Participants): number {
  return participants.findIndex(participant => equalValues(participant, value));
}

/** Groups of participants that the parameters name: a set of them is one group, one alone too. */
function groupsIn({ params, picks }: CandidateStep, participants: Participants): number[][] {
  const values = params.size > 0 ? params.values() : picks.values();
  const groups = [...values].map(value => {
    const items = typeof value === 'object' && value.kind === 'set' ? value.items : [value];
    const numbers = items.map(item => numberOf(item, participants));
    return numbers.includes(-1) ? [] : numbers;
  });
  const taken = new Set<number>();
  return groups.flatMap(group => {
    const fresh = group.filter(number => !taken.has(number));
    for (const number of fresh) taken.add(number);
    return fresh.length > 0 ? [fresh] : [];
  });
}

function participantsIn(step: CandidateStep, participants: Participants): number[] {
  return groupsIn(step, participants)
    .flat()
    .sort((a, b) => a - b);
}

/** Index of the step that ends the fault of step `start`: the next one of the same participants that undoes it. */
function endOf(
  steps: readonly CandidateStep[],
  start: number,
  type: string,
  participants: Participants,
): number | undefined {
  const hit = (step: CandidateStep | undefined) => (step ? participantsIn(step, participants).join() : '');
  const end = steps.findIndex(
    (step, i) =>
      i > start &&
      step.source !== undefined &&
      endsFault(step.source) === type &&
      (type === 'partition' || hit(step) === hit(steps[start])),
  );
  return end < 0 ? undefined : end;
}

/** The network that lets happen what the steps say happens. */
function networkOf(
  steps: readonly CandidateStep[],
  faults: readonly (string | undefined)[],
  participants: Participants,
): Sourced<NetworkConditions> | undefined {
  const counts = new Map<NetworkRate, number>();
  const partitions: TimedPartition[] = [];
  let slow = false;
  for (const [i, type] of faults.entries()) {
    const effect = type === undefined ? undefined : networkEffect(type);
    const step = steps[i];
    if (effect === undefined || step === undefined) continue;
    if (effect === 'latency') slow = true;
    else if (effect === 'partition') partitions.push(...partitionAt(steps, i, step, participants));
    else counts.set(effect, (counts.get(effect) ?? 0) + 1);
  }
  if (counts.size === 0 && partitions.length === 0 && !slow) return undefined;
  const rates = [...counts].map(([rate, count]) => [rate, Math.round((1000 * count) / steps.length) / 1000]);
  const value: NetworkConditions = {
    ...(slow && { latency_range: [10, 10 * STEP_MS] }),
    ...Object.fromEntries(rates),
    ...(partitions.length > 0 && { partitions }),
  };
  return { value, why: 'as often as the steps do it' };
}

/** A partition as its step names it; where it names nobody, one half from the other. */
function partitionAt(
  steps: readonly CandidateStep[],
  index: number,
  step: CandidateStep,
  participants: Participants,
): TimedPartition[] {
  const named = groupsIn(step, participants);
  const all = [...participants.keys()];
  const half = all.slice(0, Math.floor(all.length / 2));
  const groups = named.length > 0 ? named : [half];
  const rest = all.filter(number => !groups.flat().includes(number));
  const whole = groups.length === 1 ? [...groups, rest] : groups;
  if (whole.length < 2 || whole.some(group => group.length === 0)) return [];
  const heal = endOf(steps, index, 'partition', participants);
  return [
    {
      groups: whole,
      start_ms: index * STEP_MS,
      ...(heal !== undefined && { heal_ms: heal * STEP_MS }),
    },
  ];
}
