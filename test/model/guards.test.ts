// Which expressions of a spec are guards, and of which actions.
import { describe, expect, it } from 'vitest';
import { exprText } from '../../src/generate/mutants/expr-text.js';
import { buildModel } from '../../src/model/build-model.js';
import { guardsOf } from '../../src/model/guards.js';
import { loadFile, loadText } from '../quint.js';

async function guardsIn(text: string, module?: string): Promise<string[]> {
  const guards = guardsOf(buildModel(await loadText(text, module)));
  return guards.map(({ actions, expr }) => `${actions.join('+')}: ${exprText(expr)}`).sort();
}

const SPEC = `module spec {
  type Phase = Idle | Busy(int)
  var x: int
  var y: int
  var phase: Phase
  val small = x < 9
  action keep = all { y >= 0, y' = y }
  action misbehave = all { x > -5, keep }
  action init = all { x' = 0, y' = 0, phase' = Idle }
  /// Lets, picks, nested conjunctions, a helper.
  action plain(k: int): bool = {
    val total = x + k
    nondet d = Set(1, 2).oneOf()
    all { small, and { k > 0, d >= k }, all { total < 7, x' = total }, keep, phase' = phase }
  }
  /// Conditions choose, they are no guards; conjuncts of a branch are.
  action branching = all {
    if (x > 3) all { y == 1, x' = 0 } else x' = x + 1,
    match phase { | Idle => phase' = Busy(x) | Busy(n) => all { n < 4, phase' = Idle } },
    any { all { x == 2, y' = 1 }, y' = y },
  }
  action first = all { misbehave, x' = 1, phase' = phase }
  action second = all { misbehave, x > 1, x' = 2, phase' = phase }
  action third = all { true, x' = 3, y' = y, phase' = phase }
  action group = all { x != 8, any { first, second } }
  action step = any {
    { nondet k = 1.to(3).oneOf() plain(k) },
    branching,
    group,
    all { y < 5, third },
    all { x == 6, x' = 0, y' = 0, phase' = phase },
  }
}`;

describe('guards', () => {
  it('are the conjuncts that assign nothing, each with the actions that it is a guard of', async () => {
    expect(await guardsIn(SPEC)).toEqual(
      [
        'plain: small',
        'plain: k > 0',
        'plain: d >= k',
        'plain: total < 7',
        'plain+first+second: y >= 0',
        'branching: y == 1',
        'branching: n < 4',
        'branching: x == 2',
        'first+second: x > (-5)',
        'second: x > 1',
        'first+second: x != 8',
        'third: y < 5',
        'anonymous@31:5: x == 6',
      ].sort(),
    );
  });

  it('stand where the file has them, in the definition around them', async () => {
    const spec = await loadText(SPEC);
    const guards = guardsOf(buildModel(spec));
    const keep = guards.find(({ expr }) => exprText(expr) === 'y >= 0');
    expect(keep?.location).toMatchObject({ line: 7, column: 23 });
    const home = spec.ir.modules[0]?.declarations.find(({ id }) => id === keep?.definition);
    expect(home).toMatchObject({ name: 'keep' });
  });

  it('are found where there is no step, and in instances', async () => {
    const stepless = `module lone {
  var x: int
  action add(k: int): bool = all { k > 0, x' = x + k }
}`;
    expect(await guardsIn(stepless)).toEqual(['add: k > 0']);
    const instances = `module cell {
  const N: int
  var v: int
  action start = v' = 0
  action bump = all { v < N, v' = v + 1 }
  action stay = v' = v
}
module main {
  import cell(N = 1) as one
  import cell(N = 2) as two
  action init = all { one::start, two::start }
  action step = any { all { one::bump, two::stay }, all { one::stay, two::bump } }
}`;
    const [guard] = await guardsIn(instances, 'main');
    expect(guard).toMatch(/: v < N$/);
  });

  it('are those beside the calls of the step that drives the spec, whatever its name', async () => {
    const text = `module named {
  var x: int
  action begin = x' = 0
  action grow = x' = x + 1
  action go = any { all { x < 4, grow }, all { x > 4, x' = 0 } }
}`;
    const spec = await loadText(text);
    const guards = guardsOf(buildModel(spec, undefined, { init: 'begin', step: 'go' }));
    expect(guards.map(({ expr }) => exprText(expr))).toEqual(['x < 4', 'x > 4']);
  });

  it('are no calls of actions that are passed on', async () => {
    const text = `module passing {
  var x: int
  action apply(f: int => bool, n: int): bool = all { n > 0, f(n) }
  action init = x' = 0
  action step = apply(n => x' = n, 3)
}`;
    expect((await guardsIn(text)).filter(guard => guard.includes('f('))).toEqual([]);
  });

  it('of the specs of the project are all in a place', async () => {
    for (const name of ['dkd', 'crdt_journal']) {
      const model = buildModel(await loadFile(`specs/${name}.qnt`));
      const guards = guardsOf(model);
      expect(guards.length).toBeGreaterThan(20);
      expect(guards.every(({ location, actions }) => location && actions.length > 0)).toBe(true);
      const guarded = new Set(guards.flatMap(({ actions }) => actions));
      expect(model.actions.filter(action => guarded.has(action.name)).length).toBeGreaterThan(8);
    }
  });
});
