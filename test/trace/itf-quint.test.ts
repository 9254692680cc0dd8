// Traces that Quint itself writes: read with the types of the spec and without, they keep their meaning and are
// written again with the same values. One trace is a fixture; the others are drawn when the test runs.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  listOf,
  mapOf,
  recordOf,
  type State,
  setOf,
  tupleOf,
  type Value,
  variantOf,
} from '../../src/model/value.js';
import { readItf } from '../../src/trace/itf-reader.js';
import { writeItfText } from '../../src/trace/itf-writer.js';
import { must } from '../../src/util/assert.js';
import { canonicalJson, isJsonObject, type Json, parseJson } from '../../src/util/json.js';
import { BALLOT_TYPES } from './ballot-types.js';
import { traceOf, valueIn } from './support.js';

const FIXTURES = path.join(import.meta.dirname, '../fixtures/itf');
const SPEC = path.join(FIXTURES, 'ballot.qnt');
const QUINT = createRequire(import.meta.url).resolve('@informalsystems/quint/dist/src/cli.js');

/** JSON of a trace in one order: of keys, of the elements of sets and of the entries of maps. */
function inOneOrder(json: Json): Json {
  if (Array.isArray(json)) return json.map(inOneOrder);
  if (!isJsonObject(json)) return json;
  const sorted = (items: Json) => (Array.isArray(items) ? items.map(inOneOrder).sort(byText) : items);
  return Object.fromEntries(
    Object.entries(json).map(([key, item]) => [
      key,
      key === '#set' || key === '#map' ? sorted(item) : inOneOrder(item),
    ]),
  );
}

function byText(a: Json, b: Json): number {
  return canonicalJson(a) < canonicalJson(b) ? -1 : 1;
}

async function checkRoundTrip(text: string): Promise<void> {
  for (const given of [BALLOT_TYPES, undefined]) {
    const trace = await traceOf(text, given);
    const written = writeItfText(trace);
    expect(inOneOrder(parseJson(written))).toEqual(inOneOrder(parseJson(text)));
    const again = await traceOf(written, given);
    expect(again.states.map(({ values }) => values)).toEqual(
      trace.states.map(({ values }) => new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1)))),
    );
    expect(writeItfText(again)).toBe(written);
  }
}

describe('the trace of the fixture', () => {
  const file = path.join(FIXTURES, 'ballot.itf.json');

  it('means the same after a round trip', async () => {
    await checkRoundTrip(await readFile(file, 'utf8'));
  });

  it('has the values of the spec', async () => {
    const trace = valueIn(await readItf(file, BALLOT_TYPES));
    expect(trace.meta).toMatchObject({ format: 'ITF', status: 'ok' });
    const initial: State = new Map<string, Value>([
      ['phase', variantOf('Idle')],
      ['votes', mapOf(['n1', 'n2', 'n3'].map(node => [node, setOf([])]))],
      ['log', listOf([])],
      ['leader', variantOf('None')],
      [
        'label',
        recordOf([
          ['tag', 'start'],
          ['value', 0n],
        ]),
      ],
      ['pairs', mapOf([[tupleOf([0n, true]), variantOf('None')]])],
      ['total', 0n],
      ['open', true],
      ['nested', setOf([setOf([])])],
      [
        '__seen',
        recordOf([
          ['__proto', 0n],
          ['plain', 'x'],
        ]),
      ],
      ['mbt::actionTaken', 'init'],
      [
        'mbt::nondetPicks',
        recordOf([
          ['ballot', variantOf('None')],
          ['node', variantOf('None')],
        ]),
      ],
    ]);
    expect(new Map([...must(trace.states[0], 'state').values].sort())).toEqual(new Map([...initial].sort()));
    const totals = trace.states.map(({ values }) => values.get('total'));
    expect(
      totals.some(total => typeof total === 'bigint' && (total > 2n ** 60n || total < -(2n ** 60n))),
    ).toBe(true);
  });

  it('shows a record as a variant where no type tells otherwise', async () => {
    const { states } = await traceOf(await readFile(file));
    expect(states[0]?.values.get('label')).toEqual(variantOf('start', 0n));
  });
});

describe('traces drawn now', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'aura-itf-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('mean the same after a round trip', { timeout: 120_000 }, async () => {
    const limits = ['--max-steps=15', '--max-samples=20', '--n-traces=3', '--seed=11'];
    const out = path.join(folder, 't{seq}.itf.json');
    const args = [QUINT, 'run', '--backend=typescript', '--mbt', ...limits, `--out-itf=${out}`, SPEC];
    await promisify(execFile)(process.execPath, args);
    for (const seq of [0, 1, 2])
      await checkRoundTrip(await readFile(path.join(folder, `t${seq}.itf.json`), 'utf8'));
  });
});
