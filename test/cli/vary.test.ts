// `aura scenarios vary` as its users rely on it: files that validate, the same bytes for the same seed, schedules that
// the spec allows, nothing written when something is wrong.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { VaryResult } from '../../generated/vary-result.js';
import { must } from '../../src/util/assert.js';
import { expectDocument } from './documents.js';
import { contentsOf, newFolder, pathsIn } from './folders.js';
import { expectRefusal } from './refusal.js';
import { runAura } from './run-aura.js';
import { VOTING } from './sample-specs.js';

const SCENARIOS = `
[[scenario]]
name = "base"

[scenario.network]
latency_range = [5, 20]

[[scenario]]
name = "two votes"
extends = "base"
expected_outcome = "property_holds"

[scenario.quint_source]
specification = "../specs/voting.qnt"
trace = "two.itf.json"

[scenario.setup]
participants = 3
threshold = 2

[scenario.setup.constants]
THRESHOLD = 2

[[scenario.steps]]
action = "vote"
node = 0
params = { v = '"a"', x = "1" }

[[scenario.steps]]
action = "crash"
node = 1
params = { v = '"b"' }
fault = { type = "crash", duration_ms = 100 }

[[scenario.steps]]
action = "vote"
node = 2
params = { v = '"c"', x = "2" }

[[scenario.steps]]
action = "revote"
node = 2
params = { v = '"c"', x = "1" }
`;

const FILES = { 'specs/voting.qnt': VOTING, 'scenarios/votes.toml': SCENARIOS };
const VARY = ['scenarios', 'vary', 'scenarios/votes.toml', '--output', 'out'];

function resultOf(text: string): VaryResult {
  expectDocument(text, 'vary-result');
  const result: VaryResult = JSON.parse(text);
  return result;
}

describe('the variations of a file', () => {
  let folder: string;
  let result: VaryResult;
  let files: Map<string, string>;

  beforeAll(async () => {
    folder = await newFolder(FILES);
    const run = await runAura([...VARY, '--count', '20', '--json'], { cwd: folder });
    expect(run.exitCode, run.stderr).toBe(0);
    result = resultOf(run.stdout);
    files = await contentsOf(path.join(folder, 'out'));
  }, 120_000);

  it('are one valid scenario a file, listed in the manifest', async () => {
    const listed = result.scenarios.flatMap(({ variations }) => variations);
    expect(listed).toHaveLength(40);
    expect([...files.keys()].sort()).toEqual([...listed.map(({ file }) => file), 'manifest.json'].sort());
    expect(resultOf(must(files.get('manifest.json'), 'a manifest'))).toEqual(result);
    const run = await runAura(['scenarios', 'list', 'out', '--json'], { cwd: folder });
    const { scenarios }: { scenarios: { name: string; expected_outcome: string }[] } = JSON.parse(run.stdout);
    const entry = ({ name, expected_outcome }: (typeof scenarios)[number]) => `${name}: ${expected_outcome}`;
    expect(scenarios.map(entry).sort()).toEqual(listed.map(entry).sort());
  });

  it('have what the scenario inherits, and find the spec from their own folder', () => {
    const [, text = ''] = [...files].find(([name]) => name.startsWith('two-votes-timing')) ?? [];
    expect(text).toContain('latency_range = [5, 20]');
    expect(text).toContain('specification = "../specs/voting.qnt"');
    expect(text).toContain('trace = "../scenarios/two.itf.json"');
    expect(text).not.toContain('extends');
  });

  it('are replayed on the spec that the scenario names', () => {
    const [base, votes] = result.scenarios;
    expect(base).toMatchObject({ name: 'base', spec: null });
    expect(votes?.spec).toBe(path.join('scenarios', '..', 'specs', 'voting.qnt'));
    expect(votes?.unchecked).toBeUndefined();
    // The vote of c comes before its revote in every order that the spec allows.
    for (const [name, text] of files) {
      if (!name.startsWith('two-votes-')) continue;
      const actions = [...text.matchAll(/^action = "(\w+)"\nnode = 2$/gm)].map(([, action]) => action);
      if (!name.includes('-participants-')) expect(actions, name).toEqual(['vote', 'revote']);
    }
  });

  it('are the same for the same seed, and replace those of a run before', async () => {
    const again = await runAura([...VARY, '--count', '20'], { cwd: folder });
    expect(again.exitCode, again.stderr).toBe(0);
    expect(await contentsOf(path.join(folder, 'out'))).toEqual(files);
    const other = await runAura([...VARY, '--count', '20', '--seed', '1'], { cwd: folder });
    expect(other.exitCode, other.stderr).toBe(0);
    expect(await contentsOf(path.join(folder, 'out'))).not.toEqual(files);
  }, 120_000);
});

// No action of it says what becomes of both cells: that is only in the step that is derived.
const TWO = `module cell {
  const MAX: int
  var x: int
  action init = x' = 0
  action inc(d: int): bool = all { d >= 1, x + d <= MAX, x' = x + d }
  action reset = all { x > 0, x' = 0 }
  val Bounded = x <= MAX
}
module two {
  import cell(MAX = 2) as left
  import cell(MAX = 3) as right
  action init = all { left::init, right::init }
  val Ordered = left::x <= right::x
}
`;

describe('scenarios that were generated', () => {
  let folder: string;
  let generated: Map<string, string>;
  const run = (args: readonly string[]) => runAura(['scenarios', ...args], { cwd: folder });
  const tomls = () => [...generated.keys()].filter(name => name.endsWith('.toml'));

  beforeAll(async () => {
    folder = await newFolder({ 'two.qnt': TWO });
    const made = await run(['generate', '--spec', 'two.qnt', '--output', 'out', '--scenario-count', '4']);
    expect(made.exitCode, made.stderr).toBe(0);
    generated = await contentsOf(path.join(folder, 'out'));
  }, 120_000);

  it('of a spec without step are replayed on the step that is derived', async () => {
    expect(tomls()).toHaveLength(4);
    for (const name of tomls()) {
      const varied = await run(['vary', path.join('out', name), '--dry-run', '--json']);
      expect(varied.exitCode, varied.stderr).toBe(0);
      const [only] = resultOf(varied.stdout).scenarios;
      expect(only?.unchecked).toBeUndefined();
      expect(only?.spec).toContain('two.qnt');
    }
  }, 120_000);

  it('stay where they are, whatever variations are written beside them', async () => {
    const [name = ''] = tomls();
    const args = ['vary', path.join('out', name), '--count', '3', '--output', 'out'];
    expectRefusal(await run([...args, '--json']), 'AUR007', ['aura scenarios generate', '--force']);
    expect(await contentsOf(path.join(folder, 'out'))).toEqual(generated);
    const forced = await run([...args, '--force']);
    expect(forced.exitCode, forced.stderr).toBe(0);
    const after = await contentsOf(path.join(folder, 'out'));
    for (const [kept, text] of generated) if (kept !== 'manifest.json') expect(after.get(kept)).toBe(text);
    expect(after.size).toBe(generated.size + 3);
  }, 120_000);
});

describe('a folder of variations', () => {
  it('is not replaced by variations of one of them, nor by scenarios of a spec', async () => {
    const folder = await newFolder(FILES);
    const run = (args: readonly string[]) => runAura(['scenarios', ...args], { cwd: folder });
    const first = await runAura([...VARY, '--scenario', 'base', '--count', '3'], { cwd: folder });
    expect(first.exitCode, first.stderr).toBe(0);
    const before = await contentsOf(folder);
    const [name = ''] = (await pathsIn(path.join(folder, 'out'))).filter(file => file.endsWith('.toml'));
    const again = ['vary', path.join('out', name), '--output', 'out', '--count', '2'];
    expectRefusal(await run([...again, '--json']), 'AUR007', [name]);
    const over = ['generate', '--spec', 'specs/voting.qnt', '--output', 'out', '--json'];
    expectRefusal(await run(over), 'AUR007', ['aura scenarios vary']);
    expect(await contentsOf(folder)).toEqual(before);
    const forced = await run([...again, '--force']);
    expect(forced.exitCode, forced.stderr).toBe(0);
    const after = await contentsOf(path.join(folder, 'out'));
    expect(after.get(name)).toBe(before.get(path.join('out', name)));
    expect([...after.keys()].filter(file => file.endsWith('.toml'))).toHaveLength(3);
  }, 120_000);

  it('never has a variation in the place of what it was made of', async () => {
    const taken = 'scenarios/base-network-1.toml';
    const folder = await newFolder({ ...FILES, [taken]: SCENARIOS });
    const before = await contentsOf(folder);
    const args = ['--scenario', 'base', '--kind', 'network', '--output', 'scenarios', '--force', '--json'];
    const run = await runAura(['scenarios', 'vary', taken, ...args], { cwd: folder });
    expectRefusal(run, 'AUR007', ['base-network-1.toml']);
    expect(await contentsOf(folder)).toEqual(before);
  }, 120_000);
});

describe('options', () => {
  it('choose a scenario, kinds and a number', async () => {
    const folder = await newFolder(FILES);
    const args = [
      '--scenario',
      'two votes',
      '--kind',
      'network,timing',
      '--count',
      '3',
      '--dry-run',
      '--json',
    ];
    const run = await runAura([...VARY, ...args], { cwd: folder });
    expect(run.exitCode, run.stderr).toBe(0);
    const [only, ...more] = resultOf(run.stdout).scenarios;
    expect(more).toEqual([]);
    expect(only?.variations.map(({ kind }) => kind)).toEqual(['timing', 'timing', 'network']);
    expect((await pathsIn(folder)).includes('out')).toBe(false);
  }, 120_000);

  it('say why schedules are not replayed', async () => {
    const absent = await newFolder({ 'scenarios/votes.toml': SCENARIOS });
    const args = [...VARY, '--scenario', 'two votes', '--kind', 'order', '--json'];
    const run = await runAura(args, { cwd: absent });
    expect(run.exitCode, run.stderr).toBe(0);
    const [only] = resultOf(run.stdout).scenarios;
    expect(only?.unchecked).toContain('voting.qnt is not there');
    expect(new Set(only?.variations.map(each => each.expected_outcome))).toEqual(new Set(['inconclusive']));
    expect(run.stderr).toContain('not replayed');
    const impossible = SCENARIOS.replace('action = "vote"\nnode = 2', 'action = "revote"\nnode = 2');
    const other = await newFolder({ ...FILES, 'scenarios/votes.toml': impossible });
    const wrong = resultOf((await runAura(args, { cwd: other })).stdout);
    expect(wrong.scenarios[0]?.unchecked).toContain('revote of step 2');
  }, 120_000);

  it('end in 3 where nothing can be varied', async () => {
    const folder = await newFolder(FILES);
    const run = await runAura([...VARY, '--scenario', 'base', '--kind', 'order', '--json'], { cwd: folder });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('no variations of order');
    expect(resultOf(run.stdout).scenarios[0]?.inapplicable).toMatchObject([{ kind: 'order' }]);
  }, 120_000);
});

describe('bad input', () => {
  const cases: readonly (readonly [what: string, args: readonly string[], code: string, says: string])[] = [
    ['a missing file', ['scenarios', 'vary', 'nowhere.toml'], 'AUR003', 'nowhere.toml'],
    ['a mistyped scenario', [...VARY, '--scenario', 'two vote'], 'AUR530', 'did you mean "two votes"?'],
    ['a mistyped kind', [...VARY, '--kind', 'timing,ordre'], 'AUR002', 'did you mean order?'],
    ['a count of zero', [...VARY, '--count', '0'], 'AUR002', 'from 1 to'],
    ['a missing spec', [...VARY, '--spec', 'nowhere.qnt'], 'AUR003', 'nowhere.qnt'],
    ['a folder of others', [...VARY.slice(0, 3), '--output', 'specs'], 'AUR007', 'voting.qnt'],
    ['a broken scenario', ['scenarios', 'vary', 'bad.toml'], 'AUR402', 'participnts'],
  ];

  it.each(cases)(
    '%s is refused and nothing is written',
    async (_, args, code, says) => {
      const bad = '[[scenario]]\nname = "x"\n[scenario.setup]\nparticipnts = 2\n';
      const folder = await newFolder({ ...FILES, 'bad.toml': bad });
      const before = await contentsOf(folder);
      expectRefusal(await runAura([...args, '--json'], { cwd: folder }), code, [says]);
      expect(await contentsOf(folder)).toEqual(before);
    },
    120_000,
  );

  it('leaves a file alone that was changed by hand, without --force', async () => {
    const folder = await newFolder(FILES);
    const args = [...VARY, '--scenario', 'base', '--count', '2'];
    expect((await runAura(args, { cwd: folder })).exitCode).toBe(0);
    const [name = ''] = (await pathsIn(path.join(folder, 'out'))).filter(file => file.endsWith('.toml'));
    await writeFile(path.join(folder, 'out', name), 'mine');
    expectRefusal(await runAura([...args, '--json'], { cwd: folder }), 'AUR007', [name]);
    expect(await readFile(path.join(folder, 'out', name), 'utf8')).toBe('mine');
  }, 120_000);
});
