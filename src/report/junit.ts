// JUnit XML, as Jenkins, GitLab and others read it (test/fixtures/report/junit.xsd): a suite for each trace, a case for
// its conformance and for each property. What is violated or rejected is a failure; what could not be decided is an
// error, because CI must not show green where the exit code is 3; only a check that was turned off is skipped.
import type { VerifyResult } from '../../generated/verify-result.js';
import { evidenceFor } from './evidence.js';
import { type Finding, type FindingGroup, findingsOf, type Outcome, saidOf, subjectOf } from './findings.js';
import { PLAIN } from './palette.js';
import type { ReportContext, Reporter } from './reporter.js';
import { visible } from './text.js';
import { decimal, element, textElement, xmlDocument } from './xml.js';

export const junitReport: Reporter = (results, context) => {
  const groups = findingsOf(results, context.strict);
  const { tests, failures, errors } = countsOf(groups.flatMap(each => each.findings));
  const seconds = results.reduce((sum, { timing }) => sum + timing.seconds, 0);
  const lines = element(
    'testsuites',
    { name: 'aura verify', tests, failures, errors, time: decimal(seconds) },
    groups.flatMap(group => suite(group, context)),
  );
  return xmlDocument(lines);
};

function suite(group: FindingGroup, context: ReportContext): string[] {
  const { result, trace, findings } = group;
  const spec = result?.spec.file ?? 'aura verify';
  const name = trace === null ? spec : `${spec}: ${trace.trace}`;
  // Tools take what stands before the last point for a package.
  const className = `${result?.spec.module ?? 'aura'}.${(trace?.trace ?? 'all').replaceAll('.', '_')}`;
  const cases = findings.flatMap(finding => testCase(finding, className, group, context));
  return element('testsuite', { name, ...countsOf(findings) }, [
    ...(result === null ? [] : properties(result, trace?.states)),
    ...cases,
  ]);
}

function properties({ spec, traceEnd }: VerifyResult, states: number | undefined): string[] {
  const values = {
    'spec.file': spec.file,
    'spec.module': spec.module,
    'spec.hash': spec.hash,
    'trace.end': traceEnd,
    ...(states === undefined ? {} : { 'trace.states': states }),
  };
  return element(
    'properties',
    {},
    Object.entries(values).flatMap(([name, value]) => element('property', { name, value })),
  );
}

const ELEMENTS: Record<Exclude<Outcome, 'passed' | 'skipped'>, string> = {
  failed: 'failure',
  undecided: 'error',
};

function testCase(
  finding: Finding,
  classname: string,
  { trace }: FindingGroup,
  { lineAt }: ReportContext,
): string[] {
  const { outcome } = finding;
  const said = saidOf(finding);
  const inside = () => {
    if (outcome === 'passed') return isPlain(said) ? [] : textElement('system-out', {}, [said]);
    if (outcome === 'skipped') return element('skipped', { message: said });
    const evidence = evidenceFor(finding, { palette: PLAIN, width: 120, lineAt, verbose: false });
    const again = trace?.reproduce ? [`reproduce: ${visible(trace.reproduce)}`] : [];
    const type = typeOf(finding);
    return textElement(ELEMENTS[outcome], { message: said, type }, [said, ...evidence, ...again]);
  };
  return element('testcase', { name: subjectOf(finding), classname }, inside());
}

/** Whether no more is said than that all is well. */
function isPlain(said: string): boolean {
  return said === 'satisfied' || said === 'conforms';
}

function typeOf(finding: Finding): string {
  if (finding.kind === 'conformance') return finding.conformance.verdict;
  return 'property' in finding ? finding.property.verdict : finding.kind;
}

function countsOf(findings: readonly Finding[]) {
  const number = (wanted: Outcome) => findings.filter(({ outcome }) => outcome === wanted).length;
  return {
    tests: findings.length,
    failures: number('failed'),
    errors: number('undecided'),
    skipped: number('skipped'),
  };
}
