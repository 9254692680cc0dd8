// Plain JSON to values by type: every spelling gives the value, what does not fit gives its place and its reason.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IrType } from '../../src/model/ir.js';
import {
  listOf,
  mapOf,
  recordOf,
  setOf,
  tupleOf,
  UNIT,
  type Value,
  variantOf,
} from '../../src/model/value.js';
import { defaultValue } from '../../src/trace/default-value.js';
import { problemsOf } from '../../src/trace/event-problem.js';
import { inlineType } from '../../src/trace/inline-type.js';
import { encodeItfValue } from '../../src/trace/itf-encode.js';
import { JsonCursor } from '../../src/trace/json-cursor.js';
import { readJson } from '../../src/trace/json-value.js';
import { Misfits } from '../../src/trace/misfits.js';
import { plainDecoder } from '../../src/trace/plain-decode.js';
import { encodePlainValue } from '../../src/trace/plain-encode.js';
import { must } from '../../src/util/assert.js';
import type { Json } from '../../src/util/json.js';
import { ENV, randomStates, rowOf, UNIT_TYPE } from './random-values.js';
import { chooser, spell } from './spellings.js';

const BOOL: IrType = { kind: 'bool' };
const INT: IrType = { kind: 'int' };
const STR: IrType = { kind: 'str' };
const setType = (elem: IrType): IrType => ({ kind: 'set', elem });
const listType = (elem: IrType): IrType => ({ kind: 'list', elem });
const mapType = (arg: IrType, res: IrType): IrType => ({ kind: 'fun', arg, res });
const rec = (...fields: [string, IrType][]): IrType => ({ kind: 'rec', fields: rowOf(fields) });
const tup = (...parts: IrType[]): IrType => ({
  kind: 'tup',
  fields: rowOf(parts.map((p, i) => [`${i}`, p])),
});
const sum = (...fields: [string, IrType][]): IrType => ({ kind: 'sum', fields: rowOf(fields) });
const option = (of: IrType): IrType => sum(['Some', of], ['None', UNIT_TYPE]);

function inlined(type: IrType): IrType {
  return inlineType(type, ({ name }) => ENV.get(name));
}

function jsonOf(text: string): Json {
  const cursor = new JsonCursor();
  cursor.load(Buffer.from(text));
  const json = readJson(cursor);
  if (json === undefined || !cursor.end()) throw new Error(`no JSON: ${text}`);
  return json;
}

function decode(text: string, type: IrType, misfits = new Misfits()): Value | undefined {
  return plainDecoder(type)(jsonOf(text), misfits);
}

/** Why a text is no value of the type. */
function misfitsOf(text: string, type: IrType, most = 1): string[] {
  const misfits = new Misfits(most);
  expect(decode(text, type, misfits), text).toBeUndefined();
  return problemsOf(['state', 'x'], misfits).map(({ message }) => message);
}

describe('a random value of a random type', () => {
  it('comes back from every spelling', () => {
    fc.assert(
      fc.property(
        randomStates(false),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 }),
        (typed, choices) => {
          const choose = chooser(choices);
          for (const [name, declared] of typed.types) {
            const type = inlined(declared);
            for (const state of typed.states) {
              const value = must(state.get(name), name);
              const text = spell(value, type, choose);
              const misfits = new Misfits();
              expect(decode(text, type, misfits), `${text} ${JSON.stringify(misfits.found)}`).toEqual(value);
            }
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('comes back from the spelling that is written, and from that of ITF', () => {
    fc.assert(
      fc.property(randomStates(false), typed => {
        for (const [name, declared] of typed.types) {
          const type = inlined(declared);
          for (const state of typed.states) {
            const value = must(state.get(name), name);
            expect(decode(encodePlainValue(value), type)).toEqual(value);
            expect(decode(encodeItfValue(value), type)).toEqual(value);
          }
          const fallback = defaultValue(type);
          expect(decode(encodePlainValue(fallback), type)).toEqual(fallback);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on a value of another type', () => {
    fc.assert(
      fc.property(
        randomStates(false),
        randomStates(false),
        fc.integer({ min: 1, max: 5 }),
        (one, other, most) => {
          for (const [, declared] of one.types)
            for (const state of other.states)
              for (const value of state.values()) {
                const misfits = new Misfits(most);
                const decoded = decode(encodePlainValue(value), inlined(declared), misfits);
                expect(decoded === undefined).toBe(misfits.found.length > 0);
                for (const { reason } of misfits.found) expect(reason).not.toBe('');
              }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('integers', () => {
  it.each([
    ['12', 12n],
    ['-3', -3n],
    ['"7"', 7n],
    ['9007199254740993', 9007199254740993n],
    ['"-123456789012345678901234567890"', -123456789012345678901234567890n],
    ['{"#bigint":"5"}', 5n],
    ['3.0', 3n],
    ['1e3', 1000n],
  ])('%s', (text, value) => expect(decode(text, INT)).toBe(value));

  it.each(['1.5', '"1.5"', '"07"', '""', '"x"', 'true', 'null', '[1]', '1e300', '{"#bigint":"x"}'])(
    'not %s',
    text => expect(misfitsOf(text, INT)[0]).toMatch(/^\/state\/x: expected int, got /),
  );
});

describe('rules where JSON can be read in two ways', () => {
  it.each<[string, IrType, Value]>([
    ['null', option(INT), variantOf('None')],
    ['3', option(INT), variantOf('Some', 3n)],
    ['"None"', option(STR), variantOf('None')],
    ['"Some"', option(STR), variantOf('Some', 'Some')],
    ['{"Some":null}', option(option(INT)), variantOf('Some', variantOf('None'))],
    ['4', option(option(INT)), variantOf('Some', variantOf('Some', 4n))],
    [
      '{"tag":"x","value":1}',
      option(rec(['tag', STR], ['value', INT])),
      variantOf(
        'Some',
        recordOf([
          ['tag', 'x'],
          ['value', 1n],
        ]),
      ),
    ],
    ['{"tag":1}', sum(['tag', INT], ['b', UNIT_TYPE]), variantOf('tag', 1n)],
    ['{"#map":[["a",1]]}', mapType(STR, INT), mapOf([['a', 1n]])],
    ['{"#map":1}', mapType(STR, INT), mapOf([['#map', 1n]])],
    ['{"1":true}', mapType(INT, BOOL), mapOf([[1n, true]])],
    ['{"A":1}', mapType(sum(['A', UNIT_TYPE], ['B', UNIT_TYPE]), INT), mapOf([[variantOf('A'), 1n]])],
    ['[]', mapType(STR, INT), mapOf([])],
    ['{}', mapType(STR, INT), mapOf([])],
    ['[1,2]', tup(INT, INT), tupleOf([1n, 2n])],
    ['[[1,2]]', setType(tup(INT, INT)), setOf([tupleOf([1n, 2n])])],
    ['null', UNIT_TYPE, UNIT],
    ['{"A":null}', sum(['A', UNIT_TYPE]), variantOf('A')],
    ['{"#unserializable":"Int"}', setType(INT), { kind: 'unserializable', text: 'Int' }],
  ])('%s', (text, type, value) => {
    expect(decode(text, type)).toEqual(value);
  });

  it('reads values without a type by their shape', () => {
    const text = '{"a":[1,"2",{"#set":[1]},{"tag":"T","value":{"#tup":[]}},{"#map":[[1,2]]}],"#odd":true}';
    expect(decode(text, { kind: 'const', name: 'Unknown' })).toEqual(
      recordOf([
        ['#odd', true],
        ['a', listOf([1n, '2', setOf([1n]), variantOf('T'), mapOf([[1n, 2n]])])],
      ]),
    );
  });
});

describe('what does not fit', () => {
  const item = rec(['id', INT], ['owner', option(STR)]);
  it.each<[string, IrType, string]>([
    ['{"p1":3}', mapType(STR, option(STR)), '/state/x/p1: expected Option[str], got 3'],
    ['[1,1]', setType(INT), '/state/x: the set has the element 1 twice: is it a list?'],
    ['[[1,2],[1,3]]', mapType(INT, INT), '/state/x: the map has the key 1 twice'],
    ['{"1":2,"01":3}', mapType(INT, INT), '/state/x/01: expected int, got "01"'],
    ['[[1,2,3]]', mapType(INT, INT), '/state/x/0: expected a pair [key, value], got [1,2,3]'],
    ['[["a",2]]', mapType(INT, INT), '/state/x/0/0: expected int, got "a"'],
    ['{"a/b":{"~":1}}', mapType(STR, mapType(STR, STR)), '/state/x/a~1b/~0: expected str, got 1'],
    [
      '[{"id":1}]',
      listType(item),
      '/state/x/0: expected { id: int, owner: Some(str) | None }, got {"id":1} without owner',
    ],
    [
      '[{"id":1,"owner":null,"age":3}]',
      listType(item),
      '/state/x/0: expected { id: int, owner: Some(str) | None }, got {"id":1,"owner":null,"age":3} with age',
    ],
    ['[{"id":"x","owner":null}]', listType(item), '/state/x/0/id: expected int, got "x"'],
    // What is written as a variant is one, and never a bare record that looks alike.
    [
      '{"tag":"Some","value":1}',
      option(rec(['tag', STR], ['value', INT])),
      '/state/x/value: expected { tag: str, value: int }, got 1',
    ],
    ['[1]', tup(INT, INT), '/state/x: expected (int, int), got [1]'],
    [
      '"Iddle"',
      sum(['Idle', UNIT_TYPE], ['Busy', INT]),
      '/state/x: expected Idle | Busy(int), got "Iddle": is it Idle?',
    ],
    ['{"Busy":true}', sum(['Idle', UNIT_TYPE], ['Busy', INT]), '/state/x/Busy: expected int, got true'],
    [
      '{"tag":"Busy","value":true}',
      sum(['Idle', UNIT_TYPE], ['Busy', INT]),
      '/state/x/value: expected int, got true',
    ],
    ['"Busy"', sum(['Idle', UNIT_TYPE], ['Busy', INT]), '/state/x: expected Idle | Busy(int), got "Busy"'],
    ['1.5', { kind: 'var', name: 'a' }, '/state/x: expected a value, got 1.5'],
    ['null', { kind: 'const', name: 'Node' }, '/state/x: expected a value, got null'],
  ])('%s', (text, type, message) => expect(misfitsOf(text, type)).toEqual([message]));

  it('is shown by its beginning', () => {
    const [message = ''] = misfitsOf(JSON.stringify(Array.from({ length: 10_000 }, (_, i) => i)), INT);
    expect(message.length).toBeLessThan(150);
    expect(message).toMatch(/\.\.\.$/);
  });

  it('is all told when asked for', () => {
    const type = mapType(STR, item);
    const text = '{"a":{"id":true,"owner":1},"b":{"id":1,"owner":null},"c":7,"d":{"id":[],"owner":"x"}}';
    expect(misfitsOf(text, type, 100)).toEqual([
      '/state/x/a/id: expected int, got true',
      '/state/x/a/owner: expected Option[str], got 1',
      '/state/x/c: expected { id: int, owner: Some(str) | None }, got 7',
      '/state/x/d/id: expected int, got []',
    ]);
    expect(misfitsOf(text, type, 2)).toHaveLength(2);
  });
});
