// JSON whose text says the same for equal documents: the order in which code sets keys must not show in a file that
// people compare.

/** Indented JSON with the keys of every object in code unit order, for any of our documents. */
export function jsonText(document: unknown): string {
  return `${JSON.stringify(withSortedKeys(document), null, 2)}\n`;
}

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, withSortedKeys(each)]));
}
