// Where Quint's evaluators disagree with one another, or with the meaning of Quint: what was decided (docs/engine.md).
import { describe, expect, it } from 'vitest';
import { createMachine, evaluate, simulate } from '../../src/engine/index.js';
import { type State, showValue } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { unwrap } from '../quint.js';
import { compileText } from './support.js';

const NOWHERE: State = new Map();

describe('decisions', { timeout: 60_000 }, () => {
  it.each([
    ['1.to(3).exists(x => x == 1 or 1 / 0 == x)', 'true'],
    ['1.to(3).forall(x => x == 2 and 1 / 0 == x)', 'false'],
    ['2^63 + 2^63', '18446744073709551616'],
    ['3.to(2).subseteq(7.to(9))', 'true'],
    ['tuples(Set(), 1.to(2)) == tuples(Set(), Set(5))', 'true'],
    ['Set().setOfMaps(1.to(2)) == Set().setOfMaps(Set(5))', 'true'],
    ['Set(Some(Set(1, 2))).contains(Some(1.to(2)))', 'true'],
    ['twice(x => 10 - twice(y => y, x), 3)', '3'],
    ['Set(3, 1, 2).fold([], (list, x) => list.append(x))', '[1, 2, 3]'],
  ])('%s', async (text, expected) => {
    const compiled = await compileText(
      `module one {\n type Opt[a] = Some(a) | None\n pure def twice(f, x) = f(f(x))\n val it = ${text}\n}`,
    );
    expect(showValue(unwrap(evaluate(compiled, 'it', NOWHERE)))).toBe(expected);
  });

  it('instances of instances have variables of their own', async () => {
    const compiled = await compileText(
      `module leaf { const N: int var v: int action start = v' = N }
       module middle { const M: int import leaf(N = M).* action begin = start val seen = v }
       module main {
         import middle(M = 1) as a
         import middle(M = 2) as b
         action init = all { a::begin, b::begin }
         val seen = (a::seen, b::seen)
       }`,
      'main',
    );
    const machine = unwrap(createMachine(compiled, { init: 'init', step: 'init' }));
    const { state } = must(unwrap(machine.randomInit(createRandom('s'))), 'init');
    expect([...state]).toEqual([
      ['middle::leaf::v', 1n],
      ['main::b::middle::leaf::v', 2n],
    ]);
    expect(showValue(unwrap(evaluate(compiled, 'seen', state)))).toBe('(1, 2)');
  });

  it('exported instances keep their constants', async () => {
    const compiled = await compileText(
      `module leaf { const N: int pure val twice = N * 2 }
       module middle { import leaf(N = 4) as four export four }
       module main { import middle.* val it = four::twice }`,
      'main',
    );
    expect(unwrap(evaluate(compiled, 'it', NOWHERE))).toBe(8n);
  });

  it('a nondet whose body was false takes the next element when the set is small, and gives up when it is large', async () => {
    const spec = (bound: number): string => `module retry {
      var x: int
      action init = x' = 0
      action step = { nondet k = 1.to(${bound}).oneOf() all { k > ${bound} - 1, x' = k } }
    }`;
    const states = async (bound: number): Promise<number> => {
      const machine = unwrap(createMachine(await compileText(spec(bound)), { init: 'init', step: 'step' }));
      return unwrap(simulate(machine, { seed: 'retry', samples: 64, maxSteps: 1 })).states;
    };
    expect(await states(99)).toBe(128);
    expect(await states(100)).toBeLessThan(80);
  });

  it('a state with short names of variables is understood', async () => {
    const compiled = await compileText(
      `module leaf { const N: int var v: int action start = v' = N val seen = v + N }
       module main { import leaf(N = 4).* action init = start }`,
      'main',
    );
    expect(unwrap(evaluate(compiled, 'seen', new Map([['v', 1n]])))).toBe(5n);
    expect(unwrap(evaluate(compiled, 'seen', new Map([['main::leaf::v', 2n]])))).toBe(6n);
  });
});
