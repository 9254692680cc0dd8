// Exact numbers of states on models that are known from elsewhere, and shortest counterexamples.
import { describe, expect, it } from 'vitest';
import { createMachine, explore } from '../../src/engine/index.js';
import { showValue } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { unwrap } from '../quint.js';
import { compileText } from './support.js';
import { twoPhase } from './two-phase.js';

async function exploreTwoPhase(managers: number, invariants: string[], bounds = {}) {
  const compiled = await compileText(twoPhase(managers), 'two_phase');
  return unwrap(explore(unwrap(createMachine(compiled, { init: 'init', step: 'step', invariants })), bounds));
}

describe('explore', { timeout: 60_000 }, () => {
  // Stateright's tests give 288 for 3 and 8,832 for 5; TLC the same.
  it.each([
    [3, 288],
    [5, 8832],
  ])('finds the states of two-phase commit with %i resource managers', async (managers, states) => {
    const found = await exploreTwoPhase(managers, ['consistent']);
    expect(found).toMatchObject({ distinctStates: states, complete: true, violation: undefined });
  });

  it('counts depth, transitions and deadlocks of a chain', async () => {
    const compiled = await compileText(`module chain {
      var x: int
      action init = x' = 0
      action step = all { x < 5, any { x' = x + 1, x' = x, { nondet d = Set(1, 1 + 0).oneOf() x' = x + d } } }
    }`);
    const found = unwrap(explore(unwrap(createMachine(compiled, { init: 'init', step: 'step' }))));
    expect(found).toMatchObject({
      distinctStates: 6,
      transitions: 10,
      depth: 5,
      deadlocks: 1,
      complete: true,
    });
  });

  it('reports a shortest counterexample with its actions and picks', async () => {
    const { violation } = await exploreTwoPhase(2, ['consistent', 'nobodyCommits']);
    const found = must(violation, 'violation');
    expect(found.invariant).toBe('nobodyCommits');
    expect(found.trace.map(step => step.action)).toEqual([
      'init',
      'rmPrepare',
      'tmRcvPrepared',
      'rmPrepare',
      'tmRcvPrepared',
      'tmCommit',
      'rmRcvCommitMsg',
    ]);
    const last = must(found.trace.at(-1), 'last step');
    expect(last.args.map(([name, value]) => `${name}=${showValue(value)}`)).toEqual(['rm="r1"']);
    expect(last.picks).toEqual([['rm', 'r1']]);
    expect(found.step).toBe(6);
  });

  it('stops at its bounds and says that it is not complete', async () => {
    expect(await exploreTwoPhase(3, [], { maxDepth: 2 })).toMatchObject({ complete: false, depth: 2 });
    const cut = await exploreTwoPhase(5, [], { maxStates: 100 });
    expect(cut.complete).toBe(false);
    expect(cut.distinctStates).toBeLessThan(150);
  });
});
