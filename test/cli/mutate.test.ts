// aura quint mutate, as users run it: what it prints for people and for programs, and what its exit code says.
import { beforeAll, describe, expect, it } from 'vitest';
import type { MutateResult } from '../../generated/mutate-result.js';
import { expectDocument } from './documents.js';
import { newFolder } from './folders.js';
import { runAura, startAura } from './run-aura.js';

const DOOR = `module door {
  var open: bool
  var visits: int
  action init = all { open' = false, visits' = 0 }
  action unlock = all { not(open), open' = true, visits' = visits }
  action enter = all { open, visits < 2, visits' = visits + 1, open' = open }
  action greet = all { visits > 0, open' = open, visits' = visits - 1 }
  action step = any { unlock, enter, greet }
  val FewVisits = visits <= 2
  val NobodyClimbs = visits > 0 implies open
}
`;
const NO_GUARD = `module free {
  var x: int
  action init = x' = 0
  action step = x' = 1 - x
  val Small = x < 2
}
`;

const ENDLESS = `module endless {
  var x: int
  var tripped: bool
  action init = all { x' = 0, tripped' = false }
  action trip = all { x < -5, tripped' = true, x' = x }
  action grow = all { x < 3, x' = x + 1, tripped' = tripped }
  action step = any { trip, grow }
  val Fine = not(tripped)
}
`;

const folder = newFolder({ 'door.qnt': DOOR, 'free.qnt': NO_GUARD, 'endless.qnt': ENDLESS });
const mutate = async (...args: string[]) => runAura(['quint', 'mutate', ...args], { cwd: await folder });

function documentOf(text: string): MutateResult {
  expectDocument(text, 'mutate-result');
  const document: MutateResult = JSON.parse(text);
  return document;
}

describe('aura quint mutate', () => {
  let plain: Awaited<ReturnType<typeof mutate>>;
  let result: MutateResult;

  beforeAll(async () => {
    plain = await mutate('--spec', 'door.qnt');
    result = documentOf((await mutate('--spec', 'door.qnt', '--json')).stdout);
  }, 120_000);

  it('prints a line for each mutant and what survivors mean', () => {
    expect(plain.stdout).toMatch(
      /^killed +enter +door\.qnt:6:24 +without `open` +NobodyClimbs after 1 step$/m,
    );
    expect(plain.stdout).toMatch(
      /^killed +enter +door\.qnt:6:30 +`visits < 2` as `visits <= 2` +FewVisits after 4 steps$/m,
    );
    expect(plain.stdout).toMatch(/^equivalent +unlock +door\.qnt:5:25 .* adds steps but no states$/m);
    expect(plain.stdout).toContain('either the guard is redundant or no property protects it');
    expect(plain.stdout).toMatch(
      /^score 60 %: 6 mutants, 3 killed, 2 survived, 0 undecided, 1 equivalent up to the bound, 0 skipped$/m,
    );
  });

  it('says the same in one document', () => {
    expect(result.totals).toEqual({
      mutants: 6,
      killed: 3,
      survived: 2,
      undecided: 0,
      equivalent: 1,
      skipped: 0,
    });
    expect(result).toMatchObject({ score: 0.6, interrupted: false, violated_by_spec: [] });
    expect(result.states).toMatchObject({ complete: true });
    expect(result.mutants[1]).toMatchObject({
      actions: ['enter'],
      guard: 'open',
      location: { line: 6, column: 24 },
      kind: 'without',
      verdict: 'killed',
      property: 'NobodyClimbs',
      depth: 1,
      illegal_step: { state: 0, action: 'enter', values: [] },
    });
  });

  it('gives the same with several workers', { timeout: 60_000 }, async () => {
    const { stdout } = await mutate('--spec', 'door.qnt', '--json', '--jobs', '3');
    expect({ ...documentOf(stdout), timing: 0 }).toEqual({ ...result, timing: 0 });
  });

  it('has an exit code for survivors and for the score', { timeout: 60_000 }, async () => {
    expect(plain.exitCode).toBe(3);
    expect((await mutate('--spec', 'door.qnt', '--min-score', '0.6')).exitCode).toBe(0);
    expect((await mutate('--spec', 'door.qnt', '--min-score', '0.7')).exitCode).toBe(1);
    expect((await mutate('--spec', 'free.qnt')).exitCode).toBe(3);
  });

  it('drives a spec without step, with constants from the command line', { timeout: 60_000 }, async () => {
    const text = `module stepless {
  const LIMIT: int
  var x: int
  action init = x' = 0
  action grow = all { x < LIMIT, x' = x + 1 }
  val Low = x <= 3
}
`;
    const cwd = await newFolder({ 'stepless.qnt': text });
    const args = ['quint', 'mutate', '--spec', 'stepless.qnt', '--const', 'LIMIT=3', '--json'];
    const { exitCode, stdout } = await runAura(args, { cwd });
    const { mutants } = documentOf(stdout);
    expect(mutants.map(({ verdict, depth }) => [verdict, depth])).toEqual([
      ['killed', 4],
      ['killed', 4],
    ]);
    expect(exitCode).toBe(0);
  });

  it('refuses a module without state and options out of range', { timeout: 60_000 }, async () => {
    const cwd = await newFolder({ 'lone.qnt': 'module lone { pure val one = 1 }' });
    const refused = await runAura(['quint', 'mutate', '--spec', 'lone.qnt'], { cwd });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/^error AUR\d+/m);
    expect((await mutate('--spec', 'door.qnt', '--min-score', '2')).exitCode).toBe(2);
  });

  it('gives on Ctrl-C what was judged until then', { timeout: 120_000 }, async () => {
    const args = ['quint', 'mutate', '--spec', 'endless.qnt', '--max-states', '100000000', '--json'];
    // On a busy machine it may take a while until a first mutant is judged.
    for (let wait = 4_000; ; wait *= 2) {
      const { child, finished } = startAura(args, { cwd: await folder });
      await new Promise(resolve => setTimeout(resolve, wait));
      child.kill('SIGINT');
      const { exitCode, stdout, stderr } = await finished;
      expect(exitCode).toBe(130);
      expect(stderr).toContain('interrupted');
      if (stdout === '' && wait < 30_000) continue;
      const { interrupted, mutants, totals } = documentOf(stdout);
      expect(interrupted).toBe(true);
      expect(totals).toMatchObject({ mutants: 4 });
      expect(mutants[0]).toMatchObject({ verdict: 'killed', property: 'Fine', depth: 1 });
      break;
    }
  });
});
