// The network against what docs/scenario-format.md says of it: distributions, rates, order, bandwidth, partitions. Seeds
// are fixed; the bounds are six standard deviations wide, so that another generator would pass as well.
import { describe, expect, it } from 'vitest';
import { drawLatency } from '../../src/simulate/latency.js';
import type { Simulation } from '../../src/simulate/simulation.js';
import type { SimulatedEvent } from '../../src/simulate/world.js';
import { createDraws } from '../../src/util/random.js';
import { begun, QUIET_NETWORK } from './support/world.js';

const SAMPLES = 20_000;
const [SHORTEST, LONGEST] = [10, 90];

function drawn(latency_distribution: 'fixed' | 'uniform' | 'normal' | 'log_normal'): number[] {
  const latency = { latency_range: [SHORTEST, LONGEST] as [number, number], latency_distribution };
  return Array.from({ length: SAMPLES }, (_, i) => drawLatency(latency, createDraws(`latency/${i}`)));
}

function moments(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(square) };
}

function expectAbout(got: number, wanted: number, deviation: number): void {
  expect(Math.abs(got - wanted)).toBeLessThan((6 * deviation) / Math.sqrt(SAMPLES));
}

describe('latency', () => {
  it('is always the middle when fixed', () => {
    expect(new Set(drawn('fixed'))).toEqual(new Set([50]));
  });

  it('is spread evenly when uniform', () => {
    const values = drawn('uniform');
    const deviation = (LONGEST - SHORTEST) / Math.sqrt(12);
    expectAbout(moments(values).mean, 50, deviation);
    expect(moments(values).deviation).toBeCloseTo(deviation, 0);
    const inFirstQuarter = values.filter(value => value < 30).length / SAMPLES;
    expectAbout(inFirstQuarter, 0.25, 0.433);
  });

  it('has the ends three standard deviations from the mean when normal', () => {
    const values = drawn('normal');
    const deviation = (LONGEST - SHORTEST) / 6;
    expectAbout(moments(values).mean, 50, deviation);
    // Cutting at three deviations takes a little of it.
    expect(moments(values).deviation / deviation).toBeCloseTo(0.987, 1);
    const within = values.filter(value => Math.abs(value - 50) < deviation).length / SAMPLES;
    expectAbout(within, 0.6846, 0.465);
  });

  it('has a normal logarithm when log-normal', () => {
    const logarithms = drawn('log_normal').map(Math.log);
    const [low, high] = [Math.log(SHORTEST), Math.log(LONGEST)];
    expectAbout(moments(logarithms).mean, (low + high) / 2, (high - low) / 6);
  });

  it.each(['uniform', 'normal', 'log_normal'] as const)('stays in its range: %s', distribution => {
    expect(drawn(distribution).every(value => value >= SHORTEST && value <= LONGEST)).toBe(true);
  });
});

/** All that happens to messages when three say 200 numbers each. */
function traffic(
  network: Partial<typeof QUIET_NETWORK>,
  parameters: Record<string, number> = { rounds: 200, beats: 0 },
): { readonly events: SimulatedEvent[]; readonly simulation: Simulation } {
  const simulation = begun({
    network: { ...QUIET_NETWORK, ...network },
    observation: { verbose: true },
    begin: { parameters, timeoutEpochs: 1_000 },
  });
  return { events: [...simulation.run()], simulation };
}

function messages(events: readonly SimulatedEvent[], kind: string): SimulatedEvent[] {
  return events.filter(({ message }) => message?.kind === kind);
}

function countOf(simulation: Simulation, type: string): number {
  return simulation
    .counts()
    .filter(each => each.type === type)
    .reduce((sum, each) => sum + each.count, 0);
}

const SENT = 3 * 200 * 2 + 3;

describe('messages', () => {
  it('all arrive once on a network without faults, each within its latency', () => {
    const { events, simulation } = traffic({});
    expect(messages(events, 'send')).toHaveLength(SENT);
    expect(messages(events, 'receive')).toHaveLength(SENT);
    expect(messages(events, 'drop')).toEqual([]);
    expect(simulation.counts()).toEqual([]);
    const sentAt = new Map(messages(events, 'send').map(({ message, time }) => [message?.id, time]));
    const delays = messages(events, 'receive').map(
      ({ message, time }) => time - (sentAt.get(message?.id) ?? 0),
    );
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(9.999);
    expect(Math.max(...delays)).toBeLessThanOrEqual(50.001);
  });

  it('are lost at the drop rate, and sent again until they arrive', () => {
    const { events, simulation } = traffic({ drop_rate: 0.3 });
    const dropped = messages(events, 'drop').length;
    const attempts = SENT + dropped;
    expect(Math.abs(dropped / attempts - 0.3)).toBeLessThan((6 * 0.458) / Math.sqrt(attempts));
    expect(countOf(simulation, 'drop')).toBe(dropped);
    expect(messages(events, 'receive')).toHaveLength(SENT);
    expect(simulation.endings).toHaveLength(3);
  });

  it('that are sent again wait twice as long each time, up to eight times', () => {
    const { events } = traffic({ drop_rate: 0.8 }, { rounds: 3, beats: 0 });
    const byId = new Map<string, number[]>();
    for (const { message, time } of messages(events, 'drop'))
      if (message) byId.set(message.id, [...(byId.get(message.id) ?? []), time]);
    const longest = [...byId.values()].reduce((a, b) => (b.length > a.length ? b : a));
    expect(longest.length).toBeGreaterThan(6);
    const pauses = longest.slice(1).map((time, i) => Math.round(time - (longest[i] ?? 0)));
    expect(pauses.slice(0, 6)).toEqual([100, 200, 400, 800, 800, 800]);
  });

  it('that are doubled reach their node once', () => {
    const { events, simulation } = traffic({ duplicate_rate: 0.25 });
    const doubled = messages(events, 'duplicate').length;
    expect(Math.abs(doubled / SENT - 0.25)).toBeLessThan((6 * 0.433) / Math.sqrt(SENT));
    expect(countOf(simulation, 'duplicate')).toBe(doubled);
    expect(messages(events, 'receive')).toHaveLength(SENT);
  });

  it('that are damaged are thrown away at the receiver and sent again', () => {
    const { events, simulation } = traffic({ corrupt_rate: 0.2 });
    const thrown = messages(events, 'drop').length;
    expect(thrown).toBe(countOf(simulation, 'corrupt'));
    const attempts = SENT + thrown;
    expect(Math.abs(thrown / attempts - 0.2)).toBeLessThan((6 * 0.4) / Math.sqrt(attempts));
    expect(messages(events, 'receive')).toHaveLength(SENT);
  });

  it('overtake one another where the network reorders, and not where the latency is fixed', () => {
    const fixed = { latency_distribution: 'fixed' as const };
    expect(overtakings(traffic(fixed).events)).toBe(0);
    const { events, simulation } = traffic({ ...fixed, reorder_rate: 0.3 });
    expect(countOf(simulation, 'reorder')).toBeGreaterThan(50);
    expect(overtakings(events)).toBeGreaterThanOrEqual(countOf(simulation, 'reorder') / 2);
    expect(messages(events, 'receive')).toHaveLength(SENT);
  });

  it('that are datagrams are lost for good or arrive twice', () => {
    const beats = { rounds: 1, beats: 200, beat_ms: 10 };
    const lossy = traffic({ drop_rate: 0.3 }, beats);
    const pings = lossy.simulation.view.nodes.map(({ state }) => Number(Object(state).pings));
    const sum = pings.reduce((a, b) => a + b, 0);
    expect(sum).toBeLessThan(600);
    expect(sum).toBeGreaterThan(0);
    expect(lossy.simulation.view.history).toBeGreaterThan(0);
    const doubling = traffic({ duplicate_rate: 1 }, beats);
    const doubled = doubling.simulation.view.nodes.map(({ state, ending }) => [Object(state), ending]);
    for (const [state] of doubled) expect(state.pings).toBeGreaterThan(state.beats);
  });

  it('wait for one another on a link of bounded bandwidth', () => {
    const { events } = traffic(
      { latency_range: [0, 0], latency_distribution: 'fixed', bandwidth: 100 },
      { rounds: 5, beats: 0 },
    );
    const body = JSON.stringify({ kind: 'say', n: 1 }).length;
    const onLink = messages(events, 'receive').filter(({ message }) => message?.id.startsWith('0>2/'));
    const gaps = onLink.slice(1).map(({ time }, i) => time - (onLink[i]?.time ?? 0));
    expect(onLink).toHaveLength(5);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual((1000 * body) / 100 - 0.01);
  });
});

/** Pairs of neighbours on a link of which the one that was sent later arrives earlier. */
function overtakings(events: readonly SimulatedEvent[]): number {
  const last = new Map<string, number>();
  let count = 0;
  for (const { message } of messages(events, 'receive')) {
    const [link = '', number = ''] = (message?.id ?? '').split('/');
    if (Number(number) < (last.get(link) ?? -1)) count++;
    last.set(link, Math.max(last.get(link) ?? -1, Number(number)));
  }
  return count;
}

describe('partitions', () => {
  const partition = { groups: [[0], [1, 2]], start_ms: 0, one_way: false, in_flight: 'drop' as const };

  function crossing(events: readonly SimulatedEvent[], from: string, to: string): SimulatedEvent[] {
    return messages(events, 'receive').filter(({ message }) => message?.from === from && message.to === to);
  }

  it('stop what goes across until they heal, and nothing else', () => {
    const { events, simulation } = traffic({ partitions: [{ ...partition, heal_ms: 3_000 }] });
    for (const [from, to] of [
      ['p0', 'p1'],
      ['p2', 'p0'],
    ] as const)
      expect(crossing(events, from, to)[0]?.time).toBeGreaterThan(3_000);
    expect(crossing(events, 'p1', 'p2')[0]?.time).toBeLessThan(100);
    expect(countOf(simulation, 'partition')).toBeGreaterThan(0);
    expect(simulation.endings).toHaveLength(3);
  });

  it('that are one way let pass what goes from a later group to an earlier one', () => {
    const { events } = traffic({ partitions: [{ ...partition, one_way: true, heal_ms: 3_000 }] });
    expect(crossing(events, 'p0', 'p1')[0]?.time).toBeGreaterThan(3_000);
    expect(crossing(events, 'p1', 'p0')[0]?.time).toBeLessThan(100);
  });

  it('lose what is on its way across, or let it arrive', () => {
    const late = { latency_range: [80, 80] as [number, number], latency_distribution: 'fixed' as const };
    const across = (in_flight: 'drop' | 'deliver') => {
      const partitions = [{ ...partition, in_flight, start_ms: 60, heal_ms: 5_000 }];
      const { events } = traffic({ ...late, partitions }, { rounds: 1, beats: 0 });
      return crossing(events, 'p0', 'p1')[0]?.time ?? Infinity;
    };
    expect(across('deliver')).toBeLessThan(200);
    expect(across('drop')).toBeGreaterThan(5_000);
  });
});
