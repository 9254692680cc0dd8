// The schema states the defaults for people, resolve.ts applies them: this holds the two together.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseScenarioText } from '../../src/scenario/load.js';
import { resolveScenario } from '../../src/scenario/resolve.js';

const root = path.join(import.meta.dirname, '../..');

interface SchemaNode {
  title?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, SchemaNode>;
  $ref?: string;
}

interface SchemaDocument extends SchemaNode {
  definitions: Record<string, SchemaNode>;
}

const schema: SchemaDocument = JSON.parse(
  readFileSync(path.join(root, 'schemas/scenario.schema.json'), 'utf8'),
);

/** Key to default, of one definition. */
function defaultsOf(name: string): Record<string, unknown> {
  const properties = Object.entries(schema.definitions[name]?.properties ?? {});
  return Object.fromEntries(
    properties.flatMap(([key, node]) => {
      const value = node.default ?? schema.definitions[node.$ref?.split('/').at(-1) ?? '']?.default;
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

const { scenario } = resolveScenario({
  name: 'x',
  phases: [{ name: 'p' }],
  network: { partitions: [[[0], [1]]] },
  faults: [{ type: 'crash' }],
  chaos: {},
  steps: [{ action: 'a' }],
});

describe('the defaults that the schema states', () => {
  it('are those that are applied', () => {
    const { phases: _, steps: __, faults: ____, ...lists } = defaultsOf('Scenario');
    expect(scenario).toMatchObject(lists);
    expect(scenario.setup).toMatchObject({ ...defaultsOf('ScenarioSetup'), seed: '0', constants: new Map() });
    const { partitions: ___, ...network } = defaultsOf('NetworkConditions');
    expect(scenario.network).toMatchObject(network);
    expect(scenario.network.partitions[0]).toMatchObject(defaultsOf('TimedPartition'));
    expect(scenario.byzantine).toMatchObject(defaultsOf('ByzantineConditions'));
    expect(scenario.phases[0]).toMatchObject(defaultsOf('Phase'));
    expect(scenario.timing).toEqual(defaultsOf('Timing'));
    expect(scenario.faults[0]).toEqual({ type: 'crash', ...defaultsOf('TimedFault') });
    expect(scenario.chaos).toEqual(defaultsOf('Chaos'));
    expect(scenario.steps[0]).toMatchObject({ expect: defaultsOf('ScenarioStep').expect, operation: 'a' });
    expect(scenario.steps[0]?.params.size).toBe(0);
  });

  it('that are computed follow from what is stated', () => {
    const setup = (participants: number) =>
      resolveScenario({ name: 'x', setup: { participants } }).scenario.setup;
    expect(setup(3)).toMatchObject({ threshold: 2, fault_bound: 1 });
    expect(setup(4)).toMatchObject({ threshold: 3, fault_bound: 2 });
    expect(setup(1)).toMatchObject({ threshold: 1, fault_bound: 0 });
  });

  it('carry what a phase states to the phases after it', () => {
    const { phases } = resolveScenario({
      name: 'x',
      setup: { participants: 3 },
      phases: [
        { name: 'a' },
        { name: 'b', setup: { participants: 9 } },
        { name: 'c', setup: { threshold: 2 } },
      ],
    }).scenario;
    expect(phases.map(({ setup }) => [setup.participants, setup.threshold, setup.fault_bound])).toEqual([
      [3, 2, 1],
      [9, 5, 4],
      [9, 2, 1],
    ]);
  });
});

describe('seeds', () => {
  it.each([
    ['7', '7'],
    ['"0007"', '7'],
    ['9007199254740993', '9007199254740993'],
    ['"18446744073709551615"', '18446744073709551615'],
  ])('%s is the seed %s', async (written, seed) => {
    const loaded = await parseScenarioText(`[[scenario]]\nname = "x"\nsetup.seed = ${written}\n`, 'x.toml');
    expect(loaded.ok && loaded.value[0]?.scenario.setup.seed).toBe(seed);
  });
});

describe('the schema', () => {
  it('has a title on every type and a description on every key', () => {
    for (const [name, node] of [['ScenarioFile', schema] as const, ...Object.entries(schema.definitions)]) {
      expect(node.title, name).toBe(name);
      expect(node.description, name).toBeTruthy();
      for (const [key, property] of Object.entries(node.properties ?? {}))
        expect(property.description ?? property.$ref, `${name}.${key}`).toBeTruthy();
    }
  });

  it('is what generated/ was made from', { timeout: 60_000 }, async () => {
    const check = promisify(execFile)(process.execPath, ['scripts/generate-types.js', '--check'], {
      cwd: root,
    });
    await expect(check).resolves.toMatchObject({ stderr: '' });
  });
});
