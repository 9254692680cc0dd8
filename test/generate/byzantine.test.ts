// What chaos intensity and byzantine ratio promise of the schedules of byzantine_behavior_exploration, for random values
// of both, and that strikes fall on critical moments.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EngineState, encodeState, type Way } from '../../src/engine/index.js';
import { Adversary, adverseBudget } from '../../src/generate/adverse-steps.js';
import type { Chaos } from '../../src/generate/conditions.js';
import { criticalMoments } from '../../src/generate/critical-moments.js';
import type { Find } from '../../src/generate/find.js';
import { byzantineBehaviorExploration } from '../../src/generate/strategies/byzantine-behavior-exploration.js';
import type { Ground } from '../../src/generate/strategies/strategy.js';
import { takenActions } from '../../src/model/taken-action.js';
import { equalValues, showValue } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { loadFile, loadText, unwrap } from '../quint.js';
import { expectRun, groundOf, searched, textOfWay } from './open-ground.js';

const BUDGET = 2_000;

function under(ground: Ground, intensity: number, byzantineRatio: number, enabled = true): Ground {
  return { ...ground, chaos: { enabled, intensity, byzantineRatio, ratioIsGiven: true } };
}

/** The finds of all parts. */
function allFinds(ground: Ground, budget = BUDGET): Find[] {
  const parts = byzantineBehaviorExploration.parts(ground);
  return Array.from({ length: parts }, (_, part) =>
    searched(byzantineBehaviorExploration, ground, budget, part),
  ).flatMap(({ finds }) => finds);
}

function kindsOf(ground: Ground, { ways }: Find): string[] {
  const taken = takenActions(ground.model);
  return ways.slice(1).map(way => taken(way)?.kind ?? 'unknown');
}

function adverseSteps(ground: Ground, find: Find): number {
  return kindsOf(ground, find).filter(kind => kind !== 'honest').length;
}

/** Participants that are the first argument of a byzantine step. */
function actors(ground: Ground, { ways }: Find): Set<string> {
  const taken = takenActions(ground.model);
  const participants = ground.setting.participants.value;
  const isParticipant = (way: Way) =>
    way
      .step()
      .args.map(([, value]) => value)
      .find(value => participants.some(known => equalValues(known, value)));
  const byzantine = ways.slice(1).filter(way => taken(way)?.kind === 'byzantine');
  return new Set(
    byzantine.map(isParticipant).flatMap(actor => (actor === undefined ? [] : showValue(actor))),
  );
}

// The byzantine are two of five here, so that a ratio can be in between; a quorum is one more than what they have.
const BALLOT = `module ballot {
  pure val PARTICIPANTS = Set("a", "b", "c", "d", "e")
  pure val BYZANTINE = Set("d", "e")
  var votes: Set[str]
  var closed: bool
  var down: Set[str]
  action init = all { votes' = Set(), closed' = false, down' = Set() }
  action vote(p: str): bool = all {
    not(closed), not(p.in(down)), votes' = votes.union(Set(p)), closed' = closed, down' = down }
  action settle: bool = all { votes.size() >= 3, not(closed), closed' = true, votes' = votes, down' = down }
  /// @byzantine conflicting_messages
  action withdraw(p: str): bool = all {
    p.in(BYZANTINE), p.in(votes), votes' = votes.exclude(Set(p)), closed' = closed, down' = down }
  /// @fault crash
  action crash(p: str): bool = all {
    down.size() < 2, down' = down.union(Set(p)), votes' = votes, closed' = closed }
  action step = any {
    { nondet p = PARTICIPANTS.oneOf() vote(p) },
    settle,
    { nondet p = BYZANTINE.oneOf() withdraw(p) },
    { nondet p = PARTICIPANTS.oneOf() crash(p) },
  }
  /// @invariant
  val ClosedWithQuorum: bool = closed implies votes.size() >= 3
}`;

describe.each([
  ['a ballot', async () => loadText(BALLOT), 12],
  ['specs/counter.qnt', async () => loadFile('specs/counter.qnt'), 14],
  ['specs/recovery.qnt', async () => loadFile('specs/recovery.qnt'), 16],
] as const)('schedules against %s', (_, load, maxLength) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = groundOf(await load(), maxLength);
  });

  const CHAOS = fc.record({
    intensity: fc.double({ min: 0, max: 1, noNaN: true }),
    byzantineRatio: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it('are runs of the spec within the budget', () => {
    fc.assert(
      fc.property(CHAOS, ({ intensity, byzantineRatio }) => {
        const chosen = under(ground, intensity, byzantineRatio);
        const finds = allFinds(chosen, 600);
        expect(finds.length).toBeGreaterThan(0);
        const steps = intensity > 0 ? Math.max(1, Math.round(intensity * maxLength)) : 0;
        const most = Math.floor(ground.setting.participants.value.length * byzantineRatio);
        for (const [i, find] of finds.entries()) {
          if (i % 10 === 0) expectRun(chosen, find);
          expect(adverseSteps(chosen, find)).toBeLessThanOrEqual(steps);
          expect(actors(chosen, find).size).toBeLessThanOrEqual(most);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('have no adverse steps at intensity 0 and no byzantine ones at ratio 0', () => {
    for (const find of allFinds(under(ground, 0, 1))) expect(adverseSteps(ground, find)).toBe(0);
    const finds = allFinds(under(ground, 1, 0));
    expect(finds.some(find => adverseSteps(ground, find) > 0)).toBe(true);
    for (const find of finds) expect(kindsOf(ground, find)).not.toContain('byzantine');
  });

  it('have no fewer adverse steps at a higher intensity', () => {
    const most = [0, 0.05, 0.3, 0.7, 1].map(intensity =>
      Math.max(...allFinds(under(ground, intensity, 0.5)).map(find => adverseSteps(ground, find))),
    );
    expect(most).toEqual([...most].sort((a, b) => a - b));
    expect(most[0]).toBe(0);
    expect(most[1]).toBe(1);
    expect(must(most.at(-1), 'the last')).toBeGreaterThan(3);
  });

  it('are the same for the same random stream, and differ for another', () => {
    const texts = (seed: string) =>
      searched(byzantineBehaviorExploration, ground, BUDGET, 0, seed).finds.map(({ ways }) =>
        ways.map(textOfWay).join(),
      );
    expect(texts('1')).toEqual(texts('1'));
    expect(texts('2')).not.toEqual(texts('1'));
  });

  it('take no more states than there are', () => {
    for (const budget of [0, 1, 50, 1_000])
      expect(searched(byzantineBehaviorExploration, ground, budget).spent).toEqual({
        states: budget,
        exhausted: false,
      });
  });
});

describe('the byzantine strategy', () => {
  it('has a part for each adverse action that is allowed, and strikes first in it', async () => {
    const ground = groundOf(await loadText(BALLOT), 12);
    const names = (chosen: Ground) => new Adversary(chosen).actions.map(({ name }) => name);
    expect(names(under(ground, 0.5, 0.5))).toEqual(['withdraw', 'crash']);
    expect(names(under(ground, 0.5, 0.1))).toEqual(['crash']);
    expect(byzantineBehaviorExploration.parts(under(ground, 0, 1))).toBe(1);
    for (const [part, action] of ['withdraw', 'crash'].entries()) {
      const { finds } = searched(byzantineBehaviorExploration, under(ground, 0.1, 0.5), BUDGET, part);
      const own = finds.filter(({ ways }) => ways.some(way => way.action === action));
      // Where a round has no place for it, another action strikes.
      expect(own.length / finds.length).toBeGreaterThan(0.9);
    }
  });

  it('strikes around the quorum first', async () => {
    const ground = under(groundOf(await loadText(BALLOT), 12), 0.1, 0.5);
    const { finds } = searched(byzantineBehaviorExploration, ground, BUDGET);
    const votes = finds.slice(0, 6).map(({ ways }) => {
      const at = ways.findIndex(way => way.action === 'withdraw');
      const before = must(ways[at - 1], 'a step before')
        .step()
        .state.get('votes');
      return typeof before === 'object' && before.kind === 'set' ? before.items.length : 0;
    });
    for (const size of votes) expect(size).toBeGreaterThanOrEqual(2);
    expect(votes).toContain(3);
  });

  it('tells of the violation that a withdrawal after settling is', async () => {
    const ground = under(groundOf(await loadText(BALLOT), 12), 0.5, 0.5);
    const { finds } = searched(byzantineBehaviorExploration, ground, BUDGET);
    const violating = finds.filter(({ violates }) => violates === 'ClosedWithQuorum');
    expect(violating.length).toBeGreaterThan(0);
    for (const { ways } of violating)
      expect(must(ways.at(-1), 'a last step').step().state.get('closed')).toBe(true);
  });

  it('gives no finds for a spec that cannot start', async () => {
    const text = "module none { var x: int action init = all { false, x' = 1 } action step = x' = 2 }";
    const { finds, spent } = searched(byzantineBehaviorExploration, groundOf(await loadText(text), 5), 100);
    expect([finds.length, spent]).toEqual([0, { states: 0, exhausted: true }]);
  });

  it('stops when no more is wanted', async () => {
    const ground = groundOf(await loadText(BALLOT), 12);
    let told = 0;
    const keep = () => ++told < 3;
    const assignment = { part: 0, random: createRandom('1'), budget: BUDGET, keep };
    unwrap(byzantineBehaviorExploration.search(ground, assignment));
    expect(told).toBe(3);
  });
});

describe('the budget of adverse steps', () => {
  it.each<[chaos: Chaos, steps: number, participants: number]>([
    [{ enabled: true, intensity: 0, byzantineRatio: 0.5 }, 0, 2],
    [{ enabled: true, intensity: 0.01, byzantineRatio: 0.4 }, 1, 2],
    [{ enabled: true, intensity: 0.5, byzantineRatio: 0.19, ratioIsGiven: true }, 6, 0],
    [{ enabled: true, intensity: 0.5, byzantineRatio: 0.19 }, 6, 2],
    [{ enabled: true, intensity: 1, byzantineRatio: 1 }, 12, 5],
    [{ enabled: false, intensity: 0.5, byzantineRatio: 0 }, 6, 2],
  ])('under %o is %i steps of %i participants', async (chaos, steps, participants) => {
    const ground = groundOf(await loadText(BALLOT), 12);
    expect(adverseBudget({ ...ground, chaos })).toEqual({ steps, participants });
  });
});

describe('a moment', () => {
  it('is critical one vote before the quorum, at the quorum, and when settling is enabled', async () => {
    const { machine, model, targets } = groundOf(await loadText(BALLOT), 12);
    const moments = criticalMoments(machine.compiled, model, targets);
    const states: EngineState[] = [];
    let from = unwrap(machine.randomInit(createRandom('1')))?.state;
    for (const voter of ['a', 'b', 'c', 'd']) {
      states.push(encodeState(machine.compiled, must(from, 'a state')));
      unwrap(
        machine.taking(must(from, 'a state'), { action: 'vote', args: [voter] }, step => {
          from = step.state;
          return false;
        }),
      );
    }
    const first = must(states[0], 'a first state');
    const readings = states.map(state => moments.read(first, state));
    // The guards of settle and of crash, which is a fault and does not count: one comparison.
    expect(readings.map(({ margins }) => margins)).toEqual([[0], [0], [1], [2]]);
    const scores = readings.map((now, i) => moments.score(readings[i - 1], now, 0));
    expect(scores).toEqual([0, 0, 3, 3]);
    expect(moments.score(readings[2], must(readings[3], 'a reading'), 1)).toBe(4);
  });
});
