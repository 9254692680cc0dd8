import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadScenarioFile, loadScenarios, parseScenarioText } from '../../src/scenario/load.js';
import type { ResolvedScenario } from '../../src/scenario/resolved.js';
import { showLocation } from '../../src/util/errors.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aura scenarios '));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

async function resolved(text: string): Promise<ResolvedScenario[]> {
  const loaded = await parseScenarioText(text, 'test.toml');
  if (!loaded.ok) expect.fail(loaded.errors.map(each => each.message).join('\n'));
  return loaded.value.map(each => each.scenario);
}

async function complaints(where: string): Promise<string[]> {
  const loaded = await loadScenarios(where);
  if (loaded.ok) expect.fail('it loaded');
  return loaded.errors.map(({ code, message, location, hint }) =>
    [code, location && path.relative(folder, showLocation(location)), message, hint]
      .filter(Boolean)
      .join(' | '),
  );
}

const base = `
[[scenario]]
name = "base"
description = "of the base"
expected_outcome = "failure"
[scenario.setup]
participants = 7
threshold = 5
constants = { N = 7, F = "Set(1)" }
[scenario.network]
drop_rate = 0.25
latency_range = [1, 2]
partitions = [[[0], [1]]]
[scenario.byzantine]
participants = [5, 6]
[[scenario.byzantine.strategies]]
type = "silent"
[[scenario.faults]]
type = "crash"
participants = [0]
[scenario.chaos]
swarm = true
safety_ms = 700
[scenario.timing]
epoch_ms = 50
[[scenario.protocols]]
type = "dkd"
[[scenario.phases]]
name = "one"
[[scenario.steps]]
action = "go"
[[scenario.assertions]]
type = "first"
`;

describe('extends', () => {
  it('gives faults whole and chaos key by key', async () => {
    const child = '[[scenario]]\nname = "child"\nextends = "base"\n';
    const own = '[scenario.chaos]\nsafety_ms = 5\n[[scenario.faults]]\ntype = "drop"\n';
    const [, changed] = await resolved(`${base}${child}${own}`);
    expect(changed?.chaos).toEqual({ swarm: true, safety_ms: 5 });
    expect(changed?.faults).toEqual([{ type: 'drop', at_ms: 0 }]);
  });

  it('gives all but the claims to a child that states nothing', async () => {
    const [parent, child] = await resolved(`${base}[[scenario]]\nname = "child"\nextends = "base"\n`);
    expect(child).toEqual({ ...parent, name: 'child', description: '', expected_outcome: 'success' });
  });

  it('merges tables by key, the constants among them, and takes lists whole', async () => {
    const [, child] = await resolved(`${base}
[[scenario]]
name = "child"
extends = "base"
[scenario.setup]
threshold = 4
constants = { N = 9 }
[scenario.network]
drop_rate = 0.5
partitions = [[[2], [3]]]
[[scenario.protocols]]
type = "locking"
[[scenario.assertions]]
type = "second"
`);
    expect(child?.setup).toMatchObject({ participants: 7, threshold: 4 });
    expect([...(child?.setup.constants ?? [])]).toEqual([
      ['N', 9n],
      ['F', { kind: 'set', items: [1n] }],
    ]);
    expect(child?.network).toMatchObject({ drop_rate: 0.5, latency_range: [1, 2] });
    expect(child?.network.partitions.map(each => each.groups)).toEqual([[[2], [3]]]);
    expect(child?.protocols.map(each => each.type)).toEqual(['locking']);
    expect(child?.assertions.map(each => each.type)).toEqual(['first', 'second']);
    expect(child?.timing.epoch_ms).toBe(50);
  });

  it('takes an empty list for an absent one', async () => {
    const [, child] = await resolved(`${base}[[scenario]]\nname = "c"\nextends = "base"\nprotocols = []\n`);
    expect(child?.protocols.map(each => each.type)).toEqual(['dkd']);
  });

  it('lets a count replace the participants of the base', async () => {
    const [, child] = await resolved(
      `${base}[[scenario]]\nname = "c"\nextends = "base"\nbyzantine = { count = 1 }\n`,
    );
    expect(child?.byzantine).toEqual({ participants: [6], strategies: [{ type: 'silent' }] });
  });

  it('goes through chains, across files, whatever their order', async () => {
    await write({
      'a/grandchild.toml': '[[scenario]]\nname = "g"\nextends = "child"\nassertions = [{ type = "third" }]\n',
      'b/child.toml':
        '[[scenario]]\nname = "child"\nextends = "base"\nsetup = { seed = 9 }\nassertions = [{ type = "second" }]\n',
      'c.toml': base,
    });
    const loaded = await loadScenarios(folder);
    if (!loaded.ok) expect.fail(loaded.errors.map(each => each.message).join('\n'));
    const [grandchild] = loaded.value;
    expect(grandchild?.scenario.setup).toMatchObject({ participants: 7, seed: '9' });
    expect(grandchild?.scenario.assertions.map(each => each.type)).toEqual(['first', 'second', 'third']);
    expect(path.relative(folder, grandchild?.file ?? '')).toBe('a/grandchild.toml');
    expect(grandchild?.line).toBe(1);
  });

  it('refuses cycles, of every length', async () => {
    await write({
      'a.toml': '[[scenario]]\nname = "a"\nextends = "b"\n\n[[scenario]]\nname = "self"\nextends = "self"\n',
      'b.toml': '[[scenario]]\nname = "b"\nextends = "a"\n',
    });
    expect(await complaints(folder)).toEqual([
      'AUR404 | a.toml:3:11 | scenarios extend one another: "a" extends "b" extends "a"',
      'AUR404 | a.toml:7:11 | scenarios extend one another: "self" extends "self"',
      'AUR404 | b.toml:3:11 | scenarios extend one another: "b" extends "a" extends "b"',
    ]);
  });

  it('bounds the length of a chain', async () => {
    const rows = Array.from({ length: 102 }, (_, i) =>
      i === 0 ? '[[scenario]]\nname = "s0"\n' : `[[scenario]]\nname = "s${i}"\nextends = "s${i - 1}"\n`,
    );
    await write({ 'a.toml': rows.join('') });
    const found = await complaints(folder);
    expect(found.map(each => each.split(' | ').slice(0, 2))).toEqual([['AUR411', 'a.toml:305:11']]);
  });

  it('refuses a base that is missing, once, where it is named', async () => {
    await write({
      'a.toml': '[[scenario]]\nname = "a"\nextends = "based"\n[[scenario]]\nname = "c"\nextends = "a"\n',
      'b.toml': base,
    });
    expect(await complaints(folder)).toEqual([
      'AUR403 | a.toml:3:11 | "a" extends "based", which does not exist | did you mean "base"?',
    ]);
  });

  it('does not look for a base outside of what is loaded', async () => {
    await write({ 'a.toml': '[[scenario]]\nname = "a"\nextends = "base"\n', 'b.toml': base });
    expect(await complaints(path.join(folder, 'a.toml'))).toEqual([
      'AUR403 | a.toml:3:11 | "a" extends "base", which does not exist | load the folder that holds it together with this file',
    ]);
  });

  it('does not call a base missing that may stand in a file with errors', async () => {
    await write({ 'a.toml': '[[scenario]]\nname = "a"\nextends = "base"\n', 'b.toml': `${base}[` });
    expect((await complaints(folder)).map(each => each.slice(0, 15))).toEqual(['AUR401 | b.toml']);
  });

  it('refuses two scenarios of one name, in one file and in two', async () => {
    const one = '[[scenario]]\nname = "same"\n';
    await write({ 'a.toml': one + one, 'b.toml': one });
    const [first, second] = await complaints(folder);
    expect(first).toMatch(/^AUR405 \| a\.toml:4:8 \| there is another scenario "same" at .*a\.toml:1:1/);
    expect(second).toMatch(/^AUR405 \| b\.toml:2:8 \| there is another scenario "same" at .*a\.toml:1:1/);
  });

  it('says a contradiction where the value stands that makes it, in the base or in the child', async () => {
    await write({
      'a.toml': '[[scenario]]\nname = "a"\nextends = "base"\n[scenario.setup]\nparticipants = 4\n',
      'b.toml': base.replace('partitions = [[[0], [1]]]', ''),
    });
    expect(await complaints(folder)).toEqual([
      'AUR407 | b.toml:8:13 | the threshold 5 is above the number of participants, 4',
      'AUR407 | b.toml:15:16 | there is no participant 5: the last of 4 is 3',
      'AUR407 | b.toml:15:16 | there is no participant 6: the last of 4 is 3',
    ]);
  });
});

describe('folders', () => {
  it('are read by path in code unit order, .toml only', async () => {
    const named = (name: string) => `[[scenario]]\nname = "${name}"\n`;
    await write({
      'b.toml': named('b'),
      'B/x.toml': named('x'),
      'a/é.toml': named('e'),
      'a/z.toml': named('z'),
    });
    await write({ 'notes.txt': 'not TOML', 'a/trace.itf.json': '{}' });
    const loaded = await loadScenarios(folder);
    expect(loaded.ok && loaded.value.map(each => each.scenario.name)).toEqual(['x', 'z', 'e', 'b']);
  });

  it('without scenario files, absent files, binary files and large files are refused', async () => {
    expect(await complaints(folder)).toEqual([
      `AUR008 | ${folder} holds no scenario file | scenario files end in .toml`,
    ]);
    expect((await complaints(path.join(folder, 'none.toml')))[0]).toMatch(
      /^AUR003 \| cannot read .*none\.toml/,
    );
    await writeFile(path.join(folder, 'binary.toml'), Buffer.from([0x5b, 0, 0xff]));
    await writeFile(path.join(folder, 'large.toml'), '#'.repeat(5_000_001));
    await write({ 'wrong.toml': '[[scenario]]\nnam = "x"\n' });
    const codes = (await complaints(folder)).map(each => each.slice(0, 6));
    expect(codes).toEqual(['AUR004', 'AUR005', 'AUR402', 'AUR402']);
    const single = await loadScenarioFile(path.join(folder, 'binary.toml'));
    expect(single.ok || single.errors[0]?.code).toBe('AUR004');
  });
});
