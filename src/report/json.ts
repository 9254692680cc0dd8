// JSON: the results themselves, for programs. Keys are sorted, so that equal results give equal text whoever built
// them; one result is one document as schemas/verify-result.schema.json describes it, several are an array.
import { jsonText } from './json-text.js';
import type { Reporter } from './reporter.js';

export const jsonReport: Reporter = results => jsonText(results.length === 1 ? results[0] : results);
