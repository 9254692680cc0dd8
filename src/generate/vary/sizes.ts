// Variations of how many take part: participants, threshold and fault bound in proportion, and the constants, byzantine
// participants and partitions that follow from them. A schedule was found for one size: at another one nobody knows
// whether it is possible, and the outcome is open.
import type { PhaseSetup, Scenario, TimedPartition } from '../../../generated/scenario.js';
import { setOf, showValue, type Value } from '../../model/value.js';
import { namesRole } from '../setting.js';
import { type MemberConstant, memberConstant } from './members.js';
import { mentions } from './participants.js';
import { type Edit, type Edits, type Original, pick } from './variation.js';

export const sizeEdits: Edits = original => {
  const { resolved, scenario } = original;
  const { participants } = resolved.setup;
  const holder = memberConstant(resolved);
  const edits: Edit[] = [];
  if (participants > 1) edits.push(thresholdEdit(original));
  const grown = holder
    ? freshMember(holder.members.at(-1), 0) !== undefined
    : resolved.setup.constants.size === 0;
  if (grown)
    edits.push(random =>
      resize(original, holder, participants + pick([1, 2, Math.max(3, participants)], random)),
    );
  const least = leastParticipants(original, holder);
  if (grown && least < participants && (scenario.phases ?? []).length === 0)
    edits.push(random => resize(original, holder, least + random.below(participants - least)));
  return edits.length > 0 ? edits : 'its constants fix the number of participants';
};

function thresholdEdit(original: Original): Edit {
  const { participants, threshold } = original.resolved.setup;
  return random => {
    const then = threshold + pick([-1, 1], random);
    if (then < 1 || then > participants) return undefined;
    const setup = {
      ...original.scenario.setup,
      participants,
      threshold: then,
      ...boundOf(original, then, original.resolved.setup.fault_bound),
    };
    return {
      scenario: settled(original, { ...setup, ...constantsWith(original, then) }),
      change: `the threshold is ${then} instead of ${threshold}, of ${participants} participants`,
      touches: 'constants',
    };
  };
}

function resize(original: Original, holder: MemberConstant | undefined, size: number) {
  const { scenario, resolved } = original;
  const { participants, threshold } = resolved.setup;
  const then = scaled(threshold, participants, size);
  const members = holder && resizedMembers(holder.members, size);
  const setup = {
    ...scenario.setup,
    participants: size,
    threshold: then,
    ...boundOf(original, then, Math.floor((resolved.setup.fault_bound * size) / participants)),
    ...constantsWith(original, then, holder && members && { name: holder.name, members }),
  };
  const changed = settled(original, setup);
  return {
    scenario: {
      ...changed,
      ...(scenario.phases && {
        phases: scenario.phases.map(phase =>
          phase.setup ? { ...phase, setup: resizedPhase(phase.setup, participants, size) } : phase,
        ),
      }),
      ...regrouped(original, size),
      ...resizedByzantine(original, size, holder !== undefined),
    },
    change: `${size} participants instead of ${participants}, threshold ${then} instead of ${threshold}`,
    touches: 'constants' as const,
  };
}

// What was found for another size is exploratory, but a scenario without a schedule claims what it claimed.
function settled({ scenario }: Original, setup: NonNullable<Scenario['setup']>): Scenario {
  return {
    ...scenario,
    setup,
    ...((scenario.steps ?? []).length > 0 && { expected_outcome: 'inconclusive' as const }),
  };
}

/** A bound that was stated; below the threshold where it was so before. */
function boundOf({ scenario, resolved }: Original, threshold: number, wanted: number): PhaseSetup {
  if (scenario.setup?.fault_bound === undefined) return {};
  const { setup } = resolved;
  return { fault_bound: setup.fault_bound < setup.threshold ? Math.min(wanted, threshold - 1) : wanted };
}

function scaled(threshold: number, participants: number, size: number): number {
  return Math.min(size, Math.max(1, Math.round((threshold * size) / participants)));
}

function resizedPhase(setup: PhaseSetup, participants: number, size: number): PhaseSetup {
  const more = size - participants;
  return {
    ...setup,
    ...(setup.participants !== undefined && { participants: setup.participants + more }),
    ...(setup.threshold !== undefined && {
      threshold: scaled(
        setup.threshold,
        setup.participants ?? participants,
        (setup.participants ?? participants) + more,
      ),
    }),
  };
}

/** The constants with another threshold and other participants, where they hold them. */
function constantsWith(
  { scenario, resolved }: Original,
  threshold: number,
  holder?: MemberConstant,
): Pick<NonNullable<Scenario['setup']>, 'constants'> {
  const { constants } = scenario.setup ?? {};
  if (constants === undefined) return {};
  const changed = Object.entries(constants).map(([name, value]) => {
    if (name === holder?.name) return [name, showValue(setOf(holder.members))];
    const isThreshold = namesRole(name, 'threshold') && value === resolved.setup.threshold;
    return [name, isThreshold ? threshold : value];
  });
  return { constants: Object.fromEntries(changed) };
}

function resizedMembers(members: readonly Value[], size: number): Value[] {
  const fresh = Array.from({ length: Math.max(0, size - members.length) }, (_, i) =>
    freshMember(members.at(-1), i),
  );
  return [...members.slice(0, size), ...fresh.filter(value => value !== undefined)];
}

/** A value that comes after all members, so that their numbers stay; undefined where there is no telling one. */
function freshMember(last: Value | undefined, index: number): Value | undefined {
  if (typeof last === 'string') return `${last}_${String(index + 1).padStart(3, '0')}`;
  return typeof last === 'bigint' ? last + BigInt(index + 1) : undefined;
}

/** The smallest size at which everybody who is named is still there. */
function leastParticipants({ scenario, resolved }: Original, holder: MemberConstant | undefined): number {
  const constants = [...resolved.setup.constants].filter(([name]) => name !== holder?.name);
  const texts = [
    ...constants.map(([, value]) => value),
    ...resolved.steps.flatMap(({ params, picks }) => [...params.values(), ...picks.values()]),
  ];
  const named = (holder?.members ?? []).flatMap((member, i) =>
    texts.some(value => mentions(value, member)) ? [i] : [],
  );
  const numbers = [
    ...named,
    ...resolved.byzantine.participants,
    ...resolved.steps.flatMap(({ node, fault }) => [
      ...(node === undefined ? [] : [node]),
      ...(fault?.participants ?? []),
    ]),
    ...(scenario.assertions ?? []).flatMap(({ honest_participants = [], expected_detected = [] }) => [
      ...honest_participants,
      ...expected_detected,
    ]),
  ];
  return Math.max(1, ...numbers.map(number => number + 1));
}

/** Those who are new stand on the side of the last group; those who are gone leave theirs. */
function regrouped({ scenario, resolved }: Original, size: number): Pick<Scenario, 'network'> {
  const { network } = scenario;
  if (network?.partitions === undefined) return {};
  const added = Array.from(
    { length: Math.max(0, size - resolved.setup.participants) },
    (_, i) => resolved.setup.participants + i,
  );
  const partitions = network.partitions.flatMap(partition => {
    const old: TimedPartition = Array.isArray(partition) ? { groups: partition } : partition;
    const groups = old.groups
      .map((group, i) => [...group.filter(id => id < size), ...(i === old.groups.length - 1 ? added : [])])
      .filter(group => group.length > 0);
    if (groups.length < 2) return [];
    return [Array.isArray(partition) ? groups : { ...old, groups }];
  });
  return { network: { ...network, partitions } };
}

/** As large a share is byzantine; where a constant names participants, who is byzantine is said there and stays. */
function resizedByzantine(
  { scenario, resolved }: Original,
  size: number,
  named: boolean,
): Pick<Scenario, 'byzantine'> {
  const { byzantine } = scenario;
  const { participants } = resolved.setup;
  const old = resolved.byzantine.participants;
  if (byzantine === undefined || old.length === 0) return {};
  const wanted = named ? old.length : Math.floor((old.length * size) / participants);
  const more = Array.from({ length: Math.max(0, size - participants) }, (_, i) => participants + i);
  const who = [...old.filter(id => id < size), ...more.slice(0, Math.max(0, wanted - old.length))];
  return { byzantine: { ...byzantine, count: who.length, participants: who } };
}
