// The report for people. It is calm: what holds is folded into counts, what broke is explained at once, below the
// trace that it broke on, and ends with the command that shows it again. The last line alone says how it went.
import type { TraceVerdict, VerifyResult } from '../../generated/verify-result.js';
import { evidenceFor, type Style, showPlace } from './evidence.js';
import { type Finding, type FindingGroup, findingsOf, type Outcome, subjectOf, worstOf } from './findings.js';
import type { Palette } from './palette.js';
import type { ReportContext } from './reporter.js';
import { atMost, count, indent, shown, visible, wrap } from './text.js';
import { actionsTaken, gapsOf, summaryColumns, type Verdict, verdictLine, verdictOf } from './totals.js';

export interface TerminalContext extends ReportContext {
  readonly palette: Palette;
  /** Columns to keep to; only file names and commands go beyond. */
  readonly width: number;
  /** Whether to list what holds, and all that the evidence has. */
  readonly verbose: boolean;
}

/** Traces that are explained unless all is wanted; of the others there is one line. */
const MOST_EXPLAINED = 10;

const MARK: Record<Outcome, string> = { passed: '✓', failed: '✗', undecided: '?', skipped: '-' };

/** The lines of the report joined by line breaks, the last one included. */
export function terminalReport(results: readonly VerifyResult[], context: TerminalContext): string {
  const blocks = results.map(result => resultLines(result, context).join('\n'));
  const end = [...(results.length > 0 ? summaryTable(results, context) : []), '', lastLine(results, context)];
  return `${[...blocks, end.join('\n')].join('\n\n')}\n`;
}

function resultLines(result: VerifyResult, context: TerminalContext): string[] {
  const { palette } = context;
  const { spec, traces, traceEnd } = result;
  const ends = traceEnd === 'stutter' ? ', ending by stuttering' : '';
  const about = `module ${shown(spec.module, 60)}, ${count(traces.length, 'trace')}${ends}`;
  return [
    `${palette.bold(shown(spec.file, 200))}  ${palette.dim(about)}`,
    ...groupLines(findingsOf([result], context.strict), context),
    ...coverageLines(result, context),
  ];
}

function groupLines(groups: readonly FindingGroup[], context: TerminalContext): string[] {
  const names = groups.map(({ trace }) => shown(trace?.trace ?? 'all traces', context.width - 30));
  const column = Math.max(...names.map(name => name.length), 0);
  let explained = 0;
  return groups.flatMap(({ trace, findings }, i) => {
    const outcome = worstOf(findings.map(each => each.outcome));
    const bad = outcome !== 'passed';
    const inFull = context.verbose || (bad && explained < MOST_EXPLAINED);
    if (bad) explained++;
    const name = names[i] ?? '';
    const about = inFull ? stepsOf(trace) : foldedLine(findings);
    const rest = about === '' ? name : `${name.padEnd(column)}  ${context.palette.dim(about)}`;
    const head = `${painted(outcome, context.palette)} ${rest}`;
    return inFull ? [head, ...indent(findingLines(findings, trace, context), 2)] : [head];
  });
}

function stepsOf(trace: TraceVerdict | null): string {
  return trace === null ? '' : count(trace.states, 'state');
}

/** Such as `conforms, 3 properties hold, 1 of them presumably`, or for a trace that is not explained `2 failed`. */
function foldedLine(findings: readonly Finding[]): string {
  const wrong = (['failed', 'undecided'] as const)
    .map(wanted => [wanted, findings.filter(({ outcome }) => outcome === wanted).length] as const)
    .filter(([, n]) => n > 0)
    .map(([outcome, n]) => `${n} ${outcome}`);
  if (wrong.length > 0) return wrong.join(', ');
  const conformance = findings.flatMap(each => (each.kind === 'conformance' ? [each.headline] : []));
  return [...conformance, ...holding(findings)].join(', ');
}

function holding(findings: readonly Finding[]): string[] {
  const passed = findings.filter(each => 'property' in each && each.outcome === 'passed');
  const presumed = passed.filter(each => 'property' in each && each.property.verdict !== 'satisfied').length;
  const hold = passed.length === 1 ? 'holds' : 'hold';
  if (passed.length === 0) return [];
  return [
    `${count(passed.length, 'property', 'properties')} ${hold}`,
    ...(presumed > 0 ? [`${presumed} of them presumably`] : []),
  ];
}

/** What is wrong, each with its evidence; then what holds; then the command. */
function findingLines(
  findings: readonly Finding[],
  trace: TraceVerdict | null,
  context: TerminalContext,
): string[] {
  const { palette, verbose, width } = context;
  const style: Style = { ...context, width: width - 6 };
  const line = (finding: Finding) =>
    `${painted(finding.outcome, palette)} ${titleOf(finding)}${vacuously(finding)}`;
  const apart = findings.filter(({ outcome }) => verbose || outcome === 'failed' || outcome === 'undecided');
  const folded = findings.filter(finding => !apart.includes(finding));
  const rest = folded.length > 0 ? foldedLine(folded) : '';
  return [
    ...apart.flatMap(finding => [
      line(finding),
      ...indent([...reasonLines(finding, style.width), ...evidenceFor(finding, style)], 4),
    ]),
    ...(rest === '' ? [] : [`${painted('passed', palette)} ${rest}`]),
    ...(trace?.reproduce ? [`${palette.dim('reproduce:')} ${visible(trace.reproduce)}`] : []),
  ];
}

function reasonLines({ reason }: Finding, width: number): string[] {
  return reason === null ? [] : wrap(reason.split(' '), width);
}

function titleOf(finding: Finding): string {
  return finding.kind === 'conformance' ? finding.headline : `${subjectOf(finding, 60)} ${finding.headline}`;
}

function vacuously(finding: Finding): string {
  return 'property' in finding && finding.property.vacuous ? ', vacuously' : '';
}

function coverageLines({ coverage }: VerifyResult, { palette, width, verbose }: TerminalContext): string[] {
  const { neverTaken, vacuous } = gapsOf(coverage);
  const names = (items: readonly { readonly name: string }[]) =>
    items.map(({ name }) => shown(name, 40)).sort();
  const block = (title: string, items: readonly string[]) =>
    wrap(listed(atMost(items, verbose ? Infinity : 12)), width - 14).map((text, i) =>
      i === 0 ? `  ${title.padEnd(12)}${text}` : `${' '.repeat(14)}${text}`,
    );
  return [
    `  ${palette.dim('coverage'.padEnd(12))}${actionsTaken(coverage)}`,
    ...block('never taken', names(neverTaken)),
    ...block('vacuous', names(vacuous)),
    ...(verbose ? untriedLines(coverage) : []),
  ];
}

/** The items with a comma after each but the last. */
function listed(items: readonly string[]): string[] {
  return items.map((item, i) => (i + 1 < items.length ? `${item},` : item));
}

/** Branches never taken, and guards that were always or never true. */
function untriedLines({ branches, guards }: VerifyResult['coverage']): string[] {
  const at = (location: (typeof guards)[number]['location']) => (location ? `  ${showPlace(location)}` : '');
  return [
    ...branches
      .filter(each => each.count === 0)
      .map(({ action, location }) => `  branch never taken: ${shown(action, 60)}${at(location)}`),
    ...guards
      .filter(({ held, failed }) => held === 0 || failed === 0)
      .map(({ action, guard, held, failed, location }) => {
        const how = held + failed === 0 ? 'never reached' : held === 0 ? 'never true' : 'always true';
        return `  guard ${how}: ${shown(guard, 60)} of ${shown(action, 40)}${at(location)}`;
      }),
  ];
}

/** A row for each spec. */
function summaryTable(
  results: readonly VerifyResult[],
  { palette, width, strict }: TerminalContext,
): string[] {
  const columns = summaryColumns(strict);
  const numbersWidth = columns.reduce((sum, { title }) => sum + title.length + 2, 0);
  const names = results.map(({ spec }) => shown(spec.file, Math.max(16, width - numbersWidth)));
  const column = Math.max(4, ...names.map(name => name.length));
  const row = (name: string, cells: readonly string[]) =>
    [name.padEnd(column), ...cells.map((cell, i) => cell.padStart(columns[i]?.title.length ?? 0))].join('  ');
  const titles = columns.map(({ title }) => title);
  const rows = results.map(({ summary }, i) => {
    const numbers = columns.map(({ of }) => String(of(summary)));
    return row(names[i] ?? '', numbers);
  });
  return [palette.dim(row('spec', titles)), ...rows];
}

function lastLine(results: readonly VerifyResult[], { palette, strict }: TerminalContext): string {
  const verdict = verdictOf(results, strict);
  const paint: Record<Verdict, (text: string) => string> = {
    passed: palette.green,
    failed: palette.red,
    undecided: palette.yellow,
  };
  return `${palette.bold(paint[verdict](verdict.toUpperCase()))}  ${verdictLine(results, strict)}`;
}

function painted(outcome: Outcome, palette: Palette): string {
  const paint = {
    passed: palette.green,
    failed: palette.red,
    undecided: palette.yellow,
    skipped: palette.dim,
  };
  return paint[outcome](MARK[outcome]);
}
