// Random execution traces, converted to ITF and back: the observations stay the same, and what is written is ITF that
// any reader takes and execution traces that their schema describes.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IrType } from '../../src/model/ir.js';
import type { Value } from '../../src/model/value.js';
import { convertToExecution, convertToItf } from '../../src/trace/convert-trace.js';
import { inlineType } from '../../src/trace/inline-type.js';
import { parseItf } from '../../src/trace/itf-reader.js';
import { observeBytes } from '../../src/trace/open-trace.js';
import type { SpecTypes } from '../../src/trace/spec-types.js';
import { NONDET_PICKS } from '../../src/trace/steps-itf.js';
import { must } from '../../src/util/assert.js';
import { BANK, linesOf, type Observed, observe, observed } from './bank.js';
import { ENV, randomStates } from './random-values.js';
import { chooser, spell } from './spellings.js';
import { inChunks, valueIn } from './support.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aura-convert-'));
});
afterAll(() => rm(folder, { recursive: true }));

const MAP: IrType = { kind: 'fun', arg: { kind: 'str' }, res: { kind: 'int' } };

interface Made {
  readonly types: SpecTypes;
  readonly text: string;
}

/** An execution trace over random variables, and one that is a map; every way to tell an action, a state, an order. */
function randomTrace(onlyClear = false): fc.Arbitrary<Made> {
  return fc
    .tuple(
      randomStates(onlyClear),
      fc.array(fc.nat(1_000_000), { minLength: 20, maxLength: 60 }),
      fc.constantFrom('full', 'delta', 'partial', undefined),
      fc.constantFrom('none', 'clocks', 'listed'),
    )
    .map(([{ types: declared, states }, choices, mode, ordered]) => {
      const choose = chooser(choices);
      const named = [...declared].map(([name, type]): [string, IrType] => [
        name,
        inlineType(type, given => ENV.get(given.name)),
      ]);
      const vars = new Map([...named, ['zmap', MAP] as const].sort(([a], [b]) => (a < b ? -1 : 1)));
      const actions = new Map([
        ['init', new Map()],
        ['go', new Map(named)],
        ['m::stay', new Map(named.slice(0, 1))],
      ]);
      const spelled = (name: string, value: Value) =>
        `${JSON.stringify(name)}:${spell(value, must(vars.get(name), name), choose)}`;
      const some = <T>(items: readonly T[]) => items.filter(() => choose(3) > 0);
      const events = states.map((state, i) => {
        const told = mode === 'full' ? [...state] : some([...state]);
        const map = mode === 'full' ? ['"zmap":{"a":1}'] : [];
        const entries =
          mode === 'full' || choose(2) === 0
            ? []
            : [`{"variable":"zmap","key":"k${choose(3)}","value":${choose(9)}}`];
        const params = () =>
          `"params":{${some([...state])
            .map(([name, value]) => spelled(name, value))
            .join()}}`;
        const done = [
          [],
          ['"action":"go"', params()],
          ['"action":"m::stay"', params()],
          [`"actions":[{"action":"stay"},{"action":"go",${params()}}]`],
        ][choose(4)];
        const order =
          ordered === 'none'
            ? []
            : ordered === 'clocks'
              ? [`"node":"n${i % 2}","clock":{"n${i % 2}":${i + 1}}`]
              : [`"seq":${i + 1},"after":[${some([...Array(i).keys()].map(k => k + 1)).join()}]`];
        const isInit = i === 0 && choose(2) === 0;
        return `{${[
          ...(isInit ? ['"action":"init"'] : must(done, 'an action')),
          `"state":{${[...told.map(([name, value]) => spelled(name, value)), ...map].join()}}`,
          ...(entries.length > 0 ? [`"entries":[${entries.join()}]`] : []),
          ...order,
        ].join()}}\n`;
      });
      const hidden = choose(2) === 0 ? {} : { hidden: { actions: ['go'], most: 2 } };
      const header = {
        ...(mode && { state_mode: mode }),
        ...hidden,
        ...(choose(3) === 0 && { actions: 'hints' }),
      };
      const loop = ordered === 'none' && choose(2) === 0 ? { loop: choose(events.length) } : {};
      return {
        types: { vars, env: new Map(), actions },
        text: linesOf([], { ...header, ...loop }) + events.join(''),
      };
    });
}

async function itfOf(text: string, types: SpecTypes): Promise<string> {
  const file = path.join(folder, 'out.itf.json');
  valueIn(await convertToItf(observeBytes(inChunks(text), 'trace', { types }), types, file, 'trace'));
  return await readFile(file, 'utf8');
}

/** What the trace tells; traces whose first state is full and others are not, are none. */
async function originalOf({ types, text }: Made): Promise<Observed> {
  const original = await observe(text, { types });
  fc.pre(original.ok || original.errors[0]?.code !== 'AUR315');
  return valueIn(original);
}

/** Without what only the converted trace knows. */
function comparable({ moments, frame }: Observed, withPlaces: boolean): unknown {
  const { mayLoop: _, ...rest } = frame;
  return {
    moments: moments.map(({ place, ...moment }) => (withPlaces ? { place, ...moment } : moment)),
    rest,
  };
}

describe('a random execution trace', () => {
  it('is the same after a way through ITF', async () => {
    await fc.assert(
      fc.asyncProperty(randomTrace(), async ({ types, text }) => {
        const original = await originalOf({ types, text });
        const itf = await itfOf(text, types);
        const again = valueIn(await observe(itf, { types }));
        expect(comparable(again, true)).toEqual(comparable(original, true));
        const twice = await itfOf(itf, types);
        expect(JSON.parse(twice).states).toEqual(JSON.parse(itf).states);
      }),
      { numRuns: 200 },
    );
  });

  it('is the same after a way back to an execution trace', async () => {
    const schema: object = JSON.parse(
      await readFile(path.join(import.meta.dirname, '../../schemas/execution-trace.schema.json'), 'utf8'),
    );
    const validate = new Ajv({ allowUnionTypes: true }).compile(schema);
    await fc.assert(
      fc.asyncProperty(randomTrace(), async ({ types, text }) => {
        const original = await originalOf({ types, text });
        const itf = await itfOf(text, types);
        const file = path.join(folder, 'back.json');
        valueIn(await convertToExecution(observeBytes(inChunks(itf), 'itf', { types }), file));
        const back = await readFile(file, 'utf8');
        validate(JSON.parse(back));
        expect(validate.errors ?? []).toEqual([]);
        expect(comparable(valueIn(await observe(back, { types })), false)).toEqual(
          comparable(original, false),
        );
      }),
      { numRuns: 80 },
    );
  });

  it('goes back without the types too, where shapes are clear', async () => {
    await fc.assert(
      fc.asyncProperty(randomTrace(true), async ({ types, text }) => {
        const original = await originalOf({ types, text });
        const itf = await itfOf(text, types);
        const file = path.join(folder, 'back.json');
        valueIn(await convertToExecution(observeBytes(inChunks(itf), 'itf'), file));
        const back = await readFile(file, 'utf8');
        expect(comparable(valueIn(await observe(back, { types })), false)).toEqual(
          comparable(original, false),
        );
      }),
      { numRuns: 80 },
    );
  });

  it('is ITF with a value of its type for every variable in every state', async () => {
    await fc.assert(
      fc.asyncProperty(randomTrace(), async ({ types, text }) => {
        await originalOf({ types, text });
        const itf = valueIn(parseItf(await itfOf(text, types), 'itf', types));
        const names = [...types.vars.keys()];
        expect(itf.vars.slice(0, names.length)).toEqual(names);
        const { varTypes, ...meta } = must(itf.meta, 'meta');
        expect(Object.keys(must(varTypes, 'varTypes')).sort()).toEqual([...itf.vars].sort());
        for (const content of Object.values(meta)) expect(typeof content).toBe('string');
        for (const state of itf.states)
          for (const [key, content] of Object.entries(state.meta ?? {}))
            expect(typeof content).toBe(key === 'index' ? 'number' : 'string');
      }),
      { numRuns: 80 },
    );
  });
});

describe('what the ITF says', () => {
  const events = [
    { node: 'a', action: 'init', state: { total: 1 } },
    { node: 'a', action: 'pay', params: { amount: 3 }, state: { balance: { a: 1 } }, clock: { a: 1 } },
    { node: 'b', action: 'rest', state: {}, clock: { b: 1 } },
  ];

  it('of types, actions, places and what is not observed', async () => {
    const itf = JSON.parse(await itfOf(linesOf(events), BANK));
    expect(itf['#meta'].varTypes).toEqual({
      balance: 'Str -> Int',
      last: 'Some(Str) | None(UNIT)',
      'main::inst::total': 'Int',
      'mbt::actionTaken': 'Str',
      'mbt::nondetPicks':
        '{ amount: Some(Int) | None(UNIT), from: Some(Str) | None(UNIT), who: Some(Some(Str) | None(UNIT)) | None(UNIT) }',
    });
    expect(itf['#meta'].source).toBe('trace');
    expect(itf.states.map((state: Record<string, unknown>) => state['mbt::actionTaken'])).toEqual([
      'init',
      'pay',
      'rest',
    ]);
    expect(itf.states[1][NONDET_PICKS].amount).toEqual({ tag: 'Some', value: { '#bigint': '3' } });
    expect(itf.states.map((state: Record<string, unknown>) => state['#meta'])).toEqual([
      { index: 0, 'aura:place': 'event 0, line 2', 'aura:unobserved': 'balance,last' },
      { index: 1, 'aura:place': 'event 1, line 3', 'aura:unobserved': 'last,main::inst::total' },
      {
        index: 2,
        'aura:place': 'event 2, line 4',
        'aura:unobserved': 'balance,last,main::inst::total',
        'aura:after': '[0]',
      },
    ]);
    expect(itf.states[2].balance).toEqual({ '#map': [['a', { '#bigint': '1' }]] });
    expect(itf.states[0].balance).toEqual({ '#map': [] });
  });

  it('has no actions where the trace tells none', async () => {
    const itf = JSON.parse(await itfOf(linesOf([{ state: { total: 1 } }, { state: { total: 2 } }]), BANK));
    expect(itf.vars).toEqual(['balance', 'last', 'main::inst::total']);
  });
});

describe('conversion', () => {
  it('writes nothing when the trace is bad', async () => {
    const file = path.join(folder, 'none.itf.json');
    const text = linesOf([{ action: 'rest' }, { action: 'unknown' }]);
    const result = await convertToItf(
      observeBytes(inChunks(text), 'trace', { types: BANK }),
      BANK,
      file,
      'trace',
    );
    expect(result).toMatchObject({ ok: false, errors: [{ code: 'AUR316' }] });
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('of a loop needs a document', async () => {
    const itf = '{"vars":["x"],"states":[{"x":1},{"x":2}],"loop":0}';
    const convert = (name: string) =>
      convertToExecution(observeBytes(inChunks(itf), 'itf'), path.join(folder, name));
    expect(await convert('loop.jsonl')).toMatchObject({ ok: false, errors: [{ code: 'AUR321' }] });
    valueIn(await convert('loop.json'));
    expect(JSON.parse(await readFile(path.join(folder, 'loop.json'), 'utf8'))).toMatchObject({ loop: 0 });
  });

  it('of ITF of another tool takes names, picks and values by the spec', async () => {
    const itf = {
      vars: ['inst::total', 'balance', 'mbt::actionTaken', 'mbt::nondetPicks'],
      states: [0, 1].map(i => ({
        'inst::total': i,
        balance: { '#map': [] },
        'mbt::actionTaken': i === 0 ? 'init' : 'audit',
        'mbt::nondetPicks': {
          who: { tag: 'Some', value: { tag: 'None', value: { tag: 'UNIT' } } },
          amount: { tag: 'Some', value: 3 },
        },
      })),
    };
    const trace = await observed(JSON.stringify(itf));
    expect(trace.frame).toMatchObject({ actions: 'hints', untold: 'unknown', mayLoop: true });
    expect(trace.moments[1]).toEqual({
      known: new Map<string, Value>([
        ['main::inst::total', 1n],
        ['balance', { kind: 'map', entries: [] }],
      ]),
      told: [
        { variable: 'balance', value: { kind: 'map', entries: [] } },
        { variable: 'main::inst::total', value: 1n },
      ],
      actions: [
        {
          name: 'inst::audit',
          values: new Map([['who', { kind: 'variant', tag: 'None', value: { kind: 'tuple', items: [] } }]]),
        },
      ],
      place: 'state 1',
    });
  });
});

describe('ITF that does not fit', () => {
  const itf = (vars: readonly string[], more: object = {}) =>
    JSON.stringify({ vars, states: [Object.fromEntries(vars.map(name => [name, 1]))], ...more });
  it.each<[string, string, string, RegExp]>([
    ['an unknown variable', itf(['totla']), 'AUR314', /states\[0\]: the spec has no variable totla$/],
    ['two names of one variable', itf(['total', 'inst::total']), 'AUR314', /total and inst::total are both/],
    ['no states', '{"vars":["total"],"states":[]}', 'AUR313', /has no states/],
    [
      'meta of ours that is not ours',
      '{"vars":["total"],"states":[{"#meta":{"aura:told":"x"},"total":1}]}',
      'AUR302',
      /#meta holds keys of aura/,
    ],
    [
      'meta that tells what is not there',
      '{"vars":["total"],"states":[{"#meta":{"aura:told":"[\\"last\\"]"},"total":1}]}',
      'AUR302',
      /tells of values that it does not have/,
    ],
    [
      'a value of the wrong type',
      '{"vars":["total"],"states":[{"total":"x"}]}',
      'AUR303',
      /states\[0\].total: expected int/,
    ],
    [
      'a variable that is missing in a state',
      '{"vars":["total"],"states":[{"total":1},{}]}',
      'AUR302',
      /states\[1\] has no value/,
    ],
    ['a loop out of range', itf(['total'], { loop: 1 }), 'AUR302', /"loop" is not the index/],
  ])('%s', async (_, text, code, message) => {
    const result = await observe(text, { types: BANK });
    expect(result).toMatchObject({ ok: false, errors: [{ code, message: expect.stringMatching(message) }] });
  });

  it('but for constants, wherever they are listed', async () => {
    const states = '"states":[{"total":1,"N":4}]';
    for (const text of [
      `{"params":["N"],"vars":["total"],${states}}`,
      `{${states},"vars":["total"],"params":["N"]}`,
    ])
      expect((await observed(text)).moments).toHaveLength(1);
    const unlisted = `{${states},"vars":["total","N"]}`;
    expect(await observe(unlisted, { types: BANK })).toMatchObject({
      ok: false,
      errors: [{ code: 'AUR314' }],
    });
  });
});
