// What a survey tells of the actions of a spec: each step counts for the disjunct that it took, however `step` is written.
import { describe, expect, it } from 'vitest';
import { survey } from '../../src/derive/survey.js';
import { compileSpec } from '../../src/engine/index.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Spec } from '../../src/model/spec.js';
import { loadText, unwrap } from '../quint.js';

function surveyed(spec: Spec, step = 'step') {
  const entry = { init: 'init', step };
  const model = buildModel(spec, undefined, entry);
  const found = unwrap(survey(unwrap(compileSpec(spec)), model, { ...entry, maxStates: 500, seed: '0' }));
  return { ...found, counts: found.actions.map(({ name, enabledIn, steps }) => [name, enabledIn, steps]) };
}

describe('steps are counted for the action that was taken', async () => {
  const counter = await loadText(`module counter {
    var n: int
    action init = n' = 0
    action inc = all { n < 5, n' = n + 1 }
    action add(k: int): bool = all { n < 5, n' = n + k }
    action either = any { all { n < 5, n' = n + 1 }, all { n > 8, n' = 0 } }
    action never = all { n > 8, n' = 0 }
    action alone = inc
    action guarded = all { n >= 0, add(1) }
    action drawn = { nondet k = 1.to(2).oneOf() add(k) }
    action choosing = any { either, never }
    action branching = if (n == 0) inc else add(1)
    action inPlace = any {
      inc,
      all { n > 1, n' = 0 }, all { n == 5, n' = 1 },
      all { n == 7, n' = 1 },
    }
  }`);
  it.each<readonly [string, readonly (readonly [string, number, number])[], number]>([
    ['alone', [['inc', 5, 5]], 1],
    ['guarded', [['add', 5, 5]], 1],
    ['drawn', [['add', 5, 10]], 2],
    [
      'choosing',
      [
        ['either', 5, 5],
        ['never', 0, 0],
      ],
      1,
    ],
    [
      'branching',
      [
        ['inc', 1, 1],
        ['add', 4, 4],
      ],
      1,
    ],
  ])('%s', (step, counts, deadlocks) => {
    const found = surveyed(counter, step);
    expect(found.counts).toEqual(counts);
    expect(found).toMatchObject({ complete: true, deadlocks });
  });

  it('disjuncts without a name are told apart', () => {
    const { counts, deadlocks } = surveyed(counter, 'inPlace');
    expect(counts).toEqual([
      ['inc', 5, 5],
      [expect.stringMatching(/^anonymous@/), 4, 4],
      [expect.stringMatching(/^anonymous@/), 1, 1],
      [expect.stringMatching(/^anonymous@/), 0, 0],
    ]);
    expect(deadlocks).toBe(0);
  });

  it('actions of several instances each for itself', async () => {
    const spec = await loadText(`module one { const MOST: int var x: int
      action start = x' = 0
      action up = all { x < MOST, x' = x + 1 }
    }
    module spec {
      import one(MOST = 2) as a
      import one(MOST = 0) as b
      action init = all { a::start, b::start }
      action step = any { all { a::up, b::x' = b::x }, all { b::up, a::x' = a::x } }
    }`);
    const { counts, states, deadlocks } = surveyed(spec);
    expect(counts).toEqual([
      ['a::up', 2, 2],
      ['b::up', 0, 0],
    ]);
    expect({ states, deadlocks }).toEqual({ states: 3, deadlocks: 1 });
  });
});
