// SARIF of runs: a result on the header of the scenario for each property that a run broke against expectation, for each
// run that missed its expected outcome in another way, and for each error. What no outcome was expected of and yet has
// something to tell is a note. Fingerprints hold no lines, so that an alert survives edits of the file.
import type { RunError, RunResult } from '../../../generated/run-result.js';
import { uriFromRoot } from '../file-names.js';
import {
  artifact,
  digest,
  idOfName,
  type Level,
  literal,
  type SarifEntry,
  type SarifNotification,
  sarifText,
} from '../sarif-parts.js';
import { count, shown, visible } from '../text.js';
import type { RunReportContext, RunReporter } from './run-reporter.js';
import {
  type Broken,
  brokenOf,
  errorLine,
  evidenceOf,
  headlineOf,
  inFull,
  nameOf,
  OUTCOMES,
  reproduceLine,
  words,
} from './said-of-run.js';

export const sarifRunReport: RunReporter = ({ summary }, runs, context) => {
  const entries = runs.flatMap(run => problemsOf(run).map(problem => entry(run, problem, context)));
  const { error, notRun } = summary;
  const notifications: SarifNotification[] = [
    ...(runs.length === 0 ? [notification('warning', 'no scenario was run')] : []),
    ...(error > 0 ? [notification('error', `${count(error, 'run')} could not be made`)] : []),
    ...(notRun > 0 ? [notification('note', `${count(notRun, 'run')} left out after a failure`)] : []),
  ];
  return sarifText(entries, notifications, context);
};

interface Problem {
  readonly ruleId: string;
  /** What holds where the rule is kept. */
  readonly rule: string;
  /** The first line of the message, without its end. */
  readonly text: string;
  /** What tells it from others of its rule in the same run. */
  readonly of: string;
}

function problemsOf(run: RunResult): Problem[] {
  switch (run.result) {
    case 'met':
      return evidenceOf(run).length > 0 ? [outcomeProblem(run)] : [];
    case 'inconclusive':
      return [outcomeProblem(run)];
    case 'missed': {
      const broken = brokenOf(run).map(brokenProblem);
      return broken.length > 0 ? broken : [outcomeProblem(run)];
    }
    case 'error':
      return run.errors.length > 0 ? run.errors.map(errorProblem) : [outcomeProblem(run)];
  }
}

function outcomeProblem(run: RunResult): Problem {
  const rule =
    run.expected === 'inconclusive'
      ? 'A scenario of which no outcome is expected has nothing to tell'
      : `A scenario that is expected to end in ${words(run.expected)} does`;
  return { ruleId: `expected/${run.expected}`, rule, text: headlineOf(run), of: '' };
}

function brokenProblem({ kind, name, trace, text }: Broken): Problem {
  if (kind === 'conformance')
    return { ruleId: kind, rule: 'Every step is one that the spec allows', text, of: trace };
  const rule = `${kind === 'own' ? 'property' : kind} ${shown(name, 80)} holds`;
  return { ruleId: `${kind}/${idOfName(name)}`, rule, text, of: trace };
}

function errorProblem(error: RunError): Problem {
  const ruleId = `error/${idOfName(error.code)}`;
  return { ruleId, rule: 'A scenario can be run', text: errorLine(error), of: error.message };
}

function entry(run: RunResult, { ruleId, rule, text, of }: Problem, context: RunReportContext): SarifEntry {
  const { scenario, seed, driver, file, line } = run;
  const evidence = evidenceOf(run);
  const headline = inFull(text, evidence);
  const said = [
    `scenario ${nameOf(run)}, seed ${shown(seed, 20)}: ${headline}`,
    ...evidence.filter(each => each !== headline),
    reproduceLine(run),
  ];
  const parts = [ruleId, uriFromRoot(file, context), scenario, seed, driver.kind, driver.detail ?? '', of];
  const result = {
    ruleId,
    level: LEVELS[OUTCOMES[run.result]],
    message: { text: literal(said.join('\n')) },
    locations: [
      { physicalLocation: { artifactLocation: artifact(file, context), region: { startLine: line } } },
    ],
    partialFingerprints: { 'aura/v1': digest(parts) },
    properties: { scenario: visible(scenario), seed: visible(seed), driver: driver.kind },
  };
  const described = { id: ruleId, shortDescription: { text: literal(rule) } };
  return { rule: described, result };
}

const LEVELS: Record<'passed' | 'failed' | 'undecided', Level> = {
  passed: 'note',
  failed: 'error',
  undecided: 'warning',
};

function notification(level: Level, text: string): SarifNotification {
  return { level, message: { text } };
}
