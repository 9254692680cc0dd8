// What a variation of a scenario is, and what those who make one kind of them know and give. Data only.
import type { Scenario } from '../../../generated/scenario.js';
import type { Value } from '../../model/value.js';
import type { ResolvedScenario } from '../../scenario/resolved.js';
import type { Random } from '../../util/random.js';

export const VARIATION_KINDS = ['timing', 'order', 'participants', 'sizes', 'network'] as const;

export type VariationKind = (typeof VARIATION_KINDS)[number];

/** A scenario to vary. */
export interface Original {
  /** With all that it inherits; it extends nothing. */
  readonly scenario: Scenario;
  /** The same with its defaults. */
  readonly resolved: ResolvedScenario;
  /** Values that stand for the participants in parameters, in the order of their numbers; undefined when unknown. */
  readonly members: readonly Value[] | undefined;
  /** Whether there is a spec that says which orders of steps are possible. */
  readonly hasSpec: boolean;
}

export interface Draft {
  readonly scenario: Scenario;
  /** What was changed, in words without a full stop. */
  readonly change: string;
  /**
   * What that means for the schedule: nothing (`conditions`), its steps stand in another order (`order`), other
   * participants take them (`names`), or it belongs to a system of another size (`constants`).
   */
  readonly touches: 'conditions' | 'order' | 'names' | 'constants';
}

/** One way to change a scenario; the random stream says by how much. Undefined when the draw leads nowhere. */
export type Edit = (random: Random) => Draft | undefined;

/** The ways in which a scenario can be varied; a text says why there are none. */
export type Edits = (original: Original) => readonly Edit[] | string;

/** One of the items; there must be one. */
export function pick<T>(items: readonly [T, ...T[]], random: Random): T {
  return items[random.below(items.length)] ?? items[0];
}

/** The list with one item replaced. */
export function replaced<T>(items: readonly T[], index: number, item: T): T[] {
  return items.map((old, i) => (i === index ? item : old));
}
