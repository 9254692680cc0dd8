// The one table that benchmarks end in. A row says what was measured on what, both figures, their ratio and the least
// that it should be; rows without a target only inform.

/**
 * `least` is compared with `ratio`, both plain numbers; `unit` is how they are shown ("times", "%"). Without `least`
 * the row only informs. `absent` says why there is nothing to show.
 */
export function row({ work, spec, ours = '', theirs = '', ratio, least, unit = 'times', absent }) {
  const met = least === undefined || ratio === undefined ? '' : ratio >= least ? 'ok' : 'missed';
  return {
    cells: [
      work,
      spec,
      absent ?? ours,
      theirs,
      ratio === undefined ? '' : `${rounded(ratio)} ${unit}`,
      least === undefined ? '' : `${rounded(least)} ${unit}`,
      met,
    ],
    missed: met === 'missed',
  };
}

/** A number for people: three digits that count. */
export function rounded(number) {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(number) || 1)));
  return number.toLocaleString('en', { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

/** Prints the rows as a Markdown table and says whether every target was met. */
export function printTable(rows) {
  const head = ['work', 'spec', 'aura', 'against', 'ratio', 'at least', ''];
  const lines = [head, ...rows.map(({ cells }) => cells)];
  const widths = head.map((_, i) => Math.max(3, ...lines.map(line => line[i].length)));
  const text = line => `| ${line.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  console.log(text(head));
  console.log(`| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`);
  for (const { cells } of rows) console.log(text(cells));
  return rows.every(({ missed }) => !missed);
}
