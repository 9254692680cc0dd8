// From the path of a .qnt file to a type-checked Spec, asking Quint only when the cache has no answer. Both
// questions to Quint (types, and where each id stands) are asked at once.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { QuintIr } from '../model/ir.js';
import type { Spec } from '../model/spec.js';
import { type AuraError, auraError } from '../util/errors.js';
import { sha256 } from '../util/files.js';
import { type Json, parseJson } from '../util/json.js';
import { nearest } from '../util/nearest.js';
import { fail, ok, type Result } from '../util/result.js';
import type { Cache } from './cache.js';
import { object, UnexpectedJson } from './decode-ir.js';
import { quintErrors } from './quint-errors.js';
import { brokenCall, callQuint, type QuintProgram } from './quint-program.js';
import { readSources } from './sources.js';
import { loadStoredIr, storeIr } from './stored-ir.js';

/** Part of every cache key: raise it when the stored form changes. */
const STORED_FORMAT = 1;

export interface Bridge {
  readonly quint: QuintProgram;
  readonly cache: Cache;
  /** Per call of Quint. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Parses and type-checks `file` through Quint. The main module is `module`, or the one named like the file, or the
 * only one.
 *
 * Errors: AUR003 to AUR005 for the file, AUR101 to AUR104 from Quint, AUR201 and AUR202 for the module.
 */
export async function loadSpec(bridge: Bridge, file: string, module?: string): Promise<Result<Spec>> {
  const read = await readSources(file);
  if (!read.ok) return read;
  return checkSources(bridge, file, read.value, module);
}

/**
 * As {@link loadSpec} on texts that need not be those of the files: the texts of `file` and of all that it imports, by
 * their paths from its folder. Places are named as in the files.
 */
export async function checkSources(
  bridge: Bridge,
  file: string,
  texts: ReadonlyMap<string, string>,
  module?: string,
  runFile: string = file,
): Promise<Result<Spec>> {
  const sources = [...texts].map(([name, text]) => ({
    path: name.split(path.sep).join('/'),
    sha256: sha256(text),
  }));
  const content = sources.map(source => `${source.path} ${source.sha256}`).join('\n');
  const key = sha256(`ir ${STORED_FORMAT}\n${bridge.quint.version}\n${content}`);
  const ir = await cachedIr(bridge, key, { run: runFile, shown: file }, texts);
  if (!ir.ok) return ir;
  const main = chooseMain(ir.value, file, module);
  if (!main.ok) return main;
  const hash = sha256(`spec\n${bridge.quint.version}\n${main.value}\n${content}`);
  return ok({ file, main: main.value, sources, quintVersion: bridge.quint.version, hash, ir: ir.value });
}

/** The file that Quint reads, and the one that the user knows. */
interface Files {
  readonly run: string;
  readonly shown: string;
}

async function cachedIr(
  bridge: Bridge,
  key: string,
  files: Files,
  texts: ReadonlyMap<string, string>,
): Promise<Result<QuintIr>> {
  const folder = path.dirname(files.shown);
  const hit = await bridge.cache.read(key);
  if (hit !== undefined) {
    const stored: Json = JSON.parse(hit);
    return ok(loadStoredIr(stored, folder));
  }
  const stored = await askQuint(bridge, files, texts);
  if (!stored.ok) return stored;
  const content = JSON.stringify(stored.value);
  await bridge.cache.write(key, content);
  return ok(loadStoredIr(stored.value, folder));
}

async function askQuint(
  bridge: Bridge,
  files: Files,
  texts: ReadonlyMap<string, string>,
): Promise<Result<Json>> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'aura-quint-'));
  try {
    const outputs = {
      checked: path.join(scratch, 'checked.json'),
      parsed: path.join(scratch, 'parsed.json'),
      map: path.join(scratch, 'map.json'),
    };
    const [check, parse] = await Promise.all([
      callQuint(bridge.quint, ['typecheck', '--out', outputs.checked, files.run], bridge),
      callQuint(
        bridge.quint,
        ['parse', '--out', outputs.parsed, '--source-map', outputs.map, files.run],
        bridge,
      ),
    ]);
    const checkedText = await readFile(outputs.checked, 'utf8').catch(() => undefined);
    if (check.outcome !== 'exited' || checkedText === undefined)
      return fail(brokenCall(bridge.quint, 'typecheck', check, bridge));
    const checked = parseJson(checkedText);
    const errors = specErrors(checked, files, texts);
    if (errors.length > 0) return fail(...errors);
    if (check.exitCode !== 0) return fail(brokenCall(bridge.quint, 'typecheck', check, bridge));
    const mapText = await readFile(outputs.map, 'utf8').catch(() => undefined);
    if (mapText === undefined) return fail(brokenCall(bridge.quint, 'parse', parse, bridge));
    return ok(storeIr(checked, parseJson(mapText), path.resolve(path.dirname(files.run))));
  } catch (error) {
    if (!(error instanceof UnexpectedJson || error instanceof SyntaxError)) throw error;
    return fail(
      auraError('AUR104', `the JSON of Quint ${bridge.quint.version} is not as expected: ${error.message}`, {
        hint: 'use the bundled Quint',
      }),
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The texts of the spec's sources by their paths, as far as they can still be read. */
export async function readSpecTexts(spec: Spec): Promise<ReadonlyMap<string, string>> {
  const read = await readSources(spec.file);
  return read.ok ? read.value : new Map();
}

/** The errors in an `--out` document about the file that was run, with places named as the user knows them. */
export function specErrors(output: Json, files: Files, texts: ReadonlyMap<string, string>): AuraError[] {
  const folder = path.resolve(path.dirname(files.run));
  const absolute = new Map([...texts].map(([name, text]) => [path.resolve(folder, name), text]));
  const nameOf = (found: string) => path.join(path.dirname(files.shown), path.relative(folder, found));
  return quintErrors(object(output, "Quint's output").errors, absolute, nameOf);
}

function chooseMain(ir: QuintIr, file: string, wanted: string | undefined): Result<string> {
  const names = ir.modules.map(module => module.name);
  if (wanted !== undefined) {
    if (names.includes(wanted)) return ok(wanted);
    return fail(
      auraError('AUR201', `${file} has no module ${wanted}`, { hint: suggestModule(wanted, names) }),
    );
  }
  const own = ir.modules.filter(module => isIn(ir, module.id, file)).map(module => module.name);
  const stem = path.basename(file, '.qnt');
  const main = own.includes(stem) ? stem : own.length === 1 ? own[0] : undefined;
  if (main !== undefined) return ok(main);
  return fail(
    auraError('AUR202', `${file} has ${own.length} modules and none is named ${stem}: ${own.join(', ')}`, {
      hint: 'choose one with --module',
    }),
  );
}

function isIn(ir: QuintIr, id: number, file: string): boolean {
  const span = ir.spans.get(id);
  return span === undefined || path.normalize(span.file) === path.normalize(file);
}

function suggestModule(wanted: string, names: readonly string[]): string {
  const near = nearest(wanted, names);
  return near === undefined ? `its modules are ${names.join(', ')}` : `did you mean ${near}?`;
}
