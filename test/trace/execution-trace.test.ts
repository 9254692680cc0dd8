// Execution traces as they should be, and each way in which one can be bad: one clear error with its place.
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/util/limits.js';
import {
  BANK,
  documentOf,
  doneIn,
  errorIn,
  HEADER,
  knownIn,
  linesOf,
  observe,
  observed,
  toldIn,
} from './bank.js';
import { valueIn } from './support.js';

const FULL = { balance: { a: 5 }, last: null, total: 5 };
const EVENTS = [
  { seq: 0, action: 'init', state: FULL },
  {
    seq: 1,
    action: 'pay',
    params: { from: 'a', amount: 2, comment: 'ignored' },
    state: { ...FULL, balance: { a: 3 } },
  },
  {
    seq: 2,
    action: 'audit',
    params: { who: 'b' },
    state: { ...FULL, balance: { a: 3 }, last: 'b' },
    anything: [1],
  },
];

describe('a trace', () => {
  it.each([
    ['JSON Lines', linesOf(EVENTS)],
    ['a document', documentOf(EVENTS)],
    ['a document on one line', JSON.stringify(JSON.parse(documentOf(EVENTS)))],
    [
      'a document with its events first',
      JSON.stringify({ events: EVENTS, format: 'aura-execution-trace', version: 1 }),
    ],
    ['JSON Lines with blank lines and CRLF', linesOf(EVENTS).replaceAll('\n', '\r\n \r\n')],
    ['JSON Lines without a last line break', linesOf(EVENTS).trimEnd()],
    ['JSON Lines with a byte order mark', `\ufeff${linesOf(EVENTS)}`],
  ])('is read from %s', async (_, text) => {
    const trace = await observed(text);
    expect(knownIn(trace)).toEqual([
      'balance=Map("a" -> 5) last=None main::inst::total=5',
      'balance=Map("a" -> 3) last=None main::inst::total=5',
      'balance=Map("a" -> 3) last=Some("b") main::inst::total=5',
    ]);
    expect(doneIn(trace)).toEqual(['?', 'pay(from: "a", amount: 2)', 'inst::audit(who: Some("b"))']);
    expect(trace.frame).toMatchObject({ interleaved: false, untold: 'unknown', actions: 'certain' });
    expect(trace.moments.map(({ after }) => after)).toEqual([undefined, undefined, undefined]);
  });

  it('is the same in any chunks', async () => {
    const text = linesOf(EVENTS);
    const whole = valueIn(await observe(text));
    for (let cut = 1; cut < text.length; cut += 7)
      expect(valueIn(await observe(text, { types: BANK }, [cut, cut + 1, cut + 3]))).toEqual(whole);
  });

  it('says where each moment comes from', async () => {
    const trace = await observed(linesOf(EVENTS));
    expect(trace.moments.map(({ place }) => place)).toEqual([
      'event 0, line 2',
      'event 1, line 3',
      'event 2, line 4',
    ]);
    const [, second] = (await observed(documentOf(EVENTS))).moments;
    expect(second?.place).toMatch(/^event 1, line \d\d$/);
  });

  it('has the same value object where a value did not change', async () => {
    const { moments } = await observed(linesOf(EVENTS));
    expect(moments[2]?.known.get('balance')).toBe(moments[1]?.known.get('balance'));
  });
});

describe('the initial state', () => {
  it('is unobserved where the first event is a step', async () => {
    const trace = await observed(linesOf([{ action: 'rest', state: FULL }]));
    expect(knownIn(trace)).toEqual(['', 'balance=Map("a" -> 5) last=None main::inst::total=5']);
    expect(trace.moments[0]?.place).toBe('before event 0, line 2');
  });

  it('is the state of a first event without an action', async () => {
    const trace = await observed(linesOf([{ state: FULL }, { state: FULL }]));
    expect(knownIn(trace)).toHaveLength(2);
  });

  it('is put together from the init events of several nodes', async () => {
    const trace = await observed(
      linesOf([
        { node: 'x', action: 'init', state: { total: 1 } },
        { node: 'y', action: 'init', state: { last: 'y' } },
        { node: 'x', action: 'rest', state: {} },
      ]),
    );
    expect(knownIn(trace)).toEqual(['last=Some("y") main::inst::total=1'.split(' ').reverse().join(' '), '']);
    expect(trace.moments[0]?.place).toBe('events 0 to 1, lines 2 to 3');
  });

  it('comes before all steps, and only once', async () => {
    expect(await errorIn(linesOf([{ action: 'rest' }, { action: 'init' }]))).toMatchObject({
      code: 'AUR320',
      message: 'event 1: the initial state can only come before all steps',
      location: { line: 3 },
    });
    const twice = [
      { action: 'init', state: { total: 1 } },
      { action: 'init', state: { total: 2 } },
    ];
    expect(await errorIn(linesOf(twice))).toMatchObject({
      code: 'AUR320',
      message: expect.stringContaining('tell different values of main::inst::total'),
    });
  });
});

describe('states', () => {
  const partial = [
    { action: 'init', state: FULL },
    { action: 'pay', state: { balance: { a: 1 } } },
    { action: 'rest' },
    { action: 'rest', state: { last: 'z' } },
  ];

  it('are carried over as deltas', async () => {
    const trace = await observed(linesOf(partial, { state_mode: 'delta' }));
    expect(knownIn(trace)).toEqual([
      'balance=Map("a" -> 5) last=None main::inst::total=5',
      'balance=Map("a" -> 1) last=None main::inst::total=5',
      'balance=Map("a" -> 1) last=None main::inst::total=5',
      'balance=Map("a" -> 1) last=Some("z") main::inst::total=5',
    ]);
    expect(toldIn(trace).slice(1)).toEqual(['balance=Map("a" -> 1)', '', 'last=Some("z")']);
    expect(trace.frame.untold).toBe('carried');
  });

  it('leave unknown what is absent when they are partial', async () => {
    const trace = await observed(linesOf(partial, { state_mode: 'partial' }));
    expect(knownIn(trace).slice(1)).toEqual(['balance=Map("a" -> 1)', '', 'last=Some("z")']);
    expect(trace.frame.untold).toBe('unknown');
  });

  it('are full when the first is, and then must be', async () => {
    expect(await errorIn(linesOf(partial))).toMatchObject({
      code: 'AUR315',
      message: 'event 1, /state: no value for last, main::inst::total',
      location: { file: 'trace', line: 3, column: 1 },
      hint: expect.stringContaining('state_mode'),
    });
    const stateless = await observed(
      linesOf([partial[0] ?? {}, { action: 'rest' }, { action: 'rest', state: FULL }]),
    );
    expect(knownIn(stateless)[1]).toBe('');
  });

  it('are partial when the first is not full', async () => {
    const trace = await observed(
      linesOf([
        { action: 'init', state: { last: null } },
        { action: 'rest', state: FULL },
      ]),
    );
    expect(knownIn(trace)[0]).toBe('last=None');
  });

  it('are ignored on demand', async () => {
    const trace = await observed(linesOf(EVENTS), { types: BANK, eventsOnly: true });
    expect(knownIn(trace)).toEqual(['', '', '']);
    expect(doneIn(trace)[1]).toBe('pay(from: "a", amount: 2)');
  });

  it('tell entries of maps one by one', async () => {
    const events = [
      { action: 'init', state: FULL },
      { action: 'pay', entries: [{ variable: 'balance', key: 'b', value: 2 }], state: {} },
    ];
    const carried = await observed(linesOf(events, { state_mode: 'delta' }));
    expect(knownIn(carried)[1]).toBe('balance=Map("a" -> 5, "b" -> 2) last=None main::inst::total=5');
    const trace = await observed(linesOf(events, { state_mode: 'partial' }));
    expect(knownIn(trace)[1]).toBe('');
    expect(toldIn(trace)[1]).toBe('balance["b"]=2');
  });
});

describe('bad input', () => {
  const bad = (event: object) => linesOf([EVENTS[0] ?? {}, event]);

  it.each<[string, string | Uint8Array, string, string | RegExp, object?]>([
    ['an empty file', '', 'AUR313', 'trace is empty'],
    ['white space', ' \n ', 'AUR301', /ends where "{" should follow/],
    ['no object', '[1]', 'AUR310', /neither an ITF trace nor an execution trace/],
    ['text', 'time=1 action=x', 'AUR310', /no JSON object/],
    [
      'no header',
      `${JSON.stringify(EVENTS[0])}\n`,
      'AUR310',
      'not an execution trace: it has no "format"',
      { line: 1 },
    ],
    [
      'another format',
      '{"format":"x","version":1}\n{}',
      'AUR310',
      'not an execution trace: its "format" is another',
    ],
    ['a header without a version', '{"format":"aura-execution-trace"}\n{}', 'AUR311', /"version" must be/],
    [
      'a newer version',
      '{"format":"aura-execution-trace","version":2}\n{}',
      'AUR312',
      /version 2 of aura-execution-trace, this aura reads up to version 1/,
    ],
    [
      'a newer version of a document',
      '{"events":[{"state":{}}],"format":"aura-execution-trace","version":3}',
      'AUR312',
      /version 3/,
    ],
    ['a document that does not say what it is', '{"events":[{"state":{}}]}', 'AUR310', /no "format"/],
    ['no events', `${HEADER}\n\n`, 'AUR313', 'trace has no events'],
    ['no events in a document', documentOf([]), 'AUR313', 'trace has no events'],
    [
      'no events of the spec',
      linesOf([{ time: 1 }]),
      'AUR313',
      'none of the 1 events of trace is one of the spec',
    ],
    [
      'a bad header',
      '{"format":"aura-execution-trace","version":1,"state_mode":"all"}\n{}',
      'AUR311',
      '"state_mode" must be full, delta or partial',
    ],
    [
      'how to read the events behind them',
      '{"format":"aura-execution-trace","version":1,"events":[{}],"state_mode":"full"}',
      'AUR311',
      '"state_mode" must stand before the events that it is about',
    ],
    [
      'events that are no list',
      '{"format":"aura-execution-trace","version":1,"events":{}}',
      'AUR311',
      '"events" must be an array',
    ],
    [
      'garbage in the middle',
      `${linesOf([EVENTS[0] ?? {}])}what?\n${JSON.stringify(EVENTS[1])}\n`,
      'AUR301',
      'event 1: expected a value',
      { line: 3, column: 1 },
    ],
    ['a truncated line', linesOf(EVENTS).slice(0, -30), 'AUR301', /^event 2: /, { line: 4 }],
    ['a truncated document', documentOf(EVENTS).slice(0, -40), 'AUR301', /ends within events\[2\]/],
    [
      'a document whose bracket is missing',
      documentOf(EVENTS).replace('"a": 5\n', '"a": 5]\n'),
      'AUR301',
      /expected "," or "}"/,
      { line: 10 },
    ],
    ['an event that is no object', `${HEADER}\n[1]\n`, 'AUR311', 'event 0: it is not an object', { line: 2 }],
    [
      'a repeated key',
      `${HEADER}\n{"state":{"total":1,"total":2}}\n`,
      'AUR301',
      'event 0: the key "total" is repeated',
      { line: 2, column: 21 },
    ],
    ['a number for a node', bad({ node: 3 }), 'AUR311', 'event 1, /node: expected text, got 3'],
    [
      'a negative seq',
      bad({ seq: -1 }),
      'AUR311',
      'event 1, /seq: expected a whole number from 0 on, got -1',
    ],
    [
      'a time that is no number',
      bad({ time: 'noon' }),
      'AUR311',
      'event 1, /time: expected a number of milliseconds, got "noon"',
    ],
    [
      'nanoseconds',
      `${HEADER}\n{"time":1700000000000000000,"state":{}}\n`,
      'AUR311',
      /expected a number of milliseconds/,
    ],
    [
      'a message of an unknown kind',
      bad({ message: { id: 1, kind: 'sent' } }),
      'AUR311',
      'event 1, /message/kind: expected send, receive, drop or duplicate, got "sent"',
    ],
    [
      'a message without an id',
      bad({ message: { kind: 'send' } }),
      'AUR311',
      'event 1, /message: id is missing',
    ],
    [
      'a clock of no counts',
      bad({ node: 'x', clock: { x: -1 } }),
      'AUR311',
      'event 1, /clock/x: expected a whole number from 0 on, got -1',
    ],
    [
      'an entry without a key',
      bad({ entries: [{ variable: 'balance', value: 1 }] }),
      'AUR311',
      'event 1, /entries/0: key is missing',
    ],
    [
      'an action and actions',
      bad({ action: 'rest', actions: [], state: FULL }),
      'AUR311',
      'event 1, /actions: there is an "action" too',
    ],
    [
      'a value of the wrong type',
      bad({ action: 'rest', state: { ...FULL, last: 3 } }),
      'AUR303',
      'event 1, /state/last: expected Option[str], got 3',
      { line: 3 },
    ],
    [
      'a parameter of the wrong type',
      bad({ action: 'pay', params: { amount: '2.5' }, state: FULL }),
      'AUR303',
      'event 1, /params/amount: expected int, got "2.5"',
    ],
    [
      'a duplicate key',
      bad({
        action: 'rest',
        state: {
          ...FULL,
          balance: [
            ['a', 1],
            ['a', 2],
          ],
        },
      }),
      'AUR303',
      'event 1, /state/balance: the map has the key "a" twice',
    ],
    [
      'an unknown variable',
      bad({ action: 'rest', state: { ...FULL, balances: 1 } }),
      'AUR314',
      'event 1, /state: the spec has no variable balances',
    ],
    [
      'two names of one variable',
      bad({ action: 'rest', state: { ...FULL, 'inst::total': 1 } }),
      'AUR314',
      /total and inst::total are both the variable main::inst::total/,
    ],
    [
      'an entry of no map',
      bad({ action: 'rest', state: FULL, entries: [{ variable: 'last', key: 1, value: 1 }] }),
      'AUR314',
      'event 1, /entries: last is no map, so it has no entries',
    ],
    [
      'an unknown action',
      bad({ action: 'paid', state: FULL }),
      'AUR316',
      'event 1, /action: the spec has no action paid',
    ],
    [
      'a loop beyond the end',
      linesOf(EVENTS, { loop: 3 }),
      'AUR321',
      '"loop" of trace is 3, but there are 3 events',
    ],
    [
      'a damaged byte',
      Buffer.concat([Buffer.from(`${HEADER}\n{"action":"`), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n')]),
      'AUR004',
      'event 0: a string is not valid UTF-8',
    ],
  ])('%s', async (_, text, code, message, location) => {
    const error = await errorIn(text);
    expect(error).toMatchObject({ code, ...(location && { location }) });
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  it('names what was probably meant', async () => {
    expect((await errorIn(bad({ action: 'rest', state: { ...FULL, balances: 1 } }))).hint).toMatch(
      /^did you mean balance\?/,
    );
    expect((await errorIn(bad({ action: 'pai', state: FULL }))).hint).toMatch(/^did you mean pay\?/);
  });

  it('a trace for another spec', async () => {
    const types = { ...BANK, vars: new Map([...BANK.vars].slice(0, 1)) };
    expect(await errorIn(linesOf(EVENTS), { types })).toMatchObject({ code: 'AUR314' });
  });

  it('a name that could be of several variables', async () => {
    const types = {
      ...BANK,
      vars: new Map([...BANK.vars, ['main::other::total', { kind: 'int' as const }]]),
    };
    expect(await errorIn(linesOf(EVENTS), { types })).toMatchObject({
      code: 'AUR314',
      message: 'event 0, /state: total may be any of main::inst::total, main::other::total',
    });
  });

  it('an integer beyond any limit, a value nested too deeply, a line that is too long', async () => {
    const digits = '9'.repeat(LIMITS.traceIntDigits + 1);
    expect(await errorIn(`${HEADER}\n{"state":{"total":${digits}}}\n`)).toMatchObject({ code: 'AUR304' });
    const deep = `${'['.repeat(2000)}${']'.repeat(2000)}`;
    expect(await errorIn(`${HEADER}\n{"other":${deep}}\n`)).toMatchObject({
      code: 'AUR304',
      location: { line: 2 },
    });
    const long = Buffer.alloc(LIMITS.traceStateBytes + 10, 0x20);
    expect(await errorIn(Buffer.concat([Buffer.from(`${HEADER}\n`), long]))).toMatchObject({
      code: 'AUR304',
      message: `the line has more than ${LIMITS.traceStateBytes} bytes`,
      location: { line: 2 },
    });
  });

  it('integers beyond 2^53 are exact', async () => {
    const text = `${HEADER}\n{"state":{"total":123456789012345678901234567890}}\n`;
    expect(knownIn(await observed(text))).toEqual(['main::inst::total=123456789012345678901234567890']);
  });

  it('an execution trace where one in ITF is wanted', async () => {
    expect(await errorIn(linesOf(EVENTS), {})).toMatchObject({ code: 'AUR310' });
  });
});

describe('a loop', () => {
  it('leads back to the moment of an event', async () => {
    const events = [
      { action: 'init', state: FULL },
      { time: 3 },
      { action: 'rest', state: FULL },
      { action: 'rest', state: FULL },
    ];
    expect((await observed(linesOf(events, { loop: 2 }))).frame).toMatchObject({ loop: 1, mayLoop: true });
    expect((await observed(linesOf(events))).frame).toMatchObject({ mayLoop: false });
    expect((await observed(linesOf(events.slice(1), { loop: 2 }))).frame.loop).toBe(2);
    expect(await errorIn(linesOf(events, { loop: 1 }))).toMatchObject({
      code: 'AUR321',
      message: expect.stringContaining('not one of the spec'),
    });
  });
});

describe('what surrounds the events', () => {
  it('tells of hidden actions and of hints', async () => {
    const header = { hidden: { actions: ['audit'], most: 2 }, actions: 'hints' };
    expect((await observed(linesOf(EVENTS, header))).frame).toMatchObject({
      hidden: { actions: ['inst::audit'], most: 2 },
      actions: 'hints',
    });
    expect(await errorIn(linesOf(EVENTS, { hidden: { actions: ['audits'] } }))).toMatchObject({
      code: 'AUR317',
      hint: 'did you mean inst::audit?',
    });
  });
});
