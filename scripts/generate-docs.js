// Writes what the documentation takes from the code: docs/errors.md from the registry of error codes, the table of
// docs/configuration.md from its schema. Runs after the compiler, whose output it reads. With --check nothing is
// written: it fails when a page is stale.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES } from '../dist/src/util/error-codes.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const errors = Object.entries(ERROR_CODES).sort(([a], [b]) => (a < b ? -1 : 1));
const schema = JSON.parse(await readFile(path.join(root, 'schemas', 'aura-config.schema.json'), 'utf8'));

await page('errors.md', errorTable());
await page('configuration.md', configTable());

function errorTable() {
  return [
    '| code | what it means |',
    '| --- | --- |',
    ...errors.map(([code, meaning]) => `| ${code} | ${cell(meaning)} |`),
  ].join('\n');
}

function configTable() {
  const rows = [...keysOf(schema, '')].map(([key, node]) => {
    const fallback = node.default === undefined ? '' : `\`${JSON.stringify(node.default)}\``;
    return `| \`${key}\` | ${cell(node.description)} | ${fallback} |`;
  });
  return ['| key | effect | default |', '| --- | --- | --- |', ...rows].join('\n');
}

function* keysOf(node, prefix) {
  for (const [name, child] of Object.entries(node.properties)) {
    if (child.properties) yield* keysOf(child, `${prefix}${name}.`);
    else yield [`${prefix}${name}`, child];
  }
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}

/** Replaces what stands between the two marks of a page. */
async function page(name, table) {
  const file = path.join(root, 'docs', name);
  const text = await readFile(file, 'utf8');
  const fresh = text.replace(
    /(<!-- generated -->\n)[\s\S]*(\n<!-- \/generated -->)/,
    (_, open, close) => `${open}${table}${close}`,
  );
  if (fresh === text) return;
  if (process.argv.includes('--check')) {
    console.error(`docs/${name} is stale: run npm run build`);
    process.exitCode = 1;
  } else await writeFile(file, fresh);
}
