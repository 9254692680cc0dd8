// The one interface of the reporters of runs: what a command ran in, text out. As with reports of verdicts a reporter
// is a pure function; the same runs give the same bytes but for what stands under `timing`.
import type { RunResult } from '../../../generated/run-result.js';
import type { RunSummary } from '../../../generated/run-summary.js';
import type { ReportContext } from '../reporter.js';

export type RunReportContext = Pick<ReportContext, 'version' | 'folder' | 'root'>;

/**
 * Gives the whole text of a report, ending in a line break unless it is empty. `runs` are those of the summary, in its
 * order, as typed data.
 */
export type RunReporter = (
  summary: RunSummary,
  runs: readonly RunResult[],
  context: RunReportContext,
) => string;
