// An execution trace of 120 MB is read and one of 30 MB converted in far less memory: in a process of its own, whose heap is bounded and whose
// resident memory is measured. The sources are transpiled for it, so that the test needs no build.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../..');
const FILE_BYTES = 120_000_000;
const HEAP_MB = 64;
const RESIDENT_MB_MAX = 250;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aura-execution-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Events of some 5 kB: a large map that changes at one key, and a counter. */
async function writeLargeTrace(file: string, fileBytes: number): Promise<number> {
  const accounts = Array.from({ length: 300 }, (_, i) => `amount ${i}`);
  const handle = await open(file, 'w');
  await handle.write('{"format":"aura-execution-trace","version":1}\n');
  let events = 0;
  for (let bytes = 0; bytes < fileBytes; ) {
    const lines: string[] = [];
    for (let i = 0; i < 200; i++, events++) {
      accounts[events % accounts.length] = `amount ${events}`;
      const balance = Object.fromEntries(accounts.map((amount, k) => [`account${k}`, amount]));
      const action = events === 0 ? 'init' : 'pay';
      lines.push(
        `${JSON.stringify({ seq: events, time: events, node: 'bank', action, state: { balance, total: events } })}\n`,
      );
    }
    const text = lines.join('');
    bytes += text.length;
    await handle.write(text);
  }
  await handle.close();
  return events;
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

const CONVERTER = `
  import { convertToItf } from './trace/convert-trace.js';
  import { openTrace } from './trace/open-trace.js';
  const str = { kind: 'str' };
  const types = {
    vars: new Map([['balance', { kind: 'fun', arg: str, res: str }], ['total', { kind: 'int' }]]),
    env: new Map(),
    actions: new Map([['init', new Map()], ['pay', new Map()]]),
  };
  const trace = openTrace(process.argv[2], { types });
  let moments = 0;
  if (process.argv[3] === undefined)
    for await (const moment of trace) {
      if (!moment.ok) throw new Error(moment.errors[0].message);
      moments++;
    }
  else {
    const converted = await convertToItf(trace, types, process.argv[3], 'large');
    if (!converted.ok) throw new Error(converted.errors[0].message);
    moments = converted.value.moments;
  }
  const residentMb = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ moments, residentMb }));
`;

async function measured(...files: readonly string[]): Promise<{ moments: number; residentMb: number }> {
  const args = [`--max-old-space-size=${HEAP_MB}`, path.join(folder, 'convert.js'), ...files];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

it('reads and converts traces larger than its memory', { timeout: 300_000 }, async () => {
  await transpile(folder);
  await writeFile(path.join(folder, 'convert.js'), CONVERTER);
  const large = path.join(folder, 'large.jsonl');
  const events = await writeLargeTrace(large, FILE_BYTES);
  const read = await measured(large);
  expect(read.moments).toBe(events);
  expect(read.residentMb).toBeLessThan(RESIDENT_MB_MAX);
  const smaller = path.join(folder, 'smaller.jsonl');
  const some = await writeLargeTrace(smaller, FILE_BYTES / 4);
  const output = path.join(folder, 'smaller.itf.json');
  const converted = await measured(smaller, output);
  expect(converted.moments).toBe(some);
  expect(converted.residentMb).toBeLessThan(RESIDENT_MB_MAX);
  expect((await stat(output)).size).toBeGreaterThan(FILE_BYTES / 4);
});
