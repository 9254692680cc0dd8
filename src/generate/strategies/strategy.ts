// What a strategy is: a way to look for schedules in the states of a spec, in parts that know nothing of one another, so
// that they can be looked for at once and the result does not depend on how many do.
import type { Machine } from '../../engine/index.js';
import type { Model, Property } from '../../model/model.js';
import type { Random } from '../../util/random.js';
import type { Result } from '../../util/result.js';
import type { Chaos } from '../conditions.js';
import type { Find, StrategyName } from '../find.js';
import type { Setting } from '../setting.js';

/** What every strategy stands on. */
export interface Ground {
  readonly model: Model;
  /** Runs `init` and `step` of the main module; checks no invariants of its own. */
  readonly machine: Machine;
  readonly setting: Setting;
  /** The properties that schedules are looked for. */
  readonly targets: readonly Property[];
  /** Longest schedule, in steps after `init`. */
  readonly maxLength: number;
  readonly chaos: Chaos;
}

/** One part of the work of a strategy. */
export interface Assignment {
  /** From 0. */
  readonly part: number;
  readonly random: Random;
  /** States that may be computed: each state that the engine leads to counts, also one that was seen before. */
  readonly budget: number;
  /** Told of each schedule that is worth a look; returns false when no more are wanted. */
  readonly keep: (find: Find) => boolean;
}

export interface Spent {
  /** States that were computed. */
  readonly states: number;
  /** Whether nothing more is to be found, whatever the budget. */
  readonly exhausted: boolean;
}

export interface Strategy {
  readonly name: StrategyName;
  /** How many parts the work has; depends on the ground alone. */
  parts(ground: Ground): number;
  /** Errors: those of the spec while it runs. */
  search(ground: Ground, assignment: Assignment): Result<Spent>;
}
