// What all runs of a command come to: the verdict that goes with the exit code, and one line of numbers.
import type { RunTotals } from '../../../generated/run-summary.js';
import type { Palette } from '../palette.js';
import { count } from '../text.js';

/** `failed` goes with exit code 1, `error` with 2, `undecided` with 3: nothing was run, or not all could be told. */
export type RunsVerdict = 'passed' | 'failed' | 'error' | 'undecided';

export function runsVerdict({ runs, missed, inconclusive, error }: RunTotals): RunsVerdict {
  if (missed > 0) return 'failed';
  if (error > 0) return 'error';
  return inconclusive > 0 || runs === 0 ? 'undecided' : 'passed';
}

/** Such as `12 runs, 10 as expected, 2 not as expected`. */
export function totalsLine(totals: RunTotals, palette: Palette): string {
  const { runs, met, missed, inconclusive, error, notRun, withoutEffect } = totals;
  const parts = [
    count(runs, 'run'),
    palette.green(`${met} as expected`),
    ...(missed > 0 ? [palette.red(`${missed} not as expected`)] : []),
    ...(inconclusive > 0 ? [palette.yellow(`${inconclusive} inconclusive`)] : []),
    ...(error > 0 ? [palette.red(`${error} could not run`)] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
    ...(withoutEffect > 0 ? [`${withoutEffect} faults or strategies had no effect`] : []),
  ];
  return parts.join(', ');
}
