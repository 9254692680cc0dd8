import { describe, expect, it } from 'vitest';
import { StateStore } from '../../src/engine/index.js';
import { randomWalk } from '../../src/generate/strategies/random-walk.js';
import { must } from '../../src/util/assert.js';
import { SPECS } from '../engine/specs-of-project.js';
import { loadFile, loadText } from '../quint.js';
import { expectRun, groundOf, searched, textOfWay } from './open-ground.js';

const TREE = `module tree {
  var x: int
  var y: int
  action init = {
    nondet n = Set(0, 10, 20).oneOf()
    all { x' = n, y' = 0 }
  }
  action up = all { x < 25, x' = x + 1, y' = y }
  action rarely = all { x == 3, y == 0, x' = x, y' = 1 }
  action inner = any { up, rarely }
  action jump(n: int): bool = all { n > y, x' = x + 1, y' = n }
  action step = any {
    inner,
    {
      nondet n = 0.to(4).oneOf()
      any {
        jump(n),
        all { y == 4, n == 0, x' = n, y' = n },
      }
    },
  }
}`;

const ENDING = `module ending {
  var x: int
  action init = x' = 0
  action step = all { x < 3, x' = x + 1 }
}`;

describe('random_walk', async () => {
  const tree = groundOf(await loadText(TREE), 12);

  it('gives runs of the spec, of the greatest length where nothing ends them', () => {
    const { finds, spent } = searched(randomWalk, tree, 1300);
    for (const find of finds) expectRun(tree, find);
    expect(spent).toEqual({ states: 1300, exhausted: false });
    expect(finds.reduce((sum, { ways }) => sum + ways.length, 0)).toBe(1300);
    expect(finds.every(({ ways }) => ways.length === 13)).toBe(true);
  });

  it('starts in every initial state and takes every branch, named or not', () => {
    const { finds } = searched(randomWalk, tree, 2600);
    const starts = new Set(finds.map(({ ways }) => textOfWay(must(ways[0], 'a way'))));
    expect(starts.size).toBe(3);
    const actions = new Set(finds.flatMap(({ ways }) => ways.slice(1).map(({ action }) => action)));
    expect([...actions].sort()).toEqual(['jump', 'rarely', 'up', undefined]);
  });

  it('ends a walk early where no step is possible', async () => {
    const { finds } = searched(randomWalk, groundOf(await loadText(ENDING), 12), 40);
    expect(finds.map(({ ways }) => ways.length)).toEqual(Array.from({ length: 10 }, () => 4));
    expect(finds.every(({ ways }) => ways[1]?.action === 'step')).toBe(true);
  });

  it('gives up where nothing starts', async () => {
    const spec = await loadText(
      "module none { var x: int action init = all { false, x' = 0 } action step = x' = x }",
    );
    const { finds, spent } = searched(randomWalk, groundOf(spec, 5), 100);
    expect(finds).toEqual([]);
    expect(spent).toEqual({ states: 0, exhausted: true });
  });

  it('stays within the budget, and depends on nothing but the ground and the random stream', () => {
    const texts = ['a', 'a', 'b'].map(seed => {
      const { finds, spent } = searched(randomWalk, tree, 57, 0, seed);
      expect(spent.states).toBe(57);
      return JSON.stringify(finds.map(({ ways }) => ways.map(textOfWay)));
    });
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).not.toBe(texts[2]);
  });

  it.each(SPECS)('takes every action of %s that is ever possible near the start', async file => {
    const ground = groundOf(await loadFile(file), 20);
    const near = new Set<string | undefined>();
    const store = new StateStore(ground.machine.compiled.variables.length);
    for (let done = -1; done < 150; done++) {
      const from = done < 0 ? undefined : store.get(done);
      if (done >= store.size) break;
      ground.machine.ways(from, undefined, ({ action, state }) => {
        if (done >= 0) near.add(action);
        return store.add(state) >= 0;
      });
    }
    const { finds } = searched(randomWalk, ground, 10_000);
    const taken = new Set(finds.flatMap(({ ways }) => ways.slice(1).map(({ action }) => action)));
    for (const action of near) expect(taken).toContain(action);
    expectRun(ground, must(finds.at(-1), 'a find'));
  });
});
