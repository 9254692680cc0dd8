// The kernel with a small protocol: runs of their own accord, schedules, phases in one world, what is told to watchers.
import { describe, expect, it } from 'vitest';
import type { Fields } from '../../src/simulate/data.js';
import type { EffectReport } from '../../src/simulate/effect-report.js';
import { tokens } from './support/tokens.js';
import { actionsOf, beginOptions, begun, got, QUIET_NETWORK, TIMING } from './support/world.js';

describe('running freely', () => {
  it('runs a protocol to its end', () => {
    const simulation = begun();
    const events = [...simulation.run()];
    expect(events[0]).toMatchObject({ seq: 0, time: 0, action: 'init' });
    expect(actionsOf(events).filter(action => action === 'say')).toHaveLength(9);
    expect(actionsOf(events).filter(action => action === 'pass')).toHaveLength(3);
    expect(simulation.endings.map(({ as }) => as)).toEqual(['success', 'success', 'success']);
    expect(simulation.facts().keys).toEqual({ 0: '0,3,3', 1: '3,0,3', 2: '3,3,0' });
    expect(simulation.advance()).toBeUndefined();
  });

  it('tells what each step changed, and nothing else', () => {
    const simulation = begun();
    let state: Fields = {};
    for (const event of simulation.run()) {
      const { state: changed = {} } = event;
      for (const [name, value] of Object.entries(changed)) expect(value).not.toEqual(state[name]);
      state = { ...state, ...changed };
    }
    expect(state.said).toEqual([
      ['p0', 3],
      ['p1', 3],
      ['p2', 3],
    ]);
    expect(Object.keys(state).sort()).toEqual(['epoch', 'lost', 'said', 'tokens', 'up']);
  });

  it('numbers events without a gap, in order of time', () => {
    const events = [...begun({ observation: { verbose: true } }).run()];
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i));
    const times = events.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('lets epochs pass, for all that are up at the same time', () => {
    const simulation = begun({ begin: { parameters: { rounds: 200 } } });
    const events = [...simulation.run({ untilEpoch: 2 })];
    expect(events.filter(({ action }) => action === 'tick').map(({ time }) => time)).toEqual([1_000, 2_000]);
    expect(simulation.view.nodes.map(({ state }) => Object(state).epochs)).toEqual([2, 2, 2]);
  });

  it('ends at the timeout of the protocol', () => {
    const simulation = begun({ network: { ...QUIET_NETWORK, drop_rate: 1 }, begin: { timeoutEpochs: 4 } });
    expect([...simulation.run()].at(-1)).toMatchObject({ time: 4_000, action: 'tick' });
    expect(simulation.endings).toEqual([]);
  });

  it('stops at a time, and when all is quiet', () => {
    const simulation = begun({ begin: { parameters: { rounds: 50 } } });
    expect([...simulation.run({ untilMs: 45 })].every(({ time }) => time <= 45)).toBe(true);
    expect(simulation.time).toBe(45);
    const lonely = begun({ faults: [{ type: 'crash', participants: [0], at_ms: 0 }] });
    [...lonely.run({ untilQuiet: true })];
    expect(lonely.time).toBeLessThan(1_000);
    expect(lonely.epoch).toBe(0);
  });

  it('does not shift one draw by another: a node that leaves changes nothing for two others', () => {
    const says = (participants: readonly number[]) => {
      const faults = participants.length > 0 ? [{ type: 'disconnect', participants, at_ms: 0 }] : [];
      const events = [...begun({ participants: 3, faults, begin: { timeoutEpochs: 2 } }).run()];
      return events.flatMap(({ action, node, time }) => (action === 'say' && node === 'p0' ? [time] : []));
    };
    expect(says([2])).toEqual(says([]));
  });
});

describe('under a schedule', () => {
  const patience = { patienceMs: 5_000 };
  const say = (p: string, n: number) => ({ action: 'say', params: { p, n } });

  it('does what the schedule says and nothing else', () => {
    const simulation = begun();
    const passed = simulation.invoke({ action: 'pass', params: { from: 'p1', to: 'p2' } }, patience);
    const steps = [
      simulation.invoke(say('p1', 1), patience),
      passed,
      simulation.invoke(say('p1', 3), patience),
      simulation.invoke({ action: 'tick', params: {} }, patience),
      simulation.invoke({ action: 'crash', params: { p: 'p0' } }, patience),
      simulation.invoke(say('p0', 1), patience),
      simulation.invoke({ action: 'restart', params: { p: 'p0' } }, patience),
      simulation.invoke(say('p0', 1), patience),
      simulation.invoke({ action: 'fly', params: {} }, patience),
    ];
    expect(steps.map(step => (step.accepted ? 'accepted' : step.reason))).toEqual([
      'accepted',
      'accepted',
      'p1 refuses it',
      'accepted',
      'accepted',
      'p0 is down',
      'accepted',
      'accepted',
      'no participant has such a step',
    ]);
    expect(actionsOf(passed.events)).toEqual(['init', 'pass']);
    expect(actionsOf(steps.flatMap(({ events }) => events)).filter(action => action === 'say')).toHaveLength(
      2,
    );
  });

  it('waits for a step that comes to its end with a message', () => {
    const simulation = begun();
    const passed = simulation.invoke({ action: 'pass', params: { from: 'p0', to: 'p1' } }, patience);
    expect(passed.events.at(-1)).toMatchObject({ node: 'p1', action: 'pass' });
    expect(simulation.time).toBeGreaterThan(9);
  });

  it('gives up on a step that does not come to its end', () => {
    const simulation = begun({ network: { ...QUIET_NETWORK, drop_rate: 1 } });
    const passed = simulation.invoke({ action: 'pass', params: { from: 'p0', to: 'p1' } }, patience);
    expect(passed).toMatchObject({ accepted: false, reason: 'it was begun and did not come to its end' });
    expect(simulation.time).toBeLessThanOrEqual(5_000);
  });

  it('waits until the time of a step', () => {
    const simulation = begun();
    expect(simulation.invoke(say('p0', 1), { ...patience, at: 700 })).toMatchObject({ accepted: true });
    expect(simulation.time).toBe(700);
  });

  it('loses a message that is under way', () => {
    const simulation = begun();
    const step = { action: 'pass', params: { from: 'p0', to: 'p1' } };
    simulation.invoke({ action: 'pass', params: { from: 'p0', to: 'p2' } }, { patienceMs: 0 });
    const lost = simulation.invoke({ action: 'lose', params: { from: 'p0', to: 'p1' } }, patience);
    // The small protocol sees no step in it, so it counts as refused; but the message is gone.
    expect(lost.accepted).toBe(false);
    expect(simulation.view.history).toBe(1);
    expect(simulation.invoke(step, patience).accepted).toBe(false);
  });

  it('goes on by itself when the schedule is over', () => {
    const simulation = begun();
    simulation.invoke(say('p2', 1), patience);
    simulation.release();
    expect(actionsOf(simulation.run()).filter(action => action === 'say')).toHaveLength(8);
    expect(simulation.endings).toHaveLength(3);
  });
});

describe('protocols one after another', () => {
  it('find the vaults of those before, with epochs anew and no message of the old ones', () => {
    const simulation = begun();
    [...simulation.run({ untilMs: 30 })];
    const [lot] = simulation.view.nodes.map(({ vault }) => vault['tokens/lot']);
    expect(lot).toBeTypeOf('number');
    got(simulation.begin(tokens, beginOptions({ participants: 5, parameters: { rounds: 0, beats: 0 } })));
    const events = [...simulation.run()];
    expect(events[0]).toMatchObject({ action: 'init', time: 30 });
    expect(simulation.view.nodes).toHaveLength(5);
    expect(simulation.view.nodes[0]?.vault['tokens/lot']).toBe(lot);
    expect(simulation.view.nodes.map(({ state }) => Object(state).heard)).toEqual(
      Array(5).fill([0, 0, 0, 0, 0]),
    );
  });

  it('draw other numbers than those before', () => {
    const simulation = begun();
    [...simulation.run()];
    const first = simulation.view.nodes[0]?.vault['tokens/lot'];
    got(simulation.begin(tokens, beginOptions()));
    [...simulation.run()];
    expect(simulation.view.nodes[0]?.vault['tokens/lot']).not.toBe(first);
  });

  it('see nodes that are down go down after their beginning', () => {
    const simulation = begun({ faults: [{ type: 'crash', participants: [1], at_ms: 0 }] });
    [...simulation.run({ untilMs: 10 })];
    got(simulation.begin(tokens, beginOptions()));
    expect(actionsOf([...simulation.run({ untilMs: 10 })])).toEqual(['init', 'crash']);
    expect(simulation.view.nodes.map(({ up }) => up)).toEqual([true, false, true]);
  });
});

describe('clocks', () => {
  it('are off by the skew at most, each by its own', () => {
    const simulation = begun({
      timing: { ...TIMING, clock_skew_ms: 400 },
      begin: { parameters: { rounds: 30, beats: 20 } },
    });
    [...simulation.run()];
    const clocks = simulation.view.nodes.map(({ state }) => Number(Object(state).pingedAt));
    const exact = begun({ begin: { parameters: { rounds: 30, beats: 20 } } });
    [...exact.run()];
    const skews = clocks.map((at, id) => at - Number(Object(exact.view.nodes[id]?.state).pingedAt));
    expect(new Set(skews.map(Math.round)).size).toBe(3);
    for (const skew of skews) expect(Math.abs(skew)).toBeLessThanOrEqual(400);
  });

  it('let timers fire late by the jitter at most', () => {
    const times = (jitter_ms: number) => {
      const reports: EffectReport[] = [];
      const onEffect = (report: EffectReport) => reports.push(report);
      const simulation = begun({
        participants: 1,
        timing: { ...TIMING, jitter_ms },
        observation: { onEffect },
        begin: { parameters: { rounds: 100, beats: 9 } },
      });
      [...simulation.run()];
      return reports.flatMap(({ type, start }) => (type === 'timer' ? [start] : []));
    };
    const gaps = times(60).map((time, i, all) => time - (all[i - 1] ?? 0));
    expect(times(0).slice(0, 4)).toEqual([0, 100, 200, 300]);
    for (const gap of gaps.slice(1)) expect(gap >= 100 && gap <= 160).toBe(true);
    expect(new Set(gaps.slice(1)).size).toBeGreaterThan(3);
  });
});

describe('watchers', () => {
  it('are told of every effect, with its time and the states around it', () => {
    const reports: EffectReport[] = [];
    const simulation = begun({ observation: { onEffect: report => reports.push(report) } });
    [...simulation.run()];
    expect(new Set(reports.map(({ type }) => type))).toEqual(
      new Set(['timer', 'emit', 'store', 'send', 'persist', 'finish']),
    );
    for (const { type, start, end } of reports) expect(end).toBe(type === 'timer' ? start + 100 : start);
    const said = reports.find(({ type }) => type === 'emit');
    expect(said).toMatchObject({ summary: 'say' });
    expect(said?.before).not.toBe(said?.after);
    expect(said?.after).toMatch(/^[0-9a-f]{16}$/);
  });

  it('see messages and faults in a verbose trace only', () => {
    const faults = [{ type: 'crash', participants: [1], at_ms: 50, duration_ms: 40 }];
    const quiet = [...begun({ faults }).run()];
    expect(quiet.some(({ message, fault }) => message ?? fault)).toBe(false);
    const verbose = [...begun({ faults, observation: { verbose: true } }).run()];
    expect(verbose.flatMap(({ fault, time }) => (fault ? [[time, fault.type, fault.phase]] : []))).toEqual([
      [50, 'crash', 'inject'],
      [90, 'crash', 'undo'],
    ]);
    expect(actionsOf(verbose)).toEqual(actionsOf(quiet));
  });
});
