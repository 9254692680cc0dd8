// The order of events: what clocks and messages say, against happened-before computed from how the events were made;
// the choice of an order; and what contradicts itself.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/trace/observation.js';
import { must } from '../../src/util/assert.js';
import { LIMITS } from '../../src/util/limits.js';
import { BANK, documentOf, errorIn, linesOf, observed } from './bank.js';

interface MadeEvent {
  readonly id: number;
  readonly node: string;
  /** Of the sending, of a receive. */
  readonly sender: number | undefined;
  readonly clock: ReadonlyMap<string, number>;
  /** All events that happened before. */
  readonly past: ReadonlySet<number>;
  readonly isSent: boolean;
  readonly kept: boolean;
}

/** A run of a few nodes that send one another messages. */
const randomRun: fc.Arbitrary<MadeEvent[]> = fc
  .array(fc.record({ node: fc.nat(3), from: fc.nat(30), receives: fc.boolean(), kept: fc.nat(4) }), {
    minLength: 1,
    maxLength: 14,
  })
  .map(steps => {
    const events: MadeEvent[] = [];
    for (const [id, step] of steps.entries()) {
      const node = `n${step.node}`;
      const before = events.findLast(event => event.node === node);
      const others = events.filter(event => event.node !== node);
      const sender = step.receives && others.length > 0 ? others[step.from % others.length] : undefined;
      const causes = [before, sender].filter(event => event !== undefined);
      const clock = new Map<string, number>();
      for (const { clock: known } of causes)
        for (const [name, count] of known) clock.set(name, Math.max(count, clock.get(name) ?? 0));
      clock.set(node, (clock.get(node) ?? 0) + 1);
      const past = new Set(causes.flatMap(cause => [...cause.past, cause.id]));
      events.push({ id, node, sender: sender?.id, clock, past, isSent: false, kept: step.kept > 0 });
    }
    const sent = new Set(events.map(({ sender }) => sender));
    return events.map(event => ({ ...event, isSent: sent.has(event.id) }));
  });

/** The numbers below `length` in some order. */
function positionsOf(shuffle: readonly number[], length: number): number[] {
  const left = Array.from({ length }, (_, i) => i);
  return Array.from({ length }, (_, i) => {
    const at = shuffle.length === 0 ? 0 : (shuffle[i % shuffle.length] ?? 0) % left.length;
    return must(left.splice(at, 1)[0], 'a position');
  });
}

/** The event's number in its node is its `seq`, its number in the run its place. */
function eventOf(run: readonly MadeEvent[], event: MadeEvent, told: 'clocks' | 'messages'): object {
  const seq = run.filter(({ id, node }) => node === event.node && id < event.id).length;
  const base = { seq, node: event.node, ...(event.kept && { action: 'rest', id: event.id }) };
  if (told === 'clocks') return { ...base, clock: Object.fromEntries(event.clock) };
  if (event.sender !== undefined && event.isSent) return base;
  if (event.sender !== undefined) return { ...base, message: { id: event.sender, kind: 'receive' } };
  return event.isSent ? { ...base, message: { id: event.id, kind: 'send' } } : base;
}

/** What happened before what by the messages alone, where an event that receives and is sent from can tell only one. */
function pastsByMessages(run: readonly MadeEvent[]): Map<number, Set<number>> {
  const pasts = new Map<number, Set<number>>();
  for (const event of run) {
    const before = run.findLast(({ id, node }) => node === event.node && id < event.id);
    const tells = event.sender !== undefined && !event.isSent;
    const sender = tells ? run.find(({ id }) => id === event.sender) : undefined;
    const sends = sender !== undefined && sender.sender === undefined ? sender : undefined;
    const causes = [before, sends].filter(cause => cause !== undefined);
    pasts.set(event.id, new Set(causes.flatMap(({ id }) => [...(pasts.get(id) ?? []), id])));
  }
  return pasts;
}

/** All moments before each, from those right before it. */
function pastsOf(moments: readonly Observation[]): Set<number>[] {
  const pasts: Set<number>[] = [];
  for (const [i, { after }] of moments.entries()) {
    const direct = after ?? (i === 0 ? [] : [i - 1]);
    pasts.push(new Set(direct.flatMap(one => [one, ...must(pasts[one], 'an earlier moment')])));
  }
  return pasts;
}

describe.each(['clocks', 'messages'] as const)('causal order by %s', told => {
  it('is happened-before, no more and no less', async () => {
    await fc.assert(
      fc.asyncProperty(randomRun, fc.array(fc.nat(), { maxLength: 14 }), async (run, shuffle) => {
        fc.pre(run.some(({ kept }) => kept));
        const file = positionsOf(shuffle, run.length).map(i => must(run[i], 'an event'));
        const { moments } = await observed(linesOf(file.map(event => eventOf(run, event, told))), {
          types: BANK,
          order: 'causal',
        });
        const byMessages = pastsByMessages(run);
        const truth = (event: MadeEvent) =>
          told === 'clocks' ? event.past : must(byMessages.get(event.id), 'a past');
        const shown = moments.slice(1).map(({ place }) => must(file[Number(/\d+/.exec(place)?.[0])], place));
        expect(shown.map(({ id }) => id).sort()).toEqual(
          run
            .filter(({ kept }) => kept)
            .map(({ id }) => id)
            .sort(),
        );
        const pasts = pastsOf(moments);
        for (const [i, event] of shown.entries()) {
          const wanted = shown.flatMap(({ id }, j) => (truth(event).has(id) ? [j + 1] : []));
          expect([...must(pasts[i + 1], 'a past')].sort((a, b) => a - b)).toEqual(
            [0, ...wanted].sort((a, b) => a - b),
          );
        }
        // Those right before a moment are never before one another.
        for (const { after = [] } of moments)
          for (const one of after) for (const other of after) expect(pasts[one]?.has(other)).not.toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same whatever the order of the file', async () => {
    await fc.assert(
      fc.asyncProperty(randomRun, fc.array(fc.nat(), { maxLength: 14 }), async (run, shuffle) => {
        fc.pre(run.some(({ kept }) => kept));
        const ids = async (order: readonly MadeEvent[]) => {
          const text = linesOf(order.map(event => eventOf(run, event, told)));
          const { moments } = await observed(text, { types: BANK, order: 'causal' });
          return moments.slice(1).map(({ place }) => order[Number(/\d+/.exec(place)?.[0])]?.id);
        };
        const file = positionsOf(shuffle, run.length).map(i => must(run[i], 'an event'));
        expect(await ids(file)).toEqual(await ids(run));
      }),
      { numRuns: 100 },
    );
  });
});

const rest = (node: string, more: object = {}) => ({ node, action: 'rest', ...more });

async function order(events: readonly object[], given?: 'causal' | 'time' | 'seq' | 'file') {
  const { moments, frame } = await observed(
    linesOf(events),
    given ? { types: BANK, order: given } : { types: BANK },
  );
  return {
    events: moments.slice(1).map(({ place }) => Number(/\d+/.exec(place)?.[0])),
    after: moments.map(({ after }) => after),
    interleaved: frame.interleaved,
  };
}

describe('without being told how', () => {
  it('a trace of one node stays as it is', async () => {
    expect(await order([rest('a', { time: 1 }), rest('a', { time: 1 }), rest('a', { time: 5 })])).toEqual({
      events: [0, 1, 2],
      after: [undefined, undefined, undefined, undefined],
      interleaved: false,
    });
  });

  it('events are ordered by time, and by seq where there is none', async () => {
    expect((await order([rest('a', { time: 3 }), rest('b', { time: 1 })])).events).toEqual([1, 0]);
    expect((await order([rest('a', { seq: 3 }), rest('b', { seq: 1 })])).events).toEqual([1, 0]);
    expect((await order([rest('a', { seq: 3, time: 1 }), rest('b', { seq: 1, time: 2 })])).events).toEqual([
      0, 1,
    ]);
    // Numbers that are not unique are those of the nodes.
    expect(
      (await order([rest('a', { seq: 3 }), rest('b', { seq: 1 }), rest('c', { seq: 1 })])).events,
    ).toEqual([0, 1, 2]);
  });

  it('events of several nodes with clocks or messages are ordered by causality', async () => {
    const sent = [
      rest('b', { time: 1, message: { id: 1, kind: 'receive' } }),
      rest('a', { time: 2, message: { id: 1, kind: 'send' } }),
      rest('c', { time: 3 }),
    ];
    expect(await order(sent)).toEqual({
      events: [1, 0, 2],
      after: [undefined, undefined, undefined, [0]],
      interleaved: true,
    });
  });

  it('initial states come first', async () => {
    const events = [rest('a', { time: 1 }), { node: 'b', action: 'init', time: 9 }];
    const { moments } = await observed(linesOf(events), { types: BANK, order: 'causal' });
    expect(moments.map(({ place }) => place)).toEqual(['event 1, line 3', 'event 0, line 2']);
  });

  it('a trace that is long goes through as it comes, and an event in disorder is told', async () => {
    const events = Array.from({ length: 3000 }, (_, i) => rest('a', { time: i === 2500 ? 7 : i }));
    expect(await errorIn(linesOf(events))).toMatchObject({
      code: 'AUR318',
      message: 'event 2500: its time is less than that of an event before it',
      location: { line: 2502 },
      hint: '--order time sorts the events, --order file takes them as they come',
    });
    expect((await order(events, 'file')).events[2500]).toBe(2500);
    expect((await order(events, 'time')).events[2500]).toBe(2499);
    const clocked = events.map((event, i) => (i === 2000 ? rest('b', { time: i, clock: { b: 1 } }) : event));
    expect(await errorIn(linesOf(clocked))).toMatchObject({
      code: 'AUR318',
      hint: expect.stringMatching(/^--order causal/),
    });
  });
});

describe('as told', () => {
  const events = [
    rest('a', { seq: 2, time: 1 }),
    rest('b', { seq: 1, time: 2 }),
    rest('c', { seq: 3, time: 0 }),
  ];
  it.each([
    ['time', [2, 0, 1]],
    ['seq', [1, 0, 2]],
    ['file', [0, 1, 2]],
    ['causal', [2, 0, 1]],
  ] as const)('by %s', async (given, wanted) => expect((await order(events, given)).events).toEqual(wanted));

  it.each(['time', 'seq'] as const)('by %s, which must be there', async given => {
    expect(await errorIn(linesOf([rest('a'), rest('b')]), { types: BANK, order: given })).toMatchObject({
      code: 'AUR318',
      message: `event 0: it has no ${given}`,
    });
  });

  it('by the header: as they stand, whatever times, clocks and messages say, unless --order says otherwise', async () => {
    const sent = { message: { id: 'm', kind: 'send' } };
    const got = { message: { id: 'm', kind: 'receive' } };
    const told = [
      rest('a', { time: 5, ...got }),
      rest('b', { time: 3, ...sent, clock: { b: 1 } }),
      rest('a'),
    ];
    const header = { order: 'file' };
    const lines = linesOf(told, header);
    const { moments, frame } = await observed(lines);
    expect(moments.map(({ place }) => place)).toEqual([
      'before event 0, line 2',
      'event 0, line 2',
      'event 1, line 3',
      'event 2, line 4',
    ]);
    expect(frame.interleaved).toBe(false);
    const asked = await observed(lines, { types: BANK, order: 'causal' });
    expect(asked.moments[1]?.place).toBe('event 1, line 3');
    expect((await observed(documentOf(told, header))).frame.interleaved).toBe(false);
    const late = JSON.stringify({ format: 'aura-execution-trace', version: 1, events: told, ...header });
    expect(await errorIn(late)).toMatchObject({ code: 'AUR311' });
    const other = linesOf(told, { order: 'time' });
    expect(await errorIn(other)).toMatchObject({
      code: 'AUR311',
      message: expect.stringContaining('"order" can only be file'),
    });
  });

  it('after the events that are listed', async () => {
    const listed = [
      { seq: 5, action: 'rest' },
      { seq: 6, action: 'rest', after: [5] },
      { seq: 7, action: 'rest', after: [5] },
      { seq: 8, action: 'rest', after: [6, 7, 5] },
    ];
    expect((await order(listed)).after).toEqual([undefined, undefined, undefined, [1], [2, 3]]);
  });
});

describe('messages', () => {
  const receive = (node: string, message: object) => rest(node, { message: { kind: 'receive', ...message } });
  const send = (node: string, message: object) => rest(node, { message: { kind: 'send', ...message } });

  it('that were never sent come from a node that is not logged', async () => {
    expect((await order([rest('b'), receive('a', { id: 'x' })])).interleaved).toBe(true);
  });

  it('of one id to several nodes are told apart', async () => {
    const events = [
      send('a', { id: 1, to: 'b' }),
      send('a', { id: 1, to: 'c' }),
      receive('c', { id: 1 }),
      receive('b', { id: 1 }),
    ];
    expect((await order(events)).after).toEqual([undefined, undefined, undefined, [1], [2]]);
  });

  it('that were sent twice are unclear', async () => {
    const events = [send('a', { id: 1 }), send('b', { id: 1 }), receive('c', { id: 1 })];
    expect(await errorIn(linesOf(events))).toMatchObject({
      code: 'AUR319',
      message: 'event 2: the message 1 was sent twice, at events 0 and 1: which of them is it?',
      location: { line: 4 },
    });
    expect(
      (await order([send('a', { id: 1 }), send('b', { id: 1 }), receive('c', { id: 1, from: 'b' })])).after,
    ).toEqual([undefined, undefined, [0], undefined]);
  });

  it('are dropped and duplicated after they were sent', async () => {
    const drop = rest('net', { time: 0, message: { id: 1, kind: 'drop' } });
    expect((await order([drop, rest('a', { time: 1, message: { id: 1, kind: 'send' } })])).events).toEqual([
      1, 0,
    ]);
  });
});

describe('contradictions', () => {
  it('a clock that goes backwards', async () => {
    const events = [
      rest('a', { clock: { a: 1, b: 2 } }),
      rest('b', { clock: { b: 1 } }),
      rest('a', { clock: { a: 2, b: 1 } }),
    ];
    expect(await errorIn(linesOf(events))).toMatchObject({
      code: 'AUR319',
      message: 'event 2: the vector clock of a goes backwards: b was 2 at event 0 and is 1 here',
      location: { line: 4, column: 1 },
    });
  });

  it('a clock without the node itself', async () => {
    const events = [rest('a', { clock: { b: 1 } }), rest('b', { clock: { b: 1 } })];
    expect(await errorIn(linesOf(events))).toMatchObject({
      code: 'AUR319',
      message: 'event 0: its clock has no count of the node itself',
    });
  });

  it('a circle', async () => {
    const events = [
      rest('a', { message: { id: 1, kind: 'receive' } }),
      rest('a', { message: { id: 2, kind: 'send' } }),
      rest('b', { message: { id: 2, kind: 'receive' } }),
      rest('b', { message: { id: 1, kind: 'send' } }),
    ];
    expect(await errorIn(linesOf(events))).toMatchObject({
      code: 'AUR319',
      message: expect.stringMatching(
        /: events [0-3], [0-3], [0-3], [0-3] come before one another in a circle$/,
      ),
    });
  });

  it('events after what is not there or not one', async () => {
    expect(await errorIn(linesOf([{ seq: 1, action: 'rest', after: [4] }]))).toMatchObject({
      message: 'event 0: it comes after 4, which is the seq of no event',
    });
    const twice = [
      { seq: 1, action: 'rest' },
      { seq: 1, action: 'rest' },
      { action: 'rest', after: [1] },
    ];
    expect(await errorIn(linesOf(twice))).toMatchObject({
      message: 'event 2: it comes after 1, which is the seq of several events',
    });
  });

  it('a clock that does not count every event leaves open what is not certain', async () => {
    // Both events of a have the count 1: only the first is certain to be known to b.
    const events = [
      rest('a', { clock: { a: 1 } }),
      rest('a', { clock: { a: 1 } }),
      rest('b', { clock: { a: 1, b: 1 } }),
    ];
    expect((await order(events)).after).toEqual([undefined, undefined, undefined, [1]]);
  });

  it('a loop where the order is not certain', async () => {
    const events = [rest('a', { clock: { a: 1 } }), rest('b', { clock: { b: 1 } })];
    expect(await errorIn(linesOf(events, { loop: 0 }))).toMatchObject({ code: 'AUR321' });
  });

  it('too many nodes', async () => {
    const count = Math.ceil(Math.sqrt(LIMITS.causalCells)) + 1;
    const events = Array.from({ length: count }, (_, i) => `{"seq":${i},"action":"rest","after":[]}\n`);
    expect(await errorIn(`${linesOf([])}${events.join('')}`)).toMatchObject({
      code: 'AUR304',
      hint: expect.stringContaining('--order file'),
    });
  });
});
