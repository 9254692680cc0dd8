// Runs with modules of the user's that end their thread, never come back, or print: each costs its own run at most, what
// the others came to is told all the same, and nothing unfinished stays.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModule } from '../../src/util/load-module.js';
import { expectDocument } from './documents.js';
import { newFolder, pathsIn } from './folders.js';
import { runAura, startAura } from './run-aura.js';

function scenario(how: string): string {
  return `[[scenario]]
name = "${how}"
expected_outcome = "success"

[scenario.setup]
participants = 4
threshold = 3

[[scenario.protocols]]
type = "counter"

[[scenario.assertions]]
type = "ends"
how = "${how}"

`;
}

const MINE = `export async function ends({ how }: { how: string }): Promise<boolean> {
  if (how === 'exit') process.exit(3);
  if (how === 'late') {
    setTimeout(() => { throw new Error('words of its own'); }, 0);
    await new Promise(() => {});
  }
  if (how === 'loops') for (;;);
  console.log('printed');
  process.stdout.write('and written');
  return true;
}
`;
const WORDS = ['scenarios', 'run', 'all.toml', '--assertions', 'mine.ts'];

describe('a thread of runs', () => {
  it('that dies costs its own run', async () => {
    const all = ['exit', 'late', 'prints'].map(scenario).join('');
    const cwd = await newFolder({ 'all.toml': all, 'mine.ts': MINE });
    const left = path.join(cwd, 'runs', '.0123456789ab.999999999.01234567.tmp');
    const kept = path.join(cwd, 'runs', '.0123456789ab.tmp');
    for (const folder of [left, kept]) await mkdir(folder, { recursive: true });
    const run = await runAura([...WORDS, '--json'], { cwd });
    expect(run.exitCode, run.stdout + run.stderr).toBe(2);
    expectDocument(run.stdout, 'run-summary');
    expect(JSON.parse(run.stdout)).toMatchObject({
      runs: [{ scenario: 'prints', result: 'met' }],
      summary: { runs: 3, met: 1, error: 2, notRun: 0 },
    });
    expect(run.stderr).toMatch(
      /AUR467: all.toml:1:1: mine.ts ended the thread of the run of "exit".*code: 3/,
    );
    expect(run.stderr).toMatch(/AUR467: all.toml:\d+:1: mine.ts .*"late".*words of its own/);
    expect(run.stderr).toContain('printed\nand written');
    const hidden = (await pathsIn(path.join(cwd, 'runs'))).filter(name => name.startsWith('.'));
    expect(hidden.filter(name => !name.startsWith('.0123456789ab.tmp'))).toEqual([]);
  });

  it('that loops is cut off some time after the time of its run', async () => {
    const cwd = await newFolder({ 'all.toml': scenario('loops'), 'mine.ts': MINE });
    const run = await runAura([...WORDS, '--timeout', '1'], { cwd });
    expect(run.exitCode, run.stdout + run.stderr).toBe(2);
    expect(run.stderr).toMatch(/AUR454: all.toml:1:1: the run of "loops" .* did not end within 7 s/);
    expect(run.stderr).toContain('mine.ts');
    expect(await pathsIn(path.join(cwd, 'runs'))).toEqual([]);
  });

  it('that loops does not keep Ctrl-C from ending everything', async () => {
    const cwd = await newFolder({ 'all.toml': scenario('loops'), 'mine.ts': MINE, 'runs/note': '' });
    const { child, finished } = startAura(WORDS, { cwd });
    const begun = async () => child.exitCode !== null || (await pathsIn(path.join(cwd, 'runs'))).length > 1;
    while (!(await begun())) await new Promise(resolve => setTimeout(resolve, 50));
    child.kill('SIGINT');
    const run = await finished;
    expect(run.exitCode, run.stdout + run.stderr).toBe(130);
    expect(await pathsIn(path.join(cwd, 'runs'))).toEqual(['note']);
  });
});

describe('a module that cannot be loaded', () => {
  it('is told in one line', async () => {
    const said = async (file: string) => {
      const loaded = await loadModule(file, 'the assertions');
      return loaded.ok ? 'it loads' : loaded.errors.map(({ code, message }) => `${code} ${message}`).join();
    };
    expect(await said('none.ts')).toBe('AUR003 cannot load the assertions none.ts: no such file or folder');
    const cwd = await newFolder({ 'mine.cjs': "require('./nowhere.cjs');" });
    const nowhere = await said(path.join(cwd, 'mine.cjs'));
    expect(nowhere).toMatch(/Cannot find module '.*nowhere.cjs'$/);
    expect(nowhere).not.toContain('\n');
  });
});
