import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScenarioText } from '../../src/scenario/load.js';
import { resolveScenario } from '../../src/scenario/resolve.js';
import { readWritten } from '../../src/scenario/written.js';
import { scenarios } from './arbitrary-scenario.js';
import { renderToml, type Style } from './render-toml.js';

const style = fc.constantFrom<Style>('headers', 'inline');

describe('a random scenario written as TOML', () => {
  it('reads back as the same data, and resolves to what the data resolves to', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, style, async (meant, how) => {
        const text = renderToml(meant, how);
        const written = await readWritten(text, 'random.toml');
        if (!written.ok) expect.fail(written.errors.map(each => each.message).join('\n'));
        expect(written.value.map(each => each.scenario)).toEqual(meant);
        const loaded = await parseScenarioText(text, 'random.toml');
        if (!loaded.ok) expect.fail(loaded.errors.map(each => each.message).join('\n'));
        expect(loaded.value.map(each => each.scenario)).toEqual(
          meant.map(each => resolveScenario(each).scenario),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('any text', () => {
  it('is read or refused with a place, never thrown at', { timeout: 120_000 }, async () => {
    const line = fc.constantFrom(
      '[[scenario]]',
      '[scenario]',
      'name = "a"',
      'extends = "a"',
      '[scenario.network]',
      '[[scenario.network.partitions]]',
      'partitions = [[[0], [1]], 3]',
      'groups = []',
      'seed = "99999999999999999999"',
      '[scenario.setup]',
      '[[scenario.steps]]',
      'params = { p = "(" }',
      'action = "go"',
      '= 3',
      '"',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 10 }), async lines => {
        const loaded = await parseScenarioText(lines.join('\n'), 'soup.toml');
        if (loaded.ok) return;
        expect(loaded.errors.length).toBeGreaterThan(0);
        for (const { location } of loaded.errors) {
          expect(location?.file).toBe('soup.toml');
          expect(location?.line).toBeLessThanOrEqual(Math.max(1, lines.length));
        }
      }),
      { numRuns: 1000 },
    );
  });
});
