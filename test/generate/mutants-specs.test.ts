// How good the properties of the project's own specs are: of the mutants that reach other states than the spec, at
// least nine in ten are noticed. The bound on the states keeps this short; without it the numbers are the same.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeShare } from '../../src/generate/mutants/mutate-task.js';
import { buildModel } from '../../src/model/build-model.js';
import { loadFile, ROOT, unwrap } from '../quint.js';

const SPECS = readdirSync(path.join(ROOT, 'specs'))
  .filter(name => name.endsWith('.qnt'))
  .sort();

describe.each(SPECS)('specs/%s', file => {
  it('has properties that notice a weaker guard', { timeout: 120_000 }, async () => {
    const model = buildModel(await loadFile(`specs/${file}`));
    const task = { model, init: 'init', step: 'step', maxStates: 4_000 };
    const { mutants, violated } = unwrap(judgeShare(task, 0, 1, () => undefined));
    expect(violated).toEqual([]);
    const count = (verdict: string) => mutants.filter(mutant => mutant.verdict === verdict).length;
    expect(count('killed')).toBeGreaterThan(15);
    expect(count('skipped')).toBeLessThan(4);
    expect(count('killed') / (count('killed') + count('survived'))).toBeGreaterThanOrEqual(0.9);
  });
});
