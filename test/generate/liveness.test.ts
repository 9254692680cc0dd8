// Schedules for temporal properties: of a spec that breaks one, the behaviour that does, which the evaluation on a given
// trace confirms; of a good one, schedules that starve it and then heal. Each is a run of the spec within its bounds.
import { describe, expect, it } from 'vitest';
import { compileSpec, createMachine } from '../../src/engine/index.js';
import type { Find } from '../../src/generate/find.js';
import { readSetting } from '../../src/generate/setting.js';
import { livenessUnderFairness } from '../../src/generate/strategies/liveness-under-fairness.js';
import type { Ground, Spent } from '../../src/generate/strategies/strategy.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Spec } from '../../src/model/spec.js';
import { takenActions } from '../../src/model/taken-action.js';
import type { State, Value } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { loadFile, loadText, unwrap } from '../quint.js';
import { propertyOf, verdictOf } from '../verify/temporal/support.js';

interface Options {
  readonly property: string;
  readonly budget?: number;
  readonly maxLength?: number;
  readonly intensity?: number;
  readonly seed?: string;
}

function groundOf(spec: Spec, { property, maxLength = 30, intensity = 0.5 }: Options): Ground {
  const model = buildModel(spec);
  const machine = unwrap(createMachine(unwrap(compileSpec(spec)), { init: 'init', step: 'step' }));
  return {
    model,
    machine,
    setting: readSetting(model, () => undefined),
    targets: model.temporalProperties.filter(({ name }) => name === property),
    maxLength,
    chaos: { enabled: true, intensity, byzantineRatio: 0.3 },
  };
}

/** What the strategy finds for one property, each find a run of the spec and what it says of itself true. */
function search(spec: Spec, options: Options): { finds: readonly Find[]; spent: Spent; ground: Ground } {
  const ground = groundOf(spec, options);
  expect(livenessUnderFairness.parts(ground)).toBe(1);
  const finds: Find[] = [];
  const { budget = 40_000, seed = 'liveness' } = options;
  const keep = (find: Find) => finds.push(find) > 0;
  const random = createRandom(seed);
  const spent = unwrap(livenessUnderFairness.search(ground, { part: 0, random, budget, keep }));
  expect(spent.states).toBeLessThanOrEqual(budget);
  for (const find of finds) {
    expect(find).toMatchObject({ strategy: 'liveness_under_fairness', aim: options.property });
    expect(find.ways.length - 1).toBeLessThanOrEqual(ground.maxLength);
    expectRun(ground, find);
    expectVerdict(ground, find, options.property);
  }
  return { finds, spent, ground };
}

function expectRun({ machine }: Ground, { ways }: Find): void {
  for (const [i, way] of ways.entries()) {
    const before = ways[i - 1];
    const { state } = way.step();
    const taken = before ? machine.allowed(before.step().state, state) : machine.allowedInit(state);
    expect(unwrap(taken)).toBeDefined();
  }
}

function expectVerdict({ machine }: Ground, { ways, violates, loop }: Find, name: string): void {
  const states = ways.map(way => way.step().state);
  const { verdict } = verdictOf(propertyOf(machine.compiled, name), states, loop ?? 'open');
  if (violates === undefined) expect(verdict).not.toBe('violated');
  else expect({ violates, verdict }).toEqual({ violates: name, verdict: 'violated' });
}

function actionsOf({ ways }: Find): readonly (string | undefined)[] {
  return ways.map(({ action }) => action);
}

/** The value of a variable by the last part of its name. */
function variable(state: State, wanted: string): Value {
  return must([...state].find(([name]) => name.split('::').at(-1) === wanted)?.[1], wanted);
}

describe('a spec that breaks a temporal property', () => {
  it.each([
    ['recovery', 'RecoveryCompletes'],
    ['dkd', 'EveryoneEnds'],
    ['crdt_journal', 'Convergence'],
  ])('gives the behaviour of the broken %s that breaks %s', async (name, property) => {
    const { finds, spent } = search(await loadFile(`specs/broken/${name}.qnt`), { property });
    expect(finds).toHaveLength(1);
    expect(finds[0]).toMatchObject({ violates: property, distance: 0 });
    expect(finds[0]?.loop).toBe(must(finds[0], 'find').ways.length - 1);
    expect(spent.exhausted).toBe(true);
  });

  // Five counters fill up, in any order; when the first two are half full, the request may be lost.
  const DEEP = `module deep {
    var counts: int -> int
    var request: str
    action init = all { counts' = 0.to(4).mapBy(i => 0), request' = "none" }
    action fill(i) = all { counts.get(i) < 9, counts' = counts.setBy(i, c => c + 1), request' = request }
    action ask = all { request == "none", request' = "asked", counts' = counts }
    action loseRequest = all { request == "asked", counts.get(0) > 3, counts.get(1) > 3, request' = "lost", counts' = counts }
    action answer = all { request == "asked", request' = "done", counts' = counts }
    action step = any { fill(0), fill(1), fill(2), fill(3), fill(4), ask, loseRequest, answer }
    temporal Answered = weakFair(answer, (counts, request)) implies always(request == "asked" implies eventually(request == "done"))
    temporal Asked = eventually(request == "asked")
    temporal NeverLost = always(request != "lost")
  }`;

  it('is found out by a walk where not all states can be looked at', async () => {
    const { finds } = search(await loadText(DEEP), { property: 'Answered', budget: 12_000, maxLength: 60 });
    expect(finds).toHaveLength(1);
    const find = must(finds[0], 'a find');
    expect(find).toMatchObject({ violates: 'Answered', loop: find.ways.length - 1 });
    expect(actionsOf(find)).toContain('loseRequest');
    // The shortest that there is has 10 steps.
    expect(find.ways.length - 1).toBeGreaterThan(10);
  });

  it('is told of by a schedule without a loop where that alone decides', async () => {
    const { finds } = search(await loadText(DEEP), { property: 'NeverLost', budget: 200_000 });
    expect(finds).toHaveLength(1);
    expect(finds[0]).toMatchObject({ violates: 'NeverLost' });
    expect(finds[0]?.loop).toBeUndefined();
    expect(finds[0]?.ways).toHaveLength(11);
  });

  it('has to break it within the longest schedule', async () => {
    const short = search(await loadText(DEEP), { property: 'NeverLost', budget: 200_000, maxLength: 9 });
    expect(short.finds).toEqual([]);
  });

  it('does not count as broken because a behaviour may stop where nothing says that it may not', async () => {
    const { finds } = search(await loadText(DEEP), { property: 'Asked', budget: 2_000 });
    expect(finds.length).toBeGreaterThan(0);
    for (const find of finds) {
      expect(find.violates).toBeUndefined();
      expect(actionsOf(find).at(-1)).toBe('ask');
    }
  });
});

describe('a good spec', () => {
  it('gives schedules that starve recovery and then heal', async () => {
    const property = 'RecoveryCompletes';
    const { finds, spent } = search(await loadFile('specs/recovery.qnt'), { property });
    expect(finds.length).toBeGreaterThanOrEqual(3);
    expect(spent.exhausted).toBe(false);
    for (const { ways, violates } of finds) {
      expect(violates).toBeUndefined();
      const open = ways.map(way => {
        const { state } = way.step();
        const devices = variable(state, 'active');
        const recovered =
          typeof devices === 'object' && devices.kind === 'set' && devices.items.join() === 'new';
        return Number(variable(state, 'attempt')) > 0 && !recovered;
      });
      // At stake for some steps, and just recovered in the last state.
      expect(open.filter(Boolean).length).toBeGreaterThan(5);
      expect([open.at(-2), open.at(-1)]).toEqual([true, false]);
    }
    expect(new Set(finds.map(find => [...actionsOf(find)].sort().join())).size).toBe(finds.length);
  });

  it('has its crashed members restarted in the end', async () => {
    const property = 'CrashedComeBack';
    const { finds } = search(await loadFile('specs/crdt_journal.qnt'), { property, budget: 10_000 });
    expect(finds.length).toBeGreaterThan(0);
    for (const find of finds) {
      expect(actionsOf(find)).toContain('crash');
      expect(actionsOf(find).at(-1)).toBe('restart');
    }
  });

  it('gives the same for the same seed, and nothing without a budget', async () => {
    const spec = await loadFile('specs/dkd.qnt');
    const found = (options: Partial<Options>) =>
      search(spec, { property: 'EveryoneEnds', budget: 4_000, ...options }).finds.map(actionsOf);
    expect(found({})).toEqual(found({}));
    expect(found({ seed: 'other' })).not.toEqual(found({}));
    expect(found({ budget: 0 })).toEqual([]);
  });

  it('is treated the harsher the higher the intensity', async () => {
    const spec = await loadFile('specs/recovery.qnt');
    const adverse = (intensity: number): number => {
      const { finds, ground } = search(spec, { property: 'RecoveryCompletes', intensity, budget: 15_000 });
      const taken = takenActions(ground.model);
      const kinds = finds.flatMap(({ ways }) => ways.map(way => taken(way)?.kind));
      return kinds.filter(kind => kind === 'byzantine' || kind === 'fault').length / kinds.length;
    };
    expect(adverse(1)).toBeGreaterThan(adverse(0));
  });

  it('has one part for each property that asks for something and one for all others', async () => {
    const spec = await loadFile('specs/crdt_journal.qnt');
    const model = buildModel(spec);
    const ground = {
      ...groundOf(spec, { property: '' }),
      targets: [...model.invariants, ...model.temporalProperties],
    };
    expect(livenessUnderFairness.parts(ground)).toBe(3);
    expect(livenessUnderFairness.parts({ ...ground, targets: model.invariants })).toBe(0);
  });
});
