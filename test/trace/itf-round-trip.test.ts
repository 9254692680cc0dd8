// Random traces survive being written and read, in any chunks and under any layout of the JSON, with types and, where
// shapes are unambiguous, without.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ItfTrace, JsonObject } from '../../src/trace/itf.js';
import { readItf } from '../../src/trace/itf-reader.js';
import { writeItf } from '../../src/trace/itf-writer.js';
import { canonicalJson, type Json } from '../../src/util/json.js';
import { ENV, randomStates, type TypedStates } from './random-values.js';
import { readContent, valueIn } from './support.js';

// The slowest take seconds of computing, and far more where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aura-itf-'));
});
afterAll(() => rm(folder, { recursive: true }));

const randomNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).filter(n => !Number.isInteger(n));
const randomBigint = fc.oneof(fc.bigInt({ min: 2n ** 53n }), fc.bigInt({ max: -(2n ** 53n) }));
const randomScalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.string({ unit: 'binary' }),
  fc.integer(),
  randomNumber,
  randomBigint,
);
const randomMeta: fc.Arbitrary<JsonObject> = fc
  .array(
    fc.tuple(
      fc.constantFrom('a', 'index', '__proto__', '10', '2'),
      fc.oneof(randomScalar, fc.array(randomScalar)),
    ),
  )
  .map(members => {
    const meta: JsonObject = Object.create(null);
    for (const [key, json] of members) meta[key] = json;
    return meta;
  });

interface Frame {
  readonly meta: JsonObject;
  readonly extra: JsonObject;
  readonly loops: boolean;
}

const randomFrame: fc.Arbitrary<Frame> = fc.record({
  meta: randomMeta,
  extra: randomMeta,
  loops: fc.boolean(),
});

function traceFrom({ types, states }: TypedStates, { meta, extra, loops }: Frame): ItfTrace {
  return {
    meta,
    vars: [...types.keys()],
    states: states.map((values, i) => (i % 2 === 0 ? { meta: { index: i }, values } : { values })),
    ...(loops && { loop: states.length - 1 }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

/** What must be the same again, in a form that the order of keys and prototypes do not touch. */
function essence({ meta, params, vars, states, loop, extra }: ItfTrace): unknown {
  return {
    meta: meta && canonicalJson(meta),
    params,
    vars,
    states: states.map(state => ({
      meta: state.meta && canonicalJson(state.meta),
      values: [...state.values].sort(([a], [b]) => (a < b ? -1 : 1)),
    })),
    loop,
    extra: extra && canonicalJson(extra),
  };
}

const randomCuts = fc.array(fc.nat(3000), { maxLength: 30 });

async function written(trace: ItfTrace): Promise<{ file: string; text: string }> {
  const file = path.join(folder, 'trace.itf.json');
  valueIn(await writeItf(file, trace));
  return { file, text: await readFile(file, 'utf8') };
}

/** The same JSON in another layout: other spaces and line ends, and all that is not ASCII escaped. */
function laidOut(text: string): string {
  const pretty = text.replace(/("(?:[^"\\]|\\.)*")|[{}[\],:]/g, (token, quoted) =>
    quoted ? token : ` ${token}\r\n\t`,
  );
  return pretty.replace(/[\u0080-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

describe('a random trace', () => {
  it('comes back by type from the file and from any chunks', async () => {
    await fc.assert(
      fc.asyncProperty(randomStates(false), randomFrame, randomCuts, async (typed, frame, cuts) => {
        const trace = traceFrom(typed, frame);
        const types = { vars: typed.types, env: ENV };
        const { file, text } = await written(trace);
        expect(essence(valueIn(await readItf(file, types)))).toEqual(essence(trace));
        expect(essence(valueIn(await readContent(text, types, cuts)))).toEqual(essence(trace));
      }),
      { numRuns: 300 },
    );
  });

  it('comes back by shape where shapes are clear', async () => {
    await fc.assert(
      fc.asyncProperty(randomStates(true), randomFrame, randomCuts, async (typed, frame, cuts) => {
        const trace = traceFrom(typed, frame);
        const { text } = await written(trace);
        expect(essence(valueIn(await readContent(text, undefined, cuts)))).toEqual(essence(trace));
      }),
      { numRuns: 300 },
    );
  });

  it('reads the same in another layout with a byte order mark', async () => {
    await fc.assert(
      fc.asyncProperty(randomStates(false), randomFrame, randomCuts, async (typed, frame, cuts) => {
        const trace = traceFrom(typed, frame);
        const types = { vars: typed.types, env: ENV };
        const { text } = await written(trace);
        expect(essence(valueIn(await readContent(`\ufeff${laidOut(text)}`, types, cuts)))).toEqual(
          essence(trace),
        );
      }),
    );
  });

  it('is written with the same bytes again', async () => {
    await fc.assert(
      fc.asyncProperty(randomStates(false), randomStates(true), randomFrame, async (any, clear, frame) => {
        const byType = await written(traceFrom(any, frame));
        const types = { vars: any.types, env: ENV };
        expect((await written(valueIn(await readContent(byType.text, types)))).text).toBe(byType.text);
        const byShape = await written(traceFrom(clear, frame));
        expect((await written(valueIn(await readContent(byShape.text)))).text).toBe(byShape.text);
      }),
    );
  });
});
