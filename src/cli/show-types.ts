// The result of check-types for people: mismatches with both places, notes and what was skipped in groups, so that
// one cause takes one line.
import type { CheckTypesResult, SourceLocation, TypeMismatch } from '../../generated/check-types-result.js';
import { showLocation } from '../util/errors.js';
import { aligned } from './aligned.js';
import type { Terminal } from './terminal.js';

/** Names listed of one group. */
const MOST_NAMES = 6;

export function showTypes(terminal: Terminal, result: CheckTypesResult): void {
  const { bold, dim, yellow } = terminal.colour;
  const section = (title: string, lines: readonly string[]) => {
    if (lines.length > 0) terminal.print(bold(title));
    for (const line of lines) terminal.print(`  ${line}`);
  };
  terminal.print(`module ${result.module} of ${result.spec}, ${result.rust_files.join(', ')}`);
  section(
    'matched',
    aligned(
      result.matched.map(({ spec, rust, rule, outcome }) => [
        spec,
        rust,
        outcome === 'differs' ? outcome : outcome === 'trusted' ? 'not compared' : 'agrees',
        dim(rule),
      ]),
    ),
  );
  section(
    'mismatches',
    result.mismatches.flatMap(each => mismatchLines(terminal, each)),
  );
  section(
    'notes',
    grouped(result.notes, ({ message }) => message).map(
      ([message, all]) => `${yellow(names(all.map(({ path }) => path)))}: ${message}`,
    ),
  );
  section(
    'not compared',
    grouped(result.skipped, ({ side, reason }) => `${side} ${reason}`).flatMap(([, all]) => {
      const [first] = all;
      if (first === undefined) return [];
      const place = all.length === 1 ? at(dim, first.location) : '';
      const hint = first.hint === null ? [] : [dim(`  hint: ${first.hint}`)];
      return [`${names(all.map(({ name }) => name))}: ${first.reason}${place}`, ...hint];
    }),
  );
  if (result.only_in_rust.length > 0)
    terminal.print(dim(`${counted(result.only_in_rust.length, 'Rust type')} without a part in the spec`));
  terminal.print(verdict(terminal, result));
}

function mismatchLines({ colour }: Terminal, found: TypeMismatch): string[] {
  const { path, expected, hint } = found;
  return [
    `${colour.red(path)}: expected ${expected}, found ${found.found}`,
    colour.dim(`  ${showLocation(found.spec_location)}`),
    colour.dim(`  ${showLocation(found.rust_location)}`),
    ...(hint === null ? [] : [`  hint: ${hint}`]),
  ];
}

function verdict({ colour }: Terminal, { matched, mismatches, skipped }: CheckTypesResult): string {
  const compared = matched.filter(({ outcome, rule }) => outcome !== 'trusted' && rule !== 'built in').length;
  const rest = `${counted(compared, 'pair')} compared, ${skipped.length} not compared`;
  if (mismatches.length > 0) return `${colour.red(counted(mismatches.length, 'mismatch'))}: ${rest}`;
  return compared === 0
    ? `${colour.yellow('nothing could be compared')}: ${rest}`
    : `${colour.green('the types agree')}: ${rest}`;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key) ?? [];
    group.push(item);
    groups.set(key, group);
  }
  return [...groups];
}

function names(all: readonly string[]): string {
  const shown = all.slice(0, MOST_NAMES).join(', ');
  return all.length > MOST_NAMES ? `${shown} and ${all.length - MOST_NAMES} more` : shown;
}

function at(dim: (text: string) => string, location: SourceLocation | null): string {
  return location === null ? '' : dim(` (${showLocation(location)})`);
}

function counted(count: number, what: string): string {
  const plural = what.endsWith('h') ? `${what}es` : `${what}s`;
  return `${count} ${count === 1 ? what : plural}`;
}
