// JSON: the results themselves, for programs. Keys are sorted, so that equal results give equal text whoever built
// them; one result is one document as schemas/verify-result.schema.json describes it, several are an array.
import type { Reporter } from './reporter.js';

export const jsonReport: Reporter = results => jsonText(results.length === 1 ? results[0] : results);

/** Indented JSON with the keys of every object in code unit order, for any of our documents. */
function jsonText(document: unknown): string {
  return `${JSON.stringify(withSortedKeys(document), null, 2)}\n`;
}

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, withSortedKeys(each)]));
}
