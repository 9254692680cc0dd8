// The words of a log in those of a spec: rules for actions, parameters and variables, events that are passed over, and
// rules that do not fit the spec.
import { describe, expect, it } from 'vitest';
import type { TraceMapping } from '../../src/trace/trace-mapping.js';
import { BANK, doneIn, errorIn, knownIn, linesOf, mapping, observed, toldIn } from './bank.js';

function mapped(parts: Partial<TraceMapping>) {
  return { types: BANK, mapping: mapping(parts) };
}

describe('actions', () => {
  it('have other names and parameters in other places', async () => {
    const rule = {
      protocol: 'ledger.transfer',
      quint: ['pay'],
      params: new Map([
        ['from', { path: '/custom/who~1what/0' }],
        ['amount', { const: 7 }],
      ]),
    };
    const events = [
      { action: 'ledger.transfer', custom: { 'who/what': ['a'] }, params: { amount: 3 } },
      { action: 'ledger.transfer', custom: {} },
    ];
    expect(doneIn(await observed(linesOf(events), mapped({ actions: [rule] })))).toEqual([
      '?',
      'pay(from: "a", amount: 7)',
      'pay(amount: 7)',
    ]);
  });

  it('take values by equal names without a rule for them', async () => {
    const rule = { protocol: 'transfer', quint: ['pay'] };
    const event = { action: 'transfer', params: { amount: '12', from: 'b', more: {} } };
    expect(doneIn(await observed(linesOf([event]), mapped({ actions: [rule] })))[1]).toBe(
      'pay(amount: 12, from: "b")',
    );
  });

  it('can be several for one event, with values of their own', async () => {
    const rule = {
      protocol: 'checkout',
      quint: ['pay', 'audit'],
      params: new Map([
        ['pay.from', { path: '/params/buyer' }],
        ['audit.who', { path: '/params/seller' }],
      ]),
    };
    const event = { action: 'checkout', params: { buyer: 'a', seller: 'b' } };
    expect(doneIn(await observed(linesOf([event]), mapped({ actions: [rule] })))[1]).toBe(
      'pay(from: "a") then inst::audit(who: Some("b"))',
    );
    const listed = { actions: [{ action: 'pay', params: { amount: 1 } }, { action: 'audit' }] };
    expect(doneIn(await observed(linesOf([listed])))[1]).toBe('pay(amount: 1) then inst::audit()');
  });

  it('are unknown where an event stands for one of several', async () => {
    const actions = [
      { protocol: 'op', quint: ['pay'] },
      { protocol: 'op', quint: ['rest'] },
    ];
    expect(doneIn(await observed(linesOf([{ action: 'op' }]), mapped({ actions })))).toEqual(['?', '?']);
  });

  it('give the initial state under another name', async () => {
    const actions = [{ protocol: 'boot', quint: ['init'] }];
    expect(
      knownIn(await observed(linesOf([{ action: 'boot', state: { last: null } }]), mapped({ actions }))),
    ).toEqual(['last=None']);
  });

  it('of ignored events are nothing to the spec', async () => {
    const events = [
      { action: 'init' },
      { action: 'heartbeat', state: { bogus: 1 } },
      { action: 'rest' },
      { fault: 'crash' },
    ];
    const trace = await observed(linesOf(events), mapped({ ignoredEvents: ['heartbeat'] }));
    expect(trace.moments.map(({ place }) => place)).toEqual(['event 0, line 2', 'event 2, line 4']);
  });

  it('that are hidden are named by the configuration before the trace', async () => {
    const header = { hidden: { actions: ['pay'] } };
    const options = mapped({ hidden: { actions: ['rest', 'audit'], most: 3 } });
    const { frame } = await observed(linesOf([{ action: 'rest' }], header), options);
    expect(frame.hidden).toEqual({ actions: ['rest', 'inst::audit'], most: 3 });
  });
});

describe('variables', () => {
  it('stand elsewhere or have one value always', async () => {
    const states = [
      { variable: 'balance', value: { path: '/state/wallet/all' }, perNode: false },
      { variable: 'total', value: { const: 9 }, perNode: false },
      { variable: 'last', value: { path: '/node' }, perNode: false },
    ];
    const events = [
      { node: 'n', action: 'init', state: { wallet: { all: { a: 1 } } } },
      { node: 'm', action: 'rest', state: {} },
    ];
    const options = { ...mapped({ states }), stateMode: 'partial' as const };
    expect(knownIn(await observed(linesOf(events), options))).toEqual([
      'balance=Map("a" -> 1) last=Some("n") main::inst::total=9',
      'last=Some("m") main::inst::total=9',
    ]);
  });

  it('are told node by node', async () => {
    const states = [{ variable: 'balance', value: { path: '/state/mine' }, perNode: true }];
    const events = [
      { node: 'a', action: 'init', state: { mine: 1 } },
      { node: 'b', action: 'init', state: { mine: 2 } },
      { node: 'b', action: 'rest', state: { mine: 5 } },
    ];
    const single = await observed(linesOf(events), { ...mapped({ states }), stateMode: 'delta' });
    expect(knownIn(single)).toEqual(['', '']);
    expect(toldIn(single)).toEqual(['balance["a"]=1 balance["b"]=2', 'balance["b"]=5']);
    const whole = await observed(linesOf(events), {
      ...mapped({ states, nodes: ['a', 'b'] }),
      stateMode: 'delta',
    });
    expect(knownIn(whole)).toEqual(['balance=Map("a" -> 1, "b" -> 2)', 'balance=Map("a" -> 1, "b" -> 5)']);
    const partial = await observed(linesOf(events), {
      ...mapped({ states, nodes: ['a', 'b'] }),
      stateMode: 'partial',
    });
    expect(knownIn(partial)).toEqual(['balance=Map("a" -> 1, "b" -> 2)', '']);
  });

  it('may be all of the state, or stand beside what is ignored', async () => {
    const states = [{ variable: 'balance', value: { path: '/state' }, perNode: false }];
    const trace = await observed(linesOf([{ state: { a: 1, b: 2 } }]), mapped({ states }));
    expect(knownIn(trace)).toEqual(['balance=Map("a" -> 1, "b" -> 2)']);
    const ignoring = await observed(
      linesOf([{ state: { debug: 1, last: null } }]),
      mapped({ ignoredState: ['debug'] }),
    );
    expect(knownIn(ignoring)).toEqual(['last=None']);
  });
});

describe('rules that do not fit', () => {
  const params = (name: string, value: { path: string } | { const: string }) => ({
    actions: [{ protocol: 'op', quint: ['pay'], params: new Map([[name, value]]) }],
  });
  const state = (variable: string, value: { path: string } | { const: number }, perNode = false) => ({
    states: [{ variable, value, perNode }],
  });

  it.each<[string, Partial<TraceMapping>, string]>([
    [
      'an action',
      { actions: [{ protocol: 'op', quint: ['pey'] }] },
      'action_mappings[0] for op: the spec has no action pey (did you mean pay?)',
    ],
    ['a parameter', params('form', { path: '/x' }), 'action_mappings[0] for op: pay has no parameter form'],
    [
      'a constant',
      params('amount', { const: 'x' }),
      'action_mappings[0] for op: amount: expected int, got "x"',
    ],
    [
      'a pointer',
      params('amount', { path: 'params/x' }),
      'action_mappings[0] for op: amount: params/x is not a JSON Pointer such as /params/x',
    ],
    [
      'a variable',
      state('balanc', { path: '/x' }),
      'state_mappings[0] for balanc: the spec has no variable balanc (did you mean balance?)',
    ],
    [
      'a constant of a variable',
      state('last', { const: 1 }),
      'state_mappings[0] for last: expected Option[str], got 1',
    ],
    [
      'a pointer of a variable',
      state('last', { path: '/a~2' }),
      'state_mappings[0] for last: /a~2 is not a JSON Pointer such as /state/x',
    ],
    [
      'a variable by node',
      state('last', { path: '/x' }, true),
      'state_mappings[0] for last: per_node needs a variable that is a map, not Some(str) | None',
    ],
    [
      'a hidden action',
      { hidden: { actions: ['nap'], most: 1 } },
      'hidden actions: the spec has no action nap',
    ],
  ])('%s', async (_, parts, message) => {
    expect(await errorIn(linesOf([{ action: 'rest', state: {} }]), mapped(parts))).toMatchObject({
      code: 'AUR317',
      message,
    });
  });

  it('twice for one variable', async () => {
    const rule = { variable: 'last', value: { path: '/x' }, perNode: false };
    const options = mapped({ states: [rule, { ...rule, variable: 'last' }] });
    expect(await errorIn(linesOf([{ state: {} }]), options)).toMatchObject({
      message: 'state_mappings[1] for last: the variable has a rule already',
    });
  });

  it('an event without a node for a variable by node', async () => {
    const states = [{ variable: 'balance', value: { path: '/state/mine' }, perNode: true }];
    expect(await errorIn(linesOf([{ state: { mine: 1 } }]), mapped({ states }))).toMatchObject({
      code: 'AUR311',
      message: 'event 0, /state/mine: balance is told by node, but the event has no node',
    });
  });
});
