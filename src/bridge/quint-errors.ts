// Quint's own findings as our errors: its code, the place in the user's file and the source line with a caret.
import path from 'node:path';
import { type AuraError, auraError, excerptAt, type Location } from '../util/errors.js';
import { isJsonObject, type Json } from '../util/json.js';

const MOST = 50;

/**
 * The errors of an `--out` document, in the order of their places. `texts` maps absolute paths to sources, and
 * `nameOf` gives the name by which the user knows an absolute path.
 */
export function quintErrors(
  errors: Json | undefined,
  texts: ReadonlyMap<string, string>,
  nameOf: (file: string) => string,
): AuraError[] {
  if (!Array.isArray(errors)) return [];
  const found = errors.filter(isJsonObject).map(error => quintError(error, texts, nameOf));
  found.sort(
    (a, b) =>
      (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
      (a.location?.column ?? 0) - (b.location?.column ?? 0),
  );
  const unique = new Map(found.map(error => [JSON.stringify(error), error]));
  return [...unique.values()].slice(0, MOST);
}

function quintError(
  error: { [key: string]: Json },
  texts: ReadonlyMap<string, string>,
  nameOf: (file: string) => string,
): AuraError {
  const explanation = typeof error.explanation === 'string' ? error.explanation : 'no explanation';
  const [, origin, rest] = /^\[(QNT\d+)\]\s*([\s\S]*)$/.exec(explanation) ?? [
    undefined,
    undefined,
    explanation,
  ];
  const message = (rest ?? explanation).trim().replace(/\s*\n\s*/g, '; ');
  const first = Array.isArray(error.locs) ? error.locs[0] : undefined;
  const place = first === undefined ? undefined : placeOf(first, texts, nameOf);
  return auraError('AUR102', message, { ...(origin !== undefined && { origin }), ...place });
}

function placeOf(
  loc: Json,
  texts: ReadonlyMap<string, string>,
  nameOf: (file: string) => string,
): { location: Location; excerpt?: string } | undefined {
  if (!isJsonObject(loc) || typeof loc.source !== 'string' || !isJsonObject(loc.start)) return undefined;
  const { start, end } = loc;
  const line = Number(start.line) + 1;
  const column = Number(start.col) + 1;
  const location: Location = {
    file: nameOf(path.resolve(loc.source)),
    line,
    column,
    ...endOf(end, line, column),
  };
  const text = texts.get(path.resolve(loc.source));
  return { location, ...(text !== undefined && { excerpt: excerptAt(text, location) }) };
}

// At the end of a file Quint's end lies before its start; then there is no span to show.
function endOf(
  end: Json | undefined,
  line: number,
  column: number,
): { endLine?: number; endColumn?: number } {
  if (!isJsonObject(end)) return {};
  const endLine = Number(end.line) + 1;
  const endColumn = Number(end.col) + 2;
  return endLine > line || (endLine === line && endColumn > column) ? { endLine, endColumn } : {};
}
