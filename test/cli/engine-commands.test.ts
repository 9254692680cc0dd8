// The commands that run a spec on aura's engine: what they print for people and for programs, what their exit codes
// say, where their errors point.
import { describe, expect, it } from 'vitest';
import type { EvalResult } from '../../generated/eval-result.js';
import type { ExploreResult } from '../../generated/explore-result.js';
import type { SimulateResult } from '../../generated/simulate-result.js';
import type { TestResult } from '../../generated/test-result.js';
import { parseItf, readItf } from '../../src/trace/itf-reader.js';
import { unwrap } from '../quint.js';
import { expectDocument } from './documents.js';
import { newFolder, pathsIn } from './folders.js';
import { runAura, startAura } from './run-aura.js';

const COUNTING = `module counting {
  var n: int
  action init = n' = 0
  action add(by: int): bool = all { n < 50, n' = n + by }
  action step = any { { nondet by = 1.to(3).oneOf() add(by) }, all { n > 4, n' = 0 } }
  val Small = n <= 7
  val broken = 1 / n
  run goodTest = init.then(add(2)).then(all { assert(n == 2), n' = n })
  run badTest = init.then(add(2)).then(all { assert(n == 3), n' = n })
  run helperRun = init
}
`;

const folder = () => newFolder({ 'counting.qnt': COUNTING });
const quint = (...args: string[]) => ['quint', ...args, '--spec', 'counting.qnt'];

describe('eval', () => {
  it('gives values, and an error for each expression that has none', async () => {
    const run = await runAura(
      quint('eval', 'n', 'Small', 'Set(1, 2).map(x => x + n)', 'broken', 'nowhere', '1 + true', '--json'),
      { cwd: await folder() },
    );
    expectDocument(run.stdout, 'eval-result');
    const { results }: EvalResult = JSON.parse(run.stdout);
    expect(results.slice(0, 3)).toEqual([
      { expr: 'n', value: { '#bigint': '0' } },
      { expr: 'Small', value: true },
      { expr: 'Set(1, 2).map(x => x + n)', value: { '#set': [{ '#bigint': '1' }, { '#bigint': '2' }] } },
    ]);
    expect(results[3]).toMatchObject({
      expr: 'broken',
      error: { code: 'QNT503', location: { file: 'counting.qnt', line: 7, column: 16 } },
    });
    expect(results[4]).toMatchObject({
      expr: 'nowhere',
      error: { code: 'QNT404', location: { file: 'nowhere', line: 1, column: 1 } },
    });
    expect(results[5]).toMatchObject({ expr: '1 + true', error: { code: 'QNT000' } });
    expect(run.exitCode).toBe(1);
  });

  it('prints values as Quint writes them', async () => {
    const run = await runAura(quint('eval', 'Map(1 -> "a")'), { cwd: await folder() });
    expect(run).toMatchObject({ exitCode: 0, stdout: 'Map(1 -> "a") = Map(1 -> "a")\n' });
  });

  it('places an error of evaluation inside the expression', async () => {
    const run = await runAura(quint('eval', '10 / n'), { cwd: await folder() });
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('[QNT503]: 10 / n:1:1: ');
  });
});

describe('simulate', () => {
  const simulate = async (cwd: string, ...more: string[]) => {
    const run = await runAura(quint('simulate', '--seed', '4', '--max-steps', '10', '--json', ...more), {
      cwd,
    });
    expectDocument(run.stdout, 'simulate-result');
    const result: SimulateResult = JSON.parse(run.stdout);
    return { exitCode: run.exitCode, result };
  };

  it('finds a violation of a name and of an expression, with its trace in ITF', async () => {
    for (const invariant of ['Small', 'n <= 7']) {
      const { exitCode, result } = await simulate(
        await folder(),
        '--invariant',
        invariant,
        '--samples',
        '500',
      );
      expect(exitCode).toBe(1);
      const trace = unwrap(parseItf(JSON.stringify(result.violation?.trace)));
      expect(result.violation).toMatchObject({ invariant, step: trace.states.length - 1 });
      expect(Number(trace.states.at(-1)?.values.get('n'))).toBeGreaterThan(7);
    }
  });

  it('gives the same result with one worker and with several', async () => {
    const cwd = await folder();
    for (const invariant of ['n < 20', 'n >= 0']) {
      const runs = await Promise.all(
        ['1', '3'].map(jobs => simulate(cwd, '--invariant', invariant, '--samples', '1000', '--jobs', jobs)),
      );
      const [one, three] = runs.map(({ exitCode, result: { timing: _, ...rest } }) => ({ exitCode, rest }));
      expect(three).toEqual(one);
    }
  });

  it('writes traces', async () => {
    const cwd = await folder();
    const { exitCode } = await simulate(cwd, '--samples', '3', '--out-itf', 'traces/t{seq}.itf.json');
    expect(exitCode).toBe(0);
    expect((await pathsIn(cwd)).filter(name => name.endsWith('.itf.json'))).toHaveLength(3);
    const trace = unwrap(await readItf(`${cwd}/traces/t0.itf.json`));
    expect(trace.states[0]?.values.get('mbt::actionTaken')).toBe('init');
  });

  it('says why, and how to see it again', async () => {
    const cwd = await folder();
    const run = await runAura(quint('simulate', '--invariant', 'Small', '--samples', '500'), { cwd });
    expect(run.stdout).toContain('Small is violated after');
    expect(run.stdout).toMatch(/<= is false counting\.qnt:6:15/);
    const [, again = ''] = /again: aura (.*)$/m.exec(run.stdout) ?? [];
    const args = [...again.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    const second = await runAura(args, { cwd });
    expect(second.exitCode).toBe(1);
    expect(second.stdout.split('\n').slice(0, 3)).toEqual(run.stdout.split('\n').slice(0, 3));
  });

  it('ends at once on Ctrl-C', async () => {
    const { child, finished } = startAura(quint('simulate', '--samples', '1000000000'), {
      cwd: await folder(),
    });
    await new Promise(resolve => setTimeout(resolve, 6_000));
    child.kill('SIGINT');
    expect(await finished).toMatchObject({ exitCode: 130 });
  });
});

describe('explore', () => {
  it('counts what is reachable and finds a shortest violation', async () => {
    const cwd = await folder();
    const all = await runAura(quint('explore', '--json'), { cwd });
    expectDocument(all.stdout, 'explore-result');
    const everything: ExploreResult = JSON.parse(all.stdout);
    expect(everything).toMatchObject({ distinctStates: 53, complete: true, violation: null });
    expect(all.exitCode).toBe(0);
    const violated = await runAura(quint('explore', '--invariant', 'Small', '--json'), { cwd });
    const shortest: ExploreResult = JSON.parse(violated.stdout);
    expect(shortest.violation).toMatchObject({ invariant: 'Small', step: 3 });
    expect(violated.exitCode).toBe(1);
  });

  it('says that a bound ended it', async () => {
    const run = await runAura(quint('explore', '--max-depth', '2'), { cwd: await folder() });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('a bound ended the search');
  });
});

describe('test', () => {
  it('passes, fails and points to the assertion', async () => {
    const run = await runAura(quint('test', '--json'), { cwd: await folder() });
    expectDocument(run.stdout, 'test-result');
    const result: TestResult = JSON.parse(run.stdout);
    expect(result).toMatchObject({ passed: ['goodTest'], ignored: [] });
    expect(result.failed).toMatchObject([{ name: 'badTest', location: { file: 'counting.qnt', line: 9 } }]);
    expect(run.exitCode).toBe(1);
  });

  it('runs what matches, and says when nothing does', async () => {
    const cwd = await folder();
    expect(await runAura(quint('test', '--match', '^good'), { cwd })).toMatchObject({ exitCode: 0 });
    expect(await runAura(quint('test', '--match', 'nothing'), { cwd })).toMatchObject({ exitCode: 3 });
    expect(await runAura(quint('test', '--match', '('), { cwd })).toMatchObject({ exitCode: 2 });
  });
});

it.each([
  ['simulate', '--init', 'nope'],
  ['explore', '--step', 'ini'],
])('%s refuses %s %s', async (...args) => {
  const run = await runAura(quint(...args), { cwd: await folder() });
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toMatch(/AUR60[45]/);
});
