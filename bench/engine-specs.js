// The specs that the engine is measured on, each with the first invariant that it declares by annotation.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCache } from '../dist/src/bridge/cache.js';
import { loadSpec } from '../dist/src/bridge/load-spec.js';
import { findQuint } from '../dist/src/bridge/quint-program.js';

const FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'specs');

export async function loadForBench() {
  const quint = await findQuint();
  if (!quint.ok) throw new Error('quint was not found');
  const bridge = { quint: quint.value, cache: openCache(), timeoutMs: 120_000 };
  const found = [];
  for (const entry of readdirSync(FOLDER).sort()) {
    if (!entry.endsWith('.qnt')) continue;
    const [name, file] = [path.basename(entry, '.qnt'), path.join(FOLDER, entry)];
    const spec = await loadSpec(bridge, file, name);
    if (!spec.ok) throw new Error(spec.errors.map(error => error.message).join('\n'));
    const annotated = /\/\/\/ @(?:invariant|property)[^\n]*\n(?:\s*\/\/\/[^\n]*\n)*\s*val (\w+)/.exec(
      readFileSync(file, 'utf8'),
    );
    found.push({ name, file, spec: spec.value, invariant: annotated?.[1] ?? 'init' });
  }
  return found;
}
