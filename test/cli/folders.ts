// Folders for tests of the command line: fresh ones with given files, and what a folder holds afterwards. All are
// below the scratch folder, which is removed at the end of the run. Their names have a space in them, so that every
// test is one of paths with spaces too.
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inject } from 'vitest';
import { compareText } from '../../src/util/order.js';

/** A new folder in the scratch folder, with `files` (relative paths to contents). */
export async function newFolder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(path.join(inject('scratch'), 'work '));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return folder;
}

/** Every file below `folder`, by its relative path, with its content. */
export async function contentsOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name));
  const read = files.map(
    async (file): Promise<[string, string]> => [path.relative(folder, file), await readFile(file, 'utf8')],
  );
  return new Map((await Promise.all(read)).sort(([a], [b]) => compareText(a, b)));
}

/** Every path below `folder`, folders and links included, sorted. */
export async function pathsIn(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort(compareText);
}
