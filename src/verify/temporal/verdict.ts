// What is said of a temporal property on a trace, and the four ways to come to it: decided on the way, at the end of an
// open trace, in a loop, or not at all.
import type { EngineState } from '../../engine/index.js';
import type { AuraError } from '../../util/errors.js';
import type { Exercised, Workshop } from './evaluation.js';
import { Finite } from './finite.js';
import { Lasso } from './lasso.js';
import { Unrolling } from './progress.js';
import { FALSE, type Residual, TRUE, type Unknown } from './residual.js';
import { isSatisfiable } from './satisfiable.js';
import { type Deciding, Why } from './why.js';

export interface TemporalVerdict {
  /**
   * `satisfied` and `violated` hold however the trace goes on; the presumptions say what is true if it ended here. See
   * docs/temporal-logic.md.
   */
  readonly verdict: 'satisfied' | 'violated' | 'presumablySatisfied' | 'presumablyViolated' | 'inconclusive';
  /** The part of the formula that decided, and the step; absent where the whole formula did. */
  readonly deciding?: Deciding;
  /** Index of the state that follows the last one, where the trace is taken to loop. */
  readonly loop?: number;
  /** Why it is inconclusive. */
  readonly error?: AuraError;
  /** Whether it holds only because nothing put it to the test. */
  readonly vacuous?: boolean;
}

/** A residual that is about the last state on, and what was noted on the way there. */
export interface Ending {
  readonly residual: Residual;
  /** Index of the last state, or of the first of the loop. */
  readonly step: number;
  readonly exercised: Exercised;
  readonly since: ReadonlyMap<number, number>;
  /** Id of the whole formula. */
  readonly expr: number;
}

/** The trace may go on after `last` in any way. */
export function openVerdict(workshop: Workshop, ending: Ending, last: EngineState): TemporalVerdict {
  const { residual, step, exercised, since } = ending;
  const unrolling = new Unrolling(workshop, exercised);
  const rest = unrolling.step(residual, last, undefined, step);
  const whyNow = new Why(workshop, unrolling, since);
  if (rest === TRUE) return told('satisfied', whyNow.isTrue(residual));
  if (rest === FALSE) return told('violated', whyNow.isFalse(residual));
  const whole: Deciding = { step, expr: ending.expr, bindings: [] };
  if (isSatisfiable(workshop.table, rest) === false) return told('violated', whole);
  if (isSatisfiable(workshop.table, workshop.table.dual(rest)) === false) return told('satisfied', whole);
  const finite = new Finite(workshop, last, step, exercised);
  const why = new Why(workshop, finite, since);
  const presumed = finite.residual(residual, 0);
  if (presumed === TRUE) return told('presumablySatisfied', why.isTrue(residual));
  if (presumed === FALSE) return told('presumablyViolated', why.isFalse(residual));
  return inconclusive(presumed);
}

/** The trace goes round the states of `loop` for ever. */
export function lassoVerdict(
  workshop: Workshop,
  ending: Ending,
  loop: readonly EngineState[],
): TemporalVerdict {
  const { residual, step, exercised, since } = ending;
  const lasso = new Lasso(workshop, loop, step, exercised);
  const value = lasso.residual(residual, 0);
  const why = new Why(workshop, lasso, since);
  if (value === TRUE) return { ...told('satisfied', why.isTrue(residual)), loop: step };
  if (value === FALSE) return { ...told('violated', why.isFalse(residual)), loop: step };
  return inconclusive(value);
}

export function told(verdict: TemporalVerdict['verdict'], deciding: Deciding | undefined): TemporalVerdict {
  return { verdict, ...(deciding && { deciding }) };
}

function inconclusive(value: Residual): TemporalVerdict {
  const unknown = unknownIn(value);
  if (unknown === undefined) return { verdict: 'inconclusive' };
  const { error, expr, step } = unknown;
  return { verdict: 'inconclusive', error, deciding: { step, expr, bindings: [] } };
}

function unknownIn(residual: Residual): Unknown | undefined {
  if (residual.kind === 'unknown') return residual;
  if (residual.kind !== 'and' && residual.kind !== 'or') return undefined;
  for (const part of residual.parts) {
    const found = unknownIn(part);
    if (found !== undefined) return found;
  }
  return undefined;
}
