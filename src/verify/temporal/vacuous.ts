// Whether a formula that holds says nothing about a trace: no premise of its implications was ever true, and no
// quantifier had anything to run over (Beer, Ben-David, Eisner, Rodeh, "Efficient detection of vacuity in temporal model
// checking", 2001). Only what the whole formula depends on counts: a conjunction is vacuous when all its parts are.
import type { Exercised } from './evaluation.js';
import type { Formula } from './formula.js';

/** `exercised` are the implications and quantifiers that the trace put to the test. */
export function isVacuous(f: Formula, exercised: Exercised): boolean {
  switch (f.kind) {
    case 'and':
      return f.parts.every(part => isVacuous(part, exercised));
    case 'or': {
      const conclusion = f.implies ? f.parts.at(-1) : undefined;
      return conclusion !== undefined && (!exercised.has(f.id) || isVacuous(conclusion, exercised));
    }
    case 'all':
      return (f.isFlexible && !exercised.has(f.id)) || isVacuous(f.body, exercised);
    case 'always':
      return isVacuous(f.body, exercised);
    default:
      return false;
  }
}
