// Random propositional formulas on random traces, against LTL written straight from its definition: exact on lassos,
// sound on open traces (no extension overturns what is certain), complete on small formulas (what is only presumed has
// extensions both ways), and presumptions as FLTL has them.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { State } from '../../../src/model/value.js';
import { must } from '../../../src/util/assert.js';
import {
  isDecided,
  type TemporalProperty,
  type TemporalVerdict,
} from '../../../src/verify/temporal/index.js';
import {
  extensions,
  holdsOnFinite,
  holdsOnLasso,
  LETTERS,
  type Letter,
  type Ltl,
  quintOf,
  randomLtl,
  temporalOperators,
  uses,
} from './naive-ltl.js';
import { formulasOf, verdictOf } from './support.js';

/** Formulas are drawn once, because Quint checks them all in one call. */
const SEED = 20240817;
const FORMULAS: readonly Ltl[] = [
  ...fc.sample(randomLtl(2), { seed: SEED, numRuns: 250 }),
  ...fc.sample(randomLtl(3), { seed: SEED + 1, numRuns: 150 }),
];
/** Letters beyond a trace within which a small formula finds its witnesses. */
const MORE = 3;
const SMALL = FORMULAS.map((formula, i) => ({ formula, i })).filter(
  ({ formula }) => temporalOperators(formula) <= 3 && !uses(formula, 'same p'),
);

const letters = (maxLength: number) => fc.array(fc.constantFrom(...LETTERS), { minLength: 1, maxLength });
const stateOf = ([p, q]: Letter): State =>
  new Map([
    ['p', p],
    ['q', q],
  ]);

let properties: readonly TemporalProperty[];

beforeAll(async () => {
  const texts = FORMULAS.map(quintOf);
  ({ properties } = await formulasOf('  var p: bool\n  var q: bool', texts));
});

const propertyAt = (i: number) => must(properties[i], 'property');
const formulaAt = (i: number) => must(FORMULAS[i], 'formula');
const anyFormula = fc.integer({ min: 0, max: FORMULAS.length - 1 });

/** As the caller that steps along a graph would do it. */
function stepped(property: TemporalProperty, states: readonly State[]): TemporalVerdict['verdict'] {
  let residual = property.start;
  for (const [i, state] of states.entries()) {
    const next = states[i + 1];
    if (isDecided(residual)) break;
    if (next === undefined) return property.finish(residual, state, 'open').verdict;
    residual = property.step(residual, state, next);
  }
  return residual.kind === 'true' ? 'satisfied' : 'violated';
}

describe('random formulas', () => {
  it('are decided on lassos as the definition says', () => {
    const lasso = letters(6).chain(word =>
      fc.record({ word: fc.constant(word), loop: fc.nat(word.length - 1) }),
    );
    fc.assert(
      fc.property(anyFormula, lasso, (i, { word, loop }) => {
        const { verdict } = verdictOf(propertyAt(i), word.map(stateOf), loop);
        expect(verdict).toBe(holdsOnLasso(formulaAt(i), word, loop) ? 'satisfied' : 'violated');
      }),
      { numRuns: 10_000 },
    );
  });

  it('stutter as a loop of the last state', () => {
    fc.assert(
      fc.property(anyFormula, letters(4), (i, word) => {
        const { verdict } = verdictOf(propertyAt(i), word.map(stateOf), 'stutter');
        expect(verdict).toBe(holdsOnLasso(formulaAt(i), word, word.length - 1) ? 'satisfied' : 'violated');
      }),
      { numRuns: 2_000 },
    );
  });

  it('give verdicts on open traces that no extension overturns', () => {
    fc.assert(
      fc.property(anyFormula, letters(4), letters(5), fc.nat(), (i, word, rest, at) => {
        const { verdict } = verdictOf(propertyAt(i), word.map(stateOf), 'open');
        if (verdict !== 'satisfied' && verdict !== 'violated') return;
        const whole = [...word, ...rest];
        expect(holdsOnLasso(formulaAt(i), whole, at % whole.length)).toBe(verdict === 'satisfied');
        for (const short of extensions(word, 1))
          expect(holdsOnLasso(formulaAt(i), short.word, short.loop)).toBe(verdict === 'satisfied');
      }),
      { numRuns: 5_000 },
    );
  });

  it('presume what is true if the trace ended there', () => {
    fc.assert(
      fc.property(anyFormula, letters(5), (i, word) => {
        const { verdict } = verdictOf(propertyAt(i), word.map(stateOf), 'open');
        if (verdict === 'satisfied' || verdict === 'violated') return;
        const ends = holdsOnFinite(formulaAt(i), word);
        expect(verdict).toBe(ends ? 'presumablySatisfied' : 'presumablyViolated');
      }),
      { numRuns: 10_000 },
    );
  });

  it('are stepped along a graph with the same verdicts', () => {
    fc.assert(
      fc.property(anyFormula, letters(5), (i, word) => {
        const states = word.map(stateOf);
        expect(stepped(propertyAt(i), states)).toBe(verdictOf(propertyAt(i), states, 'open').verdict);
      }),
      { numRuns: 2_000 },
    );
  });
});

it('small formulas are presumed only where continuations disagree', () => {
  expect(SMALL.length).toBeGreaterThan(200);
  fc.assert(
    fc.property(fc.constantFrom(...SMALL), letters(3), ({ formula, i }, word) => {
      const { verdict } = verdictOf(propertyAt(i), word.map(stateOf), 'open');
      const seen = new Set<boolean>();
      for (const longer of extensions(word, MORE)) {
        seen.add(holdsOnLasso(formula, longer.word, longer.loop));
        if (seen.size === 2) break;
      }
      expect({
        formula: quintOf(formula),
        certain: verdict === 'satisfied' || verdict === 'violated',
      }).toEqual({
        formula: quintOf(formula),
        certain: seen.size === 1,
      });
    }),
    { numRuns: 3_000, seed: SEED },
  );
});
