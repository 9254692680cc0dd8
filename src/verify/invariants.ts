// Invariants over the states of one trace, evaluated again only where a variable that they read has changed. Where a
// variable was not observed an invariant that reads it is left open: the behaviours that agree with the trace decide
// then (behaviours.ts).
import type { PropertyVerdict } from '../../generated/verify-result.js';
import { type CompiledSpec, decodeState, type EngineState, explain } from '../engine/index.js';
import type { AuraError } from '../util/errors.js';
import { showError } from '../util/errors.js';
import { hasAll, type Invariant } from './property.js';
import { decidingPart, differencesOf, placeOf, reasonOf, withoutPlaces } from './reason.js';
import { plainVerdict } from './verdicts.js';

/** A state that breaks an invariant, with the state before it. */
export interface Breach {
  readonly step: number;
  readonly state: EngineState;
  readonly before: EngineState | undefined;
}

/** What the states said of one invariant. */
export interface Watched {
  readonly invariant: Invariant;
  readonly breach: Breach | undefined;
  readonly error: { readonly step: number; readonly error: AuraError } | undefined;
  /** The first state at which a variable that it reads was unknown. */
  readonly openAt: number | undefined;
  readonly evaluated: number;
  readonly vacuous: boolean;
}

export class InvariantWatch {
  private breach: Breach | undefined;
  private error: Watched['error'];
  private openAt: number | undefined;
  private evaluated = 0;
  private exercised = false;
  private last: EngineState | undefined;

  constructor(private readonly invariant: Invariant) {}

  observe(step: number, state: EngineState, before: EngineState | undefined): void {
    const { variables, holds } = this.invariant;
    if (this.breach !== undefined || this.error !== undefined || this.unchanged(state)) return;
    if (!hasAll(state, variables)) {
      this.openAt ??= step;
      this.last = undefined;
      return;
    }
    this.last = state;
    this.evaluated++;
    const held = holds(state);
    if (!held.ok) {
      const [error] = held.errors;
      if (error !== undefined) this.error = { step, error };
    } else if (held.value !== true) this.breach = { step, state, before };
    if (!this.exercised) this.exercised = isExercised(this.invariant, state);
  }

  /** Whether a state has broken it. */
  get isBroken(): boolean {
    return this.breach !== undefined;
  }

  result(): Watched {
    const { invariant, breach, error, openAt, evaluated, exercised } = this;
    return { invariant, breach, error, openAt, evaluated, vacuous: evaluated > 0 && !exercised };
  }

  private unchanged(state: EngineState): boolean {
    const { last } = this;
    return last !== undefined && this.invariant.variables.every(i => state[i] === last[i]);
  }
}

/** Whether `state` puts the invariant to the test; a condition that cannot be evaluated counts as one that does. */
export function isExercised({ exercised }: Invariant, state: EngineState): boolean {
  if (exercised === undefined) return true;
  const answer = exercised(state);
  return !answer.ok || answer.value === true;
}

/** A violation with its conjunct, its values and what changed. */
export function violated(
  compiled: CompiledSpec,
  invariant: Invariant,
  { step, state, before }: Breach,
): PropertyVerdict {
  const reason = explainFalse(compiled, invariant, state);
  return plainVerdict(invariant, 'violated', {
    step,
    ...reason,
    differences: before ? differencesOf(decodeState(compiled, before), decodeState(compiled, state)) : [],
  });
}

function explainFalse(compiled: CompiledSpec, { ref, location }: Invariant, state: EngineState) {
  const explained = explain(compiled, { expr: ref.def.expr, site: ref }, decodeState(compiled, state));
  if (!explained.ok) return {};
  const because = reasonOf(explained.value);
  const conjunct = placeOf(decidingPart(explained.value).location);
  // An expression of the command line stands in no file.
  return location ? { because, conjunct } : { because: withoutPlaces(because), conjunct: null };
}

/** The verdict where every state could be evaluated or one of them decided; undefined where it is open. */
export function verdictOfStates(compiled: CompiledSpec, watched: Watched): PropertyVerdict | undefined {
  const { invariant, breach, error, openAt, evaluated, vacuous } = watched;
  if (breach !== undefined) return violated(compiled, invariant, breach);
  if (error !== undefined)
    return plainVerdict(invariant, 'inconclusive', { step: error.step, reason: showError(error.error) });
  if (openAt !== undefined || evaluated === 0) return undefined;
  return plainVerdict(invariant, 'satisfied', { vacuous });
}
