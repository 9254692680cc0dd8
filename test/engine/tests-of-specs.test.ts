// `quint test` and our way to run the tests of a spec: the same names pass, fail and are ignored. Every spec of this
// project is given to the program itself; the twins, which have their tests in common with the specs, to Quint's
// evaluator, since the program needs seconds for each. Then a spec with tests of every verdict: the same errors at the
// same places, and the same verdicts of random tests for several seeds, which are far apart because neighbouring ones
// replay nearly the same runs in Quint.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { newRng } from '@informalsystems/quint/dist/src/rng.js';
import { describe, expect, it } from 'vitest';
import { compileSpec, runTests, type TestReport } from '../../src/engine/index.js';
import { loadFile, ROOT, testBridge, unwrap } from '../quint.js';
import { oracleOf } from './quint-oracle.js';
import { SPEC_WITH_TESTS } from './spec-with-tests.js';
import { openSpec, SPECS, TWINS } from './specs-of-project.js';
import { fitOf, SIGNIFICANCE } from './statistics.js';
import { compileFile, specFile } from './support.js';

interface Verdicts {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly ignored: readonly string[];
}

interface Settings {
  readonly main?: string;
  readonly maxSamples: number;
  readonly seed: number;
}

/** What `quint test` prints. To a file: into a pipe it may exit before all is written. */
async function quintTest(file: string, { main, maxSamples, seed }: Settings, flags: readonly string[] = []) {
  const { quint } = await testBridge();
  const fixed = ['--backend=typescript', `--max-samples=${maxSamples}`, `--seed=${seed}`];
  const module = main === undefined ? [] : [`--main=${main}`];
  const args = [...quint.args, 'test', path.resolve(ROOT, file), ...fixed, ...module, ...flags];
  const folder = await mkdtemp(path.join(os.tmpdir(), 'aura-quint-test-'));
  const printed = await open(path.join(folder, 'stdout'), 'w');
  try {
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
    const child = spawn(quint.command, args, { stdio: ['ignore', printed.fd, 'ignore'], env });
    await once(child, 'close');
    return await readFile(path.join(folder, 'stdout'), 'utf8');
  } finally {
    await printed.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The name as the main module knows it: in front of those of instances Quint puts the modules that they come from. */
function inMain(name: string): string {
  return name.replace(/^main::(tests::)?/, '');
}

async function quintVerdicts(file: string, settings: Settings): Promise<Verdicts> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'aura-tests-of-specs-'));
  try {
    const out = path.join(folder, 'out.json');
    await quintTest(file, settings, [`--out=${out}`]);
    const { passed, failed, ignored }: Verdicts = JSON.parse(await readFile(out, 'utf8'));
    return sorted({
      passed: passed.map(inMain),
      failed: failed.map(inMain),
      ignored: ignored.map(inMain),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ourVerdicts(report: TestReport): Verdicts {
  return sorted({
    passed: report.passed.map(({ name }) => name),
    failed: report.failed.map(({ name }) => name),
    ignored: report.ignored,
  });
}

function sorted({ passed, failed, ignored }: Verdicts): Verdicts {
  return { passed: [...passed].sort(), failed: [...failed].sort(), ignored: [...ignored].sort() };
}

async function twoAtATime<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

describe('tests of the specs of this project', { timeout: 300_000 }, () => {
  it('have the verdicts of the program', async () => {
    await twoAtATime(SPECS, async file => {
      const compiled = unwrap(compileSpec(await loadFile(file)));
      const ours = ourVerdicts(runTests(compiled, { seed: '1', maxSamples: 20 }));
      expect(ours.passed.length).toBeGreaterThanOrEqual(4);
      expect(ours, file).toEqual(await quintVerdicts(file, { maxSamples: 20, seed: 1 }));
    });
  });

  it.each(TWINS)('have the verdicts of the evaluator: %s', async file => {
    const { compiled, model, quint } = await openSpec(file);
    const report = runTests(compiled, { seed: '1', maxSamples: 20 });
    const tests = model.runs.map(({ name }) => name).filter(name => name.endsWith('Test'));
    expect([...report.passed, ...report.failed].map(({ name }) => name).sort()).toEqual(tests.sort());
    for (const { name, samples } of report.passed)
      expect({ status: 'passed', samples }).toEqual(quint.test(name, 20, newRng(1n)));
    for (const { name } of report.failed) expect(quint.test(name, 20, newRng(1n)).status).toBe('failed');
  });
});

/** A failure as `name code line:column`. */
async function quintFailures(file: string, settings: Settings): Promise<string[]> {
  const text = await quintTest(file, settings);
  const found = text.matchAll(/^ +\d+\) (\S+):\n +Error \[(QNT\d+)\][\s\S]*?\n +at \S+:(\d+:\d+)$/gm);
  return [...found].map(([, name, code, place]) => `${inMain(name ?? '')} ${code} ${place}`).sort();
}

function ourFailures(report: TestReport): string[] {
  return report.failed
    .map(({ name, error }) => `${name} ${error.origin} ${error.location?.line}:${error.location?.column}`)
    .sort();
}

// Without its constant this one fails in one of two ways.
function isSure(failure: string): boolean {
  return !failure.startsWith('farTest');
}

// The second module sees its constant unset.
describe.each(['main', 'tests'])(
  'tests of every verdict, seen from module %s',
  { timeout: 300_000 },
  main => {
    it('fail with the same errors at the same places', async () => {
      const file = await specFile(SPEC_WITH_TESTS);
      const report = runTests(await compileFile(file, main), { seed: '1', maxSamples: 500 });
      expect(report.failed.length).toBeGreaterThan(15);
      const theirs = await quintFailures(file, { main, maxSamples: 500, seed: 1 });
      expect(ourFailures(report).filter(isSure)).toEqual(theirs.filter(isSure));
    });
  },
);

describe('random tests', { timeout: 300_000 }, () => {
  it('have the verdicts of the program for several seeds', async () => {
    const file = await specFile(SPEC_WITH_TESTS);
    const compiled = await compileFile(file, 'main');
    await twoAtATime([1, 982_451_653, 2 ** 45 + 59], async seed => {
      const ours = ourVerdicts(runTests(compiled, { seed: String(seed), maxSamples: 500 }));
      expect(ours).toEqual(await quintVerdicts(file, { main: 'main', maxSamples: 500, seed }));
      expect(ours.ignored.length).toBeGreaterThanOrEqual(3);
    });
  });

  it('fail after as many samples', async () => {
    const file = await specFile(SPEC_WITH_TESTS);
    const [compiled, quint] = [await compileFile(file, 'main'), oracleOf(file, 'main')];
    const [name, maxSamples] = ['luckTest', 12];
    const [ours, theirs] = [new Map<string, number>(), new Map<string, number>()];
    const add = (counts: Map<string, number>, outcome: string) =>
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    for (let i = 0; i < 500; i++) {
      const report = runTests(compiled, { seed: String(i), maxSamples, match: one => one === name });
      add(ours, report.failed[0] === undefined ? 'passed' : `failed ${report.failed[0].sample + 1}`);
      const { status, samples } = quint.test(name, maxSamples, newRng(BigInt(i) * 2n ** 32n));
      add(theirs, status === 'passed' ? 'passed' : `failed ${samples}`);
    }
    // A sample fails with a probability of one in four.
    const after = (samples: number) => 0.75 ** (samples - 1) * 0.25;
    const exact = new Map(Array.from({ length: maxSamples }, (_, i) => [`failed ${i + 1}`, after(i + 1)]));
    exact.set('passed', 0.75 ** maxSamples);
    expect(fitOf(ours, exact)).toBeGreaterThan(SIGNIFICANCE);
    expect(fitOf(theirs, exact)).toBeGreaterThan(SIGNIFICANCE);
  });
});
