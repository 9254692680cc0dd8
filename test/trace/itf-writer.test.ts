// What the writer guarantees: canonical bytes, a file that is there whole or not at all, and no invalid ITF.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mapOf, recordOf, setOf, tupleOf, UNIT, type Value, variantOf } from '../../src/model/value.js';
import type { ItfState, ItfTrace } from '../../src/trace/itf.js';
import { writeItf, writeItfStates, writeItfText } from '../../src/trace/itf-writer.js';
import { InternalError } from '../../src/util/assert.js';
import { auraError } from '../../src/util/errors.js';
import { fail, ok, type Result } from '../../src/util/result.js';
import { traceOf } from './support.js';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aura-itf-'));
  file = path.join(folder, 'trace.itf.json');
});
afterEach(() => rm(folder, { recursive: true }));

const trace: ItfTrace = {
  meta: { source: 's.qnt', count: 2n ** 64n },
  params: ['N'],
  vars: ['x', 'a'],
  states: [
    {
      meta: { index: 0 },
      values: new Map<string, Value>([
        ['x', setOf([2n, 1n])],
        ['N', 3n],
        ['a', variantOf('Off')],
      ]),
    },
    {
      values: new Map<string, Value>([
        [
          'a',
          mapOf([
            [
              'k',
              recordOf([
                ['b', tupleOf([true])],
                ['a', UNIT],
              ]),
            ],
          ]),
        ],
        ['x', { kind: 'unserializable', text: 'Int' }],
      ]),
    },
  ],
  loop: 1,
  extra: { z: null, b: [1] },
};

const text = `{"#meta":{"count":18446744073709551616,"source":"s.qnt"},"params":["N"],"vars":["x","a"],"states":[
{"#meta":{"index":0},"N":{"#bigint":"3"},"a":{"tag":"Off","value":{"#tup":[]}},"x":{"#set":[{"#bigint":"1"},{"#bigint":"2"}]}},
{"a":{"#map":[["k",{"a":{"#tup":[]},"b":{"#tup":[true]}}]]},"x":{"#unserializable":"Int"}}
],"loop":1,"b":[1],"z":null}
`;

describe('the writer', () => {
  it('writes keys in one order and values as Quint does', async () => {
    expect(await writeItf(file, trace)).toEqual(ok(undefined));
    expect(await readFile(file, 'utf8')).toBe(text);
    expect(writeItfText(trace)).toBe(text);
    expect(writeItfText(await traceOf(text))).toBe(text);
    expect(await readdir(folder)).toEqual(['trace.itf.json']);
  });

  it('writes the least trace', () => {
    expect(writeItfText({ vars: [], states: [] })).toBe('{"vars":[],"states":[]}\n');
  });

  it('writes traces longer than a piece', async () => {
    const state: ItfState = { values: new Map([['x', 'y'.repeat(1000)]]) };
    const long = { vars: ['x'], states: Array.from({ length: 500 }, () => state) };
    await writeItf(file, long);
    expect(await readFile(file, 'utf8')).toBe(writeItfText(long));
  });

  it('leaves nothing, or what was there, when the states end in a failure', async () => {
    const failure = fail(auraError('AUR301', 'cut'));
    async function* states(): AsyncGenerator<Result<ItfState>> {
      yield ok({ values: new Map() });
      yield failure;
    }
    expect(await writeItfStates(file, { vars: [] }, states())).toEqual(failure);
    expect(await readdir(folder)).toEqual([]);
    await writeFile(file, 'old');
    expect(await writeItfStates(file, { vars: [] }, states())).toEqual(failure);
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['trace.itf.json']);
  });

  it('tells why a file cannot be written', async () => {
    await mkdir(file);
    expect(await writeItf(file, trace)).toMatchObject({
      errors: [{ code: 'AUR006', message: `cannot write ${file}: it is a folder` }],
    });
    expect(await readdir(folder)).toEqual(['trace.itf.json']);
  });

  it('refuses, as a bug of ours, what is not ITF', async () => {
    const values = new Map([['x', 1n]]);
    const bad: ItfTrace[] = [
      { vars: ['x', 'y'], states: [{ values }] },
      { vars: [], states: [{ values }] },
      { vars: ['x'], states: [{ values }], loop: 1 },
      { vars: ['x'], states: [{ values: new Map([['x', recordOf([['#set', 1n]])]]) }] },
    ];
    for (const one of bad) {
      expect(() => writeItfText(one)).toThrow(InternalError);
      await expect(writeItf(file, one)).rejects.toThrow(InternalError);
    }
    expect(await readdir(folder)).toEqual([]);
  });
});
