// Verdicts to where they are wanted: the terminal, reports in files or on standard output, violation.json.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import type { VerifyResult } from '../../generated/verify-result.js';
import type { Violation } from '../../generated/violation.js';
import type { LineAt, ReportContext } from '../report/reporter.js';
import { REPORTERS } from '../report/reporters.js';
import { terminalReport } from '../report/terminal.js';
import { verdictOf } from '../report/totals.js';
import { ok, type Result } from '../util/result.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { collectText } from './options.js';
import { deliverReport, reportOrigin, reportsOnStdout, writeReport } from './report-delivery.js';
import type { ReportRequest } from './report-options.js';
import type { Terminal } from './terminal.js';

export interface ReportOptions {
  strict?: boolean;
  verbose?: boolean;
  report?: readonly string[];
  violationOut?: string;
}

/** The options of {@link ReportOptions}. */
export function withReportOptions(command: Command): Command {
  return command
    .option('--strict', 'what is only presumed to hold counts as undecided')
    .option('--report <name[=file]>', 'json, junit, sarif, github or markdown; may be repeated', collectText)
    .option('--violation-out <file>', 'write the first violation with all that its analysis needs')
    .option('--verbose', 'list what holds, and all of the evidence');
}

export interface Evidence {
  readonly results: readonly VerifyResult[];
  /** The first is written to violation.json. */
  readonly violations: readonly Violation[];
}

/**
 * Shows the verdicts to people, writes the reports and the violation, and gives the exit code. Errors: AUR006 for a
 * file that cannot be written.
 */
export async function conclude(
  terminal: Terminal,
  { results, violations }: Evidence,
  requests: readonly ReportRequest[],
  { strict = false, verbose = false, violationOut }: ReportOptions,
): Promise<Result<ExitCode>> {
  const context: ReportContext = { ...reportOrigin(), strict, lineAt: sourceLines() };
  const onStdout = reportsOnStdout(requests);
  const width = process.stdout.columns ?? 100;
  const text = terminalReport(results, { ...context, palette: terminal.colour, width, verbose });
  for (const line of text.trimEnd().split('\n'))
    if (onStdout) terminal.note(line);
    else terminal.print(line);
  for (const { reporter, target } of requests) {
    const written = await deliverReport(REPORTERS[reporter](results, context), target);
    if (!written.ok) return written;
  }
  const written = await writeViolation(violations[0], violationOut, requests);
  if (!written.ok) return written;
  if (written.value !== undefined) terminal.note(`the violation is in ${written.value}`);
  const verdict = verdictOf(results, strict);
  return ok(verdict === 'passed' ? EXIT.ok : verdict === 'failed' ? EXIT.violated : EXIT.undecided);
}

// Where it is asked for, or else beside the first report that goes to a file. One of an earlier run would mislead.
async function writeViolation(
  violation: Violation | undefined,
  file: string | undefined,
  requests: readonly ReportRequest[],
): Promise<Result<string | undefined>> {
  const beside = requests.flatMap(({ target }) =>
    target.kind === 'file' ? [path.dirname(target.file)] : [],
  );
  const target = file ?? (beside[0] === undefined ? undefined : path.join(beside[0], 'violation.json'));
  if (target === undefined) return ok(undefined);
  if (violation === undefined) {
    await rm(target, { force: true });
    return ok(undefined);
  }
  const written = await writeReport(target, `${JSON.stringify(violation, null, 2)}\n`);
  return written.ok ? ok(target) : written;
}

/** Lines of source files, each file read once; undefined where it cannot be read. */
function sourceLines(): LineAt {
  const texts = new Map<string, readonly string[]>();
  return (file, line) => {
    let lines = texts.get(file);
    if (lines === undefined) {
      try {
        lines = readFileSync(file, 'utf8').split('\n');
      } catch {
        lines = [];
      }
      texts.set(file, lines);
    }
    return lines[line - 1];
  };
}
