// What the options of generation promise, whatever their values: each is related to what is written.
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenarioFile } from '../../src/scenario/load.js';
import type { ResolvedScenario } from '../../src/scenario/resolved.js';
import { generateSuite } from '../generate/suites.js';
import { unwrap } from '../quint.js';
import { newFolder } from './folders.js';
import { VOTING } from './sample-specs.js';

const PARTICIPANTS = 3;
/** Programs are started: few runs, each of which looks at all scenarios of a suite. */
const RUNS = { numRuns: 6 };

const spec = newFolder({ 'voting.qnt': VOTING }).then(folder => path.join(folder, 'voting.qnt'));

async function scenariosWith(...args: readonly string[]): Promise<ResolvedScenario[]> {
  const few = ['--scenario-count', '8', '--budget', '2000', '--traces', '20', '--jobs', '1'];
  const { folder, manifest } = await generateSuite(await spec, ...few, ...args);
  const loaded = manifest.scenarios.map(async ({ file }) =>
    unwrap(await loadScenarioFile(path.join(folder, file))).map(({ scenario }) => scenario),
  );
  return (await Promise.all(loaded)).flat();
}

describe('generation', () => {
  it('--max-length bounds the steps that have to be carried out, and uses the room', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), async most => {
        const scenarios = await scenariosWith('--max-length', String(most));
        const lengths = scenarios.map(({ steps }) => steps.filter(step => step.expect === 'accepted').length);
        expect(Math.max(...lengths)).toBeLessThanOrEqual(most);
        // Three votes and a decision are possible at least.
        expect(Math.max(...lengths)).toBeGreaterThanOrEqual(Math.min(most, 4));
      }),
      RUNS,
    );
  }, 120_000);

  it('--byzantine-ratio makes at least that share byzantine, rounded down, and 0 none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 10 }), async tenths => {
        const scenarios = await scenariosWith('--byzantine-ratio', String(tenths / 10));
        const least = Math.floor((PARTICIPANTS * tenths) / 10);
        for (const { byzantine, steps } of scenarios) {
          expect(byzantine.participants.length).toBeGreaterThanOrEqual(least);
          if (tenths > 0) continue;
          expect(byzantine.participants).toEqual([]);
          expect(steps.map(({ action }) => action)).not.toContain('revote');
        }
      }),
      RUNS,
    );
  }, 120_000);

  it('--chaos-intensity makes the network worse, never better', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 10 }), async (a, b) => {
        const [mild, harsh] = [
          await scenariosWith(
            '--chaos-intensity',
            String(Math.min(a, b) / 10),
            '--focus-property',
            'Agreement',
          ),
          await scenariosWith(
            '--chaos-intensity',
            String(Math.max(a, b) / 10),
            '--focus-property',
            'Agreement',
          ),
        ];
        const worst = (scenarios: readonly ResolvedScenario[]) => ({
          latency: Math.max(...scenarios.map(({ network }) => network.latency_range[1])),
          drop: Math.max(...scenarios.map(({ network }) => network.drop_rate)),
        });
        expect(worst(harsh).latency).toBeGreaterThanOrEqual(worst(mild).latency);
        expect(worst(harsh).drop).toBeGreaterThanOrEqual(worst(mild).drop);
      }),
      RUNS,
    );
  }, 120_000);

  it('--focus-property targets that property in every scenario, and puts it at stake or attacks it', async () => {
    for (const property of ['Agreement', 'DecisionHasQuorum']) {
      const scenarios = await scenariosWith('--focus-property', property);
      expect(scenarios.length).toBeGreaterThan(0);
      expect(new Set(scenarios.map(({ quint_source }) => quint_source?.property))).toEqual(
        new Set([property]),
      );
    }
  }, 120_000);

  it('gives the same bytes with one worker and with four', async () => {
    const [one, four] = [
      await generateSuite(await spec, '--jobs', '1', '--seed', '5', '--chaos-enabled'),
      await generateSuite(await spec, '--jobs', '4', '--seed', '5', '--chaos-enabled'),
    ];
    // The manifest has the hash of every other file.
    expect(four.manifest).toEqual(one.manifest);
  }, 120_000);
});
