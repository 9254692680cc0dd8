// aura quint check-types as a program: a spec with a Rust program that follows it, and with one that has drifted away.
import { cp, open } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckTypesResult } from '../../generated/check-types-result.js';
import { expectDocument, expectErrors } from './documents.js';
import { newFolder } from './folders.js';
import { PROJECT, runAura } from './run-aura.js';

const FIXTURES = path.join(PROJECT, 'test', 'fixtures', 'rust-types');

const check = (...args: string[]) => ['quint', 'check-types', '--spec', 'ballots.qnt', ...args];

function expectResult(text: string): CheckTypesResult {
  expectDocument(text, 'check-types-result');
  const result: CheckTypesResult = JSON.parse(text);
  return result;
}

/** A fresh folder with the fixtures and more files. */
async function folderWith(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await newFolder();
  await cp(FIXTURES, folder, { recursive: true });
  const more = await newFolder(files);
  await cp(more, folder, { recursive: true });
  return folder;
}

describe('a program that follows the spec', () => {
  it('agrees, and what was not compared is listed', async () => {
    const run = await runAura(check('--rust-types', 'types.rs', '--json'), { cwd: FIXTURES });
    expect(run.exitCode, run.stderr).toBe(0);
    const { matched, mismatches, skipped, only_in_rust } = expectResult(run.stdout);
    expect(mismatches).toEqual([]);
    expect(matched).toContainEqual({
      spec: 'ACCEPTOR',
      kind: 'type',
      rust: 'AcceptorId',
      rule: 'mapping',
      outcome: 'agrees',
      spec_location: { file: 'ballots.qnt', line: 11, column: 3, endLine: 11, endColumn: 22 },
      rust_location: { file: 'types.rs', line: 14, column: 12, endLine: 14, endColumn: 22 },
    });
    expect(matched.filter(({ kind }) => kind !== 'type').map(({ rust }) => rust)).toEqual([
      'BallotsState.log',
      'BallotsState.network',
      'BallotsState.phase',
      'BallotsState.votes',
      'QUORUM',
    ]);
    expect(skipped.map(({ side, name }) => [side, name])).toEqual([
      ['spec', 'ACCEPTORS'],
      ['rust', 'bitflags::bitflags!'],
      ['rust', 'Scratch'],
    ]);
    expect(only_in_rust.map(({ name }) => name)).toEqual(['PromiseBody']);
  });

  it('is found in a folder, and a type by its path, as the guide writes the command', async () => {
    const cwd = await folderWith({
      'crate/src/lib.rs': 'pub mod types;\npub mod ids;\n',
      'crate/src/ids/mod.rs': 'pub struct BallotNumber(pub u64);',
      'crate/src/types.rs':
        'pub use crate::ids::BallotNumber as B; pub enum Phase { Idle, Preparing(B), Accepting { ballot: B, value: String } }',
      'crate/target/debug/out.rs': 'struct {',
      'protocol.qnt':
        "module protocol { type BallotNumber = int var n: BallotNumber action init = n' = 0 action step = n' = n }",
      'types.rs': 'pub struct BallotNumber(u8);',
    });
    const folder = await runAura(check('--rust-types', 'crate', '--json'), { cwd });
    expect(folder.exitCode, folder.stderr).toBe(0);
    const { matched, rust_files } = expectResult(folder.stdout);
    expect(rust_files).toEqual(['crate/src/ids/mod.rs', 'crate/src/lib.rs', 'crate/src/types.rs']);
    expect(matched.map(({ spec }) => spec)).toEqual(expect.arrayContaining(['BallotNumber', 'Phase']));
    const guide = await runAura(
      ['quint', 'check-types', '--spec', 'protocol.qnt', '--rust-types', 'types.rs'],
      {
        cwd,
      },
    );
    expect(guide.exitCode, guide.stderr).toBe(0);
    expect(guide.stdout).toContain('the types agree');
  });
});

describe('a program that has drifted away', () => {
  const args = check('--rust-types', 'drifted.rs', '--config', 'drifted.toml');

  it('has mismatches, each with both places', async () => {
    const run = await runAura([...args, '--json'], { cwd: FIXTURES });
    expect(run.exitCode, run.stderr).toBe(1);
    const { mismatches, skipped } = expectResult(run.stdout);
    expect(
      mismatches.map(
        ({ path: where, kind, spec_location: spec, rust_location: rust }) =>
          `${where}: ${kind} ${spec.line}:${spec.column} ${rust.line}:${rust.column}`,
      ),
    ).toEqual([
      'Tagged.key: type 4:30 40:14',
      'Tagged.payload: type 4:42 41:18',
      'BallotNumber: type 10:23 8:12',
      'ACCEPTOR: type 11:19 11:12',
      'Config.quorums: type 32:28 46:18',
      'Config.weights: not written 32:57 48:5',
      'Phase.Idle: name 22:16 25:5',
      'Phase.Preparing: name 22:33 26:5',
      'Phase.Accepting: name 22:59 27:5',
      'Vote.acceptor: mapping 17:15 16:19',
      'Vote.value: type 18:19 17:16',
      'Vote.valueDigest: name 19:18 18:5',
      'Vote.signed: extra field 15:15 19:5',
      'Message.Accept: length 27:14 34:5',
      'Message.Nack: missing variant 28:7 31:10',
      'Message.Retry: extra variant 24:3 35:5',
      'votes[value]: type 37:26 53:37',
    ]);
    expect(skipped.find(({ side }) => side === 'mapping')).toMatchObject({
      name: 'Mesage',
      hint: 'did you mean `Message`?',
      location: { file: 'drifted.toml', line: 5, column: 30 },
    });
  });

  it('is shown with places, reasons and hints', async () => {
    const { stdout } = await runAura(args, { cwd: FIXTURES });
    expect(stdout).toContain(
      '  Config.quorums: expected Set[Set[ACCEPTOR]], found Vec<HashSet<AcceptorId>>\n' +
        '    ballots.qnt:32:28\n    drifted.rs:46:18\n    hint: a list has an order and may repeat elements\n',
    );
    expect(stdout).toContain('  log, network, phase, QUORUM, ACCEPTORS: `State` has no such field\n');
    expect(stdout).toMatch(/^17 mismatches: 8 pairs compared, 9 not compared$/m);
  });
});

describe('bad input', () => {
  it.each<[string, Record<string, string>, string[], string, string]>([
    ['a missing file', {}, ['gone.rs'], 'AUR003', 'gone.rs'],
    ['a folder without Rust', { 'x/a.txt': '' }, ['x'], 'AUR008', 'x holds no .rs file'],
    ['a syntax error', { 'a.rs': 'struct A;\nenum B { C(u8 }' }, ['a.rs'], 'AUR720', 'a.rs:2:14'],
    ['a cycle of aliases', { 'a.rs': 'type A = B;\ntype B = A;' }, ['a.rs'], 'AUR721', 'a.rs:1:6'],
    [
      'a mapping to no type',
      { 'aura-config.toml': '[quint.mapping]\ntype_mappings = [{ quint = "Vote", rust = "Vec<" }]\n' },
      ['types.rs'],
      'AUR722',
      'aura-config.toml:2:43',
    ],
    [
      'a wrong attribute',
      { 'a.rs': '#[serde(rename_all = "caml")]\nstruct A;' },
      ['a.rs'],
      'AUR724',
      'a.rs:1:9',
    ],
  ])('%s', async (_, files, paths, code, says) => {
    const args = paths.flatMap(each => ['--rust-types', each]);
    const run = await runAura(check(...args, '--json'), { cwd: await folderWith(files) });
    expect(run.exitCode).toBe(2);
    expect(expectErrors(run.stdout).errors).toMatchObject([{ code }]);
    expect(run.stderr).toContain(`error ${code}: `);
    expect(run.stderr).toContain(says);
  });

  it('a file beyond the limit', async () => {
    const cwd = await folderWith();
    const handle = await open(path.join(cwd, 'huge.rs'), 'w');
    await handle.truncate(50_000_000);
    await handle.close();
    const run = await runAura(check('--rust-types', 'huge.rs'), { cwd });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain('error AUR005: huge.rs has 50000000 bytes, the limit is 5000000');
  });

  it.each(['', 'fn main() {}'])('nothing to compare in %j', async text => {
    const cwd = await folderWith({ 'empty.rs': text, 'none.toml': '' });
    const run = await runAura(check('--rust-types', 'empty.rs', '--config', 'none.toml'), { cwd });
    expect(run.exitCode, run.stderr).toBe(3);
    expect(run.stdout).toContain('nothing could be compared');
  });
});
