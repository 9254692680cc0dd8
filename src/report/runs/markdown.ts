// Markdown of runs in GitHub's dialect: the verdict, a table of scenarios over all their seeds, what went wrong folded
// below it, what was injected. A summary of a job may have 1 MiB: rows and details are counted beyond a limit.
import type { RunResult } from '../../../generated/run-result.js';
import { fileFromRoot } from '../file-names.js';
import { worstOf } from '../findings.js';
import { codeSpan, entities, foldedBlock, MARKS, table } from '../markdown-parts.js';
import { PLAIN } from '../palette.js';
import { count } from '../text.js';
import { effectsOf } from './effects.js';
import { byReasons, byScenario, type RunGroup, seedsOf } from './fold-runs.js';
import type { RunReportContext, RunReporter } from './run-reporter.js';
import { evidenceOf, headlineOf, idleLines, nameOf, OUTCOMES, reproduceLine, words } from './said-of-run.js';
import { type RunsVerdict, runsVerdict, totalsLine } from './totals.js';

const MOST = { rows: 100, details: 40 };

const VERDICT_MARKS: Record<RunsVerdict, string> = { ...MARKS, error: MARKS.failed };

export const markdownRunReport: RunReporter = ({ summary }, runs, context) => {
  const verdict = runsVerdict(summary);
  const blocks = [
    `## ${VERDICT_MARKS[verdict]} aura scenarios run: ${verdict}`,
    `${totalsLine(summary, PLAIN)}.`,
    ...scenarioBlocks(runs, context),
    ...detailBlocks(runs),
    ...effectBlocks(runs),
  ];
  return `${blocks.join('\n\n')}\n`;
};

function scenarioBlocks(runs: readonly RunResult[], context: RunReportContext): string[] {
  const head = [
    '',
    'scenario',
    'file',
    'expected',
    'runs',
    'met',
    'missed',
    'inconclusive',
    'error',
    'steps',
  ];
  const rows = worstFirst(byScenario(runs)).map(group => scenarioRow(group, context));
  return limitedTable(head, rows, 4, 'scenario');
}

function scenarioRow(group: RunGroup, context: RunReportContext): string[] {
  const { first, runs } = group;
  const of = (wanted: RunResult['result']) => String(runs.filter(({ result }) => result === wanted).length);
  return [
    MARKS[outcomeOf(group)],
    codeSpan(first.scenario),
    codeSpan(`${fileFromRoot(first.file, context)}:${first.line}`),
    words(first.expected),
    String(runs.length),
    of('met'),
    of('missed'),
    of('inconclusive'),
    of('error'),
    String(runs.reduce((sum, { events }) => sum + events, 0)),
  ];
}

function detailBlocks(runs: readonly RunResult[]): string[] {
  const groups = worstFirst(byReasons(runs)).filter(
    ({ first }) => first.result !== 'met' || evidenceOf(first).length > 0,
  );
  const more = groups.length - MOST.details;
  return [
    ...groups.slice(0, MOST.details).map(detailBlock),
    ...(more > 0 ? [`and ${count(more, 'more finding')}`] : []),
  ];
}

function detailBlock(group: RunGroup): string {
  const { first } = group;
  const name = `<code>${entities(nameOf(first))}</code>`;
  const title = `${MARKS[OUTCOMES[first.result]]} ${name}, ${entities(seedsOf(group))}: ${headlineOf(first)}`;
  return foldedBlock(title, [...evidenceOf(first), ...idleLines(first), reproduceLine(first)]);
}

function effectBlocks(runs: readonly RunResult[]): string[] {
  const rows = effectsOf(runs).map(({ kind, type, planned, idle, count: effects }) => [
    kind,
    codeSpan(type),
    ...[planned, idle, effects].map(String),
  ]);
  return limitedTable(['injected', 'type', 'times', 'without effect', 'effects'], rows, 2, 'type');
}

/** Nothing where there are no rows. */
function limitedTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbersFrom: number,
  what: string,
): string[] {
  if (rows.length === 0) return [];
  const more = rows.length - MOST.rows;
  const shown = table(head, rows.slice(0, MOST.rows), numbersFrom);
  return [shown, ...(more > 0 ? [`and ${count(more, `more ${what}`)}`] : [])];
}

/** Failed groups, then undecided ones, then the others. */
function worstFirst(groups: readonly RunGroup[]): RunGroup[] {
  return (['failed', 'undecided', 'passed'] as const).flatMap(wanted =>
    groups.filter(group => outcomeOf(group) === wanted),
  );
}

function outcomeOf({ runs }: RunGroup) {
  return worstOf(runs.map(({ result }) => OUTCOMES[result]));
}
