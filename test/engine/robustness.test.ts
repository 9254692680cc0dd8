// The operator table against Quint's own list; budgets; and that no text of a spec becomes code.
import { builtinOpCodes } from '@informalsystems/quint';
import { describe, expect, it } from 'vitest';
import { createMachine, evaluate, simulate } from '../../src/engine/index.js';
import { OPERATORS } from '../../src/engine/operators/table.js';
import { type State, showValue } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { unwrap } from '../quint.js';
import { compileText } from './support.js';

const NOWHERE: State = new Map();

describe('the table of operators', () => {
  it("is Quint's list of builtins and the operators that Quint's list forgets", () => {
    const forgotten = ['getOnlyElement'];
    expect([...OPERATORS.keys()].sort()).toEqual([...builtinOpCodes, ...forgotten].sort());
  });

  it('has one way to emit every operator, and words for it', () => {
    for (const operator of OPERATORS.values()) {
      expect(operator.doc).toMatch(/^\S.*\.$/);
      expect([operator.code, operator.expr, operator.act].some(emit => emit !== undefined)).toBe(true);
    }
  });
});

describe('budgets', { timeout: 60_000 }, () => {
  const SPEC = `module huge {
    var s: Set[int]
    var e: int
    val subsets = 1.to(60).powerset().filter(x => x.size() == 1)
    val many = 1.to(3000).forall(a => 1.to(3000).forall(b => 1.to(3000).forall(c => a + b + c > 0)))
    val maps = 1.to(40).setOfMaps(1.to(40)).exists(m => m.get(1) == 2)
    val number = (2^200)^(2^200)
    val lists = 1.to(50).allListsUpTo(50).size()
    val inside = 1.to(30).in(1.to(60).powerset())
    val infinite = Int.map(x => x + 1)
    action init = all { s' = Set(), e' = 0 }
    action step = { nondet sub = 1.to(60).powerset().oneOf() nondet n = Int.oneOf() all { s' = sub, e' = n } }
  }`;

  it.each([
    ['subsets', 'AUR602', /powerset of .* has 1152921504606846976 elements/],
    ['many', 'AUR602', /visited more than/],
    ['maps', 'AUR602', /about 10\^64 elements/],
    ['number', 'AUR602', /bits/],
    ['lists', 'AUR602', /lists/],
    ['infinite', 'AUR601', /Infinite set Int is non-enumerable/],
  ])('end %s with an error that has a place', async (name, code, message) => {
    const result = evaluate(await compileText(SPEC), name, NOWHERE);
    if (result.ok) throw new Error('expected an error');
    const error = must(result.errors[0], 'error');
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.location?.line).toBeGreaterThan(3);
  });

  it('do not stand in the way of choosing from a large set', async () => {
    const compiled = await compileText(SPEC);
    expect(unwrap(evaluate(compiled, 'inside', NOWHERE))).toBe(true);
    const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step' }));
    const random = createRandom('huge');
    const first = must(unwrap(machine.randomInit(random)), 'init');
    const sizes: number[] = [];
    for (let i = 0; i < 40; i++) {
      const step = must(unwrap(machine.randomStep(first.state, random)), 'step');
      const chosen = must(step.state.get('s'), 's');
      sizes.push(typeof chosen === 'object' && chosen.kind === 'set' ? chosen.items.length : -1);
    }
    const mean = sizes.reduce((a, b) => a + b, 0) / sizes.length;
    expect(mean).toBeGreaterThan(25);
    expect(mean).toBeLessThan(35);
  });

  it('are filled again for every sample of a simulation', async () => {
    const compiled = await compileText(`module often {
      var x: int
      action init = x' = 0
      action step = all { 1.to(2000).forall(i => i > x - x), x' = x + 1 }
    }`);
    const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step' }));
    expect(unwrap(simulate(machine, { seed: 'a', samples: 20, maxSteps: 20 })).states).toBe(420);
  });
});

describe('text of the spec', { timeout: 60_000 }, () => {
  it('never becomes code', async () => {
    const attack = ['\\"); globalThis.broken = 1; (\\"`$', '{globalThis.broken = 1}\\u2028\u2028'].join('');
    const compiled = await compileText(`module safe {
      type Odd = A1 | B1({ constructor: int, __proto__: int })
      val constructor = "${attack.replaceAll('"', "'")}"
      val __proto__ = { constructor: "x", toString: "${attack.replaceAll('"', "'")}" }
      val undefined = Map("${attack.replaceAll('"', "'")}" -> 1)
      def label(arguments, runtime, globalThis) = (arguments, runtime, globalThis)
      val picks = label(constructor, __proto__, undefined)
      val matched = match B1({ constructor: 1, __proto__: 2 }) { | A1 => 0 | B1(hasOwnProperty) => hasOwnProperty.__proto__ }
    }`);
    const value = unwrap(evaluate(compiled, 'picks', NOWHERE));
    expect(showValue(value)).toContain('globalThis.broken = 1');
    expect(unwrap(evaluate(compiled, 'matched', NOWHERE))).toBe(2n);
    expect(Reflect.get(globalThis, 'broken')).toBeUndefined();
  });

  it('may nest as deeply as Quint reads it', async () => {
    const deep = `${'(1 + '.repeat(150)}1${')'.repeat(150)}`;
    const compiled = await compileText(`module deep { val sum = ${deep} }`);
    expect(unwrap(evaluate(compiled, 'sum', NOWHERE))).toBe(151n);
  });
});
