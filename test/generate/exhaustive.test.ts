// The exhaustive strategy held against an exploration that reduces nothing and keeps every way: what occurs there occurs
// in its finds, in schedules that are as short.
import { beforeAll, describe, expect, it } from 'vitest';
import { createMachine, type EngineState, explore, StateStore, type Way } from '../../src/engine/index.js';
import type { Find } from '../../src/generate/find.js';
import { exhaustiveSmallTraces } from '../../src/generate/strategies/exhaustive-small-traces.js';
import type { Ground } from '../../src/generate/strategies/strategy.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { loadFile, loadText, unwrap } from '../quint.js';
import { expectRun, groundOf, searched, textOfWay } from './open-ground.js';

// Two clerks who nobody tells apart; the desk may be left in a dead end, and one of them may take too many.
const DESK = `module desk {
  type Step = Idle | Busy | Shut
  pure val CLERKS = Set("ada", "bob", "eve")
  var at: str -> Step
  var taken: Set[str]
  action init = all { at' = CLERKS.mapBy(c => Idle), taken' = Set() }
  action take(c: str): bool = all { at.get(c) == Idle, at' = at.set(c, Busy), taken' = taken.union(Set(c)) }
  action rest(c: str): bool = all { at.get(c) == Busy, at' = at.set(c, Idle), taken' = taken }
  action shut(c: str): bool = all {
    at.get(c) == Busy,
    taken.size() > 1,
    at' = CLERKS.mapBy(d => Shut),
    taken' = taken,
  }
  action step = any {
    { nondet c = CLERKS.oneOf() take(c) },
    { nondet c = CLERKS.oneOf() rest(c) },
    { nondet c = CLERKS.oneOf() shut(c) },
  }
  /// @invariant
  val NeverAll: bool = taken.size() < 3
  /// @invariant
  val ShutTogether: bool = CLERKS.exists(c => at.get(c) == Shut) implies CLERKS.forall(c => at.get(c) == Shut)
}`;

interface Shortest {
  /** Least number of steps by what occurs: an action, a pair of actions, a dead end after an action. */
  readonly byClass: ReadonlyMap<string, number>;
}

/** Every way from every state within the length, without reduction. */
function bruteForce({ machine, maxLength }: Ground): Shortest {
  const byClass = new Map<string, number>();
  const note = (name: string, steps: number): void => {
    if (steps <= maxLength && steps < (byClass.get(name) ?? Number.POSITIVE_INFINITY))
      byClass.set(name, steps);
  };
  const store = new StateStore(machine.compiled.variables.length);
  const depths: number[] = [];
  /** By state: actions that lead to it, each with the least number of steps. */
  const arrivals: Map<string, number>[] = [];
  const meet = ({ state, action }: Way, steps: number): true => {
    const number = store.add(state);
    depths[number] ??= steps;
    arrivals[number] ??= new Map();
    const known = must(arrivals[number], 'arrivals');
    known.set(`${action}`, Math.min(steps, known.get(`${action}`) ?? steps));
    return true;
  };
  const enabled: (Set<string> | undefined)[] = [];
  unwrap(machine.ways(undefined, undefined, way => meet(way, 0)));
  for (let at = 0; at < store.size && must(depths[at], 'depth') < maxLength; at++) {
    const state: EngineState = store.get(at);
    const actions = new Set<string>();
    const steps = must(depths[at], 'depth') + 1;
    unwrap(
      machine.ways(state, undefined, way => {
        actions.add(`${way.action}`);
        note(`action ${way.action}`, steps);
        return meet(way, steps);
      }),
    );
    enabled[at] = actions;
  }
  for (const [at, actions] of enabled.entries())
    for (const [before, steps] of arrivals[at] ?? []) {
      for (const then of actions ?? []) note(`${before} ${then}`, steps + 1);
      if (actions?.size === 0) note(`dead end after ${before}`, steps);
    }
  return { byClass };
}

function classesOf(ground: Ground, finds: readonly Find[]): Map<string, number> {
  const byClass = new Map<string, number>();
  const note = (name: string, steps: number): void => {
    byClass.set(name, Math.min(steps, byClass.get(name) ?? steps));
  };
  for (const { ways } of finds) {
    const actions = ways.map(({ action }) => `${action}`);
    for (const [i, action] of actions.entries()) {
      if (i > 0) note(`action ${action}`, i);
      if (i > 0) note(`${actions[i - 1]} ${action}`, i);
    }
    const last = must(ways.at(-1), 'a last way');
    let isDead = ways.length <= ground.maxLength;
    unwrap(
      ground.machine.ways(last.state, undefined, () => {
        isDead = false;
        return false;
      }),
    );
    if (isDead) note(`dead end after ${last.action}`, ways.length - 1);
  }
  return byClass;
}

describe.each([
  ['a desk', async () => loadText(DESK), 6, 10_000],
  ['specs/dkd.qnt', async () => loadFile('specs/dkd.qnt'), 9, 20_000],
  ['specs/recovery.qnt', async () => loadFile('specs/recovery.qnt'), 9, 20_000],
  ['specs/resharing.qnt', async () => loadFile('specs/resharing.qnt'), 7, 20_000],
  ['specs/crdt_journal.qnt', async () => loadFile('specs/crdt_journal.qnt'), 5, 20_000],
] as const)('schedules of %s', (_, load, maxLength, budget) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = groundOf(await load(), maxLength);
  });

  it('are runs of the spec and cover what a search without reduction meets, as soon', () => {
    const { finds, spent } = searched(exhaustiveSmallTraces, ground, budget);
    expect(spent.exhausted).toBe(true);
    for (const find of finds) expectRun(ground, find);
    const expected = bruteForce(ground).byClass;
    expect([...classesOf(ground, finds)].sort()).toEqual([...expected].sort());
  });

  it('are all different', () => {
    const { finds } = searched(exhaustiveSmallTraces, ground, budget);
    const texts = finds.map(({ ways, aim, violates }) => `${ways.map(textOfWay).join()} ${aim} ${violates}`);
    expect(new Set(texts).size).toBe(texts.length);
  });
});

describe('the exhaustive strategy', () => {
  it('finds what puts a property at stake and what violates one, in the fewest steps', async () => {
    const { finds } = searched(exhaustiveSmallTraces, groundOf(await loadText(DESK), 6), 10_000);
    const violating = finds.filter(({ violates }) => violates !== undefined);
    expect(violating.map(({ violates, ways }) => [violates, ways.length - 1])).toEqual([['NeverAll', 3]]);
    const shut = finds.find(({ aim, violates }) => aim === 'ShutTogether' && violates === undefined);
    expect(shut?.ways.map(({ action }) => action)).toEqual(['init', 'take', 'take', 'shut']);
  });

  it('finds a planted bug at the depth at which an exploration finds it', async () => {
    const ground = groundOf(await loadFile('specs/broken/resharing.qnt'), 12);
    const { finds } = searched(exhaustiveSmallTraces, ground, 60_000);
    const found = finds.filter(({ violates }) => violates === 'NewSharesAgree');
    const options = { init: 'init', step: 'step', invariants: ['NewSharesAgree'] };
    const machine = unwrap(createMachine(ground.machine.compiled, options));
    const { violation } = unwrap(explore(machine));
    expect(found.map(({ ways }) => ways.length - 1)).toEqual([violation?.step]);
  });

  it('keeps to its budget and says that more is to be found', async () => {
    const ground = groundOf(await loadFile('specs/recovery.qnt'), 20);
    for (const budget of [0, 1, 7, 500]) {
      const { finds, spent } = searched(exhaustiveSmallTraces, ground, budget);
      expect(spent).toEqual({ states: budget, exhausted: false });
      for (const find of finds) expectRun(ground, find);
    }
  });

  it('stops when no more is wanted, and has one part', async () => {
    const ground = groundOf(await loadText(DESK), 6);
    let told = 0;
    const keep = () => ++told < 3;
    unwrap(
      exhaustiveSmallTraces.search(ground, { part: 0, random: createRandom('1'), budget: 10_000, keep }),
    );
    expect(told).toBe(3);
    expect(exhaustiveSmallTraces.parts(ground)).toBe(1);
  });

  it('tells of the start of a spec that ends at once', async () => {
    const text = "module stuck { var x: int action init = x' = 1 action step = all { x > 1, x' = 2 } }";
    const { finds, spent } = searched(exhaustiveSmallTraces, groundOf(await loadText(text), 5), 100);
    expect(finds.map(({ ways }) => ways.length)).toEqual([1]);
    expect(spent).toEqual({ states: 1, exhausted: true });
  });
});
