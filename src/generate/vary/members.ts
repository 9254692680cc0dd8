// Which values of a scenario stand for its participants, read off its constants: the set that is named like one, or the
// only one that has as many elements as there are participants.
import { compareValues, type Value } from '../../model/value.js';
import type { ResolvedScenario } from '../../scenario/resolved.js';
import { namesRole } from '../setting.js';

export interface MemberConstant {
  readonly name: string;
  /** In the order of the participants' numbers. */
  readonly members: readonly Value[];
}

/** Undefined when no constant holds the participants. */
export function memberConstant({ setup }: ResolvedScenario): MemberConstant | undefined {
  const sets = [...setup.constants].flatMap(([name, value]) =>
    typeof value === 'object' && value.kind === 'set' && value.items.length === setup.participants
      ? [{ name, members: [...value.items].sort(compareValues) }]
      : [],
  );
  return (
    sets.find(({ name }) => namesRole(name, 'participants')) ?? (sets.length === 1 ? sets[0] : undefined)
  );
}
