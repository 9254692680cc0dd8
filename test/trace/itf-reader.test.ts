// The frame of a trace: keys in any order, chunks cut anywhere, and one clear error with its place for each way in
// which a file can be wrong.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseItf, readItf, streamItf, streamItfBytes } from '../../src/trace/itf-reader.js';
import { LIMITS } from '../../src/util/limits.js';
import { errorOf, inChunks, readContent, readWhole, traceOf, valueIn } from './support.js';

// The slowest take seconds of computing, and far more where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

const FIXTURES = path.join(import.meta.dirname, '../fixtures/itf');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aura-itf-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a trace', () => {
  it('may have its keys in any order', async () => {
    const members = [
      '"#meta":{"a":1}',
      '"params":["N"]',
      '"vars":["x"]',
      '"states":[{"N":1,"x":2},{"x":3}]',
      '"loop":1',
      '"other":[1]',
    ];
    const expected = await traceOf(`{${members.join(',')}}`);
    expect(expected).toMatchObject({
      meta: { a: 1 },
      params: ['N'],
      vars: ['x'],
      loop: 1,
      extra: { other: [1] },
    });
    for (let i = 0; i < members.length; i++) {
      const rotated = [...members.slice(i), ...members.slice(0, i)];
      expect(await traceOf(`{${rotated.join(',')}}`)).toEqual(expected);
      expect(await traceOf(`{${rotated.reverse().join(',')}}`)).toEqual(expected);
    }
  });

  it('reads the same however its bytes are cut', async () => {
    const text =
      '\ufeff{"vars":["é","𝔘"],\r\n"states":[\r\n{"é":"𝔘\\"]}","𝔘":{"#set":[1]}}\r\n],"loop":0}\r\n';
    const expected = await traceOf(text);
    expect(expected.states[0]?.values.get('é')).toBe('𝔘"]}');
    const { length } = Buffer.from(text);
    for (let i = 1; i < length; i++)
      expect(valueIn(await readContent(text, undefined, [i]))).toEqual(expected);
    const everyByte = Array.from({ length }, (_, i) => i);
    expect(valueIn(await readContent(text, undefined, everyByte))).toEqual(expected);
    expect(valueIn(parseItf(text))).toEqual(expected);
  });

  it('may be empty', async () => {
    expect(await traceOf('{"vars":[],"states":[]}')).toEqual({ vars: [], states: [] });
    expect(await traceOf('{"vars":[],"states":[{}]}')).toEqual({ vars: [], states: [{ values: new Map() }] });
  });

  it('keeps the #meta of states', async () => {
    const { states } = await traceOf(
      '{"vars":["x"],"states":[{"x":1,"#meta":{"index":0,"big":12345678901234567890,"__proto__":null}}]}',
    );
    expect(Object.entries(states[0]?.meta ?? {})).toEqual([
      ['index', 0],
      ['big', 12345678901234567890n],
      ['__proto__', null],
    ]);
  });

  it('uses a value of the state before only where it is the same', async () => {
    const values = ['1', '12', '1', '{"#set":[]}', '{"#set":[1]}', '{"#set":[1] }', 'true'];
    const text = `{"vars":["x","y"],"states":[${values.map(v => `{"x":${v},"y":[2]}`).join(',')}]}`;
    const { states } = await traceOf(text);
    for (const [i, value] of values.entries()) {
      const alone = await traceOf(`{"vars":["x","y"],"states":[{"x":${value},"y":[2]}]}`);
      expect(states[i]?.values).toEqual(alone.states[0]?.values);
    }
    expect(states[4]?.values.get('y')).toBe(states[0]?.values.get('y'));
  });

  it('tells what it knows of the frame while it is read, and may be left early', async () => {
    const stream = streamItf(path.join(FIXTURES, 'ballot.itf.json'));
    for await (const state of stream) {
      expect(valueIn(state).values.get('open')).toBe(true);
      expect(stream.frame().vars).toContain('open');
      break;
    }
  });
});

const good = '{"vars":["x"],"states":[{"x":1},{"x":2}]}';

describe('a bad trace', () => {
  it.each<[string, string, string, string, number, number]>([
    ['empty', '', 'AUR301', 'the file is empty (byte 0)', 1, 1],
    ['no object', '[1]', 'AUR301', 'expected "{" (byte 0)', 1, 1],
    ['no JSON', '\n  hello', 'AUR301', 'expected "{" (byte 3)', 2, 3],
    ['text after the end', `${good}x`, 'AUR301', 'expected nothing more (byte 41)', 1, 42],
    ['cut in a state', good.slice(0, 36), 'AUR301', 'the file ends within states[1] (byte 36)', 1, 37],
    [
      'cut in a word',
      '{"vars":["x"],"states":[{"x":tr',
      'AUR301',
      'the file ends within states[0] (byte 31)',
      1,
      32,
    ],
    [
      'cut between states',
      good.slice(0, 31),
      'AUR301',
      'the file ends where "," or "]" should follow (byte 31)',
      1,
      32,
    ],
    ['cut in a key', '{"va', 'AUR301', 'the file ends within a key (byte 4)', 1, 5],
    ['cut in vars', '{"vars":["x",', 'AUR301', 'the file ends within "vars" (byte 13)', 1, 14],
    [
      'garbage between states',
      '{"vars":["x"],"states":[{"x":1}\n, oops,{"x":2}]}',
      'AUR302',
      'states[1] is not an object (byte 34)',
      2,
      3,
    ],
    [
      'no comma',
      '{"vars":["x"],"states":[{"x":1} {"x":2}]}',
      'AUR301',
      'expected "," or "]" after states[0] (byte 32)',
      1,
      33,
    ],
    ['a comma too many', '{"vars":["x"],"states":[{"x":1},]}', 'AUR301', 'expected a value (byte 32)', 1, 33],
    ['a comma before the end', '{"vars":["x"],}', 'AUR301', 'expected a key in quotes (byte 14)', 1, 15],
    ['no colon', '{"vars" ["x"]}', 'AUR301', 'expected ":" after "vars" (byte 8)', 1, 9],
    ['no value', '{"vars":}', 'AUR301', 'expected a value (byte 8)', 1, 9],
    [
      'a missing bracket',
      '{"vars":["x"],"states":[\n{"x":{"#set":[1,2},"y":3},\n{"x":1}]}',
      'AUR301',
      'states[0].x: expected "," or "]" (byte 42)',
      2,
      18,
    ],
    [
      'a missing brace',
      '{"vars":["x"],"states":[{"x":{"a":1},{"x":2}]}',
      'AUR301',
      'states[0]: expected a key in quotes (byte 37)',
      1,
      38,
    ],
    [
      'a missing quote',
      '{"vars":["x"],"states":[{"x":"a},\n{"x":1}]}',
      'AUR301',
      'states[0].x: a string holds a control character (byte 33)',
      1,
      34,
    ],
    [
      'two keys',
      '{"vars":["x"],"states":[],"vars":[]}',
      'AUR301',
      'the key "vars" is repeated (byte 26)',
      1,
      27,
    ],
    [
      'two states keys',
      '{"vars":[],"states":[],"states":[]}',
      'AUR301',
      'the key "states" is repeated (byte 23)',
      1,
      24,
    ],
    [
      'a bad escape in a key',
      '{"\\x":1}',
      'AUR301',
      'a string holds an escape that JSON does not know (byte 1)',
      1,
      2,
    ],
    [
      'a variable twice',
      '{"vars":["x"],"states":[{"x":1,"x":1}]}',
      'AUR301',
      'states[0] has "x" twice (byte 31)',
      1,
      32,
    ],
    [
      'meta twice',
      '{"vars":[],"states":[{"#meta":{},"#meta":{}}]}',
      'AUR301',
      'states[0] has "#meta" twice (byte 33)',
      1,
      34,
    ],
    [
      'a key of meta twice',
      '{"#meta":{"a":1,"a":2}}',
      'AUR301',
      '"#meta": the key "a" is repeated (byte 16)',
      1,
      17,
    ],
    ['no states', '{"vars":["x"]}', 'AUR302', '"states"', 0, 0],
    ['no vars', '{"states":[]}', 'AUR302', '"vars"', 0, 0],
    ['states of a wrong type', '{"states":{}}', 'AUR302', '"states" must be an array (byte 10)', 1, 11],
    [
      'vars of a wrong type',
      '{"vars":["x",1]}',
      'AUR302',
      '"vars" must be an array of different names (byte 8)',
      1,
      9,
    ],
    [
      'one variable named twice',
      '{"vars":["x","x"]}',
      'AUR302',
      '"vars" must be an array of different names (byte 8)',
      1,
      9,
    ],
    [
      'params of a wrong type',
      '{"params":"N"}',
      'AUR302',
      '"params" must be an array of different names (byte 10)',
      1,
      11,
    ],
    ['meta of a wrong type', '{"#meta":[]}', 'AUR302', '"#meta" must be an object (byte 9)', 1, 10],
    [
      'meta of a state of a wrong type',
      '{"vars":[],"states":[{"#meta":1}]}',
      'AUR302',
      'states[0].#meta: #meta is not an object (byte 30)',
      1,
      31,
    ],
    [
      'a state of a wrong type',
      '{"vars":[],"states":[[]]}',
      'AUR302',
      'states[0] is not an object (byte 21)',
      1,
      22,
    ],
    ['loop of a wrong type', '{"loop":"0"}', 'AUR302', '"loop" must be the index of a state (byte 8)', 1, 9],
    ['loop that is no index', '{"loop":0.5}', 'AUR302', '"loop" must be the index of a state (byte 8)', 1, 9],
    ['loop below the states', '{"loop":-1}', 'AUR302', '"loop" must be the index of a state (byte 8)', 1, 9],
    [
      'loop beyond the states',
      '{"loop":2,"vars":["x"],"states":[{"x":1},{"x":2}]}',
      'AUR302',
      '"loop" is not the index of one of the 2 states (byte 8)',
      1,
      9,
    ],
    [
      'a number that is none',
      '{"#meta":{"a":1.2.3}}',
      'AUR301',
      '"#meta": 1.2.3 is not a number (byte 14)',
      1,
      15,
    ],
    [
      'a number beyond doubles',
      '{"#meta":{"a":1e999}}',
      'AUR301',
      '"#meta": 1e999 is beyond the range of a number (byte 14)',
      1,
      15,
    ],
    [
      'a variable without a value',
      '{"vars":["x","y"],"states":[{"x":1,"y":1},\n{"x":2}]}',
      'AUR302',
      'states[1] has no value for the variable y (byte 43)',
      2,
      1,
    ],
    [
      'the same, with vars behind',
      '{"states":[{"x":1},{"y":1,"x":2}],"vars":["x","y"]}',
      'AUR302',
      'states[0] has no value for the variable y (byte 11)',
      1,
      12,
    ],
    [
      'a variable without any value',
      '{"states":[{},{}],"vars":["x"]}',
      'AUR302',
      'states[0] has no value for the variable x (byte 11)',
      1,
      12,
    ],
    [
      'an unknown variable',
      '{"vars":["x"],"states":[{"x":1},{"x":1,"z":2}]}',
      'AUR302',
      'states[1] has a value for z, which is not in "vars" (byte 32)',
      1,
      33,
    ],
    [
      'the same, with vars behind',
      '{"states":[{"x":1},{"x":1,"z":2}],"vars":["x"]}',
      'AUR302',
      'states[1] has a value for z, which is not in "vars" (byte 19)',
      1,
      20,
    ],
  ])('%s', async (_, text, code, message, line, column) => {
    const error = await errorOf(text);
    expect(error.code).toBe(code);
    if (line === 0) expect(error.message).toBe(`trace.json is not an ITF trace: it has no ${message}`);
    else expect(error).toMatchObject({ message, location: { file: 'trace.json', line, column } });
    // The same error wherever the chunks end.
    for (let i = 1; i < text.length; i += 3)
      expect(await readContent(text, undefined, [i, i + 1])).toEqual({ ok: false, errors: [error] });
  });

  it('counts columns in UTF-16 units', async () => {
    expect(await errorOf('\ufeff{"𝔘é€":1,x}')).toMatchObject({ location: { line: 1, column: 11 } });
    expect(await errorOf('{"vars":[],"states":[{"#meta":{"𝔘é€":1,x}}]}')).toMatchObject({
      location: { line: 1, column: 41 },
    });
  });

  it('is refused as soon as a limit is passed', async () => {
    const deep = '['.repeat(2_000_000);
    expect(await errorOf(`{"vars":[],"states":[{"x":${deep}`)).toMatchObject({
      code: 'AUR304',
      message: expect.stringMatching(/deeper than 500/),
    });
    expect(await errorOf(`{"#meta":{"x":${deep}`)).toMatchObject({
      code: 'AUR304',
      message: expect.stringMatching(/deeper than 500/),
    });
    const many = Array.from({ length: LIMITS.traceNames + 1 }, (_, i) => `"v${i}":1`).join(',');
    expect(await errorOf(`{"states":[{${many}}],"vars":[]}`)).toMatchObject({
      code: 'AUR304',
      message: expect.stringMatching(/different variables/),
    });
    expect(
      await readWhole(streamItfBytes(endless('{"vars":[],"states":[{"x":"', 'y'), 'endless')),
    ).toMatchObject({
      errors: [
        { code: 'AUR304', message: `states[0] takes more than ${LIMITS.traceStateBytes} bytes (byte 21)` },
      ],
    });
    expect(
      await readWhole(streamItfBytes(endless('{"vars":[],"states":[],"other":[1', ',1'), 'endless')),
    ).toMatchObject({
      errors: [
        {
          code: 'AUR304',
          message: `all but "states" takes more than ${LIMITS.traceFrameBytes} bytes (byte 31)`,
        },
      ],
    });
  });

  it('is one that cannot be read', async () => {
    expect(await readItf(path.join(folder, 'absent.json'))).toMatchObject({
      errors: [{ code: 'AUR003', message: expect.stringMatching(/no such file/) }],
    });
    expect(await readItf(folder)).toMatchObject({
      errors: [{ code: 'AUR003', message: expect.stringMatching(/it is a folder/) }],
    });
    const binary = path.join(folder, 'binary.json');
    await writeFile(
      binary,
      Uint8Array.from({ length: 4096 }, (_, i) => (i * 37) % 256),
    );
    expect(await readItf(binary)).toMatchObject({
      errors: [{ code: 'AUR301', location: { file: binary, line: 1, column: 1 } }],
    });
  });

  it('passes on that its source broke', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield* inChunks(good.slice(0, 20));
      throw new Error('the pipe burst');
    }
    expect(await readWhole(streamItfBytes(broken(), 'pipe'))).toMatchObject({
      errors: [{ code: 'AUR003', message: 'cannot read pipe: the pipe burst' }],
    });
  });
});

async function* endless(start: string, repeated: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(start);
  const chunk = Buffer.from(repeated.repeat(1 << 18));
  for (;;) yield chunk;
}

describe('a trace in a file', () => {
  it('is read whole', async () => {
    const file = path.join(FIXTURES, 'ballot.itf.json');
    expect(valueIn(await readItf(file))).toEqual(await traceOf(await readFile(file)));
  });
});
