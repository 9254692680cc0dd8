// `aura scenarios generate` as its users rely on it: the suite of a real spec holds what the manifest says of it and
// is the same bytes wherever it is made; each option does what it says. What is at stake in a trace is asked of
// Quint itself, with conditions written by hand here, and not of the code that chose the trace.
import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import toml from 'toml';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../generated/manifest.js';
import type { State } from '../../src/model/value.js';
import { readItf } from '../../src/trace/itf-reader.js';
import { must } from '../../src/util/assert.js';
import { sha256 } from '../../src/util/files.js';
import { expectGenerateResult, expectManifest } from './documents.js';
import { contentsOf, newFolder, pathsIn } from './folders.js';
import { holdsSomewhere, type ProbedSpec } from './quint-probe.js';
import { PROJECT, runAura } from './run-aura.js';
import { tickingSpec, VOTING } from './sample-specs.js';

/** What the tests read of a scenario file, by a TOML reader that is not ours. */
interface WrittenScenario {
  readonly name: string;
  readonly expected_outcome: string;
  readonly quint_source: { readonly property?: string; readonly trace: string };
  readonly setup: {
    readonly participants: number;
    readonly constants: Record<string, string | number | boolean>;
  };
  readonly byzantine?: { readonly participants: readonly number[] };
  readonly network?: { readonly drop_rate: number };
  readonly steps?: readonly {
    readonly action: string;
    readonly operation?: string;
    readonly expect?: string;
  }[];
}

function scenariosIn(files: ReadonlyMap<string, string>): WrittenScenario[] {
  return [...files].flatMap(([name, text]) => (name.endsWith('.toml') ? scenarioOf(text) : []));
}

function scenarioOf(text: string): WrittenScenario[] {
  const document: { scenario: WrittenScenario[] } = toml.parse(text);
  return document.scenario;
}

function manifestIn(files: ReadonlyMap<string, string>): Manifest {
  return expectManifest(must(files.get('manifest.json'), 'a manifest'));
}

describe('the suite of threshold_signing', () => {
  const command =
    'scenarios generate --spec specs/threshold_signing.qnt --output out --scenario-count 30 --budget 10000 --chaos-enabled --seed 7';
  let here: string;
  let files: Map<string, string>;
  let elsewhere: Map<string, string>;

  async function project(): Promise<string> {
    const folder = await newFolder();
    await mkdir(path.join(folder, 'specs'));
    await cp(
      path.join(PROJECT, 'specs', 'threshold_signing.qnt'),
      path.join(folder, 'specs', 'threshold_signing.qnt'),
    );
    expect(await runAura(command.split(' '), { cwd: folder })).toMatchObject({ exitCode: 0 });
    return folder;
  }

  beforeAll(async () => {
    here = await project();
    files = await contentsOf(path.join(here, 'out'));
    elsewhere = await contentsOf(path.join(await project(), 'out'));
  }, 600_000);

  it('is the same bytes in another folder', () => {
    expect(files.size).toBe(61);
    expect(elsewhere).toEqual(files);
  });

  it('is replaced by a second run into the same folder', async () => {
    const again = await runAura(command.split(' '), { cwd: here });
    expect(again.exitCode, again.stderr).toBe(0);
    expect(await contentsOf(path.join(here, 'out'))).toEqual(files);
    expect((await pathsIn(here)).filter(name => !name.includes(path.sep))).toEqual(['out', 'specs']);
  }, 600_000);

  it('passes validation', async () => {
    const run = await runAura(['scenarios', 'validate', 'out'], { cwd: here });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stdout).toContain('30 scenarios in 30 files');
  });

  it('has traces that decode, each with a state more than its scenario has steps', async () => {
    for (const { traces, steps } of manifestIn(files).scenarios) {
      const trace = await readItf(path.join(here, 'out', must(traces[0], 'a trace')));
      expect(trace.ok && trace.value.states.length).toBe(steps + 1);
    }
  });

  it('targets every property', () => {
    const { coverage, untargeted } = manifestIn(files);
    expect(untargeted).toEqual([]);
    expect(Object.keys(coverage.properties)).toEqual([
      'BlameIsJustAndEffective',
      'EverySessionEnds',
      'HonestKeepToTheProtocol',
      'NonceNeverReused',
      'OutcomesAreFinal',
      'PackageBinds',
      'PhasesAreConsistent',
      'SharesStayInTheirSession',
      'SignatureNeedsQuorum',
    ]);
    expect(Math.min(...Object.values(coverage.properties))).toBeGreaterThanOrEqual(1);
  });

  it('has the coverage that a recount of its files gives', () => {
    const { coverage } = manifestIn(files);
    const scenarios = scenariosIn(files);
    const carriedOut = scenarios.flatMap(({ steps = [] }) =>
      steps.filter(step => step.expect !== 'rejected'),
    );
    const actions = carriedOut.map(({ action }) => action);
    const properties = scenarios.flatMap(({ quint_source }) => quint_source.property ?? []);
    expect(coverage.actions).toEqual(recount(Object.keys(coverage.actions), actions));
    expect(coverage.properties).toEqual(recount(Object.keys(coverage.properties), properties));
    expect(Object.keys(coverage.actions)).toEqual(
      'aggregate announce blame commit equivocate expire forgeShare reclaim replay request sign timeout'.split(
        ' ',
      ),
    );
  });

  it('has the hashes of all its files', () => {
    const hashes = [...files]
      .filter(([name]) => name !== 'manifest.json')
      .map(([name, text]) => [name, sha256(text)]);
    expect(manifestIn(files).files).toEqual(Object.fromEntries(hashes));
  });

  it('says of its numbers where they came from', () => {
    const texts = [...files].filter(([name]) => name.endsWith('.toml')).map(([, text]) => text);
    for (const text of texts) {
      expect(text).toMatch(/^participants = 3 # size of PARTICIPANTS\b/m);
      expect(text).toMatch(/^threshold = 2 # THRESHOLD\b/m);
      expect(text).toMatch(/^seed = "\d+" # drawn from the seed/m);
      expect(text).toMatch(/^\[scenario\.network\]\n# chaos intensity 0\.3: /m);
      expect(text).toMatch(/^# \d+ steps of a schedule that \w+ found with seed 7\b/m);
      expect(text).toMatch(/^# .+\nexpected_outcome = /m);
    }
    const bounded = texts.filter(text => text.includes('property = "SignatureNeedsQuorum"'));
    for (const text of bounded)
      expect(text).toMatch(/^fault_bound = 1 # @assume BYZANTINE\.size\(\) < THRESHOLD$/m);
    expect(bounded.length).toBeGreaterThan(0);
  });

  // What must happen for the property to be tested at all, in words of the spec.
  it.each([
    ['SharesStayInTheirSession', 'SESSIONS.exists(s => signature.get(s) != None)'],
    ['PackageBinds', 'SESSIONS.exists(s => Set(Signing, Complete).contains(phase.get(s)))'],
    ['EverySessionEnds', 'SESSIONS.exists(s => isOpen(s))'],
  ])('puts %s at stake', async (property, antecedent) => {
    expect(await holdsSomewhere(antecedent, ...(await probed(property)))).toBe(true);
  });

  it('has no session open in a first state, or the question above would tell nothing', async () => {
    const [states, spec] = await probed('EverySessionEnds');
    expect(await holdsSomewhere('SESSIONS.exists(s => isOpen(s))', states.slice(0, 1), spec)).toBe(false);
  });

  /** The states of the trace that targets a property, and the spec with the scenario's constants. */
  async function probed(property: string): Promise<[State[], ProbedSpec]> {
    const { setup, quint_source } = must(
      scenariosIn(files).find(
        ({ quint_source: { property: target }, steps = [] }) =>
          target === property && steps.every(step => step.expect !== 'rejected'),
      ),
      property,
    );
    const trace = await readItf(path.join(here, 'out', quint_source.trace));
    if (!trace.ok) expect.fail('the trace does not decode');
    const spec = path.join(PROJECT, 'specs', 'threshold_signing');
    const states = trace.value.states.map(({ values }) => values);
    return [states, { spec, module: 'threshold_signing_protocol', constants: setup.constants }];
  }
});

function recount(known: readonly string[], found: readonly string[]): Record<string, number> {
  const counts = new Map(known.map(name => [name, 0]));
  for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

describe('the options', () => {
  const base = [
    ...['scenarios', 'generate', '--spec', 'voting.qnt', '--traces', '16', '--max-length', '8'],
    ...['--budget', '2000', '--jobs', '1'],
  ];

  async function generate(
    args: readonly string[],
    extra: Readonly<Record<string, string>> = {},
    env: NodeJS.ProcessEnv = {},
  ): Promise<{ files: Map<string, string>; stdout: string; stderr: string }> {
    const cwd = await newFolder({ 'voting.qnt': VOTING, ...extra });
    const run = await runAura([...base, '--output', 'out', ...args], { cwd, env });
    expect(run.exitCode, run.stderr).toBe(0);
    return { files: await contentsOf(path.join(cwd, 'out')), ...run };
  }

  it('--dry-run writes nothing and says what it would write', async () => {
    const cwd = await newFolder({ 'voting.qnt': VOTING });
    const run = await runAura([...base, '--output', 'out', '--dry-run'], { cwd });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stdout).toContain('would write 5 scenarios to out');
    expect(run.stdout).toMatch(/^ {2}001-[a-z-]+\.toml/m);
    expect(await pathsIn(cwd)).toEqual(['voting.qnt']);
  });

  it('--json prints one document: the manifest that was written', async () => {
    const { files, stdout, stderr } = await generate(['--json']);
    const [suite, ...more] = expectGenerateResult(stdout).suites;
    expect(more).toEqual([]);
    expect(suite).toMatchObject({ spec: 'voting.qnt', output: 'out' });
    expect(suite?.manifest).toEqual(manifestIn(files));
    expect(stderr).toContain('wrote 5 scenarios');
  });

  it('--verbose shows how each scenario was made', async () => {
    const { stdout } = await generate(['--verbose']);
    expect(stdout).toMatch(/targets Agreement; traces 00\d-1\.itf\.json; found by \w+ with seed \d+/);
    expect(stdout).toMatch(/actions vote: \d+/);
  });

  it('--focus-property targets that property only', async () => {
    const { files } = await generate(['--focus-property', 'Agreement', '--scenario-count', '3']);
    expect(manifestIn(files).scenarios.map(({ property }) => property)).toEqual(Array(3).fill('Agreement'));
    expect(manifestIn(files).options.focus_properties).toEqual(['Agreement']);
  });

  it('--byzantine-ratio 0 leaves byzantine actions and participants out', async () => {
    const { files } = await generate(['--byzantine-ratio', '0']);
    const scenarios = scenariosIn(files);
    expect(scenarios).toHaveLength(5);
    expect(manifestIn(files).coverage.actions).toMatchObject({ revote: 0 });
    expect(scenarios.filter(({ byzantine }) => byzantine !== undefined)).toEqual([]);
    expect(scenarios.map(({ network }) => network?.drop_rate)).toEqual(Array(5).fill(0.06));
  });

  it('--byzantine-ratio and --chaos-intensity scale the conditions', async () => {
    const { files } = await generate(['--byzantine-ratio', '0.7', '--chaos-intensity', '1']);
    for (const { byzantine, network, expected_outcome, quint_source } of scenariosIn(files)) {
      if (quint_source.property === 'DecisionHasQuorum') expect(expected_outcome).toBe('inconclusive');
      expect(byzantine?.participants).toEqual([1, 2]);
      expect(network?.drop_rate).toBe(0.2);
    }
  });

  it('--seed decides everything that is drawn', async () => {
    const [seven, again, eight] = [
      await generate(['--seed', '7']),
      await generate(
        ['--seed', '7'],
        {},
        { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
      ),
      await generate(['--seed', '8']),
    ];
    expect(again.files).toEqual(seven.files);
    expect(manifestIn(eight.files).files).not.toEqual(manifestIn(seven.files).files);
  });

  it('--engine quint draws the traces with the simulator of Quint, and the same ones again', async () => {
    const [first, again] = [await generate(['--engine', 'quint']), await generate(['--engine', 'quint'])];
    expect(again.files).toEqual(first.files);
    const { options, scenarios } = manifestIn(first.files);
    expect(options.engine).toBe('quint');
    expect(scenarios.map(({ source }) => source.engine)).toEqual(Array(5).fill('quint'));
    expect(must(first.files.get(scenarios[0]?.file ?? ''), 'a scenario')).toMatch(
      /^# \d+ steps of a trace that Quint drew with seed \d+\b/m,
    );
  });

  it('--template makes files of another format', async () => {
    const template = '{\n  "title": {{json scenario.name}},\n  "steps": {{json scenario.steps}}\n}\n';
    const { files } = await generate(['--template', 'my templates/flat.json.hbs'], {
      'my templates/flat.json.hbs': template,
    });
    const [entry] = manifestIn(files).scenarios;
    expect(entry?.file).toMatch(/^001-[a-z-]+\.json$/);
    const document: { title: string; steps: unknown[] } = JSON.parse(
      must(files.get(entry?.file ?? ''), 'a file'),
    );
    expect(document.title).toBe(entry?.name);
    expect(document.steps).toHaveLength(entry?.steps ?? 0);
    expect([...files.keys()].filter(name => name.endsWith('.toml'))).toEqual([]);
  });

  it('the configuration maps actions, keeps several traces, and its order of keys means nothing', async () => {
    const tables = [
      '[generation]\nmax_traces_per_scenario = 3\nchaos_intensity = 0.5\n',
      '[quint.mapping]\naction_mappings = [{ quint = "vote", protocol = "cast_ballot" }, { quint = "decide", protocol = "close" }]\n',
      '[quint.properties]\nAgreement = "ThresholdSafety"\n',
    ];
    const { files } = await generate([], { 'aura-config.toml': tables.join('\n') });
    const reordered = tables
      .reverse()
      .join('\n')
      .replace('quint = "vote", protocol = "cast_ballot"', 'protocol = "cast_ballot", quint = "vote"');
    expect((await generate([], { 'aura-config.toml': reordered })).files).toEqual(files);
    const traces = manifestIn(files).scenarios.map(scenario => scenario.traces);
    expect(traces[0]).toEqual(['001-1.itf.json', '001-2.itf.json', '001-3.itf.json']);
    const steps = scenariosIn(files).flatMap(scenario => scenario.steps ?? []);
    for (const { action, operation } of steps)
      expect(operation).toBe({ vote: 'cast_ballot', decide: 'close' }[action]);
    expect(steps.map(({ operation }) => operation)).toContain('cast_ballot');
    const texts = [...files.values()].join('\n');
    expect(texts).toContain('put Agreement (ThresholdSafety) at stake');
  });

  it('the configuration can do without steps', async () => {
    const { files } = await generate([], {
      'aura-config.toml': '[generation]\ntrace_based_generation = false\n',
    });
    expect(scenariosIn(files).map(({ steps }) => steps)).toEqual(Array(5).fill(undefined));
  });

  it('warns of properties that the count leaves out', async () => {
    const { files, stderr } = await generate(['--scenario-count', '1']);
    const reasons = manifestIn(files).untargeted.map(({ reason }) => reason);
    expect(reasons).toEqual(Array(3).fill('the scenario count of 1 is used up by other properties'));
    expect(stderr).toContain('warning: Agreement is not targeted: the scenario count of 1');
  });
});

describe('a folder of specs', () => {
  const specs = {
    'my specs/one.qnt': tickingSpec('one'),
    'my specs/two.qnt': tickingSpec('two'),
    'my specs/sums.qnt': 'module sums {\n  pure def twice(n) = 2 * n\n}\n',
  };
  const few = ['--traces', '4', '--scenario-count', '2', '--output', 'the output'];

  async function expectBoth(cwd: string): Promise<void> {
    for (const name of ['one', 'two']) {
      const files = await contentsOf(path.join(cwd, 'the output', name));
      expect(manifestIn(files).spec).toMatchObject({ file: `${name}.qnt`, module: name });
      expect(must(files.get('001-small.toml'), 'a scenario')).toContain(
        `specification = "my specs/${name}.qnt"`,
      );
    }
    expect((await pathsIn(path.join(cwd, 'the output'))).filter(name => !name.includes(path.sep))).toEqual([
      'one',
      'two',
    ]);
  }

  it('as --spec gives a folder each, and skips those without state', async () => {
    const cwd = await newFolder(specs);
    const run = await runAura(['scenarios', 'generate', '--spec', 'my specs', ...few], { cwd });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).toContain(`skipped ${path.join('my specs', 'sums.qnt')}`);
    await expectBoth(cwd);
  });

  it('as spec_directory of a configuration counts from its folder', async () => {
    const cwd = await newFolder({
      ...specs,
      'etc/aura-config.toml': '[quint]\nspec_directory = "../my specs"\n',
    });
    const run = await runAura(['scenarios', 'generate', '--config', 'etc/aura-config.toml', ...few], { cwd });
    expect(run.exitCode, run.stderr).toBe(0);
    await expectBoth(cwd);
    expect(await readFile(path.join(cwd, 'etc', 'aura-config.toml'), 'utf8')).toContain('spec_directory');
  });
});

describe('a spec with errors in some states', () => {
  it('gives scenarios all the same, and a warning with the place of each error', async () => {
    const partial = `module partial {
  var n: int
  var m: str -> int
  action init = all { n' = 0, m' = Map("a" -> 1) }
  action up = all { n < 5, n' = n + 1, m' = m }
  action down = all { n > 0, n' = n - 1, m' = m }
  action step = any { up, down }
  val Small = n <= 5
  temporal Live = always(n == 4 implies eventually(m.get("y") == 0))
  val Broken = n >= 3 implies m.get("x") == 1
}
`;
    const cwd = await newFolder({ 'partial.qnt': partial });
    const run = await runAura(['scenarios', 'generate', '--spec', 'partial.qnt', '--output', 'out'], { cwd });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).toContain('warning: not all could be looked at');
    expect(run.stderr).toContain('AUR601 [QNT507]: partial.qnt:9:52');
    expect(run.stderr).toContain('AUR601 [QNT507]: partial.qnt:10:31');
    expect(run.stdout).toContain('2 of 2 actions taken');
  });
});

describe('a spec that violates a property from the start', () => {
  it('gives a scenario without steps, and a warning', async () => {
    const spec = `module iv {
  var x: int
  action init = x' = 2
  action inc = all { x < 5, x' = x + 1 }
  action step = any { inc }
  val NotTwo = x != 2
}
`;
    const cwd = await newFolder({ 'iv.qnt': spec });
    const run = await runAura(['scenarios', 'generate', '--spec', 'iv.qnt', '--output', 'out'], { cwd });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).toContain('iv 001: NotTwo: the spec itself violates the property');
    const files = await contentsOf(path.join(cwd, 'out'));
    expect(manifestIn(files).scenarios[0]).toMatchObject({
      property: 'NotTwo',
      steps: 0,
      expected_outcome: 'property_violation',
    });
    const valid = await runAura(['scenarios', 'validate', 'out'], { cwd });
    expect(valid.exitCode, valid.stderr).toBe(0);
  });
});

describe('a spec whose step is no choice', () => {
  it('has its one action taken under the name that the model gives it', async () => {
    const spec = `module anon {
  var x: int
  action init = x' = 0
  action step = all { x < 3, x' = x + 1 }
  val Inv = x < 4
}
`;
    const cwd = await newFolder({ 'anon.qnt': spec });
    const run = await runAura(['scenarios', 'generate', '--spec', 'anon.qnt', '--output', 'out'], { cwd });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stdout).toContain('1 of 1 actions taken');
    const [first] = scenariosIn(await contentsOf(path.join(cwd, 'out')));
    expect(new Set(first?.steps?.map(({ action }) => action))).toEqual(new Set(['anonymous@4:17']));
  });
});

describe('a spec that violates its own property', () => {
  it('gives a scenario that ends in the violation, and a warning', async () => {
    const cwd = await newFolder({ 'good.qnt': tickingSpec('good') });
    const run = await runAura(
      ['scenarios', 'generate', '--spec', 'good.qnt', '--output', 'out', '--traces', '20'],
      { cwd },
    );
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('the spec itself violates the property');
    const [first] = scenariosIn(await contentsOf(path.join(cwd, 'out')));
    expect(first?.expected_outcome).toBe('property_violation');
    const trace = await readItf(path.join(cwd, 'out', must(first?.quint_source.trace, 'its trace')));
    if (!trace.ok) expect.fail('the trace does not decode');
    const numbers = trace.value.states.map(({ values }) =>
      Number([...values].find(([name]) => /(^|::)n$/.test(name))?.[1]),
    );
    expect(numbers.findIndex(n => n > 5)).toBe(numbers.length - 1);
  });
});
