// The parts of a page in GitHub's Markdown. Foreign text stands in code spans, fences or entities only, so that it can
// neither format nor link nor mention.
import type { Outcome } from './findings.js';
import { shown } from './text.js';

export const MARKS: Record<Outcome, string> = {
  passed: '✅',
  failed: '❌',
  undecided: '❔',
  skipped: '➖',
};

/** A table whose columns from `numbersFrom` on are aligned to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbersFrom: number,
): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map((_, i) => (i >= numbersFrom ? '--:' : '---'))), ...rows.map(row)].join(
    '\n',
  );
}

/** Foreign text within a line; in a table too. */
export function codeSpan(text: string): string {
  const name = shown(text, 120);
  // A pipe would end a cell, and in a span of code nothing can be escaped.
  return name.trim() === '' || /[`|\\]/.test(name) ? `<code>${entities(name)}</code>` : `\`${name}\``;
}

/** Everything that Markdown or HTML could take for markup, as numeric entities, which neither does. */
export function entities(text: string): string {
  return text.replace(/[&<>"'`|\\*_[\]{}~$@#!^]|:(?=\/\/)|www(?=\.)/g, found =>
    [...found].map(char => `&#${char.charCodeAt(0)};`).join(''),
  );
}

/** Lines of foreign text below a title to unfold. The title is HTML, in which only {@link entities} may be foreign. */
export function foldedBlock(title: string, lines: readonly string[]): string {
  const summary = `<details><summary>${title}</summary>`;
  return [summary, ...(lines.length > 0 ? ['', fence(lines)] : []), '', '</details>'].join('\n');
}

/** A fence longer than any run of backticks inside. */
function fence(lines: readonly string[]): string {
  const runs = lines.flatMap(line => line.match(/`+/g) ?? []).map(run => run.length);
  const ticks = '`'.repeat(Math.max(3, ...runs.map(length => length + 1)));
  return [`${ticks}text`, ...lines, ticks].join('\n');
}
