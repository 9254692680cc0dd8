// JSON: the document of `--json` itself (schemas/run-summary.schema.json), keys sorted.
import { jsonText } from '../json-text.js';
import type { RunReporter } from './run-reporter.js';

export const jsonRunReport: RunReporter = summary => jsonText(summary);
