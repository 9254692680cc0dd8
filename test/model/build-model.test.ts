import { describe, expect, it } from 'vitest';
import { buildModel } from '../../src/model/build-model.js';
import { NO_CLASSIFICATION } from '../../src/model/classify.js';
import type { Model } from '../../src/model/model.js';
import { loadText } from '../quint.js';

async function modelOf(text: string, module?: string): Promise<Model> {
  return buildModel(await loadText(text, module));
}

const names = (things: readonly { readonly name: string }[]) => things.map(({ name }) => name);

const NESTED = `module spec {
  var x: int
  var y: int
  /// Adds k.
  action add(k: int): bool = all { x < 9, x' = x + k, y' = y }
  action helper(k: int): bool = y' = k
  action reset(k: int): bool = all { helper(k), x' = x }
  /// @fault crash
  action lose: bool = all { x' = 0, y' = y }
  action wrapped = { nondet k = Set(1, 2).oneOf() add(k) }
  action group = any { wrapped, { nondet k = Set(3).oneOf() reset(k) } }
  action init = all { x' = 0, y' = 0 }
  action step = any { all { x >= 0, group }, lose, all { x' = 5, y' = 5 }, if (x > 3) lose else group }
  /// @property ThresholdSafety
  /// @assume byzantine < 2
  val bounded = x < 20
  val Positive = x >= 0
  val aCandidate = y == x
  pure val Constant = true
  val notBoolean = x + 1
  def withParameter(k) = k == x
  temporal Fine = always(x >= 0)
  temporal Ends = eventually(isBig)
  temporal Fair = weakFair(step, (x, y)) implies always(x >= 0)
  val isBig = x > 3
  run someTest = init.then(add(1))
}`;

describe('the model', () => {
  it('finds leaf actions through compositions, guards, conditionals and wrappers', async () => {
    const model = await modelOf(NESTED);
    expect(names(model.actions)).toEqual(['add', 'reset', 'lose', 'anonymous@13:52']);
    expect(model.otherActions.map(({ name, role }) => `${name}: ${role}`)).toEqual([
      'helper: helper',
      'wrapped: composition',
      'group: composition',
      'step: composition',
    ]);
  });

  it('knows what the simulator calls each action', async () => {
    const model = await modelOf(NESTED);
    const labels = Object.fromEntries(
      model.actions.map(({ name, calls }) => [name, calls.map(({ label }) => label)]),
    );
    expect(labels.add).toEqual(['wrapped']);
    expect(labels.reset).toEqual(['reset']);
  });

  it('takes reads and updates from the effects', async () => {
    const model = await modelOf(NESTED);
    const [add] = model.actions;
    expect(add).toMatchObject({ doc: 'Adds k.', reads: ['x', 'y'], updates: ['x', 'y'] });
    expect(add?.parameters).toMatchObject([{ name: 'k', type: { kind: 'int' } }]);
  });

  it('tells invariants, candidates and temporal properties', async () => {
    const model = await modelOf(NESTED);
    expect(names(model.invariants)).toEqual(['bounded', 'Positive']);
    expect(names(model.candidates)).toEqual(['aCandidate', 'isBig']);
    expect(names(model.temporalProperties)).toEqual(['Fine', 'Ends', 'Fair']);
    expect(model.temporalProperties.map(({ safety, assumesFairness }) => [safety, assumesFairness])).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
    expect(names(model.runs)).toEqual(['someTest']);
  });

  it('classes by annotation, then configuration, then name, and says by which', async () => {
    const spec = await loadText(NESTED);
    const config = {
      ...NO_CLASSIFICATION,
      invariants: ['aCandidate'],
      properties: new Map([
        ['bounded', 'GeneralSafety' as const],
        ['Positive', 'CrdtConsistency' as const],
      ]),
      actions: new Map([['add', { kind: 'byzantine' as const, detail: 'replay' }]]),
    };
    const model = buildModel(spec, config);
    expect(model.invariants.map(({ name, propertyClass, rule }) => [name, propertyClass, rule])).toEqual([
      ['bounded', 'ThresholdSafety', 'annotation @property ThresholdSafety'],
      ['Positive', 'CrdtConsistency', 'configuration quint.properties'],
      ['aCandidate', 'GeneralSafety', 'no other rule fits'],
    ]);
    expect(model.invariants[0]?.assumption).toBe('byzantine < 2');
    expect(model.actions.map(({ kind, detail }) => `${kind} ${detail}`)).toEqual([
      'byzantine replay',
      'honest ',
      'fault crash',
      'honest ',
    ]);
  });

  it('lists the driving actions of a module without step', async () => {
    const model = await modelOf(`module spec {
      var x: int
      action init = x' = 0
      action helper(k: int): bool = x' = k
      action up(k: int): bool = all { k > x, helper(k) }
      action down = x' = x - 1
      action either = any { up(1), down }
    }`);
    expect(model.hasStep).toBe(false);
    expect(names(model.actions)).toEqual(['up', 'down']);
    expect(model.otherActions.map(({ name, role }) => `${name}: ${role}`)).toEqual([
      'helper: helper',
      'either: composition',
    ]);
  });
});

describe('instances and imports', () => {
  const BASE = `module base {
    const N: int
    var x: int
    action init = x' = 0
    action inc(k: int): bool = all { x < N, x' = x + k }
    val Small = x <= N + 5
    temporal Live = eventually(x == N)
  }
  module names { pure def twice(a) = a * 2  pure val Steps = Set(1, 2) }`;

  it('of one module with different constants are told apart', async () => {
    const model = await modelOf(
      `${BASE} module spec {
        import names.*
        import base(N = 3) as b1
        import base(N = 5) as b2
        var own: int
        action init = all { b1::init, b2::init, own' = 0 }
        action step = { nondet k = Steps.oneOf() any {
          all { b1::inc(k), own' = own, b2::x' = b2::x },
          all { b2::inc(k), own' = own, b1::x' = b1::x } } }
        val Own = own == 0
      }`,
      'spec',
    );
    expect(names(model.variables)).toEqual(['own', 'spec::b1::x', 'spec::b2::x']);
    expect(names(model.actions)).toEqual(['b1::inc', 'b2::inc']);
    expect(names(model.invariants).sort()).toEqual(['Own', 'b1::Small', 'b2::Small']);
    expect(model.constants.map(({ name, declaredAs }) => `${name} ${declaredAs}`).sort()).toEqual([
      'Steps pure val',
      'b1::N const',
      'b2::N const',
    ]);
  });

  it('without a name bring definitions in under their own', async () => {
    const model = await modelOf(`${BASE} module spec { import base(N = 3).*  action step = inc(1) }`, 'spec');
    expect(names(model.variables)).toEqual(['spec::base::x']);
    expect(names(model.actions)).toEqual(['inc']);
    expect(model.constants[0]?.value).toMatchObject({ kind: 'int', value: 3n });
    expect([model.hasInit, model.hasStep]).toEqual([true, true]);
  });

  it('are followed through exports and not without', async () => {
    const middle = (exported: string) =>
      `${BASE} module middle { import base(N = 1).*  ${exported} } module spec { import middle.* }`;
    expect(names((await modelOf(middle('export base.*'), 'spec')).invariants)).toEqual(['Small']);
    const hidden = await modelOf(middle(''), 'spec');
    expect(names(hidden.invariants)).toEqual([]);
    expect(hidden.variables).toHaveLength(1);
  });

  it('leave constants without values when nobody instantiates them', async () => {
    const model = await modelOf(BASE, 'base');
    expect(model.constants).toMatchObject([{ name: 'N', declaredAs: 'const' }]);
    expect(model.constants[0]).not.toHaveProperty('value');
  });
});
