// The commands on traces as a user runs them: the guide's two command lines, files, gzip and standard input, what they
// print for people and for programs, what their exit codes say.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ConvertResult } from '../../generated/convert-result.js';
import type { ValidateTraceResult } from '../../generated/validate-trace-result.js';
import { expectDocument } from './documents.js';
import { contentsOf, newFolder } from './folders.js';
import { expectRefusal } from './refusal.js';
import { type AuraOptions, runAura } from './run-aura.js';

const BANK = `module bank {
  type Option[a] = Some(a) | None
  pure val CLIENTS = Set("ann", "bob")
  var balance: str -> int
  var last: Option[str]
  action init = all { balance' = CLIENTS.mapBy(_ => 10), last' = None }
  action pay(payer: str, amount: int): bool = all {
    balance.get(payer) >= amount,
    balance' = balance.setBy(payer, x => x - amount),
    last' = Some(payer),
  }
  action step = {
    nondet payer = CLIENTS.oneOf()
    nondet amount = 1.to(5).oneOf()
    pay(payer, amount)
  }
}
`;

const TRACE = `{"format": "aura-execution-trace", "version": 1}
{"seq": 0, "action": "init", "state": {"balance": {"ann": 10, "bob": 10}, "last": null}}
{"seq": 1, "action": "pay", "params": {"payer": "ann", "amount": 4}, "state": {"balance": {"ann": 6, "bob": 10}, "last": "ann"}}
`;

const LOG = `{"format": "aura-execution-trace", "version": 1}
{"time": 1, "node": "bob", "action": "heartbeat"}
{"time": 2, "node": "ann", "action": "checkout", "price": 4, "state": {"mine": 6, "debug": true}}
`;

const CONFIG = `[quint.mapping]
state_mode = "delta"
ignored_events = ["heartbeat"]
ignored_state = ["debug"]
state_mappings = [{ variable = "balance", path = "/state/mine", per_node = true }]
action_mappings = [{ quint = "pay", protocol = "checkout", params = { payer = "/node", amount = "/price" } }]
`;

const BAD = `${TRACE.split('\n').slice(0, 2).join('\n')}
what is this?
{"seq": 2, "action": "pai", "state": {"balance": {"ann": "x", "bob": 1.5}, "lasst": 1}}
{"seq": 3, "action": "pay", "state": {"balance": {"ann": 6, "bob": 10}, "last": 3}}
`;

let folder = '';
beforeAll(async () => {
  folder = await newFolder({
    'bank.qnt': BANK,
    'trace.jsonl': TRACE,
    'log.jsonl': LOG,
    'aura.toml': CONFIG,
    'bad.jsonl': BAD,
  });
});

const aura = (args: readonly string[], options: AuraOptions = {}) =>
  runAura(['quint', ...args], { cwd: folder, ...options });
const text = (name: string) => readFile(path.join(folder, name), 'utf8');

describe('trace-convert', () => {
  it('converts an execution trace to ITF and back', async () => {
    const there = await aura([
      'trace-convert',
      '--execution-trace',
      'trace.jsonl',
      '--spec',
      'bank.qnt',
      '--output',
      'out/bank.itf',
    ]);
    expect(there).toMatchObject({ exitCode: 0, stderr: '' });
    expect(there.stdout).toBe(
      'converted: 2 states, out/bank.itf\n  2 events in file order\n  1 states say which action led there\n',
    );
    const itf = JSON.parse(await text('out/bank.itf'));
    expect(itf.vars).toEqual(['balance', 'last', 'mbt::actionTaken', 'mbt::nondetPicks']);
    expect(itf.states[1]).toMatchObject({
      balance: {
        '#map': [
          ['ann', { '#bigint': '6' }],
          ['bob', { '#bigint': '10' }],
        ],
      },
      'mbt::actionTaken': 'pay',
    });
    const back = await aura([
      'trace-convert',
      '--itf',
      'out/bank.itf',
      '--output',
      'out/back.jsonl',
      '--json',
    ]);
    expect(back.exitCode).toBe(0);
    expectDocument(back.stdout, 'convert-result');
    const lines = (await text('out/back.jsonl'))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatchObject({
      action: 'pay',
      params: { payer: 'ann', amount: 4 },
      state: { balance: { ann: 6, bob: 10 } },
    });
    const again = await aura([
      'trace-convert',
      '--execution-trace',
      'out/back.jsonl',
      '--spec',
      'bank.qnt',
      '--output',
      'out/again.itf',
    ]);
    expect(again.exitCode).toBe(0);
    expect(JSON.parse(await text('out/again.itf')).states[1].balance).toEqual(itf.states[1].balance);
  });

  it('applies the mapping of a configuration', async () => {
    const run = await aura([
      'trace-convert',
      '--execution-trace',
      'log.jsonl',
      '--spec',
      'bank.qnt',
      '--config',
      'aura.toml',
      '--output',
      'out/log.itf',
      '--json',
    ]);
    expect(run).toMatchObject({ exitCode: 0 });
    expectDocument(run.stdout, 'convert-result');
    const result: ConvertResult = JSON.parse(run.stdout);
    expect(result).toMatchObject({
      moments: 2,
      withActions: 1,
      unobserved: [
        { variable: 'balance', moments: 2 },
        { variable: 'last', moments: 2 },
      ],
      events: { read: 2, passedOver: 1, order: 'file', stateMode: 'delta' },
    });
    const itf = JSON.parse(await text('out/log.itf'));
    expect(itf.states[1]['#meta']).toMatchObject({
      'aura:place': 'event 1, line 3',
      'aura:unobserved': 'balance,last',
    });
    expect(itf.states[1]['mbt::nondetPicks']).toMatchObject({ payer: { tag: 'Some', value: 'ann' } });
  });

  it('reads standard input and gzip, and ignores states on demand', async () => {
    const command = [
      'trace-convert',
      '--spec',
      'bank.qnt',
      '--output',
      'out/x.itf',
      '--json',
      '--execution-trace',
    ];
    expect((await aura([...command, '-'], { stdin: TRACE })).exitCode).toBe(0);
    const whole = await text('out/x.itf');
    await writeFile(path.join(folder, 'trace.jsonl.gz'), gzipSync(TRACE));
    expect((await aura([...command, 'trace.jsonl.gz'])).exitCode).toBe(0);
    expect((await text('out/x.itf')).replace('trace.jsonl.gz', '-')).toBe(whole);
    const only = await aura([...command, 'trace.jsonl', '--events-only']);
    expect(JSON.parse(only.stdout)).toMatchObject({ events: { stateMode: null }, withActions: 1 });
    await writeFile(path.join(folder, 'broken.jsonl.gz'), gzipSync(TRACE).subarray(0, 60));
    expectRefusal(await aura([...command, 'broken.jsonl.gz']), 'AUR003', ['its gzip data are damaged']);
    await writeFile(path.join(folder, 'plain.jsonl.gz'), TRACE);
    expectRefusal(await aura([...command, 'plain.jsonl.gz']), 'AUR003', ['incorrect header check']);
  });

  it.each<[string, readonly string[], string, readonly string[]]>([
    ['neither source', ['--output', 'no/x'], 'AUR001', ['--execution-trace or --itf']],
    ['both sources', ['--itf', 'a', '--execution-trace', 'b', '--output', 'no/x'], 'AUR001', ['either']],
    ['no spec', ['--execution-trace', 'trace.jsonl', '--output', 'no/x'], 'AUR001', ['needs --spec']],
    ['no file', ['--itf', 'nowhere.itf', '--output', 'no/x'], 'AUR003', ['nowhere.itf']],
    [
      'an execution trace as ITF',
      ['--itf', 'trace.jsonl', '--output', 'no/x'],
      'AUR310',
      ['is an execution trace'],
    ],
    [
      'a bad trace',
      ['--execution-trace', 'bad.jsonl', '--spec', 'bank.qnt', '--output', 'no/x'],
      'AUR301',
      ['bad.jsonl:3:1: event 1: expected a value'],
    ],
    [
      'a bad order',
      ['--execution-trace', 'trace.jsonl', '--spec', 'bank.qnt', '--output', 'no/x', '--order', 'time'],
      'AUR318',
      ['event 0: it has no time'],
    ],
  ])('refuses %s', async (_, args, code, says) => {
    expectRefusal(await aura(['trace-convert', ...args, '--json']), code, says);
    expect([...(await contentsOf(folder)).keys()].filter(name => name.startsWith('no'))).toEqual([]);
  });
});

describe('validate-trace', () => {
  it('finds nothing wrong with a trace of either kind', async () => {
    const run = await aura(['validate-trace', '--trace', 'trace.jsonl', '--spec', 'bank.qnt']);
    expect(run).toEqual({ exitCode: 0, stderr: '', stdout: 'valid: trace.jsonl, 2 states\n' });
    await aura([
      'trace-convert',
      '--execution-trace',
      'trace.jsonl',
      '--spec',
      'bank.qnt',
      '--output',
      'out/valid.itf',
    ]);
    const itf = await aura(['validate-trace', '--trace', 'out/valid.itf', '--spec', 'bank.qnt', '--json']);
    expectDocument(itf.stdout, 'validate-trace-result');
    expect(JSON.parse(itf.stdout)).toMatchObject({ kind: 'itf', valid: true, misfits: [] });
  });

  it('tells all that is wrong with an execution trace, with its place', async () => {
    const run = await aura(['validate-trace', '--trace', 'bad.jsonl', '--spec', 'bank.qnt', '--json']);
    expect(run.exitCode).toBe(1);
    expectDocument(run.stdout, 'validate-trace-result');
    const result: ValidateTraceResult = JSON.parse(run.stdout);
    expect(result).toMatchObject({ kind: 'execution-trace', valid: false, more: 0 });
    expect(
      result.misfits.map(({ code, message, location }) => `${location?.line} ${code} ${message}`),
    ).toEqual([
      '3 AUR301 event 1: expected a value',
      '4 AUR316 event 2, /action: the spec has no action pai',
      '4 AUR303 event 2, /state/balance/ann: expected int, got "x"',
      '4 AUR303 event 2, /state/balance/bob: expected int, got 1.5',
      '4 AUR314 event 2, /state: the spec has no variable lasst',
      '5 AUR303 event 3, /state/last: expected Option[str], got 3',
    ]);
    expect(result.misfits[4]?.hint).toMatch(/^did you mean last\?/);
    expect(run.stderr).toMatch(
      /error AUR303: bad.jsonl:4:1: event 2, \/state\/balance\/ann: expected int, got "x"/,
    );
  });

  it('tells all that is wrong with an ITF trace, and counts what it does not show', async () => {
    const states = Array.from({ length: 150 }, () => ({ balance: { '#map': [['a', 'x']] }, last: 7 }));
    await writeFile(path.join(folder, 'bad.itf.json'), JSON.stringify({ vars: ['balance', 'last'], states }));
    const run = await aura(['validate-trace', '--trace', 'bad.itf.json', '--spec', 'bank.qnt', '--json']);
    expect(run.exitCode).toBe(1);
    const result: ValidateTraceResult = JSON.parse(run.stdout);
    expect(result.misfits).toHaveLength(100);
    expect(result.more).toBe(200);
    expect(result.misfits[1]?.message).toBe('bad.itf.json: states[0].last: expected Some(str) | None, got 7');
    expect(result.misfits[2]?.message).toContain('states[1].balance["a"]: expected int, got "x"');
  });

  it('has no verdict on a file that it cannot read or with a mapping that does not fit', async () => {
    expectRefusal(
      await aura(['validate-trace', '--trace', 'nowhere', '--spec', 'bank.qnt', '--json']),
      'AUR003',
      ['nowhere'],
    );
    await writeFile(path.join(folder, 'wrong.toml'), '[quint.mapping]\nhidden_actions = ["nap"]\n');
    const run = await aura([
      'validate-trace',
      '--trace',
      'trace.jsonl',
      '--spec',
      'bank.qnt',
      '--config',
      'wrong.toml',
      '--json',
    ]);
    expectRefusal(run, 'AUR317', ['the spec has no action nap']);
    await writeFile(
      path.join(folder, 'both.toml'),
      '[quint.mapping]\nstate_mappings = [{ variable = "last" }]\n',
    );
    const both = await aura([
      'validate-trace',
      '--trace',
      'trace.jsonl',
      '--spec',
      'bank.qnt',
      '--config',
      'both.toml',
      '--json',
    ]);
    expectRefusal(both, 'AUR317', ['state_mappings for last: it needs either a path or a const']);
  });
});
