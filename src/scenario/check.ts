// Contradictions between the values of one scenario: what a schema cannot say because it takes two values to see.
// Whether a protocol, a strategy or an assertion exists is not asked here: that depends on what runs it.
import type { Scenario } from '../../generated/scenario.js';
import type { TomlPath } from '../util/toml-places.js';
import type { ResolvedPartition, ResolvedQuorum, ResolvedScenario } from './resolved.js';

export interface Contradiction {
  /** Starts at the scenario's own table. */
  readonly path: TomlPath;
  readonly message: string;
}

const LARGEST_SEED = 2n ** 64n - 1n;

/** All contradictions of a scenario, given with its inheritance and resolved. */
export function findContradictions(merged: Scenario, resolved: ResolvedScenario): Contradiction[] {
  const participants = mostParticipants(resolved);
  // Assertions are added to those of the base, so that theirs are looked at where they stand.
  const { assertions: _, ...conditions } = merged;
  return [
    ...checkNumbers(conditions, []),
    ...checkQuorum(resolved.setup, ['setup']),
    ...resolved.phases.flatMap(({ setup }, index) =>
      merged.phases?.[index]?.setup ? checkQuorum(setup, ['phases', index, 'setup']) : [],
    ),
    ...checkPhaseNames(resolved),
    ...checkSeeds(resolved),
    ...checkLatency(resolved),
    ...resolved.network.partitions.flatMap((partition, index) =>
      checkPartition(partition, participants, ['network', 'partitions', index]),
    ),
    ...checkByzantine(merged.byzantine ?? {}, participants),
    ...checkFaults(resolved, participants),
    ...checkSteps(resolved, participants),
    ...checkChaos(resolved),
  ];
}

/** The contradictions of the assertions that a scenario states itself: inherited ones stand elsewhere. */
export function checkOwnAssertions(own: Scenario, resolved: ResolvedScenario): Contradiction[] {
  const participants = mostParticipants(resolved);
  return (own.assertions ?? []).flatMap((assertion, index) => {
    const { honest_participants = [], expected_detected = [] } = assertion;
    return [
      ...checkNumbers(assertion, ['assertions', index]),
      ...checkIds(honest_participants, participants, ['assertions', index, 'honest_participants']),
      ...checkIds(expected_detected, participants, ['assertions', index, 'expected_detected']),
    ];
  });
}

/** TOML has `nan` and `inf`, and the schema lets them pass where it leaves values open; nothing can be done with them. */
function checkNumbers(value: unknown, path: TomlPath): Contradiction[] {
  if (typeof value === 'number')
    return Number.isFinite(value) ? [] : [{ path, message: `${value} is not a finite number` }];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
  return [...entries].flatMap(([key, inner]) => checkNumbers(inner, [...path, key]));
}

function mostParticipants({ setup, phases }: ResolvedScenario): number {
  return phases.reduce((most, phase) => Math.max(most, phase.setup.participants), setup.participants);
}

function checkQuorum(quorum: ResolvedQuorum, path: TomlPath): Contradiction[] {
  const { participants, threshold, fault_bound } = quorum;
  const above = (key: 'threshold' | 'fault_bound', words: string): Contradiction[] => {
    const message = `the ${words} ${quorum[key]} is above the number of participants, ${participants}`;
    return [{ path: [...path, key], message }];
  };
  if (threshold > participants) return above('threshold', 'threshold');
  return fault_bound > participants ? above('fault_bound', 'fault bound') : [];
}

function checkPhaseNames({ phases }: ResolvedScenario): Contradiction[] {
  const seen = new Set<string>();
  return phases.flatMap(({ name }, index) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ path: ['phases', index, 'name'], message: `the scenario has another phase "${name}"` }];
  });
}

function checkSeeds({ setup, quint_source }: ResolvedScenario): Contradiction[] {
  const tooLarge = (seed: string | undefined, path: TomlPath): Contradiction[] =>
    seed !== undefined && BigInt(seed) > LARGEST_SEED
      ? [{ path, message: `the seed ${seed} is above 2^64 - 1` }]
      : [];
  return [
    ...tooLarge(setup.seed, ['setup', 'seed']),
    ...tooLarge(quint_source?.seed, ['quint_source', 'seed']),
  ];
}

function checkLatency({ network }: ResolvedScenario): Contradiction[] {
  const [shortest, longest] = network.latency_range;
  if (shortest <= longest) return [];
  const message = `the shortest latency ${shortest} is above the longest, ${longest}`;
  return [{ path: ['network', 'latency_range'], message }];
}

function checkPartition(partition: ResolvedPartition, participants: number, path: TomlPath): Contradiction[] {
  const { groups, start_ms, heal_ms } = partition;
  const found = checkIds(groups.flat(), participants, path);
  if (groups.length < 2) found.push({ path, message: 'a partition needs two groups or more' });
  if (groups.some(group => group.length === 0))
    found.push({ path, message: 'a group of the partition is empty' });
  if (heal_ms !== undefined && heal_ms <= start_ms)
    found.push({
      path,
      message: `the partition heals at ${heal_ms} ms, not after its start at ${start_ms} ms`,
    });
  return found;
}

function checkByzantine(
  byzantine: NonNullable<Scenario['byzantine']>,
  participants: number,
): Contradiction[] {
  const { count, participants: ids, strategies = [] } = byzantine;
  const found = checkIds(ids ?? [], participants, ['byzantine', 'participants']);
  if (count !== undefined && count > participants)
    found.push({
      path: ['byzantine', 'count'],
      message: `${count} byzantine participants are more than the ${participants} participants`,
    });
  if (count !== undefined && ids !== undefined && ids.length !== count)
    found.push({
      path: ['byzantine', 'count'],
      message: `\`count\` is ${count}, but \`participants\` names ${ids.length}`,
    });
  if (count === undefined && ids === undefined && strategies.length > 0)
    found.push({
      path: ['byzantine', 'strategies'],
      message: 'the strategies belong to nobody: state `count` or `participants`',
    });
  return found;
}

function checkFaults({ faults }: ResolvedScenario, participants: number): Contradiction[] {
  return faults.flatMap((fault, index) =>
    checkIds(fault.participants ?? [], participants, ['faults', index, 'participants']),
  );
}

function checkSteps({ steps }: ResolvedScenario, participants: number): Contradiction[] {
  return steps.flatMap(({ node, fault }, index) => [
    ...checkIds(node === undefined ? [] : [node], participants, ['steps', index, 'node']),
    ...checkIds(faultTargets(fault), participants, ['steps', index, 'fault']),
  ]);
}

function faultTargets(fault: ResolvedScenario['steps'][number]['fault']): readonly number[] {
  return fault?.participants ?? [];
}

/** Who is asked for progress once a quorum is healed has to have time left for it. */
function checkChaos({ chaos, timing, protocols, phases }: ResolvedScenario): Contradiction[] {
  const safetyMs = chaos?.safety_ms;
  if (safetyMs === undefined) return [];
  const all = [...protocols, ...phases.flatMap(phase => phase.protocols)];
  const over = all.find(({ timeout_epochs }) => safetyMs >= timeout_epochs * timing.epoch_ms);
  if (over === undefined) return [];
  const timeout = `${over.timeout_epochs} epochs of ${timing.epoch_ms} ms`;
  const message = `the quorum is healed after ${safetyMs} ms, when the timeout of ${over.type} is over, ${timeout}`;
  return [{ path: ['chaos', 'safety_ms'], message }];
}

function checkIds(ids: readonly number[], participants: number, path: TomlPath): Contradiction[] {
  const seen = new Set<number>();
  const found: Contradiction[] = [];
  for (const id of ids) {
    if (id >= participants)
      found.push({
        path,
        message: `there is no participant ${id}: the last of ${participants} is ${participants - 1}`,
      });
    if (seen.has(id)) found.push({ path, message: `participant ${id} is named twice` });
    seen.add(id);
  }
  return found;
}
