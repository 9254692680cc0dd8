// The Rust files that a command is given: files, or all .rs files below folders but those that the compiler wrote.
// What module a file is, its path says as far as cargo's layout goes; links are not followed.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { RustFile } from '../rust-types/read-rust.js';
import { type AuraError, auraError } from '../util/errors.js';
import { fileError, pathKind, readText } from '../util/files.js';
import { LIMITS } from '../util/limits.js';
import { compareText } from '../util/order.js';
import { collect, fail, ok, type Result } from '../util/result.js';

/**
 * The files at `paths`, with their texts, each once, in the order in which they were given.
 *
 * Errors: AUR003 to AUR005 for files, AUR005 for too many or too much of them, AUR008 for a folder without Rust files.
 */
export async function readRustTexts(paths: readonly string[]): Promise<Result<RustFile[]>> {
  const found = collect(await Promise.all(paths.map(findRust)));
  if (!found.ok) return found;
  const files = new Map(found.value.flat().map(each => [path.resolve(each.file), each]));
  if (files.size > LIMITS.rustFiles) return fail(tooMany(paths.join(', ')));
  const read: Result<RustFile>[] = [];
  let size = 0;
  for (const each of files.values()) {
    const text = await readText(each.file, LIMITS.rustBytes);
    read.push(text.ok ? ok({ ...each, text: text.value }) : text);
    size += text.ok ? text.value.length : 0;
    if (size > LIMITS.rustTotalBytes)
      return fail(tooLarge(`the Rust files hold more than ${LIMITS.rustTotalBytes} bytes`));
  }
  return collect(read);
}

type Found = Omit<RustFile, 'text'>;

async function findRust(given: string): Promise<Result<Found[]>> {
  if ((await pathKind(given)) !== 'folder')
    return ok([{ file: given, module: moduleOf(path.basename(given)) }]);
  try {
    const names: string[] = [];
    await addRust(given, '', names);
    if (names.length > LIMITS.rustFiles) return fail(tooMany(given));
    if (names.length === 0) return fail(auraError('AUR008', `${given} holds no .rs file`));
    return ok(names.map(name => ({ file: path.join(given, name), module: moduleOf(name) })));
  } catch (error) {
    return fail(fileError(given, error));
  }
}

/** Adds the .rs files below `inner` of `folder`, by their paths from `folder`, until there are too many. */
async function addRust(folder: string, inner: string, names: string[]): Promise<void> {
  const entries = await readdir(path.join(folder, inner), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
    if (names.length > LIMITS.rustFiles) return;
    const name = path.join(inner, entry.name);
    if (entry.isFile() && entry.name.endsWith('.rs')) names.push(name);
    if (entry.isDirectory() && entry.name !== 'target' && !entry.name.startsWith('.'))
      await addRust(folder, name, names);
  }
}

const ROOTS = new Set(['lib', 'main', 'mod']);

function moduleOf(file: string): string[] {
  const parts = file.replace(/\.rs$/, '').split(path.sep);
  const below = parts.slice(parts.lastIndexOf('src') + 1);
  return ROOTS.has(below.at(-1) ?? '') ? below.slice(0, -1) : below;
}

function tooMany(where: string): AuraError {
  return tooLarge(`${where} holds more than ${LIMITS.rustFiles} Rust files`);
}

function tooLarge(message: string): AuraError {
  return auraError('AUR005', message, { hint: 'give the files that define the types' });
}
