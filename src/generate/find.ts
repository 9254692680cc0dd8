// What strategies look for: schedules. A find is a run of the spec, as the engine's ways so that it is made presentable
// only when it is kept, and perhaps one step more that the spec forbids. Data only.

import type { Way } from '../engine/index.js';
import type { Value } from '../model/value.js';

export const STRATEGIES = [
  'exhaustive_small_traces',
  'random_walk',
  'targeted_property_violation',
  'byzantine_behavior_exploration',
  'guard_mutation',
  'liveness_under_fairness',
  'boundary_values',
] as const;

export type StrategyName = (typeof STRATEGIES)[number];

export interface Find {
  readonly strategy: StrategyName;
  /** Steps that the spec allows; the first is the one that gave the initial state. */
  readonly ways: readonly Way[];
  /** A step that the spec forbids in the last state. */
  readonly refused?: RefusedStep;
  /** Name of the property that it was looked for. */
  readonly aim?: string;
  /** How far the nearest of its states is from violating `aim`; 0 where one violates it. */
  readonly distance?: number;
  /** Name of the property that the spec itself violates on it: a bug in the spec. */
  readonly violates?: string;
  /** Index of the state that comes after the last one, for a behaviour that goes round for ever. */
  readonly loop?: number;
}

export interface RefusedStep {
  /** An action by its name in the main module. */
  readonly action: string;
  /** Values of all its parameters, by name, in their order. */
  readonly args: readonly (readonly [string, Value])[];
  /** Values of the `nondet`s inside the action and around its call, by name. */
  readonly picks: readonly (readonly [string, Value])[];
  /** Id of the guard that forbids it: all other guards of the action hold. */
  readonly guard: number;
  /** What was done to the guard, in words: `without stage == Open`. */
  readonly mutation: string;
  /** Name of the property that a system without the guard violates, where one is known. */
  readonly breaks?: string;
}
