// The strategies by name, in the order in which their work is done and their finds are listed.
import type { StrategyName } from '../find.js';
import { boundaryValues } from './boundary-values.js';
import { byzantineBehaviorExploration } from './byzantine-behavior-exploration.js';
import { exhaustiveSmallTraces } from './exhaustive-small-traces.js';
import { guardMutation } from './guard-mutation.js';
import { livenessUnderFairness } from './liveness-under-fairness.js';
import { randomWalk } from './random-walk.js';
import type { Strategy } from './strategy.js';
import { targetedPropertyViolation } from './targeted-property-violation.js';

export const STRATEGY_TABLE: Record<StrategyName, Strategy> = {
  exhaustive_small_traces: exhaustiveSmallTraces,
  random_walk: randomWalk,
  targeted_property_violation: targetedPropertyViolation,
  byzantine_behavior_exploration: byzantineBehaviorExploration,
  guard_mutation: guardMutation,
  liveness_under_fairness: livenessUnderFairness,
  boundary_values: boundaryValues,
};
