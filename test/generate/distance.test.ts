import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CompiledSpec,
  compileExprs,
  compileSpec,
  createMachine,
  type ExprEvaluator,
  findOp,
} from '../../src/engine/index.js';
import { distancesTo, isOverOneState, UNIT } from '../../src/generate/distance.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Property } from '../../src/model/model.js';
import type { Spec } from '../../src/model/spec.js';
import { mapOf, type State, setOf, type Value } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { SPECS, TWINS } from '../engine/specs-of-project.js';
import { loadFile, loadText, unwrap } from '../quint.js';

interface Judged {
  readonly property: Property;
  readonly truth: ExprEvaluator;
  readonly distance: ExprEvaluator;
}

function judged(compiled: CompiledSpec, properties: readonly Property[]): Judged[] {
  const { spec } = compiled;
  const { exprs, table } = distancesTo(
    properties.map(({ expr }) => expr),
    spec.ir,
  );
  const extended = unwrap(compileSpec({ ...spec, ir: { ...spec.ir, table } }));
  const siteOf = ({ name }: Property) => unwrap(findOp(extended, name));
  const distances = compileExprs(
    extended,
    exprs.map((expr, i) => ({ expr, site: siteOf(must(properties[i], 'property')) })),
  );
  const truths = compileExprs(
    compiled,
    properties.map(property => ({ expr: property.expr, site: siteOf(property) })),
  );
  return properties.map((property, i) => ({
    property,
    truth: must(truths[i], 'truth'),
    distance: must(distances[i], 'distance'),
  }));
}

const MODULE = `
  type Pick = Big(int) | Small
  var x: int
  var y: int
  var s: Set[int]
  var m: str -> int
  val pick = if (x > 5) Big(x) else Small
  def limit(k) = x <= k
  def at(k) = m.get(k)
  val total = s.fold(0, (n, e) => n + e)
  action init = all { x' = 0, y' = 0, s' = Set(), m' = Map() }
  temporal fair = and(strongFair(step, x), Set(1, 2).forall(_ => weakFair(step, x)))
  action step = all { x' = x, y' = y, s' = s, m' = m }`;

interface Point {
  readonly x: number;
  readonly y: number;
  readonly s: readonly number[];
  readonly m: readonly (readonly [string, number])[];
}

function stateOf({ x, y, s, m }: Point): State {
  return new Map<string, Value>([
    ['x', BigInt(x)],
    ['y', BigInt(y)],
    ['s', setOf(s.map(BigInt))],
    ['m', mapOf(m.map(([key, value]): [Value, Value] => [key, BigInt(value)]))],
  ]);
}

const at = (x: number, s: number[] = [], y = 0): State => stateOf({ x, y, s, m: [['a', x]] });

// Each formula, and states from the nearest to its falsity to the furthest.
const CASES: readonly (readonly [formula: string, ...states: State[]])[] = [
  ['x < 10', at(10), at(9), at(5), at(0)],
  ['not(x > 10)', at(11), at(10), at(7)],
  ['x != 4', at(4), at(5), at(9), at(-20)],
  ['and { x < 10, y < 5 }', at(0, [], 5), at(7, [], 4), at(7, [], 1)],
  ['or(x < 10, y < 5)', at(10, [], 5), at(10, [], 4), at(9, [], 4)],
  ['x > 5 implies y > 5', at(6, [], 5), at(6, [], 6), at(4, [], 6)],
  ['s.forall(e => e < 5)', at(0, [5]), at(0, [4]), at(0, [2]), at(0, [])],
  ['s.exists(e => e < 5)', at(0, []), at(0, [4]), at(0, [3, 4])],
  ['s.subseteq(Set(1, 2))', at(0, [3]), at(0, [1])],
  ['s != Set(1, 2)', at(0, [1, 2]), at(0, [1]), at(0, [])],
  ['not(Set(1, 2).subseteq(s))', at(0, [1, 2]), at(0, [2]), at(0, [])],
  ['(x > 3) == (y > 3)', at(4), at(3), at(1)],
  ['limit(9)', at(10), at(8)],
  ['{ val d = x + y d < 9 }', at(5, [], 4), at(5, [], 3), at(0)],
  ['match pick { | Big(n) => n < 9 | Small => true }', at(9), at(8), at(6), at(0)],
  ['m.keys().contains("a") implies m.get("a") < 7', at(7), at(6), at(2)],
  ['always(x < 10)', at(10), at(9), at(2)],
  ['always(x > 5 implies eventually(y == 1))', at(6), at(6, [], 1), at(2, [], 1)],
  ['(x > 5).leadsTo(y == 1)', at(6), at(3)],
  ['weakFair(step, x) implies always(eventually(x != 3))', at(3), at(5), at(9)],
  ['fair implies always(eventually(x != 3))', at(3), at(5), at(9)],
];

describe('the distance to the falsity of a formula', async () => {
  const text = CASES.map(([formula], i) => `temporal P${i} = ${formula}`).join('\n');
  const spec = await loadText(`module spec {${MODULE}\n${text}\n}`);
  const all = judged(unwrap(compileSpec(spec)), buildModel(spec).temporalProperties);
  it.each(CASES.map(([formula, ...states], i) => ({ formula, states, i })))('$formula', ({ states, i }) => {
    const { distance } = must(
      all.find(({ property }) => property.name === `P${i}`),
      'the property',
    );
    const values = states.map(state => Number(unwrap(distance(state))));
    expect(values[0]).toBe(0);
    for (const [k, value] of values.entries()) if (k > 0) expect(value).toBeGreaterThan(values[k - 1] ?? 0);
  });

  it('does not drown a condition in a large margin', () => {
    const { distance } = must(
      all.find(({ property }) => property.name === 'P0'),
      'the property',
    );
    expect(Number(unwrap(distance(at(-1_000_000_000))))).toBeLessThanOrEqual(UNIT);
  });
});

it('tells formulas over one state from those over steps', async () => {
  const spec = await loadText(`module spec {${MODULE}
  temporal over = always(x < 5)
  temporal steps = always(next(x) >= x)
}`);
  const { temporalProperties } = buildModel(spec);
  const inner = temporalProperties.map(({ expr }) => expr.kind === 'app' && expr.args[0]);
  const verdicts = inner.map(expr => expr && isOverOneState(expr, spec.ir.table));
  expect(verdicts.slice(-2)).toEqual([true, false]);
});

// ---- random formulas ------------------------------------------------------

const { formula } = fc.letrec<{ formula: string; number: string }>(tie => {
  const [some, number] = [tie('formula'), tie('number')];
  const both = (join: (a: string, b: string) => string) => fc.tuple(some, some).map(([a, b]) => join(a, b));
  const of = (join: (a: string) => string) => some.map(join);
  return {
    number: fc.oneof(
      { depthSize: 'small', maxDepth: 3, withCrossShrink: true },
      fc.constantFrom('x', 'y', 'total', '0', '3', '-2', 's.size()', 'x + y'),
      fc.constantFrom('m.get("a")', 'at("b")', 'm.setBy("a", v => v + 1).get("a")', 'List(3, 1, 4).nth(y)'),
      fc.tuple(number, number).map(([a, b]) => `(${a}) / (${b})`),
      fc.tuple(some, number, number).map(([c, a, b]) => `(if (${c}) ${a} else ${b})`),
      fc.tuple(number, number).map(([a, b]) => `{ val w = ${a} w + ${b} }`),
    ),
    formula: fc.oneof(
      { depthSize: 'small', maxDepth: 3, withCrossShrink: true },
      fc
        .tuple(number, fc.constantFrom('<', '<=', '>', '>=', '==', '!='), number)
        .map(parts => parts.join(' ')),
      fc.constantFrom('true', 'false', 'limit(y)', 's.contains(x)', 'x.in(s)', 's.subseteq(Set(1, 2, x))'),
      fc.constantFrom('s == Set(0, y)', 's != Set(1)', 'm.keys() == Set("a")', '"a".in(m.keys())'),
      fc.constantFrom('m.keys().forall(k => m.get(k) > x)', 'Set("a", "b").exists(k => m.get(k) == y)'),
      both((a, b) => `and(${a}, ${b})`),
      both((a, b) => `or(${a}, ${b})`),
      both((a, b) => `(${a}) implies (${b})`),
      both((a, b) => `(${a}) iff (${b})`),
      both((a, b) => `(${a}) == (${b})`),
      both((a, b) => `(${a}) != (${b})`),
      of(a => `not(${a})`),
      of(a => `s.forall(e => e > 1 and (${a}))`),
      of(a => `s.exists(e => e != x and (${a}))`),
      of(a => `s.forall(e => s.exists(f => e < f or (${a})))`),
      of(a => `{ val v = ${a} v and x > 0 or v }`),
      of(a => `match pick { | Big(n) => n > 7 or (${a}) | Small => (${a}) }`),
      fc.tuple(some, some, some).map(([a, b, c]) => `(if (${a}) (${b}) else (${c}))`),
    ),
  };
});

const small = fc.integer({ min: -2, max: 8 });
const points: fc.Arbitrary<Point> = fc.record({
  x: small,
  y: small,
  s: fc.uniqueArray(small, { maxLength: 4 }),
  m: fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b'), small), { selector: ([key]) => key, maxLength: 2 }),
});

describe('the distance of random formulas', async () => {
  // Quint takes long to check large formulas.
  const wanted = [...new Set(fc.sample(formula, 400))].filter(({ length }) => length < 160).slice(0, 80);
  const text = wanted.map((one, i) => `val inv${i} = ${one}`).join('\n');
  const spec = await loadText(`module spec {${MODULE}\n${text}\n}`);
  const model = buildModel(spec);
  const named = [...model.invariants, ...model.candidates].filter(({ name }) => name.startsWith('inv'));
  const all = judged(unwrap(compileSpec(spec)), named);

  it('is 0 exactly where the formula is false, and has a value wherever the formula has', () => {
    // What reads no state is no property.
    expect(all.length).toBeGreaterThan(60);
    const met = { true: 0, false: 0, error: 0 };
    fc.assert(
      fc.property(points, point => {
        const state = stateOf(point);
        for (const { property, truth, distance } of all) {
          const value = truth(state);
          met[value.ok ? (value.value === true ? 'true' : 'false') : 'error']++;
          if (!value.ok) continue;
          const far = distance(state);
          const shown = wanted[Number(property.name.slice(3))];
          expect({ shown, ok: far.ok }).toEqual({ shown, ok: true });
          expect({ shown, zero: unwrap(far) === 0n }).toEqual({ shown, zero: value.value === false });
          expect(Number(unwrap(far))).toBeGreaterThanOrEqual(0);
        }
      }),
    );
    expect(Math.min(met.true, met.false, met.error)).toBeGreaterThan(100);
  });
});

describe('the distance of a property of the project', () => {
  it.each([...SPECS, ...TWINS])('%s', async file => {
    const spec: Spec = await loadFile(file);
    const model = buildModel(spec);
    const compiled = unwrap(compileSpec(spec));
    const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step' }));
    const all = judged(compiled, [...model.invariants, ...model.candidates, ...model.temporalProperties]);
    const random = createRandom(file);
    for (let walk = 0; walk < 4; walk++) {
      let step = unwrap(machine.randomInit(random));
      for (let i = 0; i < 20 && step !== undefined; i++) {
        for (const { property, truth, distance } of all) {
          const far = Number(unwrap(distance(step.state)));
          expect(far).toBeGreaterThanOrEqual(0);
          if (property.kind === 'invariant')
            expect([property.name, far === 0]).toEqual([property.name, unwrap(truth(step.state)) === false]);
        }
        step = unwrap(machine.randomStep(step.state, random));
      }
    }
  });
});
