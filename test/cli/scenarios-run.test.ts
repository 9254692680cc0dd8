// aura scenarios run as a program: what it says of runs that go well and badly, the command that makes a failure again,
// what it refuses, and what it leaves behind when it is interrupted.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../generated/run-result.js';
import type { RunSummary } from '../../generated/run-summary.js';
import { must } from '../../src/util/assert.js';
import { expectDocument } from './documents.js';
import { contentsOf, newFolder, pathsIn } from './folders.js';
import { hasProcessLike } from './processes.js';
import { expectRefusal } from './refusal.js';
import { AURA, PROJECT, runAura, startAura } from './run-aura.js';

const COUNTER = `[[scenario]]
name = "counting"
expected_outcome = "property_holds"

[scenario.setup]
participants = 4
threshold = 3
seed = 5

[scenario.network]
drop_rate = 0.1

[[scenario.protocols]]
type = "counter"
`;

function resultsOf(stdout: string): RunResult[] {
  expectDocument(stdout, 'run-summary');
  const summary: RunSummary = JSON.parse(stdout);
  return JSON.parse(JSON.stringify(summary.runs));
}

describe('a run', () => {
  it('says what it came to, and leaves its evidence in a folder of its own', async () => {
    const cwd = await newFolder({ 'counting.toml': COUNTER });
    const run = await runAura(['scenarios', 'run', 'counting.toml'], { cwd });
    expect(run, run.stderr).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(
      /^✓ counting simulated, seed 5, \d+ steps, .*conforms, 12 of 12 properties hold$/m,
    );
    expect(run.stdout).toMatch(/^1 run, 1 as expected/m);
    const files = await pathsIn(path.join(cwd, 'runs'));
    const [id = ''] = files;
    expect(files.filter(name => name.startsWith(`${id}/`)).map(name => path.basename(name))).toEqual(
      expect.arrayContaining(['replay.txt', 'trace.itf.json', 'trace.jsonl', 'verdict.json']),
    );
    const again = await runAura(
      [
        'quint',
        'validate-trace',
        '--spec',
        path.join(PROJECT, 'specs', 'counter.qnt'),
        '--trace',
        path.join('runs', id, 'trace.jsonl'),
      ],
      { cwd },
    );
    expect(again.exitCode, again.stdout + again.stderr).toBe(0);
  });

  it('of a planted bug fails, with the violation, and the command that it prints makes it again', async () => {
    const cwd = await newFolder({ 'counting.toml': COUNTER.replace('0.1', '0.3') });
    const bugs = ['--plant', 'takes_before_mark', '--seeds', '1..30', '--fail-fast', '--json'];
    const run = await runAura(['scenarios', 'run', 'counting.toml', ...bugs], { cwd });
    expect(run.exitCode, run.stdout.slice(0, 2000) + run.stderr).toBe(1);
    const failed = must(
      resultsOf(run.stdout).find(({ result }) => result === 'missed'),
      'a failed run',
    );
    expect(failed.outcome).toBe('property_violation');
    const evidence = await contentsOf(path.join(cwd, 'runs', failed.id));
    expectDocument(must(evidence.get('violation.json'), 'violation.json'), 'violation');
    expect([...evidence.keys()].filter(name => name.startsWith('checkpoints'))).not.toEqual([]);
    const command = must(evidence.get('replay.txt'), 'replay.txt').trim();
    const [program, ...words] = command.match(/'[^']*'|\S+/g) ?? [];
    expect(program).toBe('aura');
    const again = await runAura([...words.map(word => word.replaceAll("'", '')), '--json'], { cwd });
    expect(again.exitCode).toBe(1);
    expect(resultsOf(again.stdout)).toEqual([failed]);
  });

  it('that is interrupted leaves nothing running, and what had ended stays readable', async () => {
    const cwd = await newFolder({ 'counting.toml': COUNTER });
    const { child, finished } = startAura(['scenarios', 'run', 'counting.toml', '--seeds', '1..100000'], {
      cwd,
    });
    await new Promise<void>(resolve => {
      child.stdout?.on('data', () => resolve());
      child.once('close', () => resolve());
    });
    child.kill('SIGINT');
    expect((await finished).exitCode).toBe(130);
    expect(await hasProcessLike(`${AURA} scenarios run counting.toml --seeds 1..100000`)).toBe(false);
    const files = await contentsOf(path.join(cwd, 'runs'));
    expect(files.size).toBeGreaterThan(0);
    expect([...files.keys()].filter(name => /\.tmp|^\./.test(name))).toEqual([]);
    for (const [name, text] of files) if (name.endsWith('verdict.json')) expectDocument(text, 'run-result');
  });
});

describe('what is refused', () => {
  const cases: readonly (readonly [
    what: string,
    scenario: string,
    args: readonly string[],
    code: string,
    says: readonly string[],
  ])[] = [
    [
      'an unknown protocol',
      COUNTER.replace('"counter"', '"conter"'),
      [],
      'AUR412',
      ['counting.toml:14:', 'conter', 'did you mean counter?'],
    ],
    [
      'an unknown assertion',
      `${COUNTER}\n[[scenario.assertions]]\ntype = "no_timeout_erors"\n`,
      [],
      'AUR412',
      ['counting.toml:17:', 'no_timeout_errors?'],
    ],
    [
      'an unknown strategy',
      `${COUNTER}\n[scenario.byzantine]\ncount = 1\n[[scenario.byzantine.strategies]]\ntype = "silnt"\n`,
      [],
      'AUR412',
      ['counting.toml:19:', 'silent?'],
    ],
    [
      'an unknown fault',
      `${COUNTER}\n[[scenario.faults]]\ntype = "crsh"\nparticipants = [0]\n`,
      [],
      'AUR412',
      ['counting.toml:17:', 'crash?'],
    ],
    [
      'a phase that no protocol has',
      `${COUNTER.replace('"counter"', '"dkd"')}\n[scenario.byzantine]\ncount = 1\n[[scenario.byzantine.strategies]]\ntype = "selective_abort"\nabort_after = "comitment_phase"\n`,
      [],
      'AUR412',
      ['counting.toml:20:', 'commitment_phase?'],
    ],
    [
      'more byzantine participants than participants',
      `${COUNTER}\n[scenario.byzantine]\ncount = 9\n`,
      [],
      'AUR407',
      ['9 byzantine participants'],
    ],
    [
      'a threshold above the participants',
      COUNTER.replace('threshold = 3', 'threshold = 5'),
      [],
      'AUR407',
      ['threshold 5', '4'],
    ],
    [
      'a partition that names nobody',
      COUNTER.replace('drop_rate = 0.1', 'partitions = [[[], [0]]]'),
      [],
      'AUR407',
      ['group of the partition is empty'],
    ],
    [
      'a participant that is not there',
      `${COUNTER}\n[[scenario.faults]]\ntype = "crash"\nparticipants = [7]\n`,
      [],
      'AUR407',
      ['participant 7'],
    ],
    [
      'a name that no scenario has',
      COUNTER,
      ['--scenario', 'countin'],
      'AUR466',
      ['did you mean "counting"?'],
    ],
    ['a range that runs backwards', COUNTER, ['--seeds', '9..3'], 'AUR002', ['below the first']],
    ['a module driver without a module', COUNTER, ['--driver', 'module'], 'AUR001', ['--driver-file']],
    ['a program without words', COUNTER, ['--driver', 'process', '--command', '"'], 'AUR458', []],
    ['a module of assertions that is not there', COUNTER, ['--assertions', 'none.js'], 'AUR003', ['none.js']],
  ];
  it.each(cases)('%s', async (_, scenario, args, code, says) => {
    const cwd = await newFolder({ 'counting.toml': scenario });
    expectRefusal(
      await runAura(['scenarios', 'run', 'counting.toml', ...args, '--json'], { cwd }),
      code,
      says,
    );
    expect(await pathsIn(cwd)).toEqual(['counting.toml']);
  });

  it('one seed and many, a spec for the simulator, one name in two files', async () => {
    const cwd = await newFolder({ 'a.toml': COUNTER, 'b.toml': COUNTER });
    const refused = async (words: readonly string[], code: string, says: string) =>
      expectRefusal(await runAura(['scenarios', 'run', ...words, '--json'], { cwd }), code, [says]);
    await refused(['a.toml', '--seed', '1', '--seeds', '1..2'], 'AUR001', '--seeds');
    await refused(['a.toml', '--spec', 'none.qnt'], 'AUR001', '--driver model');
    await refused(['a.toml', 'b.toml'], 'AUR405', 'a.toml:1');
  });

  it('a folder without scenarios', async () => {
    const cwd = await newFolder();
    expectRefusal(await runAura(['scenarios', 'run', '--json'], { cwd }), 'AUR003', ['scenarios']);
  });
});

describe('assertions and checkers of one’s own', () => {
  it('are modules', async () => {
    const cwd = await newFolder({
      'counting.toml': `${COUNTER}\n[[scenario.assertions]]\ntype = "few_epochs"\nmost = 90\n`,
      'mine.ts': `export function few_epochs(assertion: { most: number }, context: { runs: { epochs: number }[] }): boolean {
  return context.runs.every(run => run.epochs <= assertion.most);
}
`,
      'checker.mjs': `export const properties = ['FewMessages'];
export function checkProperty(state, { name }) {
  return name !== 'FewMessages' || state.messages.length < 3;
}
`,
    });
    const words = ['scenarios', 'run', 'counting.toml', '--assertions', 'mine.ts'];
    const held = await runAura([...words, '--verbose'], { cwd });
    expect(held.exitCode, held.stdout + held.stderr).toBe(0);
    expect(held.stdout).toContain('few_epochs held');
    const broken = await runAura([...words, '--property-checker', 'checker.mjs'], { cwd });
    expect(broken.exitCode, broken.stdout + broken.stderr).toBe(1);
    expect(broken.stdout).toContain('FewMessages');
  });
});

describe('the guide', () => {
  it('verifies properties as it says', async () => {
    const cwd = await newFolder({ 'scenarios/counting.toml': COUNTER });
    const words = ['scenarios', 'run', '--directory', 'scenarios/', '--verify-properties'];
    const options = ['--property-checker', 'quint', '--check-invariants', '--check-temporal'];
    const run = await runAura([...words, ...options], { cwd });
    expect(run, run.stdout + run.stderr).toMatchObject({ exitCode: 0 });
    expect(run.stdout).toContain('12 of 12 properties hold');
  }, 400_000);

  it('debugs an execution as it says', async () => {
    const cwd = await newFolder({ 'scenarios/counting.toml': COUNTER });
    const run = await runAura(['scenarios', 'run', '--quint-debug', '--trace-level', 'verbose'], { cwd });
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
    expect(run.stderr).toMatch(/reserve\(.*requester/);
    expect(run.stderr).toMatch(/send \S+ p\d -> p\d/);
    const [id = ''] = await pathsIn(path.join(cwd, 'runs'));
    expect(await readFile(path.join(cwd, 'runs', id, 'trace.jsonl'), 'utf8')).toContain('"kind":"send"');
  });
});
