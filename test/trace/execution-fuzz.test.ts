// Real traces of both kinds with random damage: whatever comes of it are observations or errors of our own, the same in
// one chunk and in many, never an exception. The runs are the same every time; AURA_FUZZ_SECONDS asks for other ones,
// for that long.
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { OpenTraceOptions } from '../../src/trace/open-trace.js';
import { observeBytes } from '../../src/trace/open-trace.js';
import type { AuraError } from '../../src/util/errors.js';
import { BANK, documentOf, linesOf, mapping, observe } from './bank.js';
import { randomDamage } from './damage.js';
import { inChunks } from './support.js';

const seconds = Number(process.env.AURA_FUZZ_SECONDS ?? 0);
vi.setConfig({ testTimeout: 120_000 + seconds * 1_000 });

const FULL = { balance: { a: 5, b: 2 }, last: null, total: 7 };
const EVENTS = [
  { seq: 0, time: 0, node: 'a', action: 'init', state: FULL },
  {
    seq: 1,
    time: 3,
    node: 'a',
    action: 'pay',
    params: { from: 'a', amount: 2 },
    clock: { a: 1 },
    state: FULL,
    message: { id: 'm1', kind: 'send', to: 'b' },
  },
  {
    seq: 2,
    time: 2,
    node: 'b',
    action: 'rest',
    clock: { b: 1 },
    state: {
      ...FULL,
      balance: [
        ['a', '5'],
        ['b', { '#bigint': '2' }],
      ],
    },
  },
  {
    seq: 3,
    time: 5,
    node: 'b',
    actions: [
      { action: 'pay', params: { amount: 1 } },
      { action: 'audit', params: { who: { Some: 'b' } } },
    ],
    clock: { a: 1, b: 2 },
    message: { id: 'm1', kind: 'receive' },
    state: { ...FULL, last: 'b' },
  },
  {
    seq: 4,
    time: 6,
    node: 'c',
    action: 'boot',
    fault: 'crash',
    entries: [{ variable: 'balance', key: 'c', value: 9 }],
    state: FULL,
  },
];
const listed = EVENTS.map(({ node: _, ...event }, i) => ({
  ...event,
  clock: undefined,
  message: undefined,
  ...(i > 0 && { after: [0] }),
}));
const rules = mapping({
  actions: [
    { protocol: 'boot', quint: ['pay', 'rest'], params: new Map([['amount', { path: '/entries/0/value' }]]) },
  ],
  states: [{ variable: 'last', value: { path: '/node' }, perNode: false }],
  nodes: ['a', 'b'],
  ignoredState: ['last'],
});

const META = {
  'aura:frame':
    '{"untold":"carried","actions":"certain","hidden":{"actions":["rest"],"most":2},"interleaved":true}',
};
const ITF = JSON.stringify({
  '#meta': { format: 'ITF', ...META },
  vars: ['balance', 'last', 'inst::total', 'mbt::actionTaken', 'mbt::nondetPicks'],
  states: [0, 1, 2].map(i => ({
    '#meta': {
      index: i,
      'aura:place': `event ${i}`,
      'aura:unobserved': 'last',
      'aura:told': '[{"variable":"balance","key":"a"},"main::inst::total"]',
      'aura:after': `[${i}]`,
      ...(i === 1 && { 'aura:actions': '[{"name":"pay","values":{"amount":{"#bigint":"3"}}}]' }),
    },
    balance: { '#map': [['a', { '#bigint': '1' }]] },
    last: { tag: 'Some', value: 'x' },
    'inst::total': i,
    'mbt::actionTaken': 'audit',
    'mbt::nondetPicks': { who: { tag: 'Some', value: { tag: 'None', value: { '#tup': [] } } } },
  })),
  loop: 1,
});

const sources: readonly (readonly [string, OpenTraceOptions])[] = [
  [linesOf(EVENTS), { types: BANK, mapping: rules }],
  [
    linesOf(EVENTS, { state_mode: 'delta', hidden: { actions: ['rest'], most: 2 } }),
    { types: BANK, mapping: rules, order: 'time' },
  ],
  [documentOf(EVENTS, { state_mode: 'partial', loop: 2 }), { types: BANK, mapping: rules, order: 'file' }],
  [documentOf(listed), { types: BANK, mapping: rules, eventsOnly: true }],
  [ITF, { types: BANK }],
  [ITF.replaceAll('main::inst::total', 'inst::total'), {}],
];

async function errorsIn(content: Uint8Array, options: OpenTraceOptions): Promise<AuraError[]> {
  const errors: AuraError[] = [];
  for await (const moment of observeBytes(inChunks(content), 'trace', { ...options, misfitsMost: 50 }))
    if (!moment.ok) errors.push(...moment.errors);
  return errors;
}

it('what is damaged below are traces', async () => {
  for (const [text, options] of sources) expect(await observe(text, options)).toMatchObject({ ok: true });
});

describe('a trace with random damage', () => {
  it('gives observations or an error, however it is cut', async () => {
    const source = fc.constantFrom(...sources);
    const damages = fc.array(randomDamage, { minLength: 1, maxLength: 3 });
    const property = fc.asyncProperty(
      source,
      damages,
      fc.array(fc.nat(2_000), { maxLength: 8 }),
      async ([text, options], made, cuts) => {
        const bytes = made.reduce<Buffer>((whole, damage) => damage(whole), Buffer.from(text));
        const result = await observe(bytes, options);
        expect(await observe(bytes, options, cuts)).toEqual(result);
        if (!result.ok)
          for (const { code, message } of result.errors) {
            expect(code).toMatch(/^AUR(00[34]|30[1-4]|31\d|32\d)$/);
            expect(message).not.toMatch(/undefined|\[object/);
          }
        // Looking for everything that is wrong finds something where reading does, and nothing where it does not.
        expect((await errorsIn(bytes, options)).length > 0).toBe(!result.ok);
      },
    );
    await fc.assert(
      property,
      seconds > 0
        ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1_000 }
        : { numRuns: 1_500, seed: 4 },
    );
  });
});
