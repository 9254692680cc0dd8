// The specs that only benchmarks use: Quint accepts them, they are no larger than they should be, and what they claim
// holds as far as a short exploration sees.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileSpec, createMachine, explore } from '../src/engine/index.js';
import { buildModel } from '../src/model/build-model.js';
import { loadFile, ROOT, unwrap } from './quint.js';

const FOLDER = path.join('bench', 'specs');
const FILES = readdirSync(path.join(ROOT, FOLDER))
  .filter(file => file.endsWith('.qnt'))
  .sort();

describe('a spec of the benchmarks', { timeout: 120_000 }, () => {
  it.each(FILES)('%s', async file => {
    const lines = readFileSync(path.join(ROOT, FOLDER, file), 'utf8').split('\n').length;
    expect(lines).toBeGreaterThan(40);
    expect(lines).toBeLessThan(150);
    const spec = await loadFile(path.join(FOLDER, file));
    expect(spec.main).toBe(path.basename(file, '.qnt'));
    const model = buildModel(spec);
    expect(model.actions.length).toBeGreaterThanOrEqual(4);
    const invariants = model.invariants.map(({ name }) => name);
    expect(invariants).toHaveLength(1);
    const compiled = unwrap(compileSpec(spec));
    const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step', invariants }));
    const explored = unwrap(explore(machine, { maxStates: 20_000 }));
    expect(explored).toMatchObject({ complete: false, violation: undefined, deadlocks: 0 });
  });
});
