// Each fault: what it does, what it counts, and that undoing it gives back what was there and no more.
import { describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '../../src/simulate/fault-kinds.js';
import type { FaultRequest } from '../../src/simulate/faults.js';
import { counter } from '../../src/simulate/protocols/counter/counter.js';
import { crdtJournal } from '../../src/simulate/protocols/crdt-journal/crdt-journal.js';
import { locking } from '../../src/simulate/protocols/locking/locking.js';
import { Simulation } from '../../src/simulate/simulation.js';
import type { SimulatedEvent } from '../../src/simulate/world.js';
import { runFreely } from './support/protocol-runs.js';
import { tokens } from './support/tokens.js';
import { actionsOf, beginOptions, begun, got, QUIET_NETWORK, TIMING } from './support/world.js';

interface Ran {
  readonly simulation: Simulation;
  readonly events: readonly SimulatedEvent[];
  readonly count: number;
}

/** Three that say ten numbers each, and ping now and then, with a fault. */
function withFault(fault: FaultRequest, untilMs?: number): Ran {
  const simulation = begun({
    faults: [fault],
    observation: { verbose: true },
    begin: { parameters: { rounds: 10, beats: 30, beat_ms: 20 } },
    timing: { ...TIMING, timeout_epochs: 20 },
  });
  const events = [...simulation.run(untilMs === undefined ? {} : { untilMs })];
  return { simulation, events, count: simulation.counts()[0]?.count ?? -1 };
}

function stateOf(simulation: Simulation, node: number): Record<string, number> {
  return Object(simulation.view.nodes[node]?.state);
}

function received(events: readonly SimulatedEvent[], from: string, to: string): number[] {
  return events.flatMap(({ message, time }) =>
    message?.kind === 'receive' && message.from === from && message.to === to ? [time] : [],
  );
}

/** Datagrams go from a node to the next, and are half of all that goes there: the others tell enough. */
function isReliable({ message }: SimulatedEvent): boolean {
  return message?.to === 'p0';
}

function timesOf(events: readonly SimulatedEvent[], action: string, node: string): number[] {
  return events.flatMap(each => (each.action === action && each.node === node ? [each.time] : []));
}

describe('crash', () => {
  it('takes a node down, which comes back with its disk when it is undone', () => {
    const { simulation, events, count } = withFault({
      type: 'crash',
      participants: [1],
      at_ms: 60,
      duration_ms: 400,
    });
    expect(timesOf(events, 'crash', 'p1')).toEqual([60]);
    expect(timesOf(events, 'restart', 'p1')).toEqual([460]);
    expect(timesOf(events, 'say', 'p1').filter(time => time > 60 && time < 460)).toEqual([]);
    expect(timesOf(events, 'say', 'p1')).toHaveLength(10);
    expect(received(events, 'p0', 'p1').filter(time => time > 60 && time < 460)).toEqual([]);
    expect(count).toBe(1);
    expect(simulation.view.nodes[1]?.up).toBe(true);
  });

  it('can lose the disk, and with it what the node knew', () => {
    const fault = { type: 'crash', participants: [1], at_ms: 300, duration_ms: 10, disk: 'lost' };
    const { events } = withFault(fault);
    const saidBefore = timesOf(events, 'say', 'p1').filter(time => time < 300).length;
    expect(saidBefore).toBeGreaterThan(0);
    expect(timesOf(events, 'say', 'p1')).toHaveLength(10 + saidBefore);
  });

  it('does not count a node that is down already, and gives back only its own', () => {
    const simulation = begun({
      faults: [
        { type: 'crash', participants: [1], at_ms: 50, duration_ms: 100 },
        { type: 'crash', participants: [1], at_ms: 100, duration_ms: 300 },
      ],
      observation: { verbose: true },
    });
    const events = [...simulation.run()];
    expect(simulation.counts().map(({ count }) => count)).toEqual([1, 0]);
    expect(timesOf(events, 'restart', 'p1')).toEqual([400]);
  });

  it('loses what the node had not got across', () => {
    const fault = { type: 'crash', participants: [0], at_ms: 60 };
    const { simulation } = withFault(fault);
    expect(simulation.view.history).toBeGreaterThan(0);
    expect(simulation.view.nodes[0]?.up).toBe(false);
  });
});

describe('restart', () => {
  it('takes a node down and up again at once', () => {
    const { events, count } = withFault({ type: 'restart', participants: [2], at_ms: 60 });
    expect([timesOf(events, 'crash', 'p2'), timesOf(events, 'restart', 'p2')]).toEqual([[60], [60]]);
    expect(count).toBe(1);
  });

  it('brings back what is down, whatever holds it', () => {
    const simulation = begun({
      faults: [
        { type: 'crash', participants: [1], at_ms: 50 },
        { type: 'restart', participants: [1], at_ms: 90 },
      ],
    });
    expect(timesOf([...simulation.run()], 'restart', 'p1')).toEqual([90]);
    expect(simulation.counts().map(({ count }) => count)).toEqual([1, 1]);
  });
});

describe('device_loss', () => {
  it('takes a node and its vault for good, also when it is undone or restarted', () => {
    const fault = { type: 'device_loss', participants: [1], at_ms: 100, duration_ms: 50 };
    const { simulation, count } = withFault(fault);
    got(simulation.inject({ type: 'restart', participants: [1], at_ms: 0 }));
    expect(simulation.view.nodes[1]).toMatchObject({ up: false, vault: {}, disk: undefined });
    expect(count).toBe(1);
  });

  it('is known to the protocols that come after', () => {
    const { simulation } = withFault({ type: 'device_loss', participants: [1], at_ms: 100 });
    let lost: readonly number[] = [];
    const protocol = {
      ...tokens,
      setting: (request: Parameters<typeof tokens.setting>[0]) => {
        lost = request.lost;
        return tokens.setting(request);
      },
    };
    got(simulation.begin(protocol, beginOptions()));
    expect(lost).toEqual([1]);
    expect(simulation.view.nodes.map(({ up }) => up)).toEqual([true, false, true]);
  });
});

describe('pause', () => {
  it('makes everything wait, and then all of it happens', () => {
    const { simulation, events, count } = withFault({
      type: 'pause',
      participants: [1],
      at_ms: 60,
      duration_ms: 1_500,
    });
    const during = (time: number) => time > 60 && time < 1_560;
    expect(timesOf(events, 'say', 'p1').filter(during)).toEqual([]);
    expect(received(events, 'p0', 'p1').filter(during)).toEqual([]);
    expect(received(events, 'p0', 'p1').filter(time => time === 1_560).length).toBeGreaterThan(1);
    expect(stateOf(simulation, 1)).toMatchObject({ epochs: simulation.epoch, said: 10 });
    expect(count).toBe(1);
  });

  it('is ended by resume', () => {
    const simulation = begun({
      faults: [
        { type: 'pause', participants: [1], at_ms: 0 },
        { type: 'resume', participants: [1], at_ms: 700 },
      ],
    });
    const events = [...simulation.run()];
    expect(timesOf(events, 'say', 'p1')[0]).toBeGreaterThanOrEqual(700);
    expect(simulation.counts().map(({ count }) => count)).toEqual([1, 1]);
    expect(simulation.endings).toHaveLength(3);
  });
});

describe('clock_skew', () => {
  it('puts the clock of a node forward and back again', () => {
    const fault = { type: 'clock_skew', participants: [1], at_ms: 0, duration_ms: 400, ms: 5_000 };
    const during = withFault(fault, 390);
    expect(stateOf(during.simulation, 1).pingedAt).toBeGreaterThan(5_000);
    expect(stateOf(during.simulation, 2).pingedAt).toBeLessThan(400);
    const after = withFault(fault);
    expect(stateOf(after.simulation, 1).pingedAt).toBeLessThan(5_000);
    // The one timer that was set fires sooner as the clock jumps ahead, and later as it jumps back.
    expect(after.count).toBe(2);
  });

  it.each([
    [400, 600],
    [-400, 1_400],
  ])('moves the timers that are set by %i ms: the next fires at %i', (ms, firesAt) => {
    const simulation = begun({
      faults: [{ type: 'clock_skew', participants: [1], at_ms: 500, ms }],
      observation: { verbose: true },
      begin: { parameters: { rounds: 200, beats: 1, beat_ms: 1_000 } },
    });
    const beats = [...simulation.run({ untilMs: 5_000 })]
      .filter(({ message }) => message?.kind === 'send' && message.from === 'p1')
      .map(({ time }) => time);
    expect(beats).toContain(firesAt);
    expect(simulation.counts()[0]?.count).toBe(1);
  });

  it.each([counter, locking, crdtJournal])(
    'moves timers of $name, which still conforms',
    async protocol => {
      const jumps = [900, -700, 250, -150].map((ms, i): FaultRequest => {
        return { type: 'clock_skew', participants: [i % 3], at_ms: 300 + 450 * i, duration_ms: 1_100, ms };
      });
      const ran = await runFreely({
        protocol,
        network: { ...QUIET_NETWORK, drop_rate: 0.2 },
        faults: [0, 2_000, 4_000].flatMap(later =>
          jumps.map(jump => ({ ...jump, at_ms: jump.at_ms + later })),
        ),
      });
      expect(ran.complaints).toEqual([]);
      const moved = ran.simulation.counts().filter(({ type, count }) => type === 'clock_skew' && count > 0);
      expect(moved.length).toBeGreaterThan(0);
    },
    120_000,
  );

  it('has no effect, and counts none, where nobody waits for a timer', () => {
    const simulation = begun({
      faults: [{ type: 'clock_skew', participants: [1], at_ms: 500, ms: 700, duration_ms: 100 }],
      begin: { parameters: { rounds: 50, beats: 1, beat_ms: 20 } },
    });
    expect([...simulation.run()].length).toBeGreaterThan(0);
    expect(simulation.counts()[0]?.count).toBe(0);
  });
});

describe.each(['disconnect', 'eclipse'])('%s', type => {
  it('cuts a node off until it is undone', () => {
    const { simulation, events, count } = withFault({
      type,
      participants: [1],
      at_ms: 60,
      duration_ms: 1_000,
    });
    const during = (time: number) => time > 60 && time < 1_060;
    for (const other of ['p0', 'p2']) {
      expect(received(events, other, 'p1').filter(during)).toEqual([]);
      expect(received(events, 'p1', other).filter(during)).toEqual([]);
    }
    expect(received(events, 'p0', 'p2').filter(during).length).toBeGreaterThan(0);
    expect(count).toBeGreaterThan(0);
    expect(simulation.endings).toHaveLength(3);
  });
});

it('disconnections are ended by reconnect', () => {
  const simulation = begun({
    faults: [
      { type: 'disconnect', participants: [1], at_ms: 0 },
      { type: 'reconnect', participants: [1], at_ms: 800 },
    ],
    observation: { verbose: true },
  });
  const events = [...simulation.run()];
  expect(received(events, 'p0', 'p1')[0]).toBeGreaterThan(800);
  expect(simulation.counts().every(({ count }) => count > 0)).toBe(true);
});

describe('eclipse', () => {
  const byzantine = { participants: [2], strategies: [] };

  it.each([
    ['byzantine', true],
    ['nobody', false],
  ])('lets %s reach the node', (allow, reaches) => {
    const simulation = begun({
      byzantine,
      faults: [{ type: 'eclipse', participants: [1], at_ms: 0, duration_ms: 1_000, allow }],
      observation: { verbose: true },
    });
    const events = [...simulation.run()];
    expect((received(events, 'p2', 'p1')[0] ?? 0) < 1_000).toBe(reaches);
    expect(received(events, 'p0', 'p1')[0]).toBeGreaterThan(1_000);
  });
});

describe('partition', () => {
  it('divides those that are named from the others until it is healed', () => {
    const simulation = begun({
      faults: [
        { type: 'partition', participants: [0], at_ms: 0 },
        { type: 'heal', at_ms: 900 },
      ],
      observation: { verbose: true },
    });
    const events = [...simulation.run()];
    expect(received(events, 'p0', 'p1')[0]).toBeGreaterThan(900);
    expect(received(events, 'p1', 'p2')[0]).toBeLessThan(100);
    expect(simulation.counts().every(({ count }) => count > 0)).toBe(true);
  });

  it('divides one half from the other where nobody is named', () => {
    const { events } = withFault({ type: 'partition', at_ms: 0, duration_ms: 1_000 });
    expect(received(events, 'p0', 'p1')[0]).toBeGreaterThan(1_000);
    expect(received(events, 'p1', 'p2')[0]).toBeLessThan(100);
  });
});

describe('faults of messages', () => {
  it.each(['drop', 'duplicate', 'corrupt'])(
    '%s hits the messages of those named, as long as it lasts',
    type => {
      const { simulation, events, count } = withFault({
        type,
        participants: [1],
        at_ms: 0,
        duration_ms: 500,
        rate: 1,
      });
      const kind = type === 'duplicate' ? 'duplicate' : 'drop';
      const hit = events.filter(({ message }) => message?.kind === kind);
      expect(hit.length).toBeGreaterThan(0);
      expect(count).toBe(hit.length);
      // What was damaged or doubled before the end of the fault arrives a little later.
      expect(Math.max(...hit.map(({ time }) => time))).toBeLessThan(560);
      expect(hit.every(({ message }) => message?.from === 'p1' || message?.to === 'p1')).toBe(true);
      expect(simulation.endings).toHaveLength(3);
    },
  );

  it('delay makes them late', () => {
    const { events, count } = withFault({
      type: 'delay',
      participants: [1],
      at_ms: 0,
      duration_ms: 100,
      ms: 2_000,
    });
    const sent = events.filter(
      ({ message, time }) => message?.kind === 'send' && message.from === 'p1' && time < 100,
    );
    const late = events.filter(({ message, time }) => message?.kind === 'receive' && time > 2_000);
    expect(sent.length).toBeGreaterThan(0);
    expect(late.map(({ message }) => message?.id)).toEqual(
      expect.arrayContaining(sent.filter(isReliable).map(({ message }) => message?.id)),
    );
    expect(received(events, 'p0', 'p2')[0]).toBeLessThan(100);
    expect(count).toBeGreaterThan(0);
  });

  it('what one fault loses no other one has doubled, damaged or held up', () => {
    const simulation = begun({
      faults: [
        ...['duplicate', 'corrupt', 'delay', 'reorder'].map(type => ({ type, at_ms: 0, rate: 1 })),
        { type: 'drop', at_ms: 0, rate: 1 },
      ],
      begin: { timeoutEpochs: 3 },
    });
    expect([...simulation.run()].length).toBeGreaterThan(0);
    const counts = simulation.counts().map(({ count }) => count);
    expect(counts.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(counts[4]).toBeGreaterThan(0);
  });

  it('a damaged message that is held back fails its check when it arrives', () => {
    const simulation = begun({
      faults: ['corrupt', 'reorder'].map(type => ({ type, at_ms: 0, rate: 1 })),
      observation: { verbose: true },
      begin: { timeoutEpochs: 5 },
    });
    const kinds = [...simulation.run()].flatMap(({ message }) => (message ? [message.kind] : []));
    expect(kinds).toContain('drop');
    expect(kinds).not.toContain('receive');
  });

  it('reorder counts those that were overtaken', () => {
    const { count } = withFault({ type: 'reorder', at_ms: 0, rate: 0.5 });
    expect(count).toBeGreaterThan(0);
    expect(withFault({ type: 'reorder', at_ms: 0, rate: 0 }).count).toBe(0);
  });
});

describe('requests', () => {
  const options = {
    seed: '1',
    participants: 3,
    network: QUIET_NETWORK,
    timing: TIMING,
    byzantine: { participants: [], strategies: [] },
  };

  function errorsOf(fault: FaultRequest): readonly string[] {
    const created = Simulation.create({ ...options, faults: [fault] });
    return created.ok
      ? []
      : created.errors.map(({ code, message, hint = '' }) => `${code} ${message} ${hint}`.trim());
  }

  it('of unknown faults get the near name', () => {
    expect(errorsOf({ type: 'crahs', at_ms: 0, participants: [0] })).toEqual([
      'AUR443 there is no fault "crahs" did you mean "crash"?',
    ]);
  });

  it.each([
    [{ type: 'crash', at_ms: 0 }, 'AUR444 the fault crash: it has to name participants'],
    [{ type: 'drop', at_ms: 0, rate: 2 }, 'AUR444 the fault drop: `rate` has to be between 0 and 1, not 2'],
    [
      { type: 'drop', at_ms: 0, rat: 0.5 },
      'AUR444 the fault drop: it has no parameter `rat`, did you mean `rate`?',
    ],
    [
      { type: 'crash', at_ms: 0, participants: [0], disk: 'gone' },
      'AUR444 the fault crash: `disk` has to be "kept" or "lost", not "gone"',
    ],
    [
      { type: 'clock_skew', at_ms: 0, participants: [0], ms: Number.NaN },
      'AUR444 the fault clock_skew: `ms` has to be a finite number',
    ],
    [{ type: 'delay', at_ms: 0, ms: Infinity }, 'AUR444 the fault delay: `ms` has to be a finite number'],
    [{ type: 'delay', at_ms: Number.NaN }, 'AUR444 the fault delay: `at_ms` has to be a finite number'],
    [
      { type: 'partition', at_ms: 0, groups: [[0], [Number.NaN]] },
      'AUR444 the fault partition: `groups` has to be of finite numbers',
    ],
    [
      { type: 'drop', at_ms: 0, rate: 'all' },
      'AUR444 the fault drop: `rate` has to be a number, not a string',
    ],
  ])('that do not fit are refused: %j', (fault, message) => {
    expect(errorsOf(fault)).toEqual([message]);
  });

  it('come while the world runs too, and are undone by their number', () => {
    const simulation = begun();
    [...simulation.run({ untilMs: 30 })];
    const fault = got(simulation.inject({ type: 'crash', participants: [0], at_ms: 0 }));
    expect(simulation.view.nodes[0]?.up).toBe(false);
    simulation.undo(fault);
    expect(simulation.view.nodes[0]?.up).toBe(true);
    expect(actionsOf(simulation.run()).filter(action => action === 'crash')).toHaveLength(1);
    expect(simulation.view.nodes[0]?.up).toBe(true);
  });

  it('that are undone before their time do not begin', () => {
    const simulation = begun();
    simulation.undo(got(simulation.inject({ type: 'crash', participants: [0], at_ms: 40 })));
    expect(actionsOf(simulation.run())).not.toContain('crash');
  });

  it('of participants that are not there hit nobody', () => {
    const { simulation, count } = withFault({ type: 'crash', participants: [7], at_ms: 10, duration_ms: 10 });
    expect(count).toBe(0);
    expect(simulation.endings).toHaveLength(3);
  });

  it('that hit nothing stay at zero', () => {
    const { simulation } = withFault({ type: 'crash', participants: [0], at_ms: 90_000_000 });
    expect(simulation.counts()).toEqual([{ of: 'fault', type: 'crash', participants: [0], count: 0 }]);
  });
});

describe('healing', () => {
  it('takes all faults off a quorum, and leaves the others as they are', () => {
    const simulation = begun({
      network: { ...QUIET_NETWORK, drop_rate: 1 },
      faults: [
        { type: 'crash', participants: [0, 2], at_ms: 10 },
        { type: 'pause', participants: [1], at_ms: 10 },
      ],
      observation: { verbose: true },
    });
    [...simulation.run({ untilMs: 1_500 })];
    expect(simulation.view.nodes.map(({ up }) => up)).toEqual([false, true, false]);
    simulation.heal([0, 1]);
    const events = [...simulation.run({ untilMs: 6_000 })];
    expect(simulation.view.nodes.map(({ up }) => up)).toEqual([true, true, false]);
    expect(received(events, 'p0', 'p1').length).toBeGreaterThan(0);
    expect(received(events, 'p1', 'p0').length).toBeGreaterThan(0);
    expect(received(events, 'p0', 'p2')).toEqual([]);
  });
});

it('every fault has a description and is tested here', () => {
  const tested = [
    ...[
      'crash',
      'restart',
      'device_loss',
      'pause',
      'resume',
      'clock_skew',
      'eclipse',
      'disconnect',
      'partition',
    ],
    ...['heal', 'drop', 'duplicate', 'corrupt', 'delay', 'reorder', 'reconnect'],
  ];
  expect(Object.keys(FAULT_KINDS).sort()).toEqual(tested.sort());
  expect(Object.values(FAULT_KINDS).every(({ description }) => description.length > 0)).toBe(true);
});
