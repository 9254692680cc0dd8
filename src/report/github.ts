// Annotations of GitHub Actions on the lines of the spec. GitHub shows ten of a kind for a step: what several traces say of
// one place is one annotation, and errors come first.
import { evidenceFor } from './evidence.js';
import { fileFromRoot } from './file-names.js';
import { type Finding, findingsOf, saidOf, subjectOf } from './findings.js';
import { PLAIN } from './palette.js';
import type { ReportContext, Reporter } from './reporter.js';
import { atMost, count, shown, visible } from './text.js';
import { gapsOf } from './totals.js';
import { workflowCommand } from './workflow-command.js';

/** Lines of evidence in one annotation: its box on the page is small. */
const MOST_LINES = 20;

export const githubReport: Reporter = (results, context) => {
  const annotations = annotationsOf(results, context);
  const lines = [
    ...annotations.filter(({ finding }) => finding.outcome === 'failed').map(each => command(each, context)),
    ...annotations
      .filter(({ finding }) => finding.outcome === 'undecided')
      .map(each => command(each, context)),
    ...results.flatMap(result => gapNotice(result, context)),
  ];
  return lines.map(line => `${line}\n`).join('');
};

/** What one or more traces say of one place. */
interface Annotation {
  readonly finding: Finding;
  readonly specFile: string | undefined;
  readonly reproduce: string | null;
  readonly traces: string[];
}

function annotationsOf(results: Parameters<Reporter>[0], { strict }: ReportContext): Annotation[] {
  const byPlace = new Map<string, Annotation>();
  for (const { result, trace, findings } of findingsOf(results, strict)) {
    for (const finding of findings) {
      const specFile = result?.spec.file;
      const key = JSON.stringify([specFile, subjectOf(finding, Infinity), finding.outcome, finding.place]);
      const known = byPlace.get(key);
      if (known === undefined) {
        const traces = trace === null ? [] : [trace.trace];
        byPlace.set(key, { finding, specFile, reproduce: trace?.reproduce ?? null, traces });
      } else if (trace !== null) known.traces.push(trace.trace);
    }
  }
  return [...byPlace.values()];
}

function command({ finding, specFile, reproduce, traces }: Annotation, context: ReportContext): string {
  const { place, outcome } = finding;
  const said = saidOf(finding);
  const file = place?.file ?? specFile;
  const evidence = evidenceFor(finding, {
    palette: PLAIN,
    width: 100,
    lineAt: context.lineAt,
    verbose: false,
  });
  const [first, ...others] = traces.map(each => shown(each, 100));
  const message = [
    first === undefined ? said : `${first}: ${said}`,
    ...atMost(evidence, MOST_LINES),
    ...(others.length > 0
      ? [`also on ${count(others.length, 'trace')}: ${atMost(others, 5).join(', ')}`]
      : []),
    ...(reproduce === null ? [] : [`reproduce: ${visible(reproduce)}`]),
  ];
  const properties = {
    ...(file === undefined ? {} : { file: fileFromRoot(file, context) }),
    ...(place === null ? {} : { line: place.line, col: place.column }),
    title: subjectOf(finding),
  };
  return workflowCommand(outcome === 'failed' ? 'error' : 'warning', properties, message);
}

function gapNotice({ spec, coverage }: Parameters<Reporter>[0][number], context: ReportContext): string[] {
  const { neverTaken, vacuous } = gapsOf(coverage);
  const list = (names: readonly string[]) => atMost(names, 10).join(', ');
  const message = [
    ...(neverTaken.length > 0 ? [`never taken: ${list(neverTaken.map(({ name }) => shown(name, 60)))}`] : []),
    ...(vacuous.length > 0 ? [`held vacuously: ${list(vacuous.map(({ name }) => shown(name, 60)))}`] : []),
  ];
  const properties = { file: fileFromRoot(spec.file, context), title: 'not covered by the traces' };
  return message.length > 0 ? [workflowCommand('notice', properties, message)] : [];
}
