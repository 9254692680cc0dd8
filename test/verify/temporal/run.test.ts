// How a property is run: what verdicts carry, what they do not rest on, and what is kept of a trace.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CompiledSpec, findOp } from '../../../src/engine/index.js';
import { type State, setOf, type Value } from '../../../src/model/value.js';
import { must } from '../../../src/util/assert.js';
import {
  compileTemporal,
  isDecided,
  type TemporalProperty,
  TemporalRun,
} from '../../../src/verify/temporal/index.js';
import { compileText } from '../../engine/support.js';
import { unwrap } from '../../quint.js';
import { formulasOf, propertyOf, verdictOf } from './support.js';

const DEFINITIONS = `
  var x: int
  var y: int
  var jobs: Set[int]
  val vars = (x, y, jobs)
  action up = all { x < 3, x' = x + 1, y' = y, jobs' = jobs }
`;

const FORMULAS = {
  small: 'always(x < 3)',
  jobsEnd: 'always(jobs.forall(j => eventually(not(jobs.contains(j)))))',
  implied: 'always(x == 1 implies y == 1)',
  answered: '(x == 1) leadsTo (y == 1)',
  fair: 'weakFair(up, vars) implies always(x == 1 implies eventually(x == 2))',
  both: 'always(x == 1 implies y == 1) and always(y >= 0)',
  grows: 'always(next(y) >= y)',
  often: 'always(eventually(x == 1))',
  pairs: 'tuples(Set(1), Set(2)).forall(((i, j)) => always(x != i or y != j))',
  nested: 'always(Set(1, 2).forall(i => jobs.exists(j => x + y == i * j)) or x == 0)',
  reordered: 'always((y == 1 or x == 0) and eventually(x == 0))',
} as const;

let compiled: CompiledSpec;
let properties: ReadonlyMap<string, TemporalProperty>;

beforeAll(async () => {
  const formulas = await formulasOf(DEFINITIONS, Object.values(FORMULAS));
  compiled = formulas.compiled;
  properties = new Map(Object.keys(FORMULAS).map((name, i) => [name, must(formulas.properties[i], name)]));
});

const property = (name: keyof typeof FORMULAS) => must(properties.get(name), name);

function state(x: number, y = 0, jobs: readonly number[] = []): State {
  return new Map<string, Value>([
    ['x', BigInt(x)],
    ['y', BigInt(y)],
    ['jobs', setOf(jobs.map(BigInt))],
  ]);
}

describe('a verdict', () => {
  it('carries the values of quantified names and the step since which something waits', () => {
    const states = [state(0), state(0, 0, [7]), state(0, 0, [7, 8]), state(0, 0, [8])];
    const { verdict, deciding, loop } = verdictOf(property('jobsEnd'), states, 'stutter');
    expect({ verdict, step: deciding?.step, loop }).toEqual({ verdict: 'violated', step: 2, loop: 3 });
    expect(deciding?.bindings.map(({ name, value }) => [name, value])).toEqual([['j', 8n]]);
  });

  it('shows a tuple that a quantifier takes apart under the names of its parts', () => {
    const { verdict, deciding } = verdictOf(property('pairs'), [state(0), state(1, 2)], 'open');
    expect(verdict).toBe('violated');
    expect(deciding?.bindings.map(({ name }) => name)).toEqual(['(i, j)']);
  });

  it('names the loop of a lasso and the place in it', () => {
    const states = [state(1), state(0), state(2), state(0)];
    const { verdict, deciding, loop } = verdictOf(property('often'), states, 1);
    expect({ verdict, loop }).toEqual({ verdict: 'violated', loop: 1 });
    expect(deciding?.step).toBe(1);
  });

  it('comes as soon as nothing can change it', () => {
    const run = new TemporalRun(property('small'));
    for (const x of [0, 3]) run.next(state(x));
    expect(run.asked).toBeDefined();
    run.next(state(0));
    expect(run.asked).toBeUndefined();
    expect(run.end('open')).toEqual(run.end({ loop: 0 }));
  });

  it.each<[keyof typeof FORMULAS, State[], boolean]>([
    ['implied', [state(0), state(2)], true],
    ['implied', [state(0), state(1, 1)], false],
    ['answered', [state(0), state(2)], true],
    ['answered', [state(1, 0), state(2, 1)], false],
    ['jobsEnd', [state(0), state(1)], true],
    ['jobsEnd', [state(0, 0, [1]), state(1)], false],
    ['fair', [state(0)], true],
    ['fair', [state(3)], true],
    ['fair', [state(1), state(2), state(3)], false],
    // Not fair: the action could be taken for ever, and is not.
    ['fair', [state(1), state(2)], true],
    ['both', [state(0)], false],
    ['small', [state(0)], false],
  ])('%s on a trace says whether it was put to the test', (name, states, vacuous) => {
    const { verdict, vacuous: found } = verdictOf(property(name), states, 'stutter');
    expect({ verdict, vacuous: found }).toEqual({ verdict: 'satisfied', vacuous });
  });

  it('is inconclusive where a variable was not observed, unless that does not matter', () => {
    const blind = new Map<string, Value>([['x', 1n]]);
    const open = verdictOf(property('implied'), [state(0), blind, state(0)], 'open');
    expect(open.verdict).toBe('inconclusive');
    expect(open.error).toMatchObject({ code: 'AUR601', origin: 'QNT502' });
    expect(open.deciding?.step).toBe(1);
    expect(verdictOf(property('implied'), [state(0), blind, state(1)], 'open').verdict).toBe('violated');
    expect(verdictOf(property('small'), [state(0), blind], 'stutter').verdict).toBe('satisfied');
  });

  it('on no states is inconclusive', () => {
    expect(verdictOf(property('small'), [], 'open')).toMatchObject({ verdict: 'inconclusive' });
  });
});

describe('a run', () => {
  const anyState = fc
    .record({ x: fc.nat(3), y: fc.nat(1), jobs: fc.subarray([1, 2]) })
    .map(({ x, y, jobs }) => state(x, y, jobs));
  const lasso = fc
    .array(anyState, { minLength: 1, maxLength: 6 })
    .chain(states => fc.record({ states: fc.constant(states), loop: fc.nat(states.length - 1) }));
  const anyProperty = fc.constantFrom(...Object.keys(FORMULAS)).map(name => must(properties.get(name), name));

  it('that knows where the loop begins says the same as one that keeps all states', () => {
    fc.assert(
      fc.property(fc.nat(), lasso, (i, { states, loop }) => {
        const one = must([...properties.values()][i % properties.size], 'property');
        const told = new TemporalRun(one, { loop });
        for (const each of states) told.next(each);
        expect(told.end({ loop })).toEqual(verdictOf(one, states, loop));
      }),
      { numRuns: 500 },
    );
  });

  it('is not disturbed by another one of the same property', () => {
    fc.assert(
      fc.property(fc.nat(), lasso, lasso, (i, first, second) => {
        const one = must([...properties.values()][i % properties.size], 'property');
        const runs = [first, second].map(({ states }) => ({ states, run: new TemporalRun(one) }));
        for (let at = 0; at < 6; at++)
          for (const { states, run } of runs) {
            const next = states[at];
            if (next !== undefined) run.next(next);
          }
        for (const { states, run } of runs)
          expect(run.end('stutter')).toEqual(verdictOf(one, states, 'stutter'));
      }),
      { numRuns: 500 },
    );
  });

  it('says the same whatever traces came before', () => {
    fc.assert(
      fc.property(fc.nat(), lasso, fc.constantFrom('open', 'stutter'), (i, { states }, end) => {
        const at = i % properties.size;
        const used = must([...properties.values()][at], 'property');
        const fresh = propertyOf(compiled, `formula${at}`);
        expect(verdictOf(used, states, end)).toEqual(verdictOf(fresh, states, end));
      }),
      { numRuns: 150 },
    );
  });

  it('does not change what it asks while nothing happens', () => {
    for (const name of ['small', 'answered', 'fair', 'grows', 'often'] as const) {
      const one = property(name);
      const first = one.step(one.start, state(0), state(0));
      let residual = first;
      for (let i = 0; i < 100; i++) residual = one.step(residual, state(0), state(0));
      expect(residual).toBe(first);
    }
  });

  it('does not remember values that have passed', () => {
    const one = property('jobsEnd');
    const run = new TemporalRun(one);
    for (let i = 0; i < 120_000; i++) run.next(state(0, 0, [i, i + 1]));
    expect(one.remembered).toBeLessThan(60_000);
    expect(run.end('open').verdict).toBe('presumablyViolated');
    run.next(state(0));
    expect(run.end('open').verdict).toBe('presumablySatisfied');
  });

  it('can be made of every property', () => {
    fc.assert(
      fc.property(anyProperty, lasso, (one, { states }) => {
        expect(isDecided(one.start)).toBe(false);
        expect(['open', 'stutter'] as const).toSatisfy((ends: readonly ('open' | 'stutter')[]) =>
          ends.every(end => verdictOf(one, states, end).error === undefined),
        );
      }),
    );
  });
});

describe('names', () => {
  it('mean what they do in the instance where they stand', async () => {
    const compiled = await compileText(
      `
      module counter {
        const N: int
        var x: int
        action bump = x' = x + 1
        temporal reached = eventually(x == N)
        temporal staysBelow(n) = always(x < n)
        temporal later(p) = eventually(p and x == N)
      }
      module both {
        import counter(N = 1) as a
        import counter(N = 2) as b
        temporal reachBoth = a::reached and b::reached
        temporal mixed = b::staysBelow(a::x + 3)
        temporal crossed = b::later(a::x == 5)
        temporal bumped = eventually(b::bump and a::x == 5)
      }`,
      'both',
    );
    const states = (pairs: readonly (readonly [number, number])[]): State[] =>
      pairs.map(
        ([a, b]) =>
          new Map([
            ['both::a::x', BigInt(a)],
            ['both::b::x', BigInt(b)],
          ]),
      );
    const on = (name: string, pairs: readonly (readonly [number, number])[]) =>
      verdictOf(propertyOf(compiled, name), states(pairs), 'stutter').verdict;
    expect(
      on('reachBoth', [
        [0, 0],
        [1, 0],
        [1, 2],
      ]),
    ).toBe('satisfied');
    expect(
      on('reachBoth', [
        [0, 0],
        [2, 1],
      ]),
    ).toBe('violated');
    // The argument is a's x in each state, not its value at the beginning.
    expect(
      on('mixed', [
        [0, 2],
        [5, 7],
      ]),
    ).toBe('satisfied');
    expect(
      on('mixed', [
        [5, 7],
        [0, 7],
      ]),
    ).toBe('violated');
    expect(
      on('crossed', [
        [5, 1],
        [5, 2],
      ]),
    ).toBe('satisfied');
    expect(
      on('crossed', [
        [5, 1],
        [1, 2],
      ]),
    ).toBe('violated');
    expect(
      on('bumped', [
        [5, 1],
        [5, 2],
      ]),
    ).toBe('satisfied');
    expect(
      on('bumped', [
        [4, 1],
        [5, 2],
      ]),
    ).toBe('violated');
  });

  it('of operators that are passed on are opened where they are used', async () => {
    const { properties: all } = await formulasOf(
      `
      var x: int
      def isAt(n) = x == n
      pure def plus(n) = n + 1
      temporal allOf(p) = Set(1, 2).forall(n => eventually(p(n)))
      temporal viaFilter(p) = always(Set(1, 2, 3).filter(n => p(n)).size() == 1)
      temporal grown(n) = next(x) == n + 1
      temporal twice(p, q) = allOf(n => p(n) or q(n))
      `,
      [
        'allOf(isAt)',
        'twice(isAt, n => x == plus(n))',
        'viaFilter(isAt)',
        'always(Set(1, 2).filter(n => grown(n)).size() <= 1)',
        'always(Set(1, 2).map(n => next(x) + n).contains(x + 2))',
      ],
    );
    const on = (i: number, xs: readonly number[]) =>
      verdictOf(
        must(all[i], 'formula'),
        xs.map(x => new Map([['x', BigInt(x)]])),
        'stutter',
      ).verdict;
    expect([on(0, [1, 2]), on(0, [1, 3])]).toEqual(['satisfied', 'violated']);
    expect([on(1, [1, 3]), on(1, [1])]).toEqual(['satisfied', 'violated']);
    expect([on(2, [1, 2]), on(2, [1, 4])]).toEqual(['satisfied', 'violated']);
    expect([on(3, [1, 2, 5]), on(3, [2, 3])]).toEqual(['satisfied', 'satisfied']);
    expect([on(4, [1, 2, 2]), on(4, [1, 5])]).toEqual(['satisfied', 'violated']);
  });
});

describe('a formula that cannot be evaluated', () => {
  it.each([
    [
      'Set(1, 2).fold(true, (sofar, n) => sofar and eventually(x == n))',
      'eventually cannot be evaluated inside',
    ],
    ['(next(x) == 2).weakFair(x)', 'it cannot be told when this is enabled'],
    ['Set(bump, true).size() == 1', 'an action cannot be part of a value'],
  ])('%s is refused with its place', async (formula, message) => {
    const compiled = await compileText(
      `module refused {\n  var x: int\n  action bump = x' = x + 1\n  temporal formula = ${formula}\n}`,
    );
    const ref = unwrap(findOp(compiled, 'formula'));
    const result = compileTemporal(compiled, { expr: ref.def.expr, site: ref });
    expect(result.ok).toBe(false);
    const [error] = result.ok ? [] : result.errors;
    expect(error?.code).toBe('AUR701');
    expect(error?.message).toContain(message);
    expect(error?.location?.line).toBeGreaterThanOrEqual(3);
  });
});
