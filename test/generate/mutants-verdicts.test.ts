// Verdicts on mutants whose fate is known, and the schedules that the two strategies on guards make of them: every step
// before the last is one of the spec, and the last is refused by it.
import { describe, expect, it } from 'vitest';
import { compileSpec, createMachine, explore, type Machine } from '../../src/engine/index.js';
import { createEvaluator } from '../../src/generate/evaluator.js';
import type { Find } from '../../src/generate/find.js';
import { mutantsOf, mutatedSpec } from '../../src/generate/mutants/mutants.js';
import { judgeShare, type MutantReport } from '../../src/generate/mutants/mutate-task.js';
import { readSetting } from '../../src/generate/setting.js';
import { boundaryValues } from '../../src/generate/strategies/boundary-values.js';
import { guardMutation } from '../../src/generate/strategies/guard-mutation.js';
import type { Ground, Strategy } from '../../src/generate/strategies/strategy.js';
import { buildModel } from '../../src/model/build-model.js';
import { guardsOf } from '../../src/model/guards.js';
import type { Model } from '../../src/model/model.js';
import { showValue } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { stateText } from '../engine/quint-oracle.js';
import { loadFile, loadText, unwrap } from '../quint.js';

const BANK = `module bank {
  var open: bool
  var paid: int
  var votes: Set[int]
  var log: List[int]
  var seen: bool
  pure val QUORUM = 2
  action init = all { open' = true, paid' = 0, votes' = Set(), log' = [], seen' = false }
  action vote(who: int): bool = all {
    not(votes.contains(who)), open, votes' = votes.union(Set(who)), open' = open, paid' = paid, log' = log, seen' = seen }
  action pay(sum: int): bool = all {
    votes.size() >= QUORUM, sum <= 3 - paid, sum > 0,
    paid' = paid + sum, open' = open, votes' = votes, log' = log, seen' = seen }
  action look = all { paid > 0, seen' = true, open' = open, votes' = votes, log' = log, paid' = paid }
  action close = all { open, open' = false, paid' = paid, votes' = votes, log' = log, seen' = seen }
  action read = all { log.length() > 0, paid' = log.head(), open' = open, votes' = votes, log' = log, seen' = seen }
  action step = any {
    { nondet who = 1.to(3).oneOf() vote(who) },
    { nondet sum = 1.to(2).oneOf() pay(sum) },
    look, close, read,
  }
  val Covered = paid > 0 implies votes.size() >= QUORUM
  val Bounded = paid <= 3
  temporal Monotone = always(paid <= next(paid))
  temporal NoLateVotes = always(open or votes == next(votes))
}`;

const bank = loadText(BANK).then(spec => buildModel(spec));

async function reportsOn(maxStates = 10_000, of = 1): Promise<MutantReport[]> {
  const model = await bank;
  const task = { model, init: 'init', step: 'step', maxStates };
  const reports = Array.from({ length: of }, (_, share) =>
    unwrap(judgeShare(task, share, of, () => undefined)),
  ).flatMap(({ mutants }) => mutants);
  return reports.sort((a, b) => a.number - b.number);
}

const shown = ({ mutation, verdict, property, depth }: MutantReport) =>
  `${mutation}: ${[verdict, property, depth].filter(part => part !== undefined).join(' ')}`;

describe('verdicts', () => {
  it('name the property that notices, and how soon', async () => {
    expect((await reportsOn()).map(shown)).toEqual([
      'without `not(votes.contains(who))`: equivalent',
      'without `open`: killed NoLateVotes 2',
      'without `votes.size() >= QUORUM`: killed Covered 1',
      '`votes.size() >= QUORUM` as `(votes.size() + 1) >= QUORUM`: killed Covered 2',
      'without `sum <= (3 - paid)`: killed Bounded 4',
      '`sum <= (3 - paid)` as `sum <= ((3 - paid) + 1)`: killed Bounded 4',
      'without `sum > 0`: equivalent',
      '`sum > 0` as `sum >= 0`: equivalent',
      'without `paid > 0`: survived',
      '`paid > 0` as `paid >= 0`: survived',
      'without `open`: equivalent',
      'without `log.length() > 0`: skipped',
      '`log.length() > 0` as `log.length() >= 0`: skipped',
    ]);
  });

  it('tell the first illegal step, and that a bound ended a search', async () => {
    const [, , , , , , , , survivor] = await reportsOn();
    expect(survivor?.illegal).toEqual({ at: 1, action: 'look', values: [] });
    expect(survivor?.bounded).toBe(false);
    const bounded = await reportsOn(3);
    expect(bounded.some(report => report.bounded)).toBe(true);
  });

  it('do not depend on the number of shares', async () => {
    expect(await reportsOn(10_000, 3)).toEqual(await reportsOn());
  });

  it('leave out what the spec itself violates', async () => {
    const model = buildModel(await loadText(BANK.replace('paid <= 3', 'paid <= 1')));
    const judged = unwrap(
      judgeShare({ model, init: 'init', step: 'step', maxStates: 1_000 }, 0, 1, () => undefined),
    );
    expect(judged.violated).toEqual(['Bounded']);
    expect(judged.mutants.some(({ property }) => property === 'Bounded')).toBe(false);
  });
});

it('a loop or an end that the spec does not have is noticed by liveness', async () => {
  const text = `module drain {
  var level: int
  action init = level' = 3
  action drop = all { level > 0, level' = level - 1 }
  action fill = all { level > 3, level' = 3 }
  action stick = all { level > 7, level' = -1 }
  action step = any { drop, fill, stick, all { level == 0, level' = level } }
  temporal Drains = weakFair(step, level) implies eventually(level == 0)
}`;
  const model = buildModel(await loadText(text));
  const task = { model, init: 'init', step: 'step', maxStates: 1_000 };
  const { mutants } = unwrap(judgeShare(task, 0, 1, () => undefined));
  const noticed = mutants.map(({ mutation, verdict, property }) => [mutation, verdict, property]);
  expect(noticed).toContainEqual(['without `level > 3`', 'killed', 'Drains']);
  expect(noticed).toContainEqual(['`level > 3` as `level >= 3`', 'equivalent', undefined]);
  expect(noticed).toContainEqual(['without `level > 7`', 'killed', 'Drains']);
});

describe.each(['dkd', 'recovery'])('verdicts on %s', name => {
  it('are those of exploring each mutant as a spec of its own', { timeout: 60_000 }, async () => {
    const model = buildModel(await loadFile(`specs/${name}.qnt`));
    const invariants = model.invariants.map(property => property.name);
    const task = { model, init: 'init', step: 'step', maxStates: 100_000 };
    const reports = unwrap(judgeShare(task, 0, 1, () => undefined)).mutants;
    const mutants = mutantsOf(model);
    for (const { number, mutation, verdict, property = '', depth } of reports) {
      const spec = mutatedSpec(model.spec, must(mutants[number], 'mutant'));
      const machine = createMachine(unwrap(compileSpec(spec)), { init: 'init', step: 'step', invariants });
      const explored = explore(unwrap(machine), { maxStates: 60_000 });
      // What fails to evaluate is for the mutant alone to tell.
      if (!explored.ok) continue;
      const { violation } = explored.value;
      if (verdict === 'killed' && invariants.includes(property))
        expect(violation?.step, mutation).toBe(depth);
      else if (verdict === 'killed')
        expect(violation?.step ?? depth, mutation).toBeGreaterThanOrEqual(depth ?? 0);
      else expect(violation, mutation).toBeUndefined();
    }
  });
});

function groundOf(model: Model): Ground {
  const evaluator = unwrap(createEvaluator(model));
  return {
    model,
    machine: unwrap(createMachine(unwrap(compileSpec(model.spec)), { init: 'init', step: 'step' })),
    setting: readSetting(model, evaluator.constant),
    targets: [...model.invariants, ...model.temporalProperties],
    maxLength: 15,
    chaos: { enabled: true, intensity: 0.5, byzantineRatio: 0.3 },
  };
}

function findsOf(strategy: Strategy, ground: Ground, budget: number): Find[] {
  const finds: Find[] = [];
  const parts = strategy.parts(ground);
  for (let part = 0; part < parts; part++) {
    const random = createRandom(`${strategy.name} ${part}`);
    const keep = (find: Find) => finds.push(find) > 0;
    const spent = unwrap(strategy.search(ground, { part, random, budget, keep }));
    // The last state may go beyond the budget by the steps of one state.
    expect(spent.states).toBeLessThan(budget * 1.2 + 100);
  }
  return finds;
}

/** Walks along the find in the spec. */
function expectBehaviour(machine: Machine, { ways, refused }: Find): void {
  let state = must(ways[0], 'an initial state').step().state;
  expect(unwrap(machine.allowedInit(state))).toBeDefined();
  for (const way of ways.slice(1)) {
    const next = way.step().state;
    expect(unwrap(machine.allowed(state, next))).toBeDefined();
    state = next;
  }
  if (refused === undefined) return;
  const { action, args, picks } = refused;
  const taken: string[] = [];
  machine.taking(state, { action, args: args.map(([, value]) => value), picks }, step => {
    taken.push(stateText(step.state));
    return true;
  });
  expect(taken, `${action} ${refused.mutation}`).toEqual([]);
}

describe.each(['counter', 'locking', 'recovery', 'threshold_signing'])('schedules on guards of %s', name => {
  it('are behaviours up to a step that the spec refuses', { timeout: 60_000 }, async () => {
    const model = buildModel(await loadFile(`specs/${name}.qnt`));
    const ground = groundOf(model);
    const guards = new Set(guardsOf(model).map(({ id }) => id));
    const mutated = findsOf(guardMutation, ground, 8_000);
    const edges = findsOf(boundaryValues, ground, 8_000);
    for (const find of [...mutated, ...edges]) {
      expect(find.ways.length - 1 + (find.refused ? 1 : 0)).toBeLessThanOrEqual(ground.maxLength);
      expectBehaviour(ground.machine, find);
    }
    expect(mutated.every(({ refused }) => refused && guards.has(refused.guard))).toBe(true);
    const breaking = mutated.flatMap(({ refused }) => refused?.breaks ?? []);
    expect(new Set(breaking).size).toBeGreaterThan(3);
    expect(
      mutated.filter(({ aim }) => aim !== undefined).every(({ aim, refused }) => aim === refused?.breaks),
    ).toBe(true);
    expect(edges.some(({ refused }) => refused === undefined)).toBe(true);
    expect(edges.some(({ refused }) => refused !== undefined)).toBe(true);
  });
});

describe('boundary values', () => {
  it('are tried at the edge and beyond it, also where step never goes', async () => {
    const ground = groundOf(await bank);
    const told = findsOf(boundaryValues, ground, 20_000).map(({ refused, ways }) => {
      const step = refused ?? { ...ways.at(-1)?.step(), action: `take ${ways.at(-1)?.action}` };
      return `${step.action}(${(step.args ?? []).map(([, value]) => showValue(value)).join(', ')}) after ${ways.length - (refused ? 1 : 2)}`;
    });
    // A quorum of one is refused, one of two pays; 3 is the whole sum and never drawn, 0 and 4 are one beyond.
    expect(told).toEqual(expect.arrayContaining(['pay(1) after 1', 'take pay(1) after 2']));
    expect(told).toEqual(expect.arrayContaining(['pay(0) after 2', 'pay(4) after 2']));
  });
});

async function judged(text: string, maxStates: number) {
  const model = buildModel(await loadText(text));
  const task = { model, init: 'init', step: 'step', maxStates };
  const { mutants, violated } = unwrap(judgeShare(task, 0, 1, () => undefined));
  return { violated, mutants, verdicts: new Set(mutants.map(({ verdict }) => verdict)) };
}

describe('no mutant is blamed', () => {
  it('for a temporal property that the spec itself breaks', async () => {
    const { mutants, violated } = await judged(
      `module raising {
  var n: int
  var flag: bool
  action init = all { n' = 0, flag' = false }
  action inc = all { n < 3, n' = n + 1, flag' = flag }
  action dec = all { n == 3, n' = 2, flag' = flag }
  action raise = all { n == 1, flag' = true, n' = n }
  action step = any { inc, dec, raise }
  temporal Raised = always(n == 2 implies flag)
}`,
      100,
    );
    expect(violated).toEqual(['Raised']);
    expect(mutants.filter(({ property }) => property !== undefined)).toEqual([]);
  });

  it('for one that the spec breaks by a step back to a state that it knows', async () => {
    const { mutants, violated } = await judged(
      `module round {
  var n: int
  action init = n' = 0
  action inc = all { n < 3, n' = n + 1 }
  action reset = all { n > 2, n' = 0 }
  action step = any { inc, reset }
  temporal Grows = always(n <= next(n))
}`,
      100,
    );
    expect(violated).toEqual(['Grows']);
    expect(mutants.filter(({ property }) => property !== undefined)).toEqual([]);
  });

  const endless = (jump: number, invariant: string) => `module endless {
  var n: int
  action init = n' = 0
  action inc = n' = n + 1
  action jump = all { n < 5, n' = n + ${jump} }
  action step = any { inc, jump }
  /// @invariant
  val Fine = ${invariant}
}`;

  it.each([2, 10])('for what the spec does beyond the bound, by jumps of %i', async jump => {
    const unnoticed = await judged(endless(jump, 'n >= 0'), 100);
    expect(unnoticed.verdicts.has('survived')).toBe(false);
    expect(unnoticed.verdicts.has('undecided')).toBe(true);
    const broken = await judged(endless(jump, 'n <= 110'), 100);
    expect(broken.verdicts.has('killed')).toBe(false);
    expect(broken.verdicts.has('undecided')).toBe(true);
  });

  it('but for what the spec does not do, though not all of its states are known', async () => {
    const text = endless(2, 'n >= 0').replace(
      'any { inc, jump }',
      "any { inc, jump, all { n == 3, n > 3, n' = -1 } }",
    );
    const { mutants } = await judged(text, 100);
    expect(mutants.some(({ verdict, depth }) => verdict === 'killed' && depth === 3)).toBe(true);
  });
});

it('a known state reached with something else behind it is not the same to a temporal property', async () => {
  const { mutants } = await judged(
    `module hops {
  var n: int
  action init = n' = 0
  action toOne = all { n == 0, n' = 1 }
  action hop = all { n == 0, n' = 3 }
  action toFour = all { n == 3, n' = 4 }
  action step = any { toOne, hop, toFour }
  temporal Never = always(n == 1 implies always(n != 4))
}`,
    100,
  );
  const hop = mutants.find(({ actions, kind }) => actions.includes('hop') && kind === 'without');
  // 0, 1, 3, 4: there the mutant may hop again, and the step away from 4 tells.
  expect(hop).toMatchObject({ verdict: 'killed', property: 'Never', depth: 4 });
});

describe('refused steps', () => {
  const picking = (names: readonly [string, string]) => `module picking {
  var a: int
  var b: int
  action init = all { a' = 0, b' = 0 }
  action act = all {
    { nondet ${names[0]} = Set(1, 2).oneOf() all { ${names[0]} > a, a' = ${names[0]} } },
    { nondet ${names[1]} = Set(5, 6).oneOf() b' = ${names[1]} },
  }
  action back = all { b > 0, a' = 0, b' = 0 }
  action step = any { act, back, all { a < 2, a' = a, b' = 9 } }
  val Fine = a <= 2
}`;

  it('name no pick whose name another has, and no action that the module does not have', async () => {
    for (const strategy of [guardMutation, boundaryValues]) {
      const ground = groundOf(buildModel(await loadText(picking(['x', 'x']))));
      const refused = findsOf(strategy, ground, 5_000).flatMap(find => {
        expectBehaviour(ground.machine, find);
        return find.refused ?? [];
      });
      const actions = new Set(refused.map(({ action }) => action));
      // What is left must be refused as it stands: the first state in which a mutant differs need not do.
      expect(actions).toEqual(new Set(strategy === boundaryValues ? ['act', 'back'] : ['back']));
      for (const { picks } of refused) expect(picks).toEqual([]);
    }
    const apart = groundOf(buildModel(await loadText(picking(['x', 'y']))));
    const picks = findsOf(guardMutation, apart, 5_000).flatMap(({ refused }) => refused?.picks ?? []);
    expect(new Set(picks.map(([name]) => name))).toEqual(new Set(['x', 'y']));
  });
});
