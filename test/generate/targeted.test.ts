import { describe, expect, it } from 'vitest';
import { compileAim } from '../../src/generate/search/aim.js';
import type { Ground } from '../../src/generate/strategies/strategy.js';
import { targetedPropertyViolation } from '../../src/generate/strategies/targeted-property-violation.js';
import type { Property } from '../../src/model/model.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { loadFile, loadText, unwrap } from '../quint.js';
import { expectRun, groundOf, searched, textOfWay } from './open-ground.js';

// Three counters; only one corner of the cube is bad, and all ways there are long.
const CUBE = `module cube {
  var at: str -> int
  var noise: Set[int]
  pure val AXES = Set("a", "b", "c")
  action init = all { at' = AXES.mapBy(_ => 0), noise' = Set() }
  action move(axis: str): bool = all { at' = at.setBy(axis, n => n + 1), noise' = noise }
  action back(axis: str): bool = all { at.get(axis) > 0, at' = at.setBy(axis, n => n - 1), noise' = noise }
  action chatter(n: int): bool = all { at' = at, noise' = noise.union(Set(n)) }
  action step = any {
    nondet axis = AXES.oneOf()
    move(axis),
    nondet axis = AXES.oneOf()
    back(axis),
    nondet n = 1.to(9).oneOf()
    chatter(n),
  }
  val inv_corner = not(AXES.forall(axis => at.get(axis) >= 4))
  val inv_sum = AXES.fold(0, (n, axis) => n + at.get(axis)) < 1000
  temporal stays = always(at.get("a") < 3)
  temporal returns = always(at.get("a") > 0 implies eventually(at.get("a") == 0))
}`;

const HALTING = `module halting {
  type Stage = Idle | Busy | Stuck
  var stage: Stage
  var n: int
  action init = all { stage' = Idle, n' = 0 }
  action go = all { stage == Idle, stage' = Busy, n' = n + 1 }
  action end = all { stage == Busy, n < 3, stage' = Idle, n' = n }
  action jam = all { stage == Busy, n == 3, stage' = Stuck, n' = n }
  action step = any { go, end, jam }
  temporal settles = always(stage != Idle implies eventually(stage == Idle))
}`;

function aimedAt(ground: Ground, ...names: string[]): Ground {
  const all = [...ground.model.invariants, ...ground.model.temporalProperties];
  return { ...ground, targets: names.map(name => named(all, name)) };
}

function named(all: readonly Property[], name: string): Property {
  return must(
    all.find(property => property.name === name),
    name,
  );
}

function textOf({ finds, spent }: ReturnType<typeof searched>): string {
  return JSON.stringify([finds.map(({ ways, ...rest }) => [rest, ways.map(textOfWay)]), spent]);
}

describe('targeted_property_violation', async () => {
  const cube = groundOf(await loadText(CUBE), 20);
  const search = (ground: Ground, budget: number, seed = '1') =>
    searched(targetedPropertyViolation, ground, budget, 0, seed);

  it('finds a violation that is far away, and says so', () => {
    const ground = aimedAt(cube, 'inv_corner');
    for (const seed of ['1', '2', '3']) {
      const { finds, spent } = search(ground, 20_000, seed);
      expect(finds).toMatchObject([{ aim: 'inv_corner', violates: 'inv_corner', distance: 0 }]);
      const find = must(finds[0], 'a find');
      expectRun(ground, find);
      const aim = unwrap(compileAim(cube.machine.compiled, must(ground.targets[0], 'target')));
      expect(unwrap(aim.distance(must(find.ways.at(-1), 'a way').state))).toBe(0);
      expect(spent.states).toBeLessThan(2000);
    }
  });

  it('finds a violation of a safety property that is written as a temporal one', () => {
    const { finds } = search(aimedAt(cube, 'stays'), 5000);
    expect(finds).toMatchObject([{ violates: 'stays', distance: 0 }]);
  });

  it('keeps the nearest misses of a property that holds, nearest first', () => {
    const ground = aimedAt(cube, 'inv_sum');
    const aim = unwrap(compileAim(cube.machine.compiled, must(ground.targets[0], 'target')));
    const { finds, spent } = search(ground, 3000);
    expect(spent).toMatchObject({ states: 3000, exhausted: false });
    expect(finds.length).toBeGreaterThan(1);
    const distances = finds.map(({ distance }) => must(distance, 'a distance'));
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
    for (const find of finds) {
      expect(find.violates).toBeUndefined();
      expectRun(ground, find);
      const last = must(find.ways.at(-1), 'a way').state;
      expect(unwrap(aim.distance(last))).toBe(find.distance);
    }
  });

  it('does not call a state at stake of a liveness property a violation', () => {
    const { finds } = search(aimedAt(cube, 'returns'), 500);
    expect(finds.length).toBeGreaterThan(0);
    for (const find of finds) expect(find).toMatchObject({ distance: 0, aim: 'returns' });
    expect(finds.some(({ violates }) => violates !== undefined)).toBe(false);
  });

  it('tells of a schedule that ends where a liveness property is at stake', async () => {
    const ground = aimedAt(groundOf(await loadText(HALTING), 20), 'settles');
    const { finds, spent } = search(ground, 1000);
    expect(spent.exhausted).toBe(true);
    const first = must(finds[0], 'a find');
    expect(first.distance).toBe(0);
    expect(first.ways.at(-1)?.action).toBe('jam');
  });

  it('does not go beyond the budget or the greatest length', () => {
    const ground = { ...aimedAt(cube, 'inv_sum'), maxLength: 3 };
    for (const budget of [1, 7, 100]) expect(search(ground, budget).spent.states).toBeLessThanOrEqual(budget);
    const { finds, spent } = search(ground, 100_000);
    // What is cut off by the length may be nearer another way.
    expect(spent.exhausted).toBe(false);
    for (const { ways } of finds) expect(ways.length).toBeLessThanOrEqual(4);
  });

  it('stops when no more finds are wanted', () => {
    let told = 0;
    const ground = aimedAt(cube, 'inv_sum');
    const random = createRandom('stop');
    unwrap(
      targetedPropertyViolation.search(ground, {
        part: 0,
        random,
        budget: 500,
        keep: () => {
          told++;
          return false;
        },
      }),
    );
    expect(told).toBe(1);
  });

  it('depends on nothing but the ground and the random stream', () => {
    const ground = aimedAt(cube, 'inv_corner', 'inv_sum');
    expect(targetedPropertyViolation.parts(ground)).toBe(2);
    for (const budget of [300, 3000])
      expect(textOf(search(ground, budget))).toBe(textOf(search(ground, budget)));
  });

  it.each([
    ['specs/broken/locking.qnt', 'MutualExclusion'],
    ['specs/broken/resharing.qnt', 'NewSharesAgree'],
    ['specs/broken/byzantine_consensus.qnt', 'DecisionHasQuorum'],
  ])('finds the planted bug of %s', async (file, property) => {
    const ground = aimedAt(groundOf(await loadFile(file), 20), property);
    const { finds } = search(ground, 30_000);
    expect(finds).toMatchObject([{ violates: property, distance: 0 }]);
    expectRun(ground, must(finds[0], 'a find'));
  });
});
