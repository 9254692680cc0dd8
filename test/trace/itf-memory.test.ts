// A file of 300 MB is read in far less memory: in a process of its own, whose heap is bounded and whose resident
// memory is measured. The sources are transpiled for it, so that the test needs no build.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listOf, mapOf, recordOf, setOf, variantOf } from '../../src/model/value.js';
import type { ItfState } from '../../src/trace/itf.js';
import { writeItfText } from '../../src/trace/itf-writer.js';

const ROOT = path.join(import.meta.dirname, '../..');
const FILE_BYTES = 300_000_000;
const HEAP_MB = 48;
const RESIDENT_MB_MAX = 200;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aura-itf-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A state of some 30 kB; few values are those of the state before. */
function stateOf(seed: number): ItfState {
  const node = (i: number) =>
    recordOf([
      ['log', listOf(Array.from({ length: 40 }, (_, k) => BigInt(seed * 1000 + i * k)))],
      ['acks', setOf([`n${i}`, `n${(i + seed) % 50}`, 'é'])],
      ['role', variantOf(seed % 2 === 0 ? 'Leader' : 'Follower')],
    ]);
  const nodes = mapOf(Array.from({ length: 30 }, (_, i) => [`n${i}`, node(i)]));
  return { values: new Map([['nodes', nodes]]) };
}

/** Writes a trace larger than `FILE_BYTES`; gives the number of its states. */
async function writeLargeTrace(file: string): Promise<number> {
  const states = Array.from({ length: 100 }, (_, seed) => stateOf(seed));
  const lines = writeItfText({ vars: ['nodes'], states })
    .split('\n')
    .slice(1, -2)
    .join('\n');
  const block = Buffer.from(lines);
  const repeats = Math.ceil(FILE_BYTES / block.length);
  const handle = await open(file, 'w');
  await handle.write('{"vars":["nodes"],"states":[\n');
  for (let i = 0; i < repeats; i++) {
    if (i > 0) await handle.write(',\n');
    await handle.write(block);
  }
  await handle.write('\n]}\n');
  await handle.close();
  return repeats * states.length;
}

async function transpile(to: string): Promise<void> {
  for (const part of ['util', 'model', 'trace']) {
    await mkdir(path.join(to, part), { recursive: true });
    for (const name of (await readdir(path.join(ROOT, 'src', part))).sort()) {
      if (!name.endsWith('.ts') || name.endsWith('.d.ts')) continue;
      const source = await readFile(path.join(ROOT, 'src', part, name), 'utf8');
      const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
      const { outputText } = ts.transpileModule(source, { compilerOptions });
      await writeFile(path.join(to, part, name.replace(/\.ts$/, '.js')), outputText);
    }
  }
  await writeFile(path.join(to, 'package.json'), '{"type":"module"}');
  await symlink(path.join(ROOT, 'node_modules'), path.join(to, 'node_modules'));
}

const READER = `
  import { streamItf } from './trace/itf-reader.js';
  let states = 0;
  for await (const state of streamItf(process.argv[2])) {
    if (!state.ok) throw new Error(state.errors[0].message);
    if (state.value.values.get('nodes').entries.length !== 30) throw new Error('a state is not whole');
    states++;
  }
  console.log(JSON.stringify({ states, residentMb: process.resourceUsage().maxRSS / 1024 }));
`;

it('reads 300 MB in bounded memory', { timeout: 300_000 }, async () => {
  const file = path.join(folder, 'large.itf.json');
  const states = await writeLargeTrace(file);
  await transpile(folder);
  await writeFile(path.join(folder, 'read.js'), READER);
  const args = [`--max-old-space-size=${HEAP_MB}`, path.join(folder, 'read.js'), file];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const measured: { states: number; residentMb: number } = JSON.parse(stdout);
  expect(measured.states).toBe(states);
  expect(measured.residentMb).toBeLessThan(RESIDENT_MB_MAX);
});
