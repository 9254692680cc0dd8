// The files that a spec consists of: itself and what it imports from other files, transitively. They are the key
// of the cache, so the scan may find too much (an import in a comment) but never too little.
import path from 'node:path';
import { readText } from '../util/files.js';
import { LIMITS } from '../util/limits.js';
import { ok, type Result } from '../util/result.js';

const FROM = /\bfrom\s*"([^"\n]*)"/g;

/**
 * The texts of the spec and of every file that it reaches, by path, the spec first. Paths are relative to the folder of the spec.
 * An imported file that cannot be read is left to Quint, which says where it is imported.
 *
 * Errors: AUR003, AUR004, AUR005 for the spec itself.
 */
export async function readSources(file: string): Promise<Result<ReadonlyMap<string, string>>> {
  const folder = path.dirname(file);
  const main = await readText(file, LIMITS.specBytes);
  if (!main.ok) return main;
  const texts = new Map([[path.basename(file), main.value]]);
  const queue = [path.basename(file)];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    for (const [, target = ''] of (texts.get(name) ?? '').matchAll(FROM)) {
      const imported = path.join(path.dirname(name), `${target}.qnt`);
      if (texts.has(imported) || texts.size >= LIMITS.specFiles) continue;
      const text = await readText(path.join(folder, imported), LIMITS.specBytes);
      if (!text.ok) continue;
      texts.set(imported, text.value);
      queue.push(imported);
    }
  }
  return ok(texts);
}
