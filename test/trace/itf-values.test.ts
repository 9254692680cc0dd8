// Every kind of value that ITF has, in every spelling that a tool uses: what it becomes by shape, what a type makes
// of it, and which error the rest gets.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { IrType } from '../../src/model/ir.js';
import {
  listOf,
  mapOf,
  recordOf,
  setOf,
  showValue,
  tupleOf,
  UNIT,
  type Value,
  variantOf,
} from '../../src/model/value.js';
import type { TypeEnv } from '../../src/trace/itf-typed.js';
import { must } from '../../src/util/assert.js';
import { canonicalJson } from '../../src/util/json.js';
import { LIMITS } from '../../src/util/limits.js';
import { ENV, rowOf, UNIT_TYPE } from './random-values.js';
import { errorOf, traceOf } from './support.js';

const BOOL: IrType = { kind: 'bool' };
const INT: IrType = { kind: 'int' };
const STR: IrType = { kind: 'str' };
const setType = (elem: IrType): IrType => ({ kind: 'set', elem });
const MODE: IrType = {
  kind: 'sum',
  fields: rowOf([
    ['Off', UNIT_TYPE],
    ['On', INT],
  ]),
};

const around = (json: string) => `{"vars":["x"],"states":[{"x":${json}}]}`;
const typed = (type: IrType, env: TypeEnv = ENV) => ({ vars: new Map([['x', type]]), env });

async function decoded(json: string, type?: IrType): Promise<Value> {
  const { states } = await traceOf(around(json), type && typed(type));
  return must(states[0]?.values.get('x'), 'x');
}

describe('by shape', () => {
  it.each<[string, Value]>([
    ['true', true],
    ['false', false],
    ['"n1"', 'n1'],
    ['"\\u00e9\\"\\\\\\/\\n\\ud835\\udd18"', 'é"\\/\n𝔘'],
    ['"é𝔘"', 'é𝔘'],
    ['{"#bigint":"123"}', 123n],
    ['{ "#bigint" : "-5" }', -5n],
    ['{"\\u0023bigint":"7"}', 7n],
    ['{"#bigint":"9007199254740993"}', 9007199254740993n],
    ['42', 42n],
    ['-9007199254740993', -9007199254740993n],
    ['0', 0n],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
    ['[]', listOf([])],
    ['[1,[true]]', listOf([1n, listOf([true])])],
    ['{"#tup":[]}', UNIT],
    ['{"#tup":[1,"a"]}', tupleOf([1n, 'a'])],
    ['{"#set":[3,1,3,2]}', setOf([1n, 2n, 3n])],
    [
      '{"#map":[["b",1],["a",2]]}',
      mapOf([
        ['a', 2n],
        ['b', 1n],
      ]),
    ],
    ['{"#map":[[{"#tup":[1,2]},{"#set":[]}]]}', mapOf([[tupleOf([1n, 2n]), setOf([])]])],
    ['{}', recordOf([])],
    [
      '{"b":1,"a":"x"}',
      recordOf([
        ['a', 'x'],
        ['b', 1n],
      ]),
    ],
    [
      '{"__x":1,"#y":2,"#set":[1],"__proto__":3}',
      recordOf([
        ['__x', 1n],
        ['#y', 2n],
        ['#set', listOf([1n])],
        ['__proto__', 3n],
      ]),
    ],
    ['{"#odd":[1]}', recordOf([['#odd', listOf([1n])]])],
    [
      '{"#bigint":"1","a":2}',
      recordOf([
        ['#bigint', '1'],
        ['a', 2n],
      ]),
    ],
    ['{"tag":"On","value":1}', variantOf('On', 1n)],
    ['{"value":1,"tag":"On"}', variantOf('On', 1n)],
    [
      '{"tag":1,"value":1}',
      recordOf([
        ['tag', 1n],
        ['value', 1n],
      ]),
    ],
    ['{"tag":"Off","value":{"#tup":[]}}', variantOf('Off')],
    ['{"tag":"Off","value":{"tag":"UNIT"}}', variantOf('Off')],
    ['{"tag":"Off","value":{"tag":"UNIT","value":"U_OF_UNIT"}}', variantOf('Off')],
    ['{"tag":"Off","value":"U_OF_UNIT"}', variantOf('Off')],
    [
      '{"#set":[{"tag":"Off","value":"U_OF_UNIT"},{"tag":"Off","value":{"tag":"UNIT"}}]}',
      setOf([variantOf('Off')]),
    ],
    ['{"tag":"UNIT"}', UNIT],
    ['{"#unserializable":"Int"}', { kind: 'unserializable', text: 'Int' }],
  ])('%s', async (json, value) => {
    expect(await decoded(json)).toEqual(value);
  });
});

describe('by type', () => {
  const LABEL: IrType = { kind: 'const', name: 'Label' };
  it('tells a record with fields tag and value from a variant', async () => {
    const json = '{"tag":"On","value":1}';
    expect(await decoded(json, MODE)).toEqual(variantOf('On', 1n));
    expect(await decoded(json, LABEL)).toEqual(
      recordOf([
        ['tag', 'On'],
        ['value', 1n],
      ]),
    );
    expect(await decoded(`{"#set":[${json},{"tag":"A","value":2}]}`, setType(LABEL))).toEqual(
      setOf([
        recordOf([
          ['tag', 'A'],
          ['value', 2n],
        ]),
        recordOf([
          ['tag', 'On'],
          ['value', 1n],
        ]),
      ]),
    );
  });

  it('reads all spellings of a unit, and only where the type has one', async () => {
    for (const unit of [
      '{"#tup":[]}',
      '{"tag":"UNIT"}',
      '{"tag":"UNIT","value":"U_OF_UNIT"}',
      '"U_OF_UNIT"',
    ]) {
      expect(await decoded(`{"tag":"Off","value":${unit}}`, MODE)).toEqual(variantOf('Off'));
      expect(await decoded(unit, UNIT_TYPE)).toEqual(UNIT);
    }
    const text: IrType = { kind: 'sum', fields: rowOf([['On', STR]]) };
    expect(await decoded('{"tag":"On","value":"U_OF_UNIT"}', text)).toEqual(variantOf('On', 'U_OF_UNIT'));
    expect(await decoded('{"tag":"UNIT"}', { kind: 'rec', fields: rowOf([['tag', STR]]) })).toEqual(
      recordOf([['tag', 'UNIT']]),
    );
  });

  it('follows aliases with parameters', async () => {
    const optionOfLabel: IrType = { kind: 'app', ctor: { kind: 'const', name: 'Option' }, args: [LABEL] };
    expect(await decoded('{"tag":"Some","value":{"tag":"a","value":1}}', optionOfLabel)).toEqual(
      variantOf(
        'Some',
        recordOf([
          ['tag', 'a'],
          ['value', 1n],
        ]),
      ),
    );
    expect(await decoded('{"tag":"None","value":"U_OF_UNIT"}', optionOfLabel)).toEqual(variantOf('None'));
  });

  it('decodes by shape what has no definition, and takes what could not be serialised anywhere', async () => {
    expect(await decoded('{"tag":"A","value":"U_OF_UNIT"}', { kind: 'const', name: 'Unknown' })).toEqual(
      variantOf('A'),
    );
    expect(await decoded('{"#unserializable":"Int"}', setType(INT))).toEqual({
      kind: 'unserializable',
      text: 'Int',
    });
  });

  it('keeps further fields of an open record', async () => {
    const open: IrType = {
      kind: 'rec',
      fields: {
        kind: 'row',
        fields: [{ fieldName: 'a', fieldType: INT }],
        other: { kind: 'var', name: 'r' },
      },
    };
    expect(await decoded('{"b":"x","a":1}', open)).toEqual(
      recordOf([
        ['a', 1n],
        ['b', 'x'],
      ]),
    );
  });

  const pairs: IrType = { kind: 'fun', arg: STR, res: setType(INT) };
  const tuple: IrType = {
    kind: 'tup',
    fields: rowOf([
      ['0', INT],
      ['1', BOOL],
    ]),
  };
  const record: IrType = {
    kind: 'rec',
    fields: rowOf([
      ['a', INT],
      ['b', { kind: 'list', elem: tuple }],
    ]),
  };
  it.each<[string, IrType, string]>([
    ['"x"', INT, 'states[0].x: expected int, got "x"'],
    ['1', STR, 'states[0].x: expected str, got 1'],
    ['1', BOOL, 'states[0].x: expected bool, got 1'],
    ['[1]', setType(INT), 'states[0].x: expected Set[int], got [1]'],
    ['{"#map":[["n1","x"]]}', pairs, 'states[0].x["n1"]: expected Set[int], got "x"'],
    ['{"#map":[[1,{"#set":[]}]]}', pairs, 'states[0].x.key(0): expected str, got 1'],
    ['{"#map":[["n1",{"#set":[1,"a"]}]]}', pairs, 'states[0].x["n1"].element(1): expected int, got "a"'],
    ['{"#tup":[1]}', tuple, 'states[0].x: expected (int, bool), got Tup(1)'],
    ['{"a":1,"b":[{"#tup":[1,true]},{"#tup":[1,2]}]}', record, 'states[0].x.b[1]._2: expected bool, got 2'],
    [
      '{"a":1}',
      record,
      'states[0].x: expected { a: int, b: List[(int, bool)] } with the field b, got { a: 1 }',
    ],
    [
      '{"a":1,"b":[],"c":1}',
      record,
      'states[0].x: expected { a: int, b: List[(int, bool)] } without a field c, got { a: 1, b: [], c: 1 }',
    ],
    ['{"tag":"Dim","value":1}', MODE, 'states[0].x: expected Off | On(int), got Dim(1)'],
    ['{"tag":"On","value":"1"}', MODE, 'states[0].x.On: expected int, got "1"'],
    ['{"tag":"Off","value":1}', MODE, 'states[0].x.Off: expected (), got 1'],
    ['{"a":1}', MODE, 'states[0].x: expected Off | On(int), got { a: 1 }'],
    [
      '{"#map":[[{"tag":"Off","value":"U_OF_UNIT"},1],[{"tag":"Off","value":{"#tup":[]}},2]]}',
      { kind: 'fun', arg: MODE, res: INT },
      'states[0].x: two keys of the map are equal',
    ],
  ])('%s is an error', async (json, type, message) => {
    const error = await errorOf(around(json), typed(type));
    expect(error.code).toBe('AUR303');
    expect(error.message).toBe(`${message} (byte 29)`);
    expect(error.location).toEqual({ file: 'trace.json', line: 1, column: 30 });
  });

  it('shortens what it shows', async () => {
    const error = await errorOf(around(`"${'y'.repeat(5000)}"`), typed(INT));
    expect(error.message.length).toBeLessThan(150);
  });
});

describe('values that are none', () => {
  const deep = (levels: number) => '{"#set":['.repeat(levels) + ']}'.repeat(levels);
  it.each([
    ['null', 'AUR302', 'states[0].x: null is not a value of ITF', 29],
    ['1.5', 'AUR302', 'states[0].x: a number in a state is not an integer', 29],
    ['1e3', 'AUR302', 'states[0].x: a number in a state is not an integer', 29],
    ['007', 'AUR301', 'states[0].x: a number has a leading zero', 29],
    ['-', 'AUR301', 'states[0].x: expected a digit', 30],
    ['{"#bigint":"12x"}', 'AUR302', 'states[0].x: "#bigint" needs a string of digits', 29],
    ['{"#bigint":""}', 'AUR302', 'states[0].x: "#bigint" needs a string of digits', 29],
    ['{"#bigint":12}', 'AUR302', 'states[0].x: "#bigint" needs a string of digits', 29],
    ['{"#set":1}', 'AUR302', 'states[0].x: "#set" needs an array', 29],
    ['{"#tup":{}}', 'AUR302', 'states[0].x: "#tup" needs an array', 29],
    ['{"#map":[[1]]}', 'AUR302', 'states[0].x: "#map" needs an array of pairs', 29],
    ['{"#map":[[1,2],[1,3]]}', 'AUR302', 'states[0].x: a map has a key twice', 29],
    ['{"#unserializable":1}', 'AUR302', 'states[0].x: "#unserializable" needs a string', 29],
    ['{"a":1,"b":2,"a":3}', 'AUR301', 'states[0].x: the key "a" is repeated', 29],
    ['{"tag":"A","tag":"B"}', 'AUR301', 'states[0].x: the key "tag" is repeated', 29],
    ['[1,]', 'AUR301', 'states[0].x: expected a value', 32],
    ['[1 2]', 'AUR301', 'states[0].x: expected "," or "]"', 32],
    ['{"a" 1}', 'AUR301', 'states[0].x: expected ":" after the key', 34],
    ['{a:1}', 'AUR301', 'states[0].x: expected a key in quotes', 30],
    ['"\\x"', 'AUR301', 'states[0].x: a string holds an escape that JSON does not know', 29],
    ['"a\tb"', 'AUR301', 'states[0].x: a string holds a control character', 31],
    ['tru', 'AUR301', 'states[0].x: expected a value', 32],
    [
      `{"#bigint":"${'9'.repeat(LIMITS.traceIntDigits + 1)}"}`,
      'AUR304',
      'states[0].x: an integer has more than 100000 digits',
      41,
    ],
    [deep(LIMITS.valueDepth + 2), 'AUR304', 'states[0].x: a value is nested deeper than 500', 29 + 9 * 501],
  ])('%.40s', async (json, code, message, byte) => {
    const error = await errorOf(around(json));
    expect(error).toMatchObject({
      code,
      message: `${message} (byte ${byte})`,
      location: { line: 1, column: byte + 1 },
    });
  });

  it('refuses bytes that are not UTF-8', async () => {
    const text = around('"é"');
    const bytes = Buffer.from(text, 'latin1');
    expect(await errorOf(bytes)).toMatchObject({ code: 'AUR004', location: { line: 1, column: 30 } });
  });

  it('takes the deepest value and the longest integer that are allowed', async () => {
    expect(showValue(await decoded(deep(LIMITS.valueDepth + 1)))).toContain('Set(Set(');
    expect(await decoded(`{"#bigint":"${'9'.repeat(LIMITS.traceIntDigits)}"}`)).toBe(
      10n ** BigInt(LIMITS.traceIntDigits) - 1n,
    );
  });

  it('is not slowed down by members that turn out to be no special ones', async () => {
    const levels = 400;
    const json = `${'{"#set":['.repeat(levels)}${'],"x":1}'.repeat(levels)}`;
    expect(showValue(await decoded(json))).toContain('#set');
  });
});

describe('traces of other tools', () => {
  const fixture = (name: string) => readFile(path.join(import.meta.dirname, '../fixtures/itf', name));

  it('reads one in the style of Apalache', async () => {
    const trace = await traceOf(await fixture('apalache.itf.json'));
    expect(trace).toMatchObject({
      params: ['N', 'NODES'],
      vars: ['clock', 'inbox', 'ready', 'pick'],
      loop: 1,
    });
    expect(trace.meta?.stamp).toBe(170000000000000000000n);
    expect([...must(trace.states[0], 'state').values]).toEqual([
      ['N', 3n],
      ['NODES', setOf(['n1', 'n2'])],
      ['clock', 0n],
      ['inbox', setOf([])],
      [
        'ready',
        mapOf([
          ['n1', true],
          ['n2', false],
        ]),
      ],
      ['pick', variantOf('None')],
    ]);
    expect(must(trace.states[1], 'state').values.get('clock')).toBe(-9007199254740993n);
    const halt = recordOf([
      ['from', 'n1'],
      ['kind', variantOf('Halt')],
    ]);
    const vote = recordOf([
      ['from', 'n2'],
      ['kind', variantOf('Vote', recordOf([['round', 2n]]))],
    ]);
    expect(must(trace.states[1], 'state').values.get('inbox')).toEqual(setOf([halt, vote]));
  });

  it('reads one in the style of the ADR, with its frame behind the states', async () => {
    const trace = await traceOf(await fixture('adr.itf.json'));
    expect(trace).toMatchObject({ vars: ['mode', 'path', 'all', 'note'], loop: 0 });
    const note = recordOf([
      ['__hidden', 1n],
      ['#odd', 'x'],
      ['__proto__', recordOf([['a', 9007199254740993n]])],
    ]);
    expect(trace.states.map(state => state.values.get('mode'))).toEqual([variantOf('Off'), variantOf('Off')]);
    expect(must(trace.states[0], 'state').values.get('note')).toEqual(note);
    expect(canonicalJson(trace.extra ?? null)).toBe(
      '{"__proto__":"a key like any other","tool":{"big":123456789012345678901234567890,"half":0.12345678901234566,"name":"another tool"}}',
    );
  });
});
