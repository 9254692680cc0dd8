// The folder scenarios/ as a user and CI run it: generated scenarios are what the generator makes today, every scenario
// ends as it is expected to, on the real protocols where there are some, and the evidence is the same bytes whatever
// the number of workers, the time zone and the language.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../generated/run-result.js';
import type { RunSummary } from '../generated/run-summary.js';
import { PROTOCOLS } from '../src/simulate/protocols/index.js';
import { expectDocument } from './cli/documents.js';
import { contentsOf, newFolder } from './cli/folders.js';
import { auraEnvironment, PROJECT, runAura } from './cli/run-aura.js';

const CHECKS = ['--verify-properties', '--check-invariants', '--check-temporal'];

async function runFolder(output: string, jobs: string, env: NodeJS.ProcessEnv): Promise<RunResult[]> {
  const words = ['scenarios', 'run', '--directory', 'scenarios', ...CHECKS, '--output', output];
  const run = await runAura([...words, '--jobs', jobs, '--json'], { env });
  expectDocument(run.stdout, 'run-summary');
  const summary: RunSummary = JSON.parse(run.stdout);
  const unmet = summary.runs.filter(({ result }) => result !== 'met');
  expect(unmet.map(({ scenario, reasons }) => [scenario, reasons])).toEqual([]);
  expect(run.exitCode).toBe(0);
  const runs: RunResult[] = JSON.parse(JSON.stringify(summary.runs));
  for (const one of runs) expectDocument(JSON.stringify(one), 'run-result');
  return runs;
}

describe('scenarios/', () => {
  it('holds in quint_generated/ what the generator makes of specs/', async () => {
    const fresh = await newFolder();
    const script = path.join(PROJECT, 'scripts', 'generate-scenarios.js');
    await promisify(execFile)(process.execPath, [script, fresh], { cwd: PROJECT, env: auraEnvironment() });
    const committed = await contentsOf(path.join(PROJECT, 'scenarios', 'quint_generated'));
    const made = await contentsOf(fresh);
    expect([...made.keys()]).toEqual([...committed.keys()]);
    const stale = [...made].filter(([name, text]) => committed.get(name) !== text).map(([name]) => name);
    expect(stale, 'run node scripts/generate-scenarios.js').toEqual([]);
  }, 600_000);

  it('ends green, with the same evidence for one and two workers and in another place of the world', async () => {
    const [one, two] = [await newFolder(), await newFolder()];
    const runs = await runFolder(one, '1', { TZ: 'UTC', LANG: 'C' });
    await runFolder(two, '2', { TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' });
    expect([...(await contentsOf(two))]).toEqual([...(await contentsOf(one))]);

    const generated = runs.filter(({ file }) => file.includes('quint_generated'));
    const named = generated.filter(({ phases }) =>
      phases.some(({ protocols }) => protocols.some(({ type }) => Object.hasOwn(PROTOCOLS, type))),
    );
    expect(named.length).toBeGreaterThanOrEqual(28);
    expect(named.filter(({ driver }) => driver.kind !== 'simulated')).toEqual([]);
    const idle = named.filter(({ faults, strategies }) => {
      const asked = [...faults, ...strategies];
      return asked.length > 0 && asked.every(({ count }) => count === 0);
    });
    expect(idle.map(({ scenario }) => scenario)).toEqual([]);
  }, 900_000);
});
