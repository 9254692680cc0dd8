// Rows of a table for people: cells of a column begin below one another.

/** The rows as lines. Only the last cell of a row may hold colours: they would count as characters. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, i) => Math.max(known[i] ?? 0, cell.length)),
    [],
  );
  return rows.map(row =>
    row.map((cell, i) => (i + 1 === row.length ? cell : cell.padEnd(widths[i] ?? 0))).join('  '),
  );
}
