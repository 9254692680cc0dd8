// Reports of runs to where `--report` wants them.
import type { RunResult } from '../../generated/run-result.js';
import type { RunSummary } from '../../generated/run-summary.js';
import { RUN_REPORTERS } from '../report/runs/run-reporters.js';
import { ok, type Result } from '../util/result.js';
import { deliverReport, reportOrigin } from './report-delivery.js';
import type { ReportRequest } from './report-options.js';

/** `runs` are those of the summary, as typed data. Errors: AUR006 for a file that cannot be written. */
export async function deliverRunReports(
  summary: RunSummary,
  runs: readonly RunResult[],
  requests: readonly ReportRequest[],
): Promise<Result<void>> {
  const context = reportOrigin();
  for (const { reporter, target } of requests) {
    const delivered = await deliverReport(RUN_REPORTERS[reporter](summary, runs, context), target);
    if (!delivered.ok) return delivered;
  }
  return ok(undefined);
}
