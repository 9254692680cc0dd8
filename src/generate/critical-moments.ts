// How much would an adverse step hurt just now? A moment is critical when a comparison in a guard has just come to
// hold or to be one short of holding (quorum, deadline), when the step before enabled something (commit, release), and
// when a property has just come to be at stake. Knows nothing of who strikes, or of what is done.
import { type CompiledSpec, compileExprs, type EngineState, findOp } from '../engine/index.js';
import type { Model, Property } from '../model/model.js';
import { marginsOf } from './guard-margins.js';
import { type PropertyWatch, watchProperties } from './property-watch.js';

/** What a state says that matters for it. */
export interface Reading {
  /** By comparison: 2 where it holds, 1 where it is one short, 0 elsewhere. */
  readonly margins: readonly number[];
  /** By property. */
  readonly atStake: readonly boolean[];
  /** Name of the first invariant that is violated. */
  readonly violated: string | undefined;
}

export interface CriticalMoments {
  /** `first` is the state in which the schedule starts. */
  read(first: EngineState, state: EngineState): Reading;
  /** `newlyEnabled` counts actions that were not enabled in the state before. */
  score(before: Reading | undefined, now: Reading, newlyEnabled: number): number;
}

/** A guard that turns is the surest sign; what a step enables and what is at stake may be many things at once. */
const WEIGHTS = { margin: 3, atStake: 2, enabled: 1 } as const;

/** Margins are those of the guards of honest and environment actions. */
export function criticalMoments(
  compiled: CompiledSpec,
  model: Model,
  targets: readonly Property[],
): CriticalMoments {
  const watches = watchProperties(compiled, targets);
  const requests = model.actions
    .filter(({ kind }) => kind === 'honest' || kind === 'environment')
    .flatMap(action => {
      const op = findOp(compiled, action.name);
      if (!op.ok) return [];
      const margins = marginsOf(action, op.value.def, compiled.spec.ir);
      return margins.flatMap(({ holds, short }) => [holds, short].map(expr => ({ expr, site: op.value })));
    });
  const evaluators = compileExprs(compiled, requests);
  const isTrue = (index: number, state: EngineState): boolean => {
    const answer = evaluators[index]?.(state);
    return answer?.ok === true && answer.value === true;
  };
  return {
    read: (first, state) => ({
      margins: Array.from({ length: evaluators.length / 2 }, (_, i) =>
        isTrue(2 * i, state) ? 2 : isTrue(2 * i + 1, state) ? 1 : 0,
      ),
      atStake: watches.map(({ atStake }) => atStake(first, state)),
      violated: violatedIn(watches, state),
    }),
    score: (before, now, newlyEnabled) => {
      const turned = now.margins.filter((margin, i) => margin > 0 && margin !== before?.margins[i]).length;
      const staked = now.atStake.filter((isAtStake, i) => isAtStake && before?.atStake[i] !== true).length;
      return WEIGHTS.margin * turned + WEIGHTS.atStake * staked + WEIGHTS.enabled * newlyEnabled;
    },
  };
}

function violatedIn(watches: readonly PropertyWatch[], state: EngineState): string | undefined {
  return watches.find(({ violated }) => violated(state))?.property.name;
}
