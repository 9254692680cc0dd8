// What Quint's simulator draws from a spec is a behaviour of it, with what it says of its actions and without, with
// all variables observed and with any one of them left out.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { must } from '../../src/util/assert.js';
import { observed, tracesOfQuint, verdictOn, verifier } from './support.js';

const SPECS = readdirSync('specs')
  .filter(file => file.endsWith('.qnt'))
  .map(file => path.basename(file, '.qnt'))
  .sort();

const SEEDS = [1, 7_000_001, 52_000_003, 900_000_001];

describe('traces of Quint conform', { timeout: 300_000 }, () => {
  it.each(SPECS)('%s', async name => {
    const spec = await verifier(path.join('specs', `${name}.qnt`), name);
    const traces = await tracesOfQuint(spec.model, SEEDS, 20, 30);
    expect(traces).toHaveLength(20);
    for (const trace of traces) {
      const verdict = await verdictOn(spec, observed(trace));
      expect(verdict.conformance).toMatchObject({ verdict: 'conforms', exhaustive: true });
      expect(verdict.invariants.filter(({ verdict: found }) => found !== 'satisfied')).toEqual([]);
      const silent = trace.map(({ state }) => ({ state }));
      expect((await verdictOn(spec, observed(silent))).conformance.verdict).toBe('conforms');
    }
    for (const variable of must(traces[0]?.[0], 'a state').state.keys())
      for (const trace of traces) {
        const { conformance, invariants } = await verdictOn(spec, observed(trace, {}, [variable]));
        expect(conformance, `without ${variable}`).toMatchObject({ verdict: 'conforms' });
        expect(invariants.filter(({ verdict: found }) => found === 'violated')).toEqual([]);
      }
  });
});
