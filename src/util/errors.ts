// The one shape of an error that a user can cause, and its text. Codes live in error-codes.ts.
import type { ErrorCode } from './error-codes.js';

/** A place in a source file. Lines and columns count from 1; columns count UTF-16 units. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

export interface AuraError {
  readonly code: ErrorCode;
  /** What is wrong, in one sentence without a final full stop. */
  readonly message: string;
  readonly location?: Location;
  /** Code of the tool below that reported it, such as `QNT404`. */
  readonly origin?: string;
  /** Source line with a caret below it. */
  readonly excerpt?: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Builds an error; absent details stay absent rather than `undefined`. */
export function auraError(
  code: ErrorCode,
  message: string,
  details: Omit<AuraError, 'code' | 'message'> = {},
): AuraError {
  return { code, message, ...details };
}

/** `file:line:column`, or the file alone for a place that is the whole file. */
export function showLocation(location: Location): string {
  return `${location.file}:${location.line}:${location.column}`;
}

/** The text people see, without colour: first line with code and place, then excerpt and hint, indented. */
export function showError(error: AuraError): string {
  const place = error.location ? `${showLocation(error.location)}: ` : '';
  const origin = error.origin ? ` [${error.origin}]` : '';
  const lines = [`error ${error.code}${origin}: ${place}${error.message}`];
  if (error.excerpt) lines.push(...error.excerpt.split('\n').map(line => `  ${line}`));
  if (error.hint) lines.push(`  hint: ${error.hint}`);
  return lines.join('\n');
}

/**
 * The line of `source` at `location` with a caret below its column. Long lines are cut to a window around the
 * column, so that a minified file cannot flood the terminal.
 */
export function excerptAt(source: string, location: Location): string {
  return excerptOfLine(source.split('\n', location.line)[location.line - 1] ?? '', location);
}

/** {@link excerptAt} for callers that have the line at hand: finding it takes time in a large file. */
export function excerptOfLine(line: string, location: Location): string {
  const width = 100;
  const from = Math.max(0, Math.min(location.column - 1 - width / 2, line.length - width));
  const text = line
    .slice(from, from + width)
    .replaceAll('\t', ' ')
    .replaceAll('\r', '');
  const caretAt = Math.min(location.column - 1 - from, text.length);
  const sameLine = location.endLine === undefined || location.endLine === location.line;
  const span = sameLine && location.endColumn !== undefined ? location.endColumn - location.column : 1;
  const carets = '^'.repeat(Math.max(1, Math.min(span, text.length - caretAt)));
  const gutter = `${location.line} | `;
  return `${gutter}${text}\n${' '.repeat(gutter.length - 2)}| ${' '.repeat(Math.max(0, caretAt))}${carets}`;
}
