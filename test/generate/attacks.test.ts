// Attack templates: whatever the numbers of a scenario, what a template gives is valid by our own loader; more intensity
// and a higher ratio do more; templates of users are read beside ours, and their mistakes are said with a place.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { attackRota } from '../../src/generate/attack-rota.js';
import type { AttackConditions } from '../../src/generate/attack-template.js';
import type { AttackView } from '../../src/generate/attack-view.js';
import { type Attack, loadAttacks, ownAttacks } from '../../src/generate/attacks.js';
import { writeScenarioText } from '../../src/generate/scenario-text.js';
import { PROPERTY_CLASSES } from '../../src/model/model.js';
import { parseScenarioText } from '../../src/scenario/load.js';
import { must } from '../../src/util/assert.js';
import { showError } from '../../src/util/errors.js';
import { ROOT, unwrap } from '../quint.js';

let attacks: Attack[];

beforeAll(async () => {
  attacks = unwrap(await loadAttacks([ownAttacks()]));
});

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'aura-attacks-'));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  return folder;
}

const views: fc.Arbitrary<AttackView> = fc.integer({ min: 0, max: 40 }).chain(participants =>
  fc
    .record({
      threshold: fc.integer({ min: 1, max: Math.max(1, participants) }),
      intensity: fc.double({ min: 0, max: 1, noNaN: true }),
      byzantine: fc.nat(participants),
      property: fc.constantFrom('Agreement', 'a::b'),
      steps: fc.nat(50),
    })
    .map(({ threshold, byzantine, ...rest }) => ({
      ...rest,
      participants,
      threshold,
      fault_bound: threshold - 1,
      ratio: participants === 0 ? 0 : byzantine / participants,
      property_class: 'GeneralSafety',
      constants: { N: participants },
      byzantine: Array.from({ length: byzantine }, (_, i) => participants - byzantine + i),
      honest: Array.from({ length: participants - byzantine }, (_, i) => i),
      duration_ms: Math.max(10, rest.steps) * 100,
    })),
);

function scenarioOf(view: AttackView, { network, strategies, timing, assertions }: AttackConditions) {
  return {
    name: 'attacked',
    setup: { participants: Math.max(1, view.participants), threshold: view.threshold },
    network,
    byzantine: { participants: [...view.byzantine], strategies: [...strategies] },
    timing,
    assertions: [...assertions],
  };
}

describe('our attack templates', () => {
  it('are one or more for each class of properties', () => {
    for (const propertyClass of PROPERTY_CLASSES)
      expect(
        attacks.filter(({ classes }) => classes.includes(propertyClass)),
        propertyClass,
      ).not.toEqual([]);
  });

  it('give valid scenarios whatever the participants, the threshold and the intensity', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(attacks.length - 1), views, async (index, view) => {
        const attack = must(attacks[index], 'an attack');
        const conditions = unwrap(attack.render(view));
        const loaded = await parseScenarioText(
          writeScenarioText([scenarioOf(view, conditions)]),
          attack.file,
        );
        if (!loaded.ok) expect.fail(loaded.errors.map(showError).join('\n'));
      }),
      { numRuns: 150 },
    );
  });

  it('do more to the network the higher the intensity', () => {
    fc.assert(
      fc.property(
        fc.nat(attacks.length - 1),
        views,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (index, view, other) => {
          const attack = must(attacks[index], 'an attack');
          const [low, high] = [view.intensity, other].sort((a, b) => a - b);
          const mild = unwrap(attack.render({ ...view, intensity: must(low, 'low') })).network;
          const hard = unwrap(attack.render({ ...view, intensity: must(high, 'high') })).network;
          for (const rate of ['drop_rate', 'duplicate_rate', 'reorder_rate', 'corrupt_rate'] as const)
            expect(hard[rate] ?? 0).toBeGreaterThanOrEqual(mild[rate] ?? 0);
          expect(hard.latency_range?.[1] ?? 0).toBeGreaterThanOrEqual(mild.latency_range?.[1] ?? 0);
          expect(lastingOf(hard)).toBeGreaterThanOrEqual(lastingOf(mild));
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Milliseconds for which the network is parted. */
function lastingOf({ partitions = [] }: AttackConditions['network']): number {
  return partitions.reduce((sum, partition) => {
    if (Array.isArray(partition)) return Number.POSITIVE_INFINITY;
    const { start_ms = 0, heal_ms = Number.POSITIVE_INFINITY } = partition;
    return sum + heal_ms - start_ms;
  }, 0);
}

describe('the rota', () => {
  it('gives the attacks that fit a class in turn, and all of them before any comes again', () => {
    const rota = attackRota(attacks);
    for (const propertyClass of PROPERTY_CLASSES) {
      const fitting = attacks.filter(({ classes }) => classes.includes(propertyClass));
      const given = fitting.map(() => must(rota(propertyClass), 'a turn'));
      expect(given.map(({ attack }) => attack)).toEqual(fitting);
      expect(rota(propertyClass)).toEqual({ attack: fitting[0], turn: 1 });
    }
  });

  it('gives a class that no template names those of the general class of its kind', () => {
    const general = attacks.filter(({ classes }) => classes.some(name => name.startsWith('General')));
    const noise = general.map(attack => ({
      ...attack,
      classes: attack.classes.filter(name => name.startsWith('General')),
    }));
    expect(attackRota(noise)('MessageDelivery')?.attack.classes).toContain('GeneralLiveness');
    expect(attackRota(noise)('SessionIsolation')?.attack.classes).toContain('GeneralSafety');
    expect(attackRota(noise)(undefined)?.attack.classes).toContain('GeneralSafety');
    expect(attackRota([])('SessionIsolation')).toBeUndefined();
  });
});

const GOOD = 'description = "mine"\nclasses = ["GeneralSafety"]\n';

describe('templates of users', () => {
  it('come beside ours, by name, and take the place of ours of the same name', async () => {
    const folder = await folderWith({ 'aaa.toml': GOOD, 'noise.toml': GOOD });
    const all = unwrap(await loadAttacks([ownAttacks(), folder]));
    expect(all.map(({ name }) => name)).toEqual(['aaa', ...attacks.map(({ name }) => name)]);
    expect(all.find(({ name }) => name === 'noise')?.description).toBe('mine');
  });

  it('see what the documentation lists', async () => {
    const keys = ['participants', 'threshold', 'fault_bound', 'intensity', 'ratio', 'steps', 'duration_ms'];
    const numbers = keys.map(key => `${key} = "{{${key}}}"`).join('\n');
    const text = `${GOOD}[[assertions]]
type = "seen"
${numbers}
property = "{{property}} of {{property_class}}"
byzantine = "{{toml byzantine}}"
honest = "{{toml honest}}"
constant = "{{constants.N}}"
nested = { sum = ["{{plus 1 (times 2 3)}}", "{{scale 10}}", "{{between 10 20}}"] }
groups = ["{{halves}}", "{{minority}}", "{{bridged}}", "{{alone 7}}"]
`;
    const folder = await folderWith({ 'all.toml': text });
    const [attack] = unwrap(await loadAttacks([folder]));
    const view: AttackView = {
      participants: 5,
      threshold: 3,
      fault_bound: 2,
      intensity: 0.5,
      ratio: 0.4,
      property: 'P',
      property_class: 'ThresholdSafety',
      constants: { N: 5 },
      byzantine: [3, 4],
      honest: [0, 1, 2],
      steps: 7,
      duration_ms: 1000,
    };
    expect(unwrap(must(attack, 'the attack').render(view)).assertions).toEqual([
      {
        type: 'seen',
        participants: 5,
        threshold: 3,
        fault_bound: 2,
        intensity: 0.5,
        ratio: 0.4,
        steps: 7,
        duration_ms: 1000,
        property: 'P of ThresholdSafety',
        byzantine: [3, 4],
        honest: [0, 1, 2],
        constant: 5,
        nested: { sum: [7, 5, 15] },
        groups: [
          [
            [0, 1],
            [2, 3, 4],
          ],
          [
            [0, 1],
            [2, 3, 4],
          ],
          [[0], [1, 2]],
          [[2], [0, 1, 3, 4]],
        ],
      },
    ]);
    const without = must(attack, 'the attack').render({ ...view, constants: {} });
    expect(without.ok ? [] : without.errors.map(({ code, location }) => [code, location?.line])).toEqual([
      ['AUR522', 15],
    ]);
  });

  const mistakes: readonly (readonly [
    what: string,
    text: string,
    code: string,
    place: string,
    says: string,
  ])[] = [
    ['broken TOML', 'description = ', 'AUR520', '1:15', 'unexpected'],
    ['an unknown key', `${GOOD}netwrok = 1\n`, 'AUR521', '3:1', 'network'],
    [
      'an unknown class',
      GOOD.replace('GeneralSafety', 'ThresholdSafty'),
      'AUR521',
      '2:12',
      'ThresholdSafety',
    ],
    ['no class', 'description = "x"\n', 'AUR521', '1:1', 'classes'],
    ['a newer version', `${GOOD}version = 2\n`, 'AUR521', '3:11', 'version'],
    [
      'a broken expression',
      `${GOOD}[network]\ndrop_rate = "{{scale"\n`,
      'AUR522',
      '4:13',
      'cannot be parsed',
    ],
    ['an unknown helper', `${GOOD}[network]\ndrop_rate = "{{scael 1}}"\n`, 'AUR522', '4:13', 'scael'],
    ['an unknown name', `${GOOD}[network]\ndrop_rate = "{{intensty}}"\n`, 'AUR522', '4:13', 'intensty'],
    [
      'an unknown argument',
      `${GOOD}[network]\ndrop_rate = "{{scale mots}}"\n`,
      'AUR522',
      '4:13',
      'does not exist',
    ],
    ['too few arguments', `${GOOD}[network]\ndrop_rate = "{{times 2}}"\n`, 'AUR522', '4:13', 'times'],
    ['a rate above 1', `${GOOD}[network]\ndrop_rate = "{{scale 4}}"\n`, 'AUR523', '4:13', 'at most 1'],
    ['text for a number', `${GOOD}[timing]\njitter_ms = "{{property}}"\n`, 'AUR523', '4:13', 'number'],
    [
      'latencies the wrong way round',
      `${GOOD}[network]\nlatency_range = [50, "{{between 10 20}}"]\n`,
      'AUR523',
      '4:17',
      'latency',
    ],
    [
      'a participant that does not exist',
      `${GOOD}[[network.partitions]]\ngroups = [[0], [99]]\n`,
      'AUR523',
      '3:1',
      'no participant 99',
    ],
  ];

  it.each(mistakes)('say %s with its place', async (_, text, code, place, says) => {
    const folder = await folderWith({ 'mine.toml': text });
    const loaded = await loadAttacks([folder]);
    if (loaded.ok) expect.fail('it loads');
    expect(loaded.errors).toHaveLength(1);
    const shown = showError(must(loaded.errors[0], 'an error'));
    expect(shown).toContain(`error ${code}: ${path.join(folder, 'mine.toml')}:${place}: `);
    expect(shown).toContain(says);
  });

  it('place what is wrong only for some scenarios behind entries that are left out', async () => {
    const text = `${GOOD}[[assertions]]
type = "first"
when = "{{toml byzantine}}"

[[assertions]]
type = "second"
honest_participants = [4]
`;
    const [attack] = unwrap(await loadAttacks([await folderWith({ 'mine.toml': text })]));
    const few = must(attack, 'the attack').render({
      participants: 3,
      threshold: 2,
      fault_bound: 1,
      intensity: 1,
      ratio: 0,
      property: '',
      property_class: '',
      constants: {},
      byzantine: [],
      honest: [0, 1, 2],
      steps: 3,
      duration_ms: 1000,
    });
    if (few.ok) expect.fail('it renders');
    expect(few.errors.map(({ code, location }) => [code, location?.line])).toEqual([['AUR523', 9]]);
  });

  it('say which folder is none, or holds none', async () => {
    const missing = await loadAttacks(['/nowhere/attacks']);
    expect(missing.ok ? '' : missing.errors[0]?.code).toBe('AUR003');
    const empty = await loadAttacks([await folderWith({ 'readme.md': '' })]);
    expect(empty.ok ? '' : empty.errors[0]?.code).toBe('AUR008');
  });
});

describe('docs/attacks.md', () => {
  it('has an example that loads, and names every template with its classes', async () => {
    const docs = await readFile(path.join(ROOT, 'docs/attacks.md'), 'utf8');
    const [, example = ''] = /```toml\n(.*?)```/s.exec(docs) ?? [];
    const [attack] = unwrap(await loadAttacks([await folderWith({ 'example.toml': example })]));
    expect(attack?.classes).toEqual(['GeneralSafety', 'ThresholdSafety']);
    for (const { name, classes } of attacks) {
      const [, row = ''] = new RegExp(`^\\| \`${name}\` *\\|([^|]*)\\|`, 'm').exec(docs) ?? [];
      expect(
        row
          .split(',')
          .map(each => each.trim())
          .sort(),
        name,
      ).toEqual([...classes].sort());
    }
  });
});
