// The reporters of runs by the names that `--report` knows them under: the same as those of verdicts.
import type { ReporterName } from '../reporters.js';
import { githubRunReport } from './github.js';
import { jsonRunReport } from './json.js';
import { junitRunReport } from './junit.js';
import { markdownRunReport } from './markdown.js';
import type { RunReporter } from './run-reporter.js';
import { sarifRunReport } from './sarif.js';

export const RUN_REPORTERS: Record<ReporterName, RunReporter> = {
  json: jsonRunReport,
  junit: junitRunReport,
  sarif: sarifRunReport,
  github: githubRunReport,
  markdown: markdownRunReport,
};
