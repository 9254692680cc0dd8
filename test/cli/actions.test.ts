// aura quint actions, and the commands that run a spec which lacks what it takes to be run: documents, exit codes, and
// what is refused.
import { describe, expect, it } from 'vitest';
import type { ActionsResult } from '../../generated/actions-result.js';
import type { ExploreResult } from '../../generated/explore-result.js';
import { expectDocument } from './documents.js';
import { newFolder } from './folders.js';
import { expectRefusal } from './refusal.js';
import { runAura } from './run-aura.js';

const SAFE = `module safe {
  type Key
  const MOST: int
  var coins: int
  action empty = coins' = 0
  action put1(n: int): bool = all { n > 0, coins + n <= MOST, coins' = coins + n }
  action robbed(n: int): bool = all { n > MOST, MOST < 0, coins' = n }
  action unlock(k: Key): bool = coins' = coins
}
`;

const folder = (config = '') =>
  newFolder({
    'safe.qnt': SAFE,
    'pure.qnt': 'module pure_ones { pure val N = 1 }',
    'aura-config.toml': config,
  });

async function actions(cwd: string, ...more: string[]) {
  const run = await runAura(['quint', 'actions', '--spec', 'safe.qnt', '--json', ...more], { cwd });
  expectDocument(run.stdout, 'actions-result');
  const result: ActionsResult = JSON.parse(run.stdout);
  return { run, result };
}

describe('aura quint actions', () => {
  it('lists actions, domains, what is possible and what is in the way', async () => {
    const { run, result } = await actions(await folder(), '--const', 'MOST=3');
    expect(run.exitCode).toBe(3);
    expect(result).toMatchObject({
      module: 'safe_driven',
      constants: [{ name: 'MOST', value: '3', from: 'given at the command line' }],
      exploration: { states: 4, complete: true, deadlocks: 1 },
    });
    const named = new Map(result.actions.map(action => [action.name, action]));
    expect(named.get('put1')).toMatchObject({ enabled_states: 3, steps: 3, blocked: null });
    expect(named.get('robbed')).toMatchObject({
      steps: 0,
      blocked: { reason: 'never true', text: 'MOST < 0', location: { file: 'safe.qnt', line: 7 } },
    });
    expect(named.get('unlock')).toMatchObject({ driven: false, help: '[quint.domains] Key = "..."' });
    expect(result.driver).toContain('action step = any {');
  });

  it('takes constants and domains from the configuration', async () => {
    const cwd = await folder('[quint.constants]\nMOST = 5\n[quint.domains]\n"put1.n" = "Set(5)"\n');
    const { result } = await actions(cwd);
    expect(result.exploration.states).toBe(2);
    const put1 = result.actions.find(({ name }) => name === 'put1');
    expect(put1?.parameters).toEqual([
      { name: 'n', type: 'int', domain: 'Set(5)', from: 'given at aura-config.toml:4' },
    ]);
  });

  it('is what explore uses too, and says so', async () => {
    const args = [
      'quint',
      'explore',
      '--spec',
      'safe.qnt',
      '--const',
      'MOST=3',
      '--invariant',
      'coins <= MOST',
      '--json',
    ];
    const run = await runAura(args, { cwd: await folder() });
    expect(run.stderr).toContain('derived: constant MOST = 3');
    expect(run.stderr).toContain('unlock is not driven');
    const result: ExploreResult = JSON.parse(run.stdout);
    expect(result).toMatchObject({ distinctStates: 4, complete: true, violation: null });
  });
});

describe('bad input', () => {
  const refused = async (cwd: string, code: string, says: readonly string[], ...more: string[]) =>
    expectRefusal(
      await runAura(['quint', 'actions', '--spec', 'safe.qnt', '--json', ...more], { cwd }),
      code,
      says,
    );

  it('a constant of the wrong type', async () =>
    refused(await folder(), 'AUR102', ['--const:1:14', '--const MOST="many"'], '--const', 'MOST="many"'));

  it('a constant of the wrong type in the configuration', async () =>
    refused(await folder('[quint.constants]\nMOST = true\n'), 'AUR102', ['aura-config.toml:2:8']));

  it('a constant that the spec does not have', async () =>
    refused(await folder(), 'AUR217', ['NOST', 'did you mean MOST?'], '--const', 'NOST=3'));

  it('a constant without a value', async () =>
    refused(await folder(), 'AUR221', ['NAME=VALUE'], '--const', 'MOST'));

  it('a constant that is given twice', async () =>
    refused(await folder(), 'AUR221', ['gives MOST twice'], '--const', 'MOST=3', '--const', 'MOST=4'));

  it('a domain without an end', async () =>
    refused(await folder('[quint.domains]\n"put1.n" = "Nat"\n'), 'AUR207', [
      'aura-config.toml:2:12',
      '0.to(5)',
    ]));

  it('a module of pure definitions', async () =>
    expectRefusal(
      await runAura(['quint', 'actions', '--spec', 'pure.qnt', '--json'], { cwd: await folder() }),
      'AUR203',
      ['only pure definitions'],
    ));
});
