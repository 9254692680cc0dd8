// TOML as plain data together with the place of every key, so that whatever is wrong with the data can be said
// with line and column. Nothing is lost or invented: an integer that a double cannot hold becomes the string of
// its digits, a date the string of its ISO form.
import compiler, { type RawToml } from 'toml/lib/compiler.js';
import parser, { type TomlNode } from 'toml/lib/parser.js';
import { assert } from './assert.js';
import type { ErrorCode } from './error-codes.js';
import type { AuraError, Location } from './errors.js';
import { LIMITS } from './limits.js';
import { fail, ok, type Result } from './result.js';
import { indexSource } from './source-index.js';
import { findPlace, indexPlaces, type TomlPath } from './toml-places.js';

type TomlValue = string | number | boolean | TomlValue[] | TomlTable;

type TomlTable = { [key: string]: TomlValue };

export interface TomlDocument {
  readonly data: TomlTable;
  /** Whether the text states something at `path`. */
  states(path: TomlPath): boolean;
  /** Where the key or the value at `path` stands; for what is absent, where the table stands that lacks it. */
  locate(path: TomlPath, part: 'key' | 'value'): Location;
  /** An error at {@link locate}, with the source line. */
  errorAt(path: TomlPath, part: 'key' | 'value', code: ErrorCode, message: string, hint?: string): AuraError;
}

/** Reads TOML. A syntax error comes back under `code`, with its place; TOML has no second one after the first. */
export function parseToml(text: string, file: string, code: ErrorCode): Result<TomlDocument> {
  const source = indexSource(text, file);
  const parsed = parseNodes(text, (offset, message, hint) => source.errorAt(offset, code, message, hint));
  if (!parsed.ok) return parsed;
  const { nodes, data } = parsed.value;
  const root = indexPlaces(nodes);
  return ok({
    data: tableOf(data),
    states: path => findPlace(root, path).exact,
    locate: (path, part) => source.placeOf(findPlace(root, path).place[part]),
    errorAt: (path, part, errorCode, message, hint) =>
      source.errorAt(findPlace(root, path).place[part], errorCode, message, hint),
  });
}

type ErrorAtOffset = (offset: number, message: string, hint?: string) => AuraError;

function parseNodes(
  text: string,
  errorAtOffset: ErrorAtOffset,
): Result<{ nodes: readonly TomlNode[]; data: { [key: string]: RawToml } }> {
  try {
    const nodes = parser.parse(text, { maxDepth: LIMITS.tomlDepth });
    const tooDeep = nodes.find(node => ('key' in node ? node.key : node.value).length > LIMITS.tomlDepth);
    if (tooDeep) return fail(errorAtOffset(tooDeep.offset, `a key has more than ${LIMITS.tomlDepth} parts`));
    return ok({ nodes, data: compiler.compile(nodes, text, { bigint: true }) });
  } catch (error) {
    return fail(syntaxError(text, error, errorAtOffset));
  }
}

/** The package throws two kinds: a grammar error with `found` and `location`, and one with `line` and `column`. */
function syntaxError(text: string, error: unknown, errorAtOffset: ErrorAtOffset): AuraError {
  assert(error instanceof Error, 'the TOML parser threw something else than an error');
  if ('line' in error && 'column' in error) {
    const offset = offsetOf(text, Number(error.line), Number(error.column));
    const hint = error.message.includes('64-bit')
      ? 'write a seed or a constant of that size as a string of its digits'
      : undefined;
    return errorAtOffset(offset, lowerFirst(error.message.replace(/\.$/, '')), hint);
  }
  const offset = 'location' in error ? startOffset(error.location) : undefined;
  if (offset === undefined) throw error;
  return errorAtOffset(offset, `unexpected ${describeFound(text, offset)}`);
}

function startOffset(location: unknown): number | undefined {
  if (typeof location !== 'object' || location === null || !('start' in location)) return undefined;
  const { start } = location;
  if (typeof start !== 'object' || start === null || !('offset' in start)) return undefined;
  return typeof start.offset === 'number' ? start.offset : undefined;
}

function describeFound(text: string, offset: number): string {
  const found = text.slice(offset, offset + 1);
  if (found === '') return 'end of the file';
  return found === '\n' || found === '\r' ? 'end of the line' : `\`${found}\``;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

function tableOf(raw: { [key: string]: RawToml }): TomlTable {
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, plainOf(value)]));
}

function plainOf(raw: RawToml): TomlValue {
  if (typeof raw === 'bigint') return Number.isSafeInteger(Number(raw)) ? Number(raw) : raw.toString();
  if (raw instanceof Date) return raw.toISOString();
  if (Array.isArray(raw)) return raw.map(plainOf);
  return typeof raw === 'object' ? tableOf(raw) : raw;
}
