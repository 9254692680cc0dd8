// Quint as an oracle for invariants in given states.
import { describe, expect, it } from 'vitest';
import { checkStates } from '../../src/bridge/check-states.js';
import type { State } from '../../src/model/value.js';
import { setOf, variantOf } from '../../src/model/value.js';
import { compileText } from '../engine/support.js';
import { testBridge, unwrap } from '../quint.js';

const TEXT = `module states {
  type Colour = Red | Green
  var x: int
  var s: Set[Colour]
  val Small = x < 3
  action init = all { x' = 0, s' = Set() }
  action step = all { x' = x + 1, s' = s }
}`;

function state(x: bigint, ...colours: string[]): State {
  return new Map<string, State extends ReadonlyMap<string, infer V> ? V : never>([
    ['x', x],
    ['s', setOf(colours.map(tag => variantOf(tag)))],
  ]);
}

const INSTANCES = `module counting {
  const N: int
  var x: int
  val Small = x < N
  action init = x' = 0
  action step = x' = x + 1
}
module two {
  import counting(N = 2).*
  import counting(N = 5) as Other
  action init2 = all { init, Other::init }
  action step2 = all { step, Other::step }
}`;

describe('checkStates', { timeout: 120_000 }, () => {
  it('names the first state that breaks each invariant', async () => {
    const { spec } = await compileText(TEXT, 'states');
    const states = [state(0n), state(9n, 'Red'), state(1n, 'Red', 'Green')];
    const door = await testBridge();
    const checked = unwrap(
      await checkStates(door, spec, ['s', 'x'], ['Small', 's.size() < 2', 'x >= 0'], states),
    );
    expect([...checked.broken]).toEqual([
      ['Small', 1],
      ['s.size() < 2', 2],
    ]);
  });

  it('is given states of instances, by the names that the main module has for them', async () => {
    const { spec, variables } = await compileText(INSTANCES, 'two');
    const names = variables.map(({ name }) => name);
    expect(names).toEqual(['two::counting::x', 'two::Other::x']);
    const states = [1n, 3n].map(x => new Map(names.map(name => [name, x])));
    const checked = unwrap(
      await checkStates(await testBridge(), spec, names, ['Small', 'Other::Small'], states),
    );
    expect([...checked.broken]).toEqual([['Small', 1]]);
  });
});
