// Markdown in GitHub's dialect, for the summary of a job or a comment: the verdict, a table of traces, what went wrong
// folded below it, coverage. Foreign text stands in code spans, fences or entities only, so that it can neither
// format nor link nor mention. A summary may have 1 MiB: rows and details are counted beyond a limit.
import type { VerifyResult } from '../../generated/verify-result.js';
import { evidenceFor } from './evidence.js';
import {
  type Finding,
  type FindingGroup,
  findingsOf,
  type Outcome,
  saidOf,
  subjectOf,
  worstOf,
} from './findings.js';
import { codeSpan, entities, foldedBlock, MARKS, table } from './markdown-parts.js';
import { PLAIN } from './palette.js';
import type { ReportContext, Reporter } from './reporter.js';
import { atMost, count, shown, visible } from './text.js';
import { actionsTaken, gapsOf, summaryColumns, verdictLine, verdictOf } from './totals.js';

const MOST = { rows: 100, details: 40, linesEach: 60 };

export const markdownReport: Reporter = (results, context) => {
  const verdict = verdictOf(results, context.strict);
  const blocks = [
    `## ${MARKS[verdict]} aura verify: ${verdict}`,
    `${verdictLine(results, context.strict)}.`,
    ...(results.length > 1 ? [suiteTable(results, context)] : []),
    ...results.flatMap(result => resultBlocks(result, context)),
  ];
  return `${blocks.join('\n\n')}\n`;
};

function suiteTable(results: readonly VerifyResult[], { strict }: ReportContext): string {
  const columns = summaryColumns(strict);
  return table(
    ['', 'spec', ...columns.map(({ title }) => title)],
    results.map(result => [
      MARKS[verdictOf([result], strict)],
      codeSpan(result.spec.file),
      ...columns.map(({ of }) => String(of(result.summary))),
    ]),
    2,
  );
}

function resultBlocks(result: VerifyResult, context: ReportContext): string[] {
  const groups = findingsOf([result], context.strict);
  const bad = groups.filter(({ findings }) => isBad(outcomeOf(findings)));
  const good = groups.filter(({ findings }) => !isBad(outcomeOf(findings)));
  const rows = [...bad, ...good].flatMap(group => (group.trace === null ? [] : [traceRow(group)]));
  const details = bad.flatMap(group =>
    group.findings.filter(isBadFinding).map(each => [group, each] as const),
  );
  return [
    `### ${codeSpan(result.spec.file)}`,
    ...(rows.length === 0
      ? []
      : [
          table(
            ['', 'trace', 'conformance', 'invariants', 'temporal', 'states'],
            rows.slice(0, MOST.rows),
            5,
          ),
        ]),
    ...(rows.length > MOST.rows ? [`and ${count(rows.length - MOST.rows, 'more trace')}`] : []),
    ...details.slice(0, MOST.details).map(([group, finding]) => detailsBlock(group, finding, context)),
    ...(details.length > MOST.details ? [`and ${details.length - MOST.details} more findings`] : []),
    coverageBlock(result),
  ];
}

function traceRow({ trace, findings }: FindingGroup): string[] {
  const of = (kind: Finding['kind']) => findings.filter(each => each.kind === kind);
  const conformance = trace?.conformance.verdict ?? '';
  return [
    MARKS[outcomeOf(findings)],
    codeSpan(trace?.trace ?? ''),
    conformance === 'gaveUp' ? 'gave up' : conformance,
    tally(of('invariant')),
    tally(of('temporal')),
    String(trace?.states ?? 0),
  ];
}

/** Such as `3 hold, 1 violated`. */
function tally(findings: readonly Finding[]): string {
  const words: Record<Outcome, string> = {
    passed: 'hold',
    failed: 'violated',
    undecided: 'undecided',
    skipped: '',
  };
  const outcomes: readonly Outcome[] = ['passed', 'failed', 'undecided'];
  return outcomes
    .map(wanted => [wanted, findings.filter(({ outcome }) => outcome === wanted).length] as const)
    .filter(([, n]) => n > 0)
    .map(([outcome, n]) => `${n} ${outcome === 'passed' && n === 1 ? 'holds' : words[outcome]}`)
    .join(', ');
}

function detailsBlock({ trace }: FindingGroup, finding: Finding, { lineAt }: ReportContext): string {
  const evidence = evidenceFor(finding, { palette: PLAIN, width: 100, lineAt, verbose: false });
  const title = `${subjectOf(finding)} ${saidOf(finding)}`;
  const where = trace === null ? '' : `<code>${entities(shown(trace.trace, 120))}</code>: `;
  const lines = [
    ...atMost(evidence, MOST.linesEach),
    ...(trace?.reproduce ? [`reproduce: ${visible(trace.reproduce)}`] : []),
  ];
  return foldedBlock(`${MARKS[finding.outcome]} ${where}${entities(title)}`, lines);
}

function coverageBlock({ coverage }: VerifyResult): string {
  const { neverTaken, vacuous } = gapsOf(coverage);
  const names = (items: readonly { readonly name: string }[]) =>
    atMost(
      items.map(({ name }) => codeSpan(name)),
      20,
    ).join(', ');
  return [
    `**Coverage:** ${actionsTaken(coverage)}.`,
    ...(neverTaken.length > 0 ? [`Never taken: ${names(neverTaken)}.`] : []),
    ...(vacuous.length > 0 ? [`Held vacuously: ${names(vacuous)}.`] : []),
  ].join(' ');
}

function outcomeOf(findings: readonly Finding[]): Outcome {
  return worstOf(findings.map(({ outcome }) => outcome));
}

function isBad(outcome: Outcome): boolean {
  return outcome === 'failed' || outcome === 'undecided';
}

function isBadFinding({ outcome }: Finding): boolean {
  return isBad(outcome);
}
