// Variations: whatever the scenario, they are valid, different, told apart by name, and the same for the same seed. With
// a spec only schedules that it allows are made: told here for a protocol whose legal orders can be counted by hand.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Scenario, ScenarioStep } from '../../generated/scenario.js';
import { createEvaluator } from '../../src/generate/evaluator.js';
import { writeScenarioText } from '../../src/generate/scenario-text.js';
import { memberConstant } from '../../src/generate/vary/members.js';
import { createReplayer, type Replayer } from '../../src/generate/vary/replay.js';
import { type Original, VARIATION_KINDS, type VariationKind } from '../../src/generate/vary/variation.js';
import { type Variations, varyScenario } from '../../src/generate/vary/vary.js';
import { buildModel } from '../../src/model/build-model.js';
import { parseScenarioText } from '../../src/scenario/load.js';
import { resolveScenario } from '../../src/scenario/resolve.js';
import { readWritten } from '../../src/scenario/written.js';
import { must } from '../../src/util/assert.js';
import { showError } from '../../src/util/errors.js';
import { createRandom } from '../../src/util/random.js';
import { loadText, unwrap } from '../quint.js';
import { scenarios } from '../scenario/arbitrary-scenario.js';

function originalOf(scenario: Scenario, hasSpec = false): Original {
  const resolved = resolveScenario(scenario).scenario;
  return { scenario, resolved, members: memberConstant(resolved)?.members, hasSpec };
}

interface VaryRequest {
  readonly count?: number;
  readonly kinds?: readonly VariationKind[];
  readonly seed?: string;
  readonly replayer?: Replayer;
}

async function varied(scenario: Scenario, request: VaryRequest = {}): Promise<Variations> {
  const { count = 10, kinds = VARIATION_KINDS, seed = '0', replayer } = request;
  const original = originalOf(scenario, replayer !== undefined);
  return unwrap(await varyScenario(original, replayer, { count, kinds, random: createRandom(seed) }));
}

describe('the writer of scenarios', () => {
  it('writes what is read back as the same data', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async meant => {
        const read = await readWritten(writeScenarioText(meant, 'a heading\nin two lines'), 'random.toml');
        if (!read.ok) expect.fail(read.errors.map(showError).join('\n'));
        expect(read.value.map(({ scenario }) => scenario)).toEqual(meant);
      }),
      { numRuns: 80 },
    );
  });
});

describe('variations of any scenario', () => {
  it('are valid, differ, have names of their own, and are the same for the same seed', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, fc.nat(), async ([scenario], seed) => {
        const original = must(scenario, 'a scenario');
        const { variations } = await varied(original, { seed: String(seed) });
        expect(variations.length).toBeGreaterThan(0);
        const made = variations.map(variation => variation.scenario);
        const text = writeScenarioText([original, ...made]);
        const loaded = await parseScenarioText(text, 'all.toml');
        if (!loaded.ok) expect.fail(loaded.errors.map(showError).join('\n'));
        const contents = [original, ...made].map(({ name: _, description: __, ...rest }) =>
          JSON.stringify(rest),
        );
        expect(new Set(contents).size).toBe(contents.length);
        for (const { kind, number, change, scenario: each } of variations) {
          expect(each.name).toBe(`${original.name} / ${kind} ${number}`);
          expect(each.description).toContain(change);
        }
        expect((await varied(original, { seed: String(seed) })).variations).toEqual(variations);
      }),
      { numRuns: 15 },
    );
  });

  it('keep what their kind does not change', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async ([scenario]) => {
        const original = must(scenario, 'a scenario');
        for (const kind of ['network', 'participants', 'sizes'] as const) {
          const { variations } = await varied(original, { kinds: [kind], count: 4 });
          for (const { scenario: each } of variations) {
            expect(each.steps?.map(({ action }) => action)).toEqual(
              original.steps?.map(({ action }) => action),
            );
            if (kind !== 'sizes') expect(each.setup?.participants).toBe(original.setup?.participants);
            if (kind !== 'network') expect(each.network?.drop_rate).toBe(original.network?.drop_rate);
            const { threshold, participants } = resolveScenario(each).scenario.setup;
            expect(threshold).toBeLessThanOrEqual(participants);
          }
        }
      }),
      { numRuns: 8 },
    );
  });
});

// Everybody prepares; who commits sees that all have prepared. b is byzantine and may commit in the open.
const COMMIT = `module commit {
  const NODES: Set[str]
  const BYZANTINE: Set[str]
  var prepared: Set[str]
  var committed: List[str]
  action init = all { prepared' = Set(), committed' = [] }
  action prepare(n: str): bool = all {
    not(prepared.contains(n)), prepared' = prepared.union(Set(n)), committed' = committed,
  }
  action commit(n: str): bool = all {
    prepared == NODES, not(committed.indices().exists(i => committed[i] == n)),
    prepared' = prepared, committed' = committed.append(n),
  }
  /// @byzantine
  action rush(n: str): bool = all {
    BYZANTINE.contains(n), prepared.size() == 1, prepared' = prepared, committed' = committed.append(n),
  }
  action step = any {
    { nondet n = NODES.oneOf() prepare(n) },
    { nondet n = NODES.oneOf() commit(n) },
    { nondet n = BYZANTINE.oneOf() rush(n) },
  }
  /// @invariant
  val FirstIsA = committed.length() == 0 or committed[0] != "c"
}
module spec {
  import commit(NODES = Set("a", "b", "c"), BYZANTINE = Set("b")).*
}`;

const NODES = ['a', 'b', 'c'];

function step(action: string, node: number, expected?: 'rejected'): ScenarioStep {
  const params = { n: JSON.stringify(NODES[node]) };
  return { action, node, params, ...(expected && { expect: expected }) };
}

const SCHEDULE: Scenario = {
  name: 'two rounds',
  expected_outcome: 'property_holds',
  setup: {
    participants: 3,
    threshold: 3,
    constants: { NODES: 'Set("a", "b", "c")', BYZANTINE: 'Set("b")' },
  },
  quint_source: { specification: 'spec.qnt', property: 'FirstIsA', trace: 'x.itf.json', seed: 5 },
  steps: [
    step('prepare', 0),
    step('prepare', 1),
    step('prepare', 2),
    step('commit', 0),
    step('commit', 1),
    step('commit', 2),
  ],
};

function scheduleText({ steps = [] }: Scenario): string {
  return steps.map(({ action, params }) => `${action[0]}${params?.n?.replaceAll('"', '')}`).join(' ');
}

describe('with a spec', () => {
  let replayer: Replayer;

  beforeAll(async () => {
    const model = buildModel(await loadText(COMMIT, 'spec'));
    const { compiled } = unwrap(createEvaluator(model));
    replayer = unwrap(createReplayer(model, compiled, 'FirstIsA'));
  });

  it('only orders that it allows are made, and an order that breaks a property says so', async () => {
    const { variations, dropped } = await varied(SCHEDULE, { kinds: ['order'], count: 50, replayer });
    const made = new Map(
      variations.map(({ scenario }) => [scheduleText(scenario), scenario.expected_outcome]),
    );
    // A step moves over one or more: within the prepares, within the commits, and never from one to the other.
    expect(made).toEqual(
      new Map([
        ['pb pa pc ca cb cc', 'property_holds'],
        ['pb pc pa ca cb cc', 'property_holds'],
        ['pa pc pb ca cb cc', 'property_holds'],
        ['pa pb pc cb ca cc', 'property_holds'],
        ['pa pb pc cb cc ca', 'property_holds'],
        ['pa pb pc ca cc cb', 'property_holds'],
      ]),
    );
    expect(dropped.impossible).toBeGreaterThan(0);
    for (const { scenario } of variations)
      expect(scenario.quint_source).toEqual({ specification: 'spec.qnt', property: 'FirstIsA' });
  });

  it('an order on which the spec violates the property expects that, and back', async () => {
    const [pa, pb, pc, ca, cb, cc] = must(SCHEDULE.steps, 'steps');
    const steps = [pa, pb, pc, cb, cc, ca].map(each => must(each, 'a step'));
    const { variations } = await varied({ ...SCHEDULE, steps }, { kinds: ['order'], count: 50, replayer });
    const outcomes = new Map(
      variations.map(({ scenario }) => [scheduleText(scenario), scenario.expected_outcome]),
    );
    expect(outcomes.get('pa pb pc cc cb ca')).toBe('property_violation');
    expect(outcomes.get('pa pb pc cb ca cc')).toBe('property_holds');
    const bad = [pa, pb, pc, cc, cb, ca].map(each => must(each, 'a step'));
    const mended = await varied(
      { ...SCHEDULE, steps: bad, expected_outcome: 'property_violation' },
      { kinds: ['order'], count: 50, replayer },
    );
    const after = new Map(
      mended.variations.map(({ scenario }) => [scheduleText(scenario), scenario.expected_outcome]),
    );
    expect(after.get('pa pb pc cb cc ca')).toBe('property_holds');
    expect(after.get('pa pb pc cc ca cb')).toBe('property_violation');
  });

  it('a step that is to be refused stays one, and stays last', async () => {
    const steps = [step('prepare', 0), step('prepare', 1), step('commit', 0, 'rejected')];
    const { variations } = await varied({ ...SCHEDULE, steps }, { kinds: ['order'], count: 9, replayer });
    expect(variations.map(({ scenario }) => scheduleText(scenario))).toEqual(['pb pa ca']);
    const wrong = replayer.replay(
      resolveScenario({
        ...SCHEDULE,
        steps: [...(SCHEDULE.steps ?? []).slice(0, 3), step('commit', 0, 'rejected')],
      }).scenario.steps,
    );
    expect(unwrap(wrong)).toMatchObject({ possible: false, at: 3 });
  });

  it('participants that the constants tell apart do not change places', async () => {
    const steps = [step('prepare', 0), step('rush', 1), step('prepare', 1)];
    const { variations } = await varied(
      { ...SCHEDULE, steps },
      { kinds: ['participants'], count: 9, replayer },
    );
    expect(variations.map(({ scenario }) => scheduleText(scenario))).toEqual(['pc rb pb']);
    expect(variations[0]?.scenario.steps?.map(({ node }) => node)).toEqual([2, 1, 1]);
    const free = await varied({ ...SCHEDULE, steps }, { kinds: ['participants'], count: 9 });
    expect(free.variations.map(({ scenario }) => scheduleText(scenario)).sort()).toEqual([
      'pa rc pc',
      'pb ra pa',
      'pb rc pc',
      'pc ra pa',
      'pc rb pb',
    ]);
    const swapped = must(
      free.variations.find(({ scenario }) => scheduleText(scenario) === 'pb ra pa'),
      'a swap of a and b',
    );
    expect(swapped.scenario.setup?.constants).toEqual({
      NODES: 'Set("a", "b", "c")',
      BYZANTINE: 'Set("a")',
    });
  });

  it('a step that `step` never takes is not possible, even if its action alone allows it', () => {
    const replayed = replayer.replay(
      resolveScenario({ name: 'x', steps: [{ action: 'prepare', params: { n: '"stranger"' } }] }).scenario
        .steps,
    );
    expect(unwrap(replayed)).toMatchObject({ possible: false, at: 0 });
  });

  it('a step whose parameters were not recorded may be any', () => {
    const open = { action: 'prepare' };
    const steps = [open, open, open, { action: 'commit', params: { n: '"c"' } }];
    const replayed = unwrap(replayer.replay(resolveScenario({ name: 'x', steps }).scenario.steps));
    expect(replayed).toEqual({ possible: true, violates: 'FirstIsA' });
    const four = resolveScenario({ name: 'x', steps: [open, open, open, open] }).scenario.steps;
    expect(unwrap(replayer.replay(four))).toMatchObject({ possible: false, at: 3 });
  });
});

// As a step is derived: what an action leaves alone, and what keeps it from errors, stands around it.
const CELLS = `module cell {
  const MAX: int
  var x: int
  action init = x' = 0
  action inc(d: int): bool = all { d >= 1, x + d <= MAX, x' = x + d }
  action reset = all { x > 0, x' = 0 }
}
module spec {
  import cell(MAX = 2) as left
  import cell(MAX = 3) as right
  var paid: str -> int
  action init = all { left::init, right::init, paid' = Map("a" -> 0) }
  action pay(who: str): bool = paid' = paid.setBy(who, n => n + 1)
  action step = any {
    { nondet d = 0.to(4).oneOf() all { left::inc(d), right::x' = right::x, paid' = paid } },
    { nondet d = 0.to(4).oneOf() all { right::inc(d), left::x' = left::x, paid' = paid } },
    all { left::reset, right::x' = right::x, paid' = paid },
    all { right::reset, left::x' = left::x, paid' = paid },
    { nondet who = Set("a", "b").oneOf()
      all { paid.keys().contains(who), pay(who), left::x' = left::x, right::x' = right::x } },
  }
  /// @invariant
  val Ordered = left::x <= right::x
}`;

async function replayerOf(text: string, property?: string) {
  const model = buildModel(await loadText(text, 'spec'));
  const replayer = unwrap(createReplayer(model, unwrap(createEvaluator(model)).compiled, property));
  return (steps: ScenarioStep[]) =>
    unwrap(replayer.replay(resolveScenario({ name: 'x', steps }).scenario.steps));
}

describe('actions that leave variables alone', () => {
  it('are taken as `step` takes them, each of its own instance', async () => {
    const replay = await replayerOf(CELLS, 'Ordered');
    const inc = (cell: string, d: number): ScenarioStep => ({
      action: `${cell}::inc`,
      params: { d: String(d) },
      picks: { d: String(d) },
    });
    const refused = (step: ScenarioStep): ScenarioStep => ({ ...step, expect: 'rejected' });
    expect(replay([inc('right', 3), inc('left', 2), { action: 'left::reset' }])).toEqual({
      possible: true,
      violates: undefined,
    });
    expect(replay([inc('left', 1), inc('right', 2)])).toEqual({ possible: true, violates: 'Ordered' });
    expect(replay([inc('left', 1), refused(inc('left', 2))])).toMatchObject({ possible: true });
    expect(replay([inc('left', 1), refused(inc('right', 2))])).toMatchObject({ possible: false, at: 1 });
    expect(replay([inc('left', 3)])).toMatchObject({ possible: false, at: 0 });
    expect(replay([{ action: 'right::reset' }])).toMatchObject({ possible: false, at: 0 });
  });

  it('are not blamed for an error that `step` keeps them from', async () => {
    const replay = await replayerOf(CELLS);
    const pay = (who: string): ScenarioStep => ({ action: 'pay', params: { who: JSON.stringify(who) } });
    expect(replay([pay('a'), pay('a')])).toMatchObject({ possible: true });
    expect(replay([pay('a'), { ...pay('b'), expect: 'rejected' }])).toMatchObject({ possible: true });
    expect(replay([pay('b')])).toMatchObject({ possible: false, at: 0 });
  });
});

describe('a schedule that leaves too much open', () => {
  async function jumps(property: string) {
    const replay = await replayerOf(
      `module spec {
        var x: int
        action init = x' = 0
        action jump(n: int): bool = x' = n
        action top = all { x == 1500, x' = 0 }
        action step = any { { nondet n = 1.to(1500).oneOf() jump(n) }, top }
        /// @invariant
        val Low = x < 1 or x > 1400
        /// @invariant
        val Started = x >= 0
      }`,
      property,
    );
    const [jump, top] = [{ action: 'jump' }, { action: 'top' }];
    const refused = { ...top, expect: 'rejected' as const };
    const known = { action: 'jump', params: { n: '1500' } };
    return { replay, jump, top, refused, known };
  }

  it('is open where states that are not followed may allow a step', async () => {
    const { replay, jump, top, refused, known } = await jumps('Started');
    expect(replay([jump, top])).toMatchObject({ possible: undefined, at: 1 });
    expect(replay([jump, refused])).toMatchObject({ possible: undefined, at: 1 });
    expect(replay([jump, jump])).toEqual({ possible: true, violates: undefined });
    expect(replay([known, top])).toEqual({ possible: true, violates: undefined });
    expect(replay([known, refused])).toMatchObject({ possible: false, at: 1 });
  });

  it('is open where they may not violate what the others do', async () => {
    const { replay, jump, known } = await jumps('Low');
    expect(replay([jump])).toMatchObject({ possible: undefined, at: 0 });
    expect(replay([known])).toEqual({ possible: true, violates: undefined });
    expect(replay([{ ...known, params: { n: '9' } }])).toEqual({ possible: true, violates: 'Low' });
  });
});

describe('without a spec', () => {
  it('another order has an open outcome, as its possibility has', async () => {
    const { variations } = await varied(SCHEDULE, { kinds: ['order'], count: 3 });
    expect(variations.map(({ scenario }) => scenario.expected_outcome)).toEqual(
      Array(3).fill('inconclusive'),
    );
  });

  it('other sizes keep threshold, constants and sides in proportion', async () => {
    const { steps: _, ...rest } = SCHEDULE;
    const scenario: Scenario = {
      ...rest,
      setup: {
        participants: 4,
        threshold: 3,
        fault_bound: 1,
        constants: { T: 3, NODES: 'Set("a", "b", "c", "d")' },
      },
      network: { partitions: [[[0], [1, 2, 3]]] },
    };
    const { variations } = await varied(scenario, { kinds: ['sizes'], count: 20 });
    const twice = must(
      variations.find(({ scenario: { setup } }) => setup?.participants === 8),
      'twice as many',
    ).scenario;
    expect(twice.setup).toEqual({
      participants: 8,
      threshold: 6,
      fault_bound: 2,
      constants: { T: 6, NODES: 'Set("a", "b", "c", "d", "d_001", "d_002", "d_003", "d_004")' },
    });
    expect(twice.network?.partitions).toEqual([[[0], [1, 2, 3, 4, 5, 6, 7]]]);
    expect(twice.expected_outcome).toBe('property_holds');
  });

  it('a scenario whose participants are numbers says why they do not change places', async () => {
    const { variations, inapplicable } = await varied(
      {
        ...SCHEDULE,
        setup: { participants: 2, constants: { NODES: 'Set(1, 2)' } },
        steps: [{ action: 'prepare', node: 0, params: { n: '1' } }],
      },
      { kinds: ['participants', 'order'] },
    );
    expect(variations).toEqual([]);
    expect(inapplicable.map(({ kind }) => kind)).toEqual(['order', 'participants']);
  });

  it('faults come earlier, later and last longer', async () => {
    const crash = { type: 'crash', duration_ms: 100 };
    const steps: ScenarioStep[] = [
      { action: 'a', node: 0 },
      { action: 'b', node: 1 },
      { action: 'crash', node: 2, fault: crash, at: 200 },
      { action: 'd', node: 0 },
    ];
    const { variations } = await varied({ name: 'x', steps }, { kinds: ['timing'], count: 100 });
    const changes = variations.map(({ change }) => change).join('\n');
    for (const words of [
      '1 step later',
      '2 steps earlier',
      'lasts 300 ms',
      'waits until',
      'timers',
      'clocks',
    ])
      expect(changes).toContain(words);
    const earlier = variations.find(({ change }) => change.includes('2 steps earlier'));
    expect(earlier?.scenario.steps?.map(({ action, at }) => [action, at])).toEqual([
      ['crash', undefined],
      ['a', undefined],
      ['b', 200],
      ['d', undefined],
    ]);
  });
});
