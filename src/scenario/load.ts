// The door to scenario files: reads, validates, inherits and resolves. Every error of every file is reported, in
// the order of the files and of their lines, up to a bound a file. It runs nothing and knows no protocol.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { must } from '../util/assert.js';
import { type AuraError, auraError, type Location, showLocation } from '../util/errors.js';
import { fileError, pathKind, readText } from '../util/files.js';
import { LIMITS } from '../util/limits.js';
import { compareText } from '../util/order.js';
import { collect, fail, ok, type Result } from '../util/result.js';
import type { TomlPath } from '../util/toml-places.js';
import { checkOwnAssertions, findContradictions } from './check.js';
import { type ExtendedScenario, extendScenario, findDuplicates, indexByName } from './extend.js';
import { resolveScenario } from './resolve.js';
import type { ResolvedScenario } from './resolved.js';
import { findUnknownNames, type Vocabulary } from './vocabulary.js';
import { moreErrors, readWritten, type WrittenScenario } from './written.js';

export interface LoadedScenario {
  readonly scenario: ResolvedScenario;
  /** The file as it was named: the folder given and the path below it, or the file given. */
  readonly file: string;
  /** Line of its `[[scenario]]` header, counted from 1. */
  readonly line: number;
}

/**
 * The scenarios of a text, in its order; `file` names it in errors. Bases are looked for in the same text.
 *
 * Errors: AUR401 to AUR409.
 */
export async function parseScenarioText(text: string, file: string): Promise<Result<LoadedScenario[]>> {
  return linkScenarios([{ file, written: await readWritten(text, file) }]);
}

/** {@link parseScenarioText} on a file. Errors: AUR003 to AUR005 besides, and AUR412 for names outside of `vocabulary`. */
export async function loadScenarioFile(
  file: string,
  vocabulary?: Vocabulary,
): Promise<Result<LoadedScenario[]>> {
  return linkScenarios([{ file, written: await readFile(file) }], vocabulary);
}

/**
 * The scenarios of a file, or of all `.toml` files in a folder and the folders below it, by path in code unit
 * order. Bases are looked for in all of them.
 *
 * Errors: AUR003 to AUR005, AUR008 for a folder without scenario files, AUR401 to AUR410, and AUR412 for names outside of
 * `vocabulary`.
 */
export async function loadScenarios(
  fileOrFolder: string,
  vocabulary?: Vocabulary,
): Promise<Result<LoadedScenario[]>> {
  if ((await pathKind(fileOrFolder)) !== 'folder') return loadScenarioFile(fileOrFolder, vocabulary);
  const files = await listScenarioFiles(fileOrFolder);
  if (!files.ok) return files;
  const read: ReadFile[] = [];
  for (const file of files.value) read.push({ file, written: await readFile(file) });
  return linkScenarios(read, vocabulary);
}

interface ReadFile {
  readonly file: string;
  readonly written: Result<WrittenScenario[]>;
}

async function readFile(file: string): Promise<Result<WrittenScenario[]>> {
  const text = await readText(file, LIMITS.tomlBytes);
  return text.ok ? readWritten(text.value, file) : text;
}

async function listScenarioFiles(folder: string): Promise<Result<string[]>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) =>
    fileError(folder, error),
  );
  if ('code' in entries) return fail(entries);
  const files = entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.toml'))
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort(compareText);
  if (files.length === 0)
    return fail(
      auraError('AUR008', `${folder} holds no scenario file`, { hint: 'scenario files end in .toml' }),
    );
  if (files.length > LIMITS.scenarioFiles)
    return fail(
      auraError(
        'AUR410',
        `${folder} holds ${files.length} scenario files, the limit is ${LIMITS.scenarioFiles}`,
      ),
    );
  return ok(files);
}

/** Inheritance and resolution over all files together. */
function linkScenarios(files: readonly ReadFile[], vocabulary?: Vocabulary): Result<LoadedScenario[]> {
  const all = files.flatMap(({ written }) => (written.ok ? written.value : []));
  const index = indexByName(all);
  const someUnread = files.some(({ written }) => !written.ok);
  const linked = collect(all.map(each => linkScenario(each, index, vocabulary)));
  const found = [
    ...findDuplicates(all, index),
    // A base may well stand in the file that could not be read.
    ...(linked.ok ? [] : linked.errors.filter(each => !(someUnread && each.code === 'AUR403'))),
  ];
  return linked.ok && found.length === 0 && !someUnread ? linked : fail(...boundByFile(files, found));
}

function linkScenario(
  written: WrittenScenario,
  index: ReadonlyMap<string, WrittenScenario>,
  vocabulary: Vocabulary | undefined,
): Result<LoadedScenario> {
  const extended = extendScenario(written, index);
  if (!extended.ok) return extended;
  const { merged } = extended.value;
  const { scenario, badLiterals } = resolveScenario(merged);
  const contradictions = [
    ...findContradictions(merged, scenario).map(each => ({
      ...each,
      from: stating(extended.value, each.path),
    })),
    ...checkOwnAssertions(written.scenario, scenario).map(each => ({ ...each, from: written })),
  ];
  const errors = [
    ...badLiterals.map(bad =>
      errorIn(stating(extended.value, bad.path), bad.path, 'AUR408', bad.message, bad.hint),
    ),
    ...contradictions.map(each => errorIn(each.from, each.path, 'AUR407', each.message)),
    ...(vocabulary ? findUnknownNames(written.scenario, vocabulary) : []).map(({ path, message, hint }) =>
      errorIn(written, path, 'AUR412', message, hint),
    ),
  ];
  if (errors.length > 0) return fail(...errors);
  return ok({ scenario, file: written.header.file, line: written.header.line });
}

/** The scenario of the chain that gave the value at `path`: the first that states its key, or its table. */
function stating({ chain }: ExtendedScenario, path: TomlPath): WrittenScenario {
  const states = (length: number): WrittenScenario | undefined =>
    chain.find(({ document, path: own }) => document.states([...own, ...path.slice(0, length)]));
  return states(2) ?? states(1) ?? chain[0];
}

function errorIn(
  { document, path }: WrittenScenario,
  relative: TomlPath,
  code: 'AUR407' | 'AUR408' | 'AUR412',
  message: string,
  hint?: string,
): AuraError {
  return document.errorAt([...path, ...relative], 'value', code, message, hint);
}

/** The errors of reading and of linking, file by file. */
function boundByFile(files: readonly ReadFile[], linking: readonly AuraError[]): AuraError[] {
  const byFile = new Map(files.map(({ file, written }) => [file, written.ok ? [] : [...written.errors]]));
  for (const error of linking) byFile.get(must(error.location, 'the place of an error').file)?.push(error);
  return [...byFile].flatMap(([file, errors]) => boundOne(errors, file));
}

/** The errors by their place, each once, at most {@link LIMITS.scenarioErrors} of them. */
function boundOne(errors: readonly AuraError[], file: string): AuraError[] {
  const unique = new Map(
    errors.map(error => [`${error.location && showLocation(error.location)} ${error.message}`, error]),
  );
  const sorted = [...unique.values()].sort((a, b) => comparePlaces(a.location, b.location));
  if (sorted.length <= LIMITS.scenarioErrors) return sorted;
  return [...sorted.slice(0, LIMITS.scenarioErrors), moreErrors(file)];
}

/** What has no place, such as a word on errors left out, comes last. */
function comparePlaces(a: Location | undefined, b: Location | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a.line - b.line || a.column - b.column;
}
