// Holds the code against the table of folders: who may import whom. Imports run one way, in the direction in which
// data flows; and randomness, time and the order of text come through one door each.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const SRC = path.join(import.meta.dirname, '..', 'src');

const MAY_IMPORT: Record<string, readonly string[]> = {
  util: [],
  model: [],
  bridge: ['model'],
  engine: ['model'],
  trace: ['model'],
  scenario: ['model'],
  derive: ['model', 'bridge', 'engine'],
  generate: ['model', 'bridge', 'engine', 'trace', 'scenario', 'verify', 'derive'],
  verify: ['model', 'bridge', 'engine', 'trace'],
  simulate: ['model', 'trace', 'scenario'],
  drivers: ['model', 'engine', 'trace', 'scenario', 'simulate', 'generate'],
  run: ['model', 'bridge', 'engine', 'trace', 'scenario', 'generate', 'verify', 'simulate', 'drivers'],
  report: ['trace'],
  'rust-types': ['model'],
  'types-of-spec': ['model', 'trace'],
  cli: [
    'model',
    'bridge',
    'engine',
    'trace',
    'scenario',
    'verify',
    'derive',
    'generate',
    'simulate',
    'drivers',
    'run',
    'report',
    'rust-types',
    'types-of-spec',
  ],
};

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  .sort();

function textOf(file: string): string {
  return readFileSync(path.join(SRC, file), 'utf8');
}

/** Folders of src/ that a file imports from; `generated` for the types made from schemas. */
function importsOf(file: string): string[] {
  return ts
    .preProcessFile(textOf(file), true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter(name => name.startsWith('.'))
    .map(name => path.relative(SRC, path.join(SRC, path.dirname(file), name)))
    .map(target =>
      target.startsWith('..') ? (target.split(path.sep)[1] ?? '') : (target.split(path.sep)[0] ?? ''),
    );
}

describe('folders', () => {
  it('are all in the table', () => {
    const folders = readdirSync(SRC, { withFileTypes: true }).filter(entry => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter(name => !(name in MAY_IMPORT))).toEqual([]);
  });

  it.each(files.filter(file => file.includes(path.sep)))('%s imports only what its folder may', file => {
    const folder = file.split(path.sep)[0] ?? '';
    const allowed = new Set([folder, 'util', 'generated', ...(MAY_IMPORT[folder] ?? [])]);
    expect(importsOf(file).filter(target => !allowed.has(target))).toEqual([]);
  });
});

describe('doors', () => {
  const forbidden: readonly (readonly [pattern: RegExp, allowedIn: readonly string[]])[] = [
    [/\bMath\.random\b/, []],
    [/\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/, []],
    [/\blocaleCompare\b|\btoLocale\w+\(/, []],
    [/\bseedrandom\b/, ['util/random.ts']],
    [/\bprocess\.exit\b/, ['cli/main.ts']],
    [/\bspawn\(|\bexecFile\(|\bexec\(['"`]/, ['bridge/run-program.ts', 'drivers/driver-program.ts']],
  ];
  it.each(forbidden)('%s stands only behind its door', (pattern, allowedIn) => {
    const found = files.filter(file => pattern.test(withoutComments(textOf(file))));
    expect(found.filter(file => !allowedIn.includes(file.split(path.sep).join('/')))).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}
