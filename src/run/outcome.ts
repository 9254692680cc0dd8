// From what a run showed to what it came to, and whether that is what the scenario expects. The order matters: an error of
// the harness is never a property's failure, a violation that was met stays one whatever else is open, and what is open
// is never a success.
import type { RunResult } from '../../generated/run-result.js';
import type { ExpectedOutcome } from '../../generated/scenario.js';

/** A property by its name or class. `unknown` where no spec that was opened has it, `unchecked` where the checks left it out. */
export interface TargetShown {
  readonly name: string;
  readonly is: 'violated' | 'checked' | 'unchecked' | 'unknown';
}

/** What a run showed; each list has a sentence without its end for each thing. */
export interface Shown {
  /** What kept it from running. */
  readonly errors: readonly string[];
  readonly violations: readonly string[];
  readonly failedAssertions: readonly string[];
  /** Steps of the schedule that went another way than they had to. */
  readonly surprises: readonly string[];
  /** What could not be told, injected or finished. */
  readonly open: readonly string[];
  /** What became of the property that the scenario targets; undefined without one. */
  readonly target: TargetShown | undefined;
  /** Attacks that were made and did not succeed: on the property that the scenario targets, or on any without one. */
  readonly attempts: number;
  /** Why the honest participants did not succeed; undefined where they did or nobody tells. */
  readonly honestFailure: string | undefined;
}

export interface Judged {
  readonly result: RunResult['result'];
  readonly outcome: RunResult['outcome'];
  readonly reasons: readonly string[];
}

export function judgeRun(expected: ExpectedOutcome, shown: Shown): Judged {
  const outcome = outcomeOf(shown);
  const judged = (result: Judged['result'], reasons: readonly string[]): Judged => ({
    result,
    outcome,
    reasons,
  });
  if (outcome === 'error') return judged('error', shown.errors);
  // Exploratory: whatever happened is what was expected, and what happened is still said.
  if (expected === 'inconclusive') return judged('met', wrong(shown));
  const missed = missing(expected, outcome, shown);
  if (outcome === 'inconclusive') return judged('inconclusive', shown.open);
  if (missed !== undefined) return judged('missed', missed);
  const open = undecided(expected, shown);
  return open.length > 0 ? judged('inconclusive', open) : judged('met', []);
}

function outcomeOf({ errors, violations, failedAssertions, surprises, open }: Shown): Judged['outcome'] {
  if (errors.length > 0) return 'error';
  if (violations.length > 0) return 'property_violation';
  if (failedAssertions.length + surprises.length > 0) return 'failure';
  return open.length > 0 ? 'inconclusive' : 'success';
}

/** What has to be known for the outcome to be the expected one, and is not. */
function undecided(expected: ExpectedOutcome, { open, target }: Shown): readonly string[] {
  const unchecked = target?.is === 'unchecked' ? [`${target.name} was not checked`] : [];
  switch (expected) {
    case 'property_holds':
      return [...open, ...unchecked];
    case 'property_violation':
    case 'safety_violation_prevented':
      return unchecked;
    default:
      return [];
  }
}

/** Why the outcome is not the expected one; undefined where it is. */
function missing(
  expected: ExpectedOutcome,
  outcome: Judged['outcome'],
  shown: Shown,
): readonly string[] | undefined {
  const { violations, failedAssertions, surprises, attempts, honestFailure, target } = shown;
  switch (expected) {
    case 'success':
      return outcome === 'success' ? undefined : wrong(shown);
    case 'failure':
      if (outcome === 'failure' && failedAssertions.length > 0) return undefined;
      return ['every assertion holds, though one was expected to fail', ...wrong(shown)];
    case 'property_violation':
      if (target?.is === 'unknown') return [nowhere(target), ...wrong(shown)];
      if (target?.is === 'checked')
        return [`${target.name} was not violated, though that was expected`, ...wrong(shown)];
      return violations.length > 0 || target !== undefined
        ? undefined
        : ['no property was violated, though that was expected', ...wrong(shown)];
    case 'property_holds':
      // Whatever an assertion says; but a schedule that was not followed has shown nothing.
      if (violations.length + surprises.length > 0) return wrong(shown);
      return target?.is === 'unknown' ? [nowhere(target)] : undefined;
    case 'safety_violation_prevented':
      if (outcome !== 'success') return wrong(shown);
      if (target?.is === 'unknown') return [nowhere(target)];
      return attempts > 0 ? undefined : ['no attack was made, so none was prevented'];
    case 'honest_majority_success':
      if (outcome !== 'success') return wrong(shown);
      return honestFailure === undefined ? undefined : [honestFailure];
    case 'inconclusive':
      return undefined;
  }
}

function nowhere({ name }: TargetShown): string {
  return `no spec that was checked has a property ${name}`;
}

function wrong({ violations, failedAssertions, surprises, open }: Shown): readonly string[] {
  return [...violations, ...failedAssertions, ...surprises, ...open];
}
