// The specs of this project: every transition that Quint's simulator takes is one of ours, under the same action, and every test of a spec passes as it does in Quint.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSpec } from '../../src/bridge/load-spec.js';
import { sampleTraces } from '../../src/bridge/sample-traces.js';
import { compileSpec, createMachine, runTests, type Step } from '../../src/engine/index.js';
import type { State } from '../../src/model/value.js';
import { parseItf } from '../../src/trace/itf-reader.js';
import { testBridge, unwrap } from '../quint.js';
import { stateText } from './quint-oracle.js';

const SPECS = readdirSync('specs')
  .filter(file => file.endsWith('.qnt'))
  .sort()
  .map(file => path.basename(file, '.qnt'));

function withoutMetadata(state: State): State {
  return new Map([...state].filter(([name]) => !name.startsWith('mbt::')));
}

describe('specs', { timeout: 300_000 }, () => {
  it.each(SPECS)('%s', async name => {
    const door = await testBridge();
    const spec = unwrap(await loadSpec(door, path.join('specs', `${name}.qnt`), name));
    const compiled = unwrap(compileSpec(spec));
    const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step' }));
    const sampled = unwrap(await sampleTraces(door, spec, { seeds: [11], traces: 2, maxSteps: 10 }));
    for (const { itf } of sampled) {
      const states = unwrap(parseItf(itf)).states.map(state => state.values);
      for (const [i, state] of states.entries()) {
        const before = states[i - 1];
        const to = withoutMetadata(state);
        const step =
          before === undefined ? machine.allowedInit(to) : machine.allowed(withoutMetadata(before), to);
        expect(unwrap(step), `step ${i} of a trace of Quint`).toBeDefined();
        if (before === undefined) continue;
        // Several actions may lead to the same state: Quint's must be among them.
        const actions: (string | undefined)[] = [];
        const visit = (way: Step): undefined => {
          if (stateText(way.state) === stateText(to)) actions.push(way.action);
        };
        unwrap(machine.successors(withoutMetadata(before), visit));
        expect(actions).toContain(state.get('mbt::actionTaken'));
      }
    }
    expect(runTests(compiled, { seed: '1', maxSamples: 20 }).failed).toEqual([]);
  });
});
