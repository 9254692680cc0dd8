// Which verdict asks for which exit code: the reports must not be green where the command fails.
import { describe, expect, it } from 'vitest';
import type { Conformance, PropertyVerdict, VerifyResult } from '../../generated/verify-result.js';
import { findingsOf, type Outcome } from '../../src/report/findings.js';
import { verdictLine, verdictOf } from '../../src/report/totals.js';
import { must } from '../../src/util/assert.js';
import { FAILED, PASSED } from './sample-results.js';

const TRACE = must(PASSED.traces[0], 'a trace');
const PROPERTY = must(TRACE.invariants[0], 'an invariant');

function resultWith(
  conformance: Conformance['verdict'],
  ...verdicts: PropertyVerdict['verdict'][]
): VerifyResult {
  const invariants = verdicts.map(verdict => ({ ...PROPERTY, verdict }));
  const trace = {
    ...TRACE,
    conformance: { ...TRACE.conformance, verdict: conformance },
    invariants,
    temporal: [],
  };
  return { ...PASSED, traces: [trace] };
}

function outcomes(result: VerifyResult, strict: boolean): Outcome[] {
  return findingsOf([result], strict).flatMap(({ findings }) => findings.map(({ outcome }) => outcome));
}

describe('outcomes', () => {
  it.each<[PropertyVerdict['verdict'], Outcome, Outcome]>([
    ['satisfied', 'passed', 'passed'],
    ['violated', 'failed', 'failed'],
    ['presumablySatisfied', 'passed', 'undecided'],
    ['presumablyViolated', 'undecided', 'undecided'],
    ['inconclusive', 'undecided', 'undecided'],
  ])('a property that is %s is %s, with --strict %s', (verdict, loose, strict) => {
    const result = resultWith('conforms', verdict);
    expect([outcomes(result, false), outcomes(result, true)]).toEqual([
      ['passed', loose],
      ['passed', strict],
    ]);
  });

  it.each<[Conformance['verdict'], Outcome]>([
    ['conforms', 'passed'],
    ['rejected', 'failed'],
    ['gaveUp', 'undecided'],
    ['skipped', 'skipped'],
  ])('a trace that is %s is %s', (verdict, outcome) => {
    expect(outcomes(resultWith(verdict), false)).toEqual([outcome]);
  });
});

describe('the verdict', () => {
  it('is the worst', () => {
    expect(verdictOf([PASSED], false)).toBe('passed');
    expect(verdictOf([PASSED], true)).toBe('undecided');
    expect(verdictOf([PASSED, FAILED], false)).toBe('failed');
    expect(verdictOf([resultWith('conforms', 'violated', 'inconclusive')], false)).toBe('failed');
  });

  it('is undecided where nothing was checked', () => {
    const said = (results: readonly VerifyResult[]) =>
      findingsOf(results, false).flatMap(({ findings }) => findings.map(({ headline }) => headline));
    expect(said([])).toEqual(['nothing was checked']);
    expect(said([{ ...PASSED, traces: [], verdict: 'undecided' }])).toEqual(['nothing was checked']);
    const skipped: VerifyResult = { ...resultWith('skipped'), verdict: 'undecided' };
    expect(said([skipped])).toEqual(['skipped', 'nothing was checked']);
    expect([verdictOf([], false), verdictOf([skipped], false)]).toEqual(['undecided', 'undecided']);
  });

  it('is never better than the result says', () => {
    expect(verdictOf([{ ...PASSED, verdict: 'failed' }], false)).toBe('failed');
    expect(verdictOf([{ ...PASSED, verdict: 'undecided' }], false)).toBe('undecided');
  });

  it('is failed where the evaluators disagree', () => {
    const disagreement = {
      trace: TRACE.trace,
      invariant: 'FairShare',
      builtin: 'satisfied' as const,
      quint: 'violated' as const,
      step: 3,
    };
    const result = { ...PASSED, disagreements: [disagreement] };
    expect(verdictOf([result], false)).toBe('failed');
    expect(findingsOf([result], false).at(-1)?.findings[0]?.headline).toBe(
      'aura says satisfied, Quint says violated at step 3 of traces/morning.itf.json',
    );
  });

  it('is said in one line', () => {
    expect(verdictLine([PASSED], false)).toBe(
      '2 of 2 traces conform, 10 properties hold, 1 of them presumably',
    );
    expect(verdictLine([PASSED], true)).toBe('2 of 2 traces conform, 1 undecided');
    expect(verdictLine([PASSED, FAILED], false)).toBe(
      '1 of 6 traces rejected, 2 properties violated, 3 undecided',
    );
    expect(verdictLine([], false)).toBe('0 traces');
  });
});
