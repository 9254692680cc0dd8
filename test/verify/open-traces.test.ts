// Traces that leave something open: variables, actions, states, the order of events. What is found is compared with
// what one can work out on a spec small enough for that.
import { describe, expect, it } from 'vitest';
import { buildModel } from '../../src/model/build-model.js';
import type { State, Value } from '../../src/model/value.js';
import type { ObservedFrame } from '../../src/trace/observation.js';
import { prepareVerification } from '../../src/verify/verify.js';
import { verifyTrace } from '../../src/verify/verify-trace.js';
import { compileText } from '../engine/support.js';
import { unwrap } from '../quint.js';
import { observed, type Seen } from './support.js';

/** Two counters up to 3: `b` may only pass `a` by one. */
const TEXT = `module pair {
  var a: int
  var b: int
  action init = all { a' = 0, b' = 0 }
  action incA = all { a < 3, a' = a + 1, b' = b }
  action incB = all { b < 3, b <= a, a' = a, b' = b + 1 }
  action reset(n: int): bool = all { a == 3, b == 3, a' = n, b' = 0 }
  action step = any {
    incA,
    incB,
    { nondet n = Set(0, 1).oneOf() reset(n) },
  }
  val NotAhead = b <= a + 1
  val NeverOne = b != 1
  val NeverTwo = a != 2
  val Failing = 1 / (a - 2) > 0 or true
  temporal BGrows = eventually(b == 3)
  temporal AStays = always(a < 3)
}`;

const PROPERTIES = ['NotAhead', 'NeverOne', 'NeverTwo'];

interface Options {
  readonly frame?: Partial<ObservedFrame>;
  readonly budget?: number;
  readonly conformance?: boolean;
  readonly invariants?: readonly string[];
  readonly traceEnd?: 'open' | 'stutter';
}

async function verify(seen: readonly Seen[], options: Options = {}) {
  const {
    frame = {},
    budget = 10_000,
    conformance = true,
    invariants = PROPERTIES,
    traceEnd = 'open',
  } = options;
  const model = buildModel((await compileText(TEXT, 'pair')).spec);
  const target = prepareVerification(model, {
    invariants: invariants.map(name => ({ name, text: name })),
    temporal: ['BGrows', 'AStays'].map(name => ({ name, text: name })),
    conformance: conformance ? { init: 'init', step: 'step' } : undefined,
    traceEnd,
    budget,
  });
  const { verdict } = unwrap(await verifyTrace(unwrap(target), observed(seen, frame)));
  const found = [...verdict.invariants, ...verdict.temporal];
  return {
    conformance: verdict.conformance,
    verdicts: Object.fromEntries(found.map(({ name, verdict: one, step }) => [name, [one, step]])),
  };
}

function state(values: { readonly a?: number; readonly b?: number }): State {
  return new Map(Object.entries(values).map(([name, value]): [string, Value] => [name, BigInt(value)]));
}

function events(...names: readonly string[]): Seen[] {
  return [
    { state: new Map() },
    ...names.map(name => ({ state: new Map(), actions: [{ name, values: new Map() }] })),
  ];
}

const CERTAIN: Partial<ObservedFrame> = { actions: 'certain', mayLoop: false };

describe('open traces', { timeout: 120_000 }, () => {
  it('one variable that is not observed', async () => {
    // b may be 0 or 1 when a is 0, and so on: it grows in stutters of a.
    const seen = [0, 0, 0, 1].map(a => ({ state: state({ a }) }));
    const { conformance, verdicts } = await verify(seen);
    expect(conformance).toMatchObject({ verdict: 'conforms', exhaustive: true });
    expect(verdicts).toMatchObject({
      NotAhead: ['satisfied', null],
      NeverOne: ['inconclusive', expect.any(Number)],
      NeverTwo: ['satisfied', null],
    });
  });

  it('a property that every behaviour breaks, each at a step of its own', async () => {
    const seen = [
      { state: state({ a: 0, b: 0 }) },
      { state: state({}) },
      { state: state({}) },
      { state: state({}) },
      { state: state({ a: 2, b: 2 }) },
    ];
    const { conformance, verdicts } = await verify(seen);
    expect(conformance.verdict).toBe('conforms');
    // The ways to (2, 2) in four steps: b is 1 after the first step, the second or the third, and none goes round it.
    expect(verdicts.NeverOne).toEqual(['violated', 3]);
    expect(verdicts.NeverTwo).toEqual(['violated', 4]);
    expect(verdicts.NotAhead).toEqual(['satisfied', null]);
  });

  it('counts the states that agree with all of the trace', async () => {
    const seen = [{ state: state({ a: 0, b: 0 }) }, { state: state({}) }, { state: state({ a: 1, b: 1 }) }];
    const { conformance } = await verify(seen);
    // (0,0), then (1,0) or (0,1), then (1,1).
    expect(conformance).toMatchObject({ verdict: 'conforms', exhaustive: true, consistentStates: 4 });
  });

  it('events without states', async () => {
    const good = await verify(events('incA', 'incB', 'incB', 'incA'), { frame: CERTAIN });
    expect(good.conformance.verdict).toBe('conforms');
    expect(good.verdicts).toMatchObject({ NeverOne: ['violated', 2], NeverTwo: ['violated', 4] });
    const bad = await verify(events('incB', 'incB', 'incA'), { frame: CERTAIN });
    expect(bad.conformance).toMatchObject({ verdict: 'rejected', step: 2 });
    const [first] = bad.conformance.rejection?.candidates ?? [];
    expect(first).toMatchObject({ action: 'incB', failed: { what: '<=', value: 'false' } });
  });

  it('an event that tells its values', async () => {
    const three: Seen[] = events('incA', 'incA', 'incA', 'incB', 'incB', 'incB');
    const reset = (n: bigint) => ({
      state: new Map(),
      actions: [{ name: 'reset', values: new Map([['n', n]]) }],
    });
    const good = await verify([...three, reset(1n), ...events('incA').slice(1)], { frame: CERTAIN });
    expect(good.conformance).toMatchObject({ verdict: 'conforms', exhaustive: true });
    const bad = await verify([...three, reset(5n)], { frame: CERTAIN });
    expect(bad.conformance).toMatchObject({ verdict: 'rejected', step: 7 });
  });

  it('actions that are not logged', async () => {
    const seen = [{ state: state({ a: 1, b: 0 }) }, { state: state({ a: 1, b: 2 }) }].map(one => ({
      ...one,
    }));
    const start = { state: state({ a: 0, b: 0 }) };
    const hidden = (most: number) => ({ hidden: { actions: ['incB'], most } });
    const enough = await verify([start, ...seen], { frame: hidden(1) });
    expect(enough.conformance.verdict).toBe('conforms');
    expect(enough.verdicts.NeverOne).toEqual(['violated', expect.any(Number)]);
    const tooFew = await verify([start, ...seen], { frame: hidden(0) });
    expect(tooFew.conformance).toMatchObject({ verdict: 'rejected', step: 2 });
  });

  it('an event that spans several actions', async () => {
    const both = ['incA', 'incB'].map(name => ({ name, values: new Map() }));
    const seen = [{ state: state({ a: 0, b: 0 }) }, { state: state({ a: 1, b: 1 }), actions: both }];
    expect((await verify(seen, { frame: CERTAIN })).conformance.verdict).toBe('conforms');
    const wrong = [{ state: state({ a: 0, b: 0 }) }, { state: state({ a: 2, b: 0 }), actions: both }];
    expect((await verify(wrong, { frame: CERTAIN })).conformance.verdict).toBe('rejected');
  });

  it('events whose order is open', async () => {
    // As logged, b passes a by two; but the second incB may have come after incA.
    const [first, ...rest] = events('incB', 'incB', 'incA');
    const after = [[0], [1], [0]];
    const seen = [first, ...rest.map((one, i) => ({ ...one, after: after[i] ?? [] }))].flatMap(one =>
      one ? [one] : [],
    );
    const open = await verify(seen, { frame: { ...CERTAIN, interleaved: true } });
    expect(open.conformance).toMatchObject({ verdict: 'conforms', exhaustive: true });
    const chained = seen.map((one, i) => (i === 0 ? one : { ...one, after: [i - 1] }));
    const closed = await verify(chained, { frame: { ...CERTAIN, interleaved: true } });
    expect(closed.conformance.verdict).toBe('rejected');
  });

  it('states of single nodes, carried over in any order', async () => {
    const told = (values: { a?: number; b?: number }, name: string, after: number[]): Seen => ({
      state: state(values),
      actions: [{ name, values: new Map() }],
      after,
    });
    const seen = [
      { state: state({ a: 0, b: 0 }), after: [] },
      told({ b: 1 }, 'incB', [0]),
      told({ b: 2 }, 'incB', [1]),
      told({ a: 1 }, 'incA', [0]),
    ];
    const frame = { ...CERTAIN, interleaved: true, untold: 'carried' as const };
    expect((await verify(seen, { frame })).conformance.verdict).toBe('conforms');
    const third = seen.map((one, i) => (i === 3 ? told({ a: 3 }, 'incA', [0]) : one));
    expect((await verify(third, { frame })).conformance.verdict).toBe('rejected');
  });

  it('a budget that runs out is no verdict', async () => {
    const seen = Array.from({ length: 40 }, () => ({ state: state({}) }));
    const { conformance, verdicts } = await verify(seen, { budget: -380 });
    expect(conformance).toMatchObject({
      verdict: 'gaveUp',
      exhaustive: false,
      reason: expect.stringContaining('budget'),
    });
    expect(verdicts.NotAhead).toEqual(['inconclusive', null]);
    expect(verdicts.BGrows).toEqual(['inconclusive', null]);
  });

  it('temporal properties of all behaviours', async () => {
    const end = { state: state({ a: 3, b: 3 }) };
    const gaps = Array.from({ length: 5 }, () => ({ state: state({}) }));
    const { verdicts } = await verify([{ state: state({ a: 0, b: 0 }) }, ...gaps, end]);
    expect(verdicts).toMatchObject({ BGrows: ['satisfied', 6], AStays: ['violated', expect.any(Number)] });
    const unknown = await verify([{ state: state({ a: 0, b: 0 }) }, ...gaps]);
    expect(unknown.verdicts.AStays?.[0]).toBe('inconclusive');
  });
});

describe('traces of whole states', { timeout: 120_000 }, () => {
  const path = (...pairs: readonly [number, number][]) => pairs.map(([a, b]) => ({ state: state({ a, b }) }));

  it('stutters conform, and a step back does not', async () => {
    expect((await verify(path([0, 0], [0, 0], [1, 0]))).conformance.verdict).toBe('conforms');
    expect((await verify(path([0, 0], [1, 0], [0, 0]))).conformance).toMatchObject({
      verdict: 'rejected',
      step: 2,
    });
    expect((await verify(path([1, 0]))).conformance).toMatchObject({ verdict: 'rejected', step: 0 });
  });

  it('the step that closes a loop is one too', async () => {
    const round = path([0, 0], [1, 0], [2, 0], [3, 0], [3, 1], [3, 2], [3, 3]);
    expect((await verify(round, { frame: { loop: 0 } })).conformance.verdict).toBe('conforms');
    const cut = await verify(round.slice(0, 6), { frame: { loop: 0 } });
    expect(cut.conformance).toMatchObject({ verdict: 'rejected', step: 6 });
    expect((await verify(round, { frame: { loop: 0 } })).verdicts).toMatchObject({
      BGrows: ['satisfied', 6],
    });
  });

  it('an action that is certain has to be the one', async () => {
    const named = (name: string) => [
      { state: state({ a: 0, b: 0 }) },
      { state: state({ a: 1, b: 0 }), actions: [{ name, values: new Map() }] },
    ];
    expect((await verify(named('incA'), { frame: CERTAIN })).conformance.verdict).toBe('conforms');
    expect((await verify(named('incB'), { frame: CERTAIN })).conformance.verdict).toBe('rejected');
    expect((await verify(named('incB'))).conformance.verdict).toBe('conforms');
  });

  it('properties alone, of what is observed', async () => {
    const seen = [{ state: state({ a: 2 }) }, { state: state({ a: 0 }) }];
    const { conformance, verdicts } = await verify(seen, { conformance: false });
    expect(conformance.verdict).toBe('skipped');
    // What they read is not told here, so it counts as everything.
    expect(verdicts.NotAhead?.[0]).toBe('inconclusive');
    expect(verdicts.AStays?.[0]).toBe('presumablySatisfied');
  });

  it('a property that cannot be evaluated is inconclusive', async () => {
    const { verdicts } = await verify(path([0, 0], [1, 0], [2, 0]), { invariants: ['Failing'] });
    expect(verdicts.Failing).toEqual(['inconclusive', 2]);
  });

  it('what the end of the trace is said to be decides', async () => {
    const seen = path([0, 0], [1, 0]);
    expect((await verify(seen)).verdicts).toMatchObject({
      BGrows: ['presumablyViolated', expect.anything()],
      AStays: ['presumablySatisfied', expect.anything()],
    });
    const still = (await verify(seen, { traceEnd: 'stutter' })).verdicts;
    expect(still).toMatchObject({ BGrows: ['violated', expect.anything()] });
    expect(still.AStays?.[0]).toBe('satisfied');
  });
});

describe('several instances and names', { timeout: 120_000 }, () => {
  const LEAF = `module cell {
    const BY: int
    var n: int
    action start = n' = 0
    action inc = n' = n + BY
    action keep = n' = n
    action step = any { inc, keep }
  }
  module cells {
    import cell(BY = 1) as left
    import cell(BY = 2) as right
    action init = all { left::start, right::start }
    action guarded = all { left::n < 3, left::inc, right::keep }
    action step = any { all { right::keep, left::step }, all { left::keep, right::step }, guarded }
  }`;

  const cells = (left: number, right: number): State =>
    new Map([
      ['cells::left::n', BigInt(left)],
      ['cells::right::n', BigInt(right)],
    ]);

  async function verifyCells(to: State, name: string) {
    const model = buildModel((await compileText(LEAF, 'cells')).spec);
    const target = prepareVerification(model, {
      invariants: [],
      temporal: [],
      conformance: { init: 'init', step: 'step' },
      traceEnd: 'open',
      budget: 1_000,
    });
    const seen = [{ state: cells(0, 0) }, { state: to, actions: [{ name, values: new Map() }] }];
    return verifyTrace(unwrap(target), observed(seen, CERTAIN));
  }

  it('an action of one instance is not that of another', async () => {
    const verdict = async (to: State, name: string) =>
      unwrap(await verifyCells(to, name)).verdict.conformance.verdict;
    expect(await verdict(cells(1, 0), 'left::inc')).toBe('conforms');
    expect(await verdict(cells(0, 2), 'left::inc')).toBe('rejected');
    expect(await verdict(cells(0, 2), 'right::inc')).toBe('conforms');
    expect(await verdict(cells(0, 2), 'inc')).toBe('conforms');
  });

  it('a name that no step bears is an error that tells of which it is part', async () => {
    const result = await verifyCells(cells(1, 0), 'start');
    expect(result.ok ? [] : result.errors.map(({ code }) => code)).toEqual(['AUR316']);
  });
});

describe('unseen states', { timeout: 120_000 }, () => {
  const both = ['incA', 'incB'].map(name => ({ name, values: new Map() }));
  const seen = [{ state: state({ a: 0, b: 0 }) }, { state: state({ a: 1, b: 1 }), actions: both }];

  it('leave properties open where nothing says which they were', async () => {
    const { verdicts } = await verify(seen, { frame: CERTAIN, conformance: false });
    const { NeverOne, ...others } = verdicts;
    // A state that was observed is one, whatever was passed before it.
    expect(NeverOne).toEqual(['violated', 1]);
    expect(Object.values(others).map(([verdict]) => verdict)).toEqual(Array(4).fill('inconclusive'));
  });

  it('what an event leaves untold is carried over from the event before it', async () => {
    const start = { state: state({ a: 0, b: 0 }), after: [] };
    const frame = { ...CERTAIN, interleaved: true, untold: 'carried' as const };
    const told = { state: state({ b: 1 }), actions: both, after: [0] };
    // incA would have changed a, which the event does not tell.
    expect((await verify([start, told], { frame })).conformance.verdict).toBe('rejected');
    const whole = { ...told, state: state({ a: 1, b: 1 }) };
    expect((await verify([start, whole], { frame })).conformance.verdict).toBe('conforms');
  });

  it('are passed in the step towards the next event', async () => {
    const { verdicts } = await verify(seen, { frame: CERTAIN, invariants: ['NeverOne'] });
    expect(verdicts.NeverOne).toEqual(['violated', 1]);
  });

  it('an event that spans more actions than any rank of a step', async () => {
    const many = Array.from({ length: 1_500 }, (_, i) => ({
      name: i % 7 < 3 ? 'incA' : i % 7 < 6 ? 'incB' : 'reset',
      values: new Map<string, Value>(i % 7 === 6 ? [['n', 0n]] : []),
    }));
    const { conformance, verdicts } = await verify(
      [{ state: state({ a: 0, b: 0 }) }, { state: new Map(), actions: many }, { state: new Map() }],
      { frame: CERTAIN },
    );
    expect(conformance).toMatchObject({ verdict: 'conforms', exhaustive: true });
    expect(verdicts).toMatchObject({ NotAhead: ['satisfied', null], NeverTwo: ['violated', 1] });
  });
});
