// Variations of who does what: participants change places, in steps and the values of their parameters, among the
// byzantine, in partitions and assertions. Only what is known to name a participant is renamed.
import type { Scenario, ScenarioStep } from '../../../generated/scenario.js';
import { parseQuintLiteral } from '../../model/literal.js';
import {
  compareValues,
  equalValues,
  listOf,
  mapOf,
  recordOf,
  setOf,
  showValue,
  tupleOf,
  type Value,
  variantOf,
} from '../../model/value.js';
import type { Edit, Edits, Original } from './variation.js';

export const participantEdits: Edits = original => {
  const { participants } = original.resolved.setup;
  if (participants < 2) return 'there is one participant only';
  const named = original.resolved.steps.some(({ params, picks }) => params.size > 0 || picks.size > 0);
  if (named && original.members === undefined)
    return 'the scenario does not say which values of parameters are participants';
  if (named && !original.members?.every(canRename))
    return 'its participants are numbers or booleans, which may mean other things in parameters';
  return [swapEdit(original, participants), turnEdit(original, participants)];
};

/** A number in a parameter may count something. */
function canRename(value: Value): boolean {
  return typeof value !== 'bigint' && typeof value !== 'boolean';
}

function swapEdit(original: Original, participants: number): Edit {
  return random => {
    const a = random.below(participants);
    const b = (a + 1 + random.below(participants - 1)) % participants;
    const places = Array.from({ length: participants }, (_, i) => (i === a ? b : i === b ? a : i));
    return {
      scenario: renameParticipants(original, places),
      change: `participants ${Math.min(a, b)} and ${Math.max(a, b)} change places`,
      touches: 'names',
    };
  };
}

function turnEdit(original: Original, participants: number): Edit {
  return random => {
    const by = 1 + random.below(participants - 1);
    const places = Array.from({ length: participants }, (_, i) => (i + by) % participants);
    return {
      scenario: renameParticipants(original, places),
      change: `each participant takes the place of the one ${by} after it`,
      touches: 'names',
    };
  };
}

/** `places[i]` is the new number of participant `i`. */
function renameParticipants({ scenario, resolved, members }: Original, places: readonly number[]): Scenario {
  const number = (old: number) => places[old] ?? old;
  const literals = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, renameLiteral(text, members, places)]),
    );
  const { setup, byzantine, network, steps, assertions, phases } = scenario;
  return {
    ...scenario,
    ...(setup?.constants && {
      setup: {
        ...setup,
        constants: Object.fromEntries(
          Object.entries(setup.constants).map(([name, value]) => [
            name,
            typeof value === 'string' ? renameLiteral(value, members, places) : value,
          ]),
        ),
      },
    }),
    ...(byzantine && {
      byzantine: { ...byzantine, participants: resolved.byzantine.participants.map(number) },
    }),
    ...(network?.partitions && {
      network: {
        ...network,
        partitions: network.partitions.map(partition => {
          const renamed = (groups: readonly (readonly number[])[]) =>
            groups.map(group => group.map(number).sort((a, b) => a - b));
          return Array.isArray(partition)
            ? renamed(partition)
            : { ...partition, groups: renamed(partition.groups) };
        }),
      },
    }),
    ...(assertions && { assertions: assertions.map(each => renameIn(each, number)) }),
    ...(phases && {
      phases: phases.map(phase => ({
        ...phase,
        ...(phase.assertions && { assertions: phase.assertions.map(each => renameIn(each, number)) }),
        ...(phase.simulate && { simulate: phase.simulate.map(each => renameIn(each, number)) }),
        ...(phase.protocols && { protocols: phase.protocols.map(each => renameIn(each, number)) }),
      })),
    }),
    ...(scenario.protocols && { protocols: scenario.protocols.map(each => renameIn(each, number)) }),
    ...(steps && {
      steps: steps.map(
        (step): ScenarioStep => ({
          ...step,
          ...(step.node !== undefined && { node: number(step.node) }),
          ...(step.params && { params: literals(step.params) }),
          ...(step.picks && { picks: literals(step.picks) }),
          ...(step.fault && { fault: renameIn(step.fault, number) }),
        }),
      ),
    }),
  };
}

/** Keys of open tables that hold lists of participants, or one. */
const LISTS = /(^|_)(participants|devices|nodes|detected|guardians)$/;
const ONE = /(^|_)(device|node)$/;

function renameIn<T extends object>(table: T, number: (old: number) => number): T {
  const changes = Object.entries(table).map(([key, value]: [string, unknown]) => {
    if (LISTS.test(key) && isNumbers(value)) return [key, value.map(number)];
    return [key, ONE.test(key) && typeof value === 'number' ? number(value) : value];
  });
  return { ...table, ...Object.fromEntries(changes) };
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(item => typeof item === 'number');
}

function renameLiteral(
  text: string,
  members: readonly Value[] | undefined,
  places: readonly number[],
): string {
  const value = members && parseQuintLiteral(text);
  if (!value?.ok) return text;
  const renamed = renameValue(value.value, old => {
    const index = members?.findIndex(member => equalValues(member, old)) ?? -1;
    return members?.[places[index] ?? -1];
  });
  return equalValues(renamed, value.value) ? text : showValue(renamed);
}

/** Replaces every value inside `value` for which `rename` has another one. */
function renameValue(value: Value, rename: (value: Value) => Value | undefined): Value {
  const renamed = rename(value);
  if (renamed !== undefined) return renamed;
  if (typeof value !== 'object') return value;
  const inside = (items: readonly Value[]) => items.map(item => renameValue(item, rename));
  switch (value.kind) {
    case 'list':
      return listOf(inside(value.items));
    case 'tuple':
      return tupleOf(inside(value.items));
    case 'set':
      return setOf(inside(value.items));
    case 'map':
      return mapOf(value.entries.map(([k, v]) => [renameValue(k, rename), renameValue(v, rename)]));
    case 'record':
      return recordOf(value.fields.map(([name, field]) => [name, renameValue(field, rename)]));
    case 'variant':
      return variantOf(value.tag, renameValue(value.value, rename));
    default:
      return value;
  }
}

/** Whether a text of the scenario, a constant or a parameter, holds `wanted`. */
export function mentions(value: Value, wanted: Value): boolean {
  let found = false;
  renameValue(value, inner => {
    if (compareValues(inner, wanted) === 0) found = true;
    return undefined;
  });
  return found;
}
