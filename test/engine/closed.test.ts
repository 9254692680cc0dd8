// Expressions that have one value everywhere are computed once: for each set of constants, only when they are needed,
// and never with the value of another place.
import { describe, expect, it } from 'vitest';
import { createMachine, evaluate } from '../../src/engine/index.js';
import { showValue } from '../../src/model/value.js';
import { unwrap } from '../quint.js';
import { compileText, originOf } from './support.js';

const SPEC = `module leaf {
  const N: int
  val near = tuples(1.to(N), Set(0)).filter(((a, b)) => a > b)
  pure def far(k) = Set(k, N + 1)
}
module main {
  import leaf(N = 1) as one
  import leaf(N = 2) as two
  pure val LIST = [Set(1)]
  pure val M = 3
  var x: int
  action init = x' = 0
  action step = { nondet k = Set(M, M + 1).union(1.to(0)).oneOf() all { k > x, x' = k } }
  val nears = (one::near, two::near)
  val fars = [one::far(1), two::far(2), one::far(3)]
  val local = { val a = x + 1  Set(a, M).union(Set(M)) }
  val given = Set(1, 2).map(n => Set(n, M).union(Set(M)))
  val guarded = x == 0 or Set(1 / 0).union(Set(M)) == Set()
  val wrong = Set(M).union(Set(M / 0)) == Set()
}`;

describe('an expression with one value', () => {
  it('has the value that it has in its place', async () => {
    const compiled = await compileText(SPEC, 'main');
    const at = (x: bigint, name: string) => {
      const result = evaluate(compiled, name, new Map([['x', x]]));
      return result.ok ? showValue(result.value) : originOf(result);
    };
    expect(at(0n, 'nears')).toBe('(Set((1, 0)), Set((1, 0), (2, 0)))');
    expect(at(0n, 'fars')).toBe('[Set(1, 2), Set(2, 3), Set(2, 3)]');
    expect([at(0n, 'local'), at(1n, 'local')]).toEqual(['Set(1, 3)', 'Set(2, 3)']);
    expect(at(0n, 'given')).toBe('Set(Set(1, 3), Set(2, 3))');
    expect([at(0n, 'guarded'), at(1n, 'guarded')]).toEqual(['true', 'QNT503']);
    expect([at(0n, 'wrong'), at(0n, 'wrong')]).toEqual(['QNT503', 'QNT503']);
  });

  it('is chosen from at random and one by one', async () => {
    const machine = unwrap(createMachine(await compileText(SPEC, 'main'), { init: 'init', step: 'step' }));
    const found: string[] = [];
    unwrap(machine.successors(new Map([['x', 3n]]), step => void found.push(`${step.state.get('x')}`)));
    expect(found).toEqual(['4']);
    expect(machine.picking().program.text()).toMatch(/picker\(closed\$\d+\(\), \d+\)/);
  });
});
