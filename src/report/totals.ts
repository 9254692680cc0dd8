// Sums over all results, and the verdict of a run in one line.
import type { Coverage, VerifyResult, VerifySummary } from '../../generated/verify-result.js';
import { findingsOf, worstOf } from './findings.js';
import { count } from './text.js';

/** What is said of a run as a whole. */
export type Verdict = VerifyResult['verdict'];

/** The verdict that goes with the exit code. */
export function verdictOf(results: readonly VerifyResult[], strict: boolean): Verdict {
  return worstOf(findingsOf(results, strict).flatMap(each => each.findings.map(({ outcome }) => outcome)));
}

interface Column {
  readonly title: string;
  readonly of: (summary: VerifySummary) => number;
}

/** The columns of a table of results. */
export function summaryColumns(strict: boolean): readonly Column[] {
  return [
    { title: 'traces', of: each => each.traces },
    { title: 'conform', of: each => each.conforms },
    { title: 'rejected', of: each => each.rejected },
    { title: 'hold', of: each => each.satisfied + (strict ? 0 : each.presumablySatisfied) },
    { title: 'violated', of: each => each.violated },
    { title: 'undecided', of: each => undecided(each, strict) },
  ];
}

function undecided(summary: VerifySummary, strict: boolean): number {
  const { gaveUp, presumablyViolated, inconclusive, presumablySatisfied } = summary;
  return gaveUp + presumablyViolated + inconclusive + (strict ? presumablySatisfied : 0);
}

/** What weighs most, such as `1 of 4 traces rejected, 2 properties violated, 3 undecided`. */
export function verdictLine(results: readonly VerifyResult[], strict: boolean): string {
  const sum = (of: (summary: VerifySummary) => number) =>
    results.reduce((total, { summary }) => total + of(summary), 0);
  const all = count(
    sum(each => each.traces),
    'trace',
  );
  const conforms = sum(each => each.conforms);
  const rejected = sum(each => each.rejected);
  const violated = sum(each => each.violated);
  const open = sum(each => undecided(each, strict));
  const hold = sum(each => each.satisfied + each.presumablySatisfied);
  const presumed = sum(each => each.presumablySatisfied);
  const disagreements = results.reduce((total, each) => total + each.disagreements.length, 0);
  const properties = (n: number, verb: string) => `${count(n, 'property', 'properties')} ${verb}`;
  const well = violated + open === 0 && hold > 0;
  const parts = [
    rejected > 0 ? `${rejected} of ${all} rejected` : conforms > 0 ? `${conforms} of ${all} conform` : all,
    ...(violated > 0 ? [properties(violated, 'violated')] : []),
    ...(open > 0 ? [`${open} undecided`] : []),
    ...(well ? [properties(hold, hold === 1 ? 'holds' : 'hold')] : []),
    ...(well && presumed > 0 ? [`${presumed} of them presumably`] : []),
    ...(disagreements > 0 ? [`${count(disagreements, 'disagreement')} with Quint`] : []),
  ];
  return parts.join(', ');
}

/** What the traces left untried. */
export interface Gaps {
  readonly neverTaken: Coverage['actions'];
  readonly vacuous: Coverage['properties'];
}

export function gapsOf({ actions, properties }: Coverage): Gaps {
  return {
    neverTaken: actions.filter(each => each.count === 0),
    vacuous: properties.filter(each => each.vacuous),
  };
}

/** Such as `5 of 6 actions taken`. */
export function actionsTaken({ actions }: Coverage): string {
  return `${actions.filter(each => each.count > 0).length} of ${count(actions.length, 'action')} taken`;
}
