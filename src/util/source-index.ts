// Line and column of an offset, and errors at an offset, for readers that may report many of either: each costs a
// binary search, not a walk through the file.
import type { ErrorCode } from './error-codes.js';
import { type AuraError, auraError, excerptOfLine, type Location } from './errors.js';

export interface SourceIndex {
  placeOf(offset: number): Location;
  /** The error with its place and its source line. */
  errorAt(offset: number, code: ErrorCode, message: string, hint?: string): AuraError;
}

export function indexSource(text: string, file: string): SourceIndex {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const placeOf = (offset: number): Location => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
  return {
    placeOf,
    errorAt(offset, code, message, hint) {
      const location = placeOf(offset);
      const line = text.slice(starts[location.line - 1] ?? 0, (starts[location.line] ?? text.length + 1) - 1);
      const excerpt = excerptOfLine(line, location);
      return auraError(code, message, { location, excerpt, ...(hint === undefined ? {} : { hint }) });
    },
  };
}
