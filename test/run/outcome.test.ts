// The table of outcomes: what each expectation makes of what a run showed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExpectedOutcome } from '../../generated/scenario.js';
import { judgeRun, type Shown } from '../../src/run/outcome.js';

const QUIET: Shown = {
  errors: [],
  violations: [],
  failedAssertions: [],
  surprises: [],
  open: [],
  target: undefined,
  attempts: 0,
  honestFailure: undefined,
};

const TARGETS = ['violated', 'checked', 'unchecked', 'unknown'] as const;

const RUNS = {
  quiet: QUIET,
  attacked: { ...QUIET, attempts: 1 },
  violated: { ...QUIET, violations: ['P is violated'], attempts: 1 },
  failed: { ...QUIET, failedAssertions: ['A does not hold'] },
  surprised: { ...QUIET, surprises: ['step 0 was refused'] },
  open: { ...QUIET, open: ['P is not decided'] },
  unlucky: { ...QUIET, honestFailure: 'nobody succeeded' },
  broken: { ...QUIET, errors: ['the driver crashed'] },
} as const;

const TABLE: Record<
  ExpectedOutcome,
  Record<keyof typeof RUNS, 'met' | 'missed' | 'inconclusive' | 'error'>
> = {
  success: {
    quiet: 'met',
    attacked: 'met',
    violated: 'missed',
    failed: 'missed',
    surprised: 'missed',
    open: 'inconclusive',
    unlucky: 'met',
    broken: 'error',
  },
  failure: {
    quiet: 'missed',
    attacked: 'missed',
    violated: 'missed',
    failed: 'met',
    surprised: 'missed',
    open: 'inconclusive',
    unlucky: 'missed',
    broken: 'error',
  },
  honest_majority_success: {
    quiet: 'met',
    attacked: 'met',
    violated: 'missed',
    failed: 'missed',
    surprised: 'missed',
    open: 'inconclusive',
    unlucky: 'missed',
    broken: 'error',
  },
  safety_violation_prevented: {
    quiet: 'missed',
    attacked: 'met',
    violated: 'missed',
    failed: 'missed',
    surprised: 'missed',
    open: 'inconclusive',
    unlucky: 'missed',
    broken: 'error',
  },
  property_violation: {
    quiet: 'missed',
    attacked: 'missed',
    violated: 'met',
    failed: 'missed',
    surprised: 'missed',
    open: 'inconclusive',
    unlucky: 'missed',
    broken: 'error',
  },
  property_holds: {
    quiet: 'met',
    attacked: 'met',
    violated: 'missed',
    failed: 'met',
    surprised: 'missed',
    open: 'inconclusive',
    unlucky: 'met',
    broken: 'error',
  },
  inconclusive: {
    quiet: 'met',
    attacked: 'met',
    violated: 'met',
    failed: 'met',
    surprised: 'met',
    open: 'met',
    unlucky: 'met',
    broken: 'error',
  },
};

const cases = Object.entries(TABLE).flatMap(([wanted, row]) =>
  Object.entries(row).map(([run, result]) => [wanted, run, result] as const),
);

describe('outcomes', () => {
  it.each(cases)('%s of a run that is %s: %s', (wanted, run, result) => {
    const expected = must(EXPECTED.find(one => one === wanted));
    const shown = must(Object.entries(RUNS).find(([name]) => name === run))[1];
    const judged = judgeRun(expected, shown);
    expect(judged.result).toBe(result);
    if (result !== 'met') expect(judged.reasons).not.toEqual([]);
  });

  const sentences = fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 });
  const anything: fc.Arbitrary<Shown> = fc.record({
    errors: sentences,
    violations: sentences,
    failedAssertions: sentences,
    surprises: sentences,
    open: sentences,
    target: fc.option(fc.record({ name: fc.constant('P'), is: fc.constantFrom(...TARGETS) }), {
      nil: undefined,
    }),
    attempts: fc.nat(2),
    honestFailure: fc.option(fc.constant('c'), { nil: undefined }),
  });

  it('an error is never another result, and what is open is never a success', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom(...EXPECTED), (shown, expected) => {
        const { result, outcome } = judgeRun(expected, shown);
        expect(result === 'error').toBe(shown.errors.length > 0);
        expect(outcome === 'error').toBe(shown.errors.length > 0);
        if (outcome === 'success') expect(shown.open).toEqual([]);
        if (shown.errors.length === 0 && shown.violations.length > 0)
          expect(outcome).toBe('property_violation');
      }),
    );
  });
});

describe('a property that the scenario targets', () => {
  const shown = (is: (typeof TARGETS)[number], more: Partial<Shown> = {}): Shown => ({
    ...QUIET,
    attempts: 1,
    target: { name: 'P', is },
    ...more,
  });
  const other = { violations: ['Q is violated'] };

  it.each([
    ['safety_violation_prevented', shown('checked'), 'met', []],
    ['safety_violation_prevented', shown('unknown'), 'missed', ['no spec that was checked has a property P']],
    ['safety_violation_prevented', shown('unchecked'), 'inconclusive', ['P was not checked']],
    ['safety_violation_prevented', shown('violated', other), 'missed', ['Q is violated']],
    ['property_holds', shown('checked'), 'met', []],
    ['property_holds', shown('unknown'), 'missed', ['no spec that was checked has a property P']],
    ['property_holds', shown('unchecked'), 'inconclusive', ['P was not checked']],
    ['property_holds', shown('checked', { failedAssertions: ['A'], open: ['B'] }), 'inconclusive', ['B']],
    ['property_violation', shown('violated', other), 'met', []],
    [
      'property_violation',
      shown('checked', other),
      'missed',
      ['P was not violated, though that was expected', 'Q is violated'],
    ],
    ['property_violation', shown('unchecked', other), 'inconclusive', ['P was not checked']],
    ['property_violation', shown('unknown'), 'missed', ['no spec that was checked has a property P']],
    ['success', shown('unknown'), 'met', []],
  ] as const)('%s, %j: %s', (expected, run, result, reasons) => {
    expect(judgeRun(expected, run)).toMatchObject({ result, reasons });
  });
});

const EXPECTED: readonly ExpectedOutcome[] = [
  'success',
  'failure',
  'honest_majority_success',
  'safety_violation_prevented',
  'property_violation',
  'property_holds',
  'inconclusive',
];

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not there');
  return value;
}
