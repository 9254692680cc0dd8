// The examples of docs/scenario-format.md load, and its tables name every key of the schema.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseScenarioText } from '../../src/scenario/load.js';

const root = path.join(import.meta.dirname, '../..');
const docs = readFileSync(path.join(root, 'docs/scenario-format.md'), 'utf8');
const examples = [...docs.matchAll(/```toml\n(.*?)```/gs)].map(([, text = '']) => text);

describe('docs/scenario-format.md', () => {
  it('has examples that load', async () => {
    const [whole = '', faults = '', steps = ''] = examples;
    expect(examples).toHaveLength(3);
    const loaded = await parseScenarioText(whole, 'example.toml');
    expect(loaded.ok && loaded.value.map(each => each.scenario.network.drop_rate)).toEqual([0.05, 0.05]);
    const faulty = await parseScenarioText(`[[scenario]]\nname = "x"\n${faults}`, 'faults.toml');
    expect(faulty.ok && faulty.value[0]?.scenario.faults).toMatchObject([{ type: 'crash', disk: 'lost' }]);
    const scheduled = await parseScenarioText(`[[scenario]]\nname = "x"\n${steps}`, 'steps.toml');
    expect(scheduled.ok && scheduled.value[0]?.scenario.steps[0]?.params.get('p')).toBe('p1');
  });

  it('names every key', () => {
    const schema: { definitions: Record<string, { properties?: object }> } = JSON.parse(
      readFileSync(path.join(root, 'schemas/scenario.schema.json'), 'utf8'),
    );
    const keys = Object.values(schema.definitions).flatMap(each => Object.keys(each.properties ?? {}));
    expect(keys.filter(key => !new RegExp(`\\b${key}\\b`).test(docs))).toEqual([]);
  });
});
