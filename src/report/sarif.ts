// SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), as code scanning reads it: a rule
// for each property, a result where it broke, on the line of the spec that decided. One run for everything, because
// GitHub takes only one of a tool. What is about no line of a spec is a notification of the run.
import type { Place, Reason, VerifiedSpec, VerifyResult } from '../../generated/verify-result.js';
import { differenceLines, evidenceFor, showAction } from './evidence.js';
import {
  type Finding,
  type FindingGroup,
  findingsOf,
  otherCandidates,
  saidOf,
  subjectOf,
} from './findings.js';
import { PLAIN } from './palette.js';
import type { ReportContext, Reporter } from './reporter.js';
import {
  artifact,
  digest,
  idOfName,
  type Level,
  literal,
  type SarifEntry,
  type SarifNotification,
  sarifText,
} from './sarif-parts.js';
import { shown, visible } from './text.js';
import { gapsOf } from './totals.js';

const MOST = { steps: 20, related: 5, name: 80 };

export const sarifReport: Reporter = (results, context) => {
  const groups = findingsOf(results, context.strict);
  const entries = [
    ...groups.flatMap(group => groupEntries(group, context)),
    ...results.flatMap(result => vacuousEntries(result, context)),
  ];
  const notifications = groups.flatMap(({ findings }) => findings.flatMap(notification));
  return sarifText(entries, notifications, context);
};

/** One entry for each finding on a trace that is not as it should be. */
function groupEntries({ result, trace, findings }: FindingGroup, context: ReportContext): SarifEntry[] {
  if (result === null || trace === null) return [];
  return findings.flatMap(finding => {
    const level = levelOf(finding);
    if (level === null) return [];
    const rule = ruleOf(finding, result.spec);
    const evidence = evidenceFor(finding, {
      palette: PLAIN,
      width: 100,
      lineAt: context.lineAt,
      verbose: false,
    });
    const text = [
      `${subjectOf(finding, MOST.name)} ${saidOf(finding)} (${shown(trace.trace, 120)}).`,
      ...evidence,
      ...(trace.reproduce === null ? [] : [`reproduce: ${visible(trace.reproduce)}`]),
    ].join('\n');
    const related = relatedLocations(finding, context);
    const steps = flow(finding, trace.trace, context);
    const found = {
      ruleId: rule.id,
      level,
      message: { text: literal(text) },
      locations: [location(finding.place, result.spec.file, context)],
      partialFingerprints: { 'aura/v1': digest([rule.id, result.spec.file, trace.trace]) },
      ...(steps.length > 1 && { codeFlows: [{ threadFlows: [{ locations: steps }] }] }),
      ...(related.length > 0 && { relatedLocations: related }),
      properties: { trace: visible(trace.trace), step: stepOf(finding) },
    };
    return [{ rule, result: found }];
  });
}

/** Properties that held only because nothing put them to the test: worth a look, no more. */
function vacuousEntries({ spec, coverage, traces }: VerifyResult, context: ReportContext): SarifEntry[] {
  const properties = traces.flatMap(({ invariants, temporal }) => [...invariants, ...temporal]);
  return gapsOf(coverage).vacuous.map(({ name, kind }) => {
    const defined = properties.find(each => each.name === name)?.location;
    const id = visible(`vacuous/${spec.module}/${idOfName(name)}`);
    const text = `${kind} ${shown(name, MOST.name)} held vacuously: no trace put it to the test.`;
    const rule = { id, shortDescription: { text: `${shown(name, MOST.name)} is put to the test` } };
    const result = {
      ruleId: id,
      level: 'note',
      message: { text: literal(text) },
      locations: [location(defined ?? null, spec.file, context)],
      partialFingerprints: { 'aura/v1': digest([id, spec.file]) },
    };
    return { rule, result };
  });
}

/** Null for what needs no result: it passed, was turned off or is about no line of a spec. */
function levelOf(finding: Finding): Level | null {
  if (finding.kind === 'agreement' || finding.kind === 'whole') return null;
  if (finding.outcome === 'failed') return 'error';
  if (finding.outcome === 'undecided') return 'warning';
  const presumed = 'property' in finding && finding.property.verdict === 'presumablySatisfied';
  return presumed ? 'note' : null;
}

function ruleOf(finding: Finding, spec: VerifiedSpec) {
  const name = 'property' in finding ? finding.property.name : '';
  const id = [finding.kind, spec.module, ...(name === '' ? [] : [idOfName(name)])].join('/');
  const holds =
    name === '' ? 'Every step is one that the spec allows' : `${subjectOf(finding, MOST.name)} holds`;
  return {
    id: visible(id),
    shortDescription: { text: holds },
    defaultConfiguration: { level: 'error' },
  };
}

function stepOf(finding: Finding): number | null {
  if (finding.kind === 'conformance') return finding.conformance.step;
  return 'property' in finding ? finding.property.step : null;
}

/** The way to the verdict: the change in the deciding step of the trace, then what decided, from the outside in. */
function flow(finding: Finding, trace: string, context: ReportContext) {
  const style = { palette: PLAIN, width: 100, lineAt: context.lineAt, verbose: false };
  const conformance = finding.kind === 'conformance' ? finding.conformance : null;
  const property = 'property' in finding ? finding.property : null;
  const changes = differenceLines(conformance?.rejection?.changes ?? property?.differences ?? [], style);
  const step = stepOf(finding);
  const title = step === null ? 'the trace' : `step ${step} of the trace`;
  const reason = property?.because ?? conformance?.rejection?.candidates[0]?.failed ?? null;
  return [
    { location: place(fileLocation(trace, context), [title, ...changes].join('\n')) },
    ...(reason === null ? [] : reasonSteps(reason)).slice(0, MOST.steps).map(each => ({
      location: place(
        each.location === null ? {} : { physicalLocation: physical(each.location, context) },
        `${shown(each.what, 100)} is ${shown(each.value, 100)}`,
      ),
    })),
  ];
}

function reasonSteps(reason: Reason): Reason[] {
  const steps: Reason[] = [];
  const visit = (each: Reason) => {
    if (steps.length >= MOST.steps) return;
    steps.push(each);
    each.because.forEach(visit);
  };
  visit(reason);
  return steps;
}

/** Where the other actions that came near are. */
function relatedLocations(finding: Finding, context: ReportContext) {
  const rejection = finding.kind === 'conformance' ? finding.conformance.rejection : null;
  if (rejection === null) return [];
  const { candidates, nearest } = rejection;
  return [...(nearest ? [nearest] : []), ...otherCandidates(candidates, nearest)]
    .slice(0, MOST.related)
    .flatMap((candidate, id) => {
      const at = candidate.failed?.location ?? candidate.location;
      if (at === null) return [];
      const what = candidate.failed === null ? 'leads to another state' : 'is not enabled';
      const text = literal(`${showAction(candidate, 100)} ${what}`);
      return [{ id, physicalLocation: physical(at, context), message: { text } }];
    });
}

function place(at: object, text: string) {
  return { ...at, message: { text: literal(text) } };
}

function location(at: Place | null, specFile: string, context: ReportContext) {
  return at === null ? fileLocation(specFile, context) : { physicalLocation: physical(at, context) };
}

/** A whole file; standard input has no place. */
function fileLocation(file: string, context: ReportContext) {
  return file === '-' ? {} : { physicalLocation: { artifactLocation: artifact(file, context) } };
}

function physical({ file, line, column }: Place, context: ReportContext) {
  const source = context.lineAt(file, line)?.slice(column - 1);
  const snippet = source ? { snippet: { text: shown(source, 200) } } : {};
  return {
    artifactLocation: artifact(file, context),
    region: { startLine: line, startColumn: column, ...snippet },
  };
}

function notification(finding: Finding): SarifNotification[] {
  if (finding.kind !== 'agreement' && finding.kind !== 'whole') return [];
  const level: Level = finding.outcome === 'failed' ? 'error' : 'warning';
  return [{ level, message: { text: literal(`${subjectOf(finding, MOST.name)}: ${saidOf(finding)}`) } }];
}
