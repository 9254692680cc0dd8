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
  const { sources, texts } = read.value;
  const content = sources.map(source => `${source.path} ${source.sha256}`).join('\n');
  const key = sha256(`ir ${STORED_FORMAT}\n${bridge.quint.version}\n${content}`);
  const ir = await cachedIr(bridge, key, file, texts);
  if (!ir.ok) return ir;
  const main = chooseMain(ir.value, file, module);
  if (!main.ok) return main;
  const hash = sha256(`spec\n${bridge.quint.version}\n${main.value}\n${content}`);
  return ok({ file, main: main.value, sources, quintVersion: bridge.quint.version, hash, ir: ir.value });
}

async function cachedIr(
  bridge: Bridge,
  key: string,
  file: string,
  texts: ReadonlyMap<string, string>,
): Promise<Result<QuintIr>> {
  const folder = path.dirname(file);
  const hit = await bridge.cache.read(key);
  if (hit !== undefined) {
    const stored: Json = JSON.parse(hit);
    return ok(loadStoredIr(stored, folder));
  }
  const stored = await askQuint(bridge, file, texts);
  if (!stored.ok) return stored;
  const content = JSON.stringify(stored.value);
  await bridge.cache.write(key, content);
  return ok(loadStoredIr(stored.value, folder));
}

async function askQuint(
  bridge: Bridge,
  file: string,
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
      callQuint(bridge.quint, ['typecheck', '--out', outputs.checked, file], bridge),
      callQuint(bridge.quint, ['parse', '--out', outputs.parsed, '--source-map', outputs.map, file], bridge),
    ]);
    const checkedText = await readFile(outputs.checked, 'utf8').catch(() => undefined);
    if (check.outcome !== 'exited' || checkedText === undefined)
      return fail(brokenCall(bridge.quint, 'typecheck', check, bridge));
    const checked = parseJson(checkedText);
    const errors = specErrors(checked, file, texts);
    if (errors.length > 0) return fail(...errors);
    if (check.exitCode !== 0) return fail(brokenCall(bridge.quint, 'typecheck', check, bridge));
    const mapText = await readFile(outputs.map, 'utf8').catch(() => undefined);
    if (mapText === undefined) return fail(brokenCall(bridge.quint, 'parse', parse, bridge));
    return ok(storeIr(checked, parseJson(mapText), path.resolve(path.dirname(file))));
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
  return read.ok ? read.value.texts : new Map();
}

/** The errors in an `--out` document about `file`, with places named as the user named the file. */
export function specErrors(output: Json, file: string, texts: ReadonlyMap<string, string>): AuraError[] {
  const folder = path.dirname(file);
  const absolute = new Map([...texts].map(([name, text]) => [path.resolve(folder, name), text]));
  const nameOf = (found: string) => path.join(folder, path.relative(path.resolve(folder), found));
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
