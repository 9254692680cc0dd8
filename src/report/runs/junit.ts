// JUnit XML of runs: a suite for each scenario file, a case for each scenario and seed. A run that did not end as it was
// expected to is a failure; one that could not be made or told is an error, because CI must not show green where the
// exit code is not 0.
import type { RunResult } from '../../../generated/run-result.js';
import { fileFromRoot } from '../file-names.js';
import { shown } from '../text.js';
import { decimal, element, textElement, xmlDocument } from '../xml.js';
import { byFile, type RunGroup } from './fold-runs.js';
import type { RunReportContext, RunReporter } from './run-reporter.js';
import { evidenceOf, headlineOf, idleLines, nameOf, reproduceLine, saidOfRun } from './said-of-run.js';

const COMMAND = 'aura scenarios run';

export const junitRunReport: RunReporter = (summary, runs, context) => {
  const suites = runs.length === 0 ? emptySuite() : byFile(runs).flatMap(group => suite(group, context));
  const { tests, failures, errors } = runs.length === 0 ? NOTHING_RAN : countsOf(runs);
  const time = decimal(summary.timing.seconds);
  return xmlDocument(element('testsuites', { name: COMMAND, tests, failures, errors, time }, suites));
};

const NOTHING_RAN = { tests: 1, failures: 0, errors: 1, skipped: 0 };

function emptySuite(): string[] {
  const message = 'no scenario was run';
  const error = textElement('error', { message, type: 'inconclusive' }, [message]);
  const verdict = element('testcase', { name: 'verdict', classname: 'aura.scenarios' }, error);
  return element('testsuite', { name: COMMAND, ...NOTHING_RAN }, verdict);
}

function suite({ first, runs }: RunGroup, context: RunReportContext): string[] {
  const name = fileFromRoot(first.file, context);
  const className = classNameOf(name);
  const cases = runs.flatMap(run => testCase(run, className));
  return element('testsuite', { name, ...countsOf(runs) }, cases);
}

/** `scenarios/net/drop.toml` is `scenarios.net.drop`: tools take what stands before the last point for a package. */
function classNameOf(file: string): string {
  const parts = file
    .replace(/\.toml$/, '')
    .split('/')
    .filter(part => part !== '');
  return ['aura', ...parts]
    .slice(parts.length > 1 ? 1 : 0)
    .map(part => part.replaceAll('.', '_'))
    .join('.');
}

function testCase(run: RunResult, classname: string): string[] {
  const name = `${nameOf(run)}, seed ${shown(run.seed, 20)}`;
  return element('testcase', { name, classname }, inside(run));
}

function inside(run: RunResult): string[] {
  const evidence = evidenceOf(run);
  const idle = idleLines(run);
  if (run.result === 'met') {
    const lines = [...evidence, ...idle];
    return lines.length === 0 ? [] : textElement('system-out', {}, [headlineOf(run), ...lines]);
  }
  const kind = run.result === 'missed' ? 'failure' : 'error';
  const type = run.result === 'error' ? (run.errors[0]?.code ?? 'error') : run.outcome;
  const lines = [headlineOf(run), ...evidence, ...idle, reproduceLine(run)];
  return textElement(kind, { message: saidOfRun(run), type }, lines);
}

function countsOf(runs: readonly RunResult[]) {
  const failures = runs.filter(({ result }) => result === 'missed').length;
  const errors = runs.filter(({ result }) => result === 'inconclusive' || result === 'error').length;
  return { tests: runs.length, failures, errors, skipped: 0 };
}
