// The reporters by the names that `--report` knows them under. The one for the terminal is not among them: it needs
// colours and a width.
import { githubReport } from './github.js';
import { jsonReport } from './json.js';
import { junitReport } from './junit.js';
import { markdownReport } from './markdown.js';
import type { Reporter } from './reporter.js';
import { sarifReport } from './sarif.js';

export const REPORTERS = {
  json: jsonReport,
  junit: junitReport,
  sarif: sarifReport,
  github: githubReport,
  markdown: markdownReport,
} as const satisfies Record<string, Reporter>;

export type ReporterName = keyof typeof REPORTERS;

export const REPORTER_NAMES: readonly ReporterName[] = ['json', 'junit', 'sarif', 'github', 'markdown'];
