// Changes to the texts of a spec that remember where each piece given by a user came to stand, so that an error of
// Quint about such a piece can be told where the user wrote it. Lines of what is not changed stay where they are.
import path from 'node:path';
import type { SourceSpan } from '../model/ir.js';
import { must } from '../util/assert.js';
import { type AuraError, auraError, excerptAt, type Location } from '../util/errors.js';

/** Text that a user gave beside the spec: on the command line, or in the configuration. */
export interface Given {
  readonly text: string;
  /** Where it begins, with its end; `file` may be the words of the command line. */
  readonly place: Location;
  /** The line that it stands in, to show. */
  readonly line?: string;
}

/** A value that a user gives to a constant or a domain. */
export interface Named extends Given {
  readonly name: string;
  /** Whether a name that the spec lacks is an error: a configuration may serve several specs. */
  readonly strict: boolean;
}

/** Text that takes the place of a span: our own, and pieces of the user's. */
export type Segment = string | Given;

export interface Edit {
  /** Path of the file from the folder of the spec. */
  readonly file: string;
  /** Absent for the end of the file. */
  readonly span?: SourceSpan;
  readonly segments: readonly Segment[];
}

interface Piece {
  readonly file: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly given: Given;
}

export interface Edited {
  readonly texts: ReadonlyMap<string, string>;
  /** The same errors, placed where the user wrote what is wrong; of those that come of one, the first. */
  inside(errors: readonly AuraError[]): readonly AuraError[];
}

/** Line breaks in a piece count as spaces. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Applies edits that do not overlap. `folder` is that of the spec, as errors name it. */
export function applyEdits(
  texts: ReadonlyMap<string, string>,
  edits: readonly Edit[],
  folder: string,
): Edited {
  const changed = new Map(texts);
  const pieces: Piece[] = [];
  for (const file of new Set(edits.map(edit => edit.file))) {
    const text = must(texts.get(file), `the text of ${file}`);
    const own = edits.filter(edit => edit.file === file);
    changed.set(file, applyTo(text, own, path.join(folder, file), pieces));
  }
  return { texts: changed, inside: errors => relocateAll(errors, pieces) };
}

function applyTo(text: string, edits: readonly Edit[], file: string, pieces: Piece[]): string {
  const starts = lineStarts(text);
  const offset = (line: number, column: number) => (starts[line - 1] ?? text.length) + column - 1;
  const placed = edits.map(edit => {
    const { span } = edit;
    const from = span === undefined ? text.length : offset(span.line, span.column);
    const to = span === undefined ? text.length : offset(span.endLine, span.endColumn);
    return { ...edit, from, to };
  });
  placed.sort((a, b) => a.from - b.from);
  let out = '';
  let at = 0;
  for (const { from, to, segments } of placed) {
    out += text.slice(at, from);
    for (const segment of segments) {
      if (typeof segment === 'string') out += segment;
      else {
        const line = out.split('\n').length;
        const column = out.length - (out.lastIndexOf('\n') + 1) + 1;
        const written = oneLine(segment.text);
        pieces.push({ file, line, from: column, to: column + written.length, given: segment });
        out += written;
      }
    }
    out += '\n'.repeat(text.slice(from, to).split('\n').length - 1);
    at = to;
  }
  return out + text.slice(at);
}

/** The text of a span of a spec, whose texts have their paths from its folder; undefined where they lack the file. */
export function spanText(
  span: SourceSpan,
  file: string,
  texts: ReadonlyMap<string, string>,
): string | undefined {
  const text = texts.get(path.relative(path.dirname(file), span.file));
  return text === undefined ? undefined : oneLine(sliceOf(text, span));
}

function sliceOf(text: string, span: SourceSpan): string {
  const starts = lineStarts(text);
  const offset = (line: number, column: number) => (starts[line - 1] ?? text.length) + column - 1;
  return text.slice(offset(span.line, span.column), offset(span.endLine, span.endColumn));
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

function relocateAll(errors: readonly AuraError[], pieces: readonly Piece[]): readonly AuraError[] {
  const moved = errors.map(error => relocate(error, pieces));
  const own = moved.filter((error, i) => error !== errors[i]);
  return own.length > 0 ? own : errors;
}

function relocate(error: AuraError, pieces: readonly Piece[]): AuraError {
  const { location } = error;
  if (location === undefined) return error;
  const { line, column, endColumn = column } = location;
  const near = pieces.filter(
    piece => piece.line === line && path.normalize(piece.file) === path.normalize(location.file),
  );
  // Inside the piece, or about an expression of ours that has it inside.
  const piece =
    near.find(({ from, to }) => from <= column && column <= to) ??
    near.find(({ from, to }) => column <= from && to <= endColumn);
  return piece === undefined ? error : errorAt(piece.given, error.message, error.code, error.origin);
}

/** Where the user wrote it, in words. */
export function placeText({ place }: Given): string {
  return place.line === 1 && place.file.startsWith('--') ? 'the command line' : `${place.file}:${place.line}`;
}

/** An error about a piece of the user's. */
export function errorAt(
  { place, line }: Given,
  message: string,
  code: AuraError['code'],
  origin?: string,
  hint?: string,
): AuraError {
  return auraError(code, message, {
    location: place,
    ...(line !== undefined && { excerpt: excerptAt(line, { ...place, line: 1 }) }),
    ...(origin !== undefined && { origin }),
    ...(hint !== undefined && { hint }),
  });
}
