// What readers of traces take from a spec that Quint has checked: names and types of its variables and of what its
// actions can be told, also where two modules have different types of one name.
import { beforeAll, describe, expect, it } from 'vitest';
import { compileSpec } from '../../src/engine/index.js';
import { buildModel } from '../../src/model/build-model.js';
import { typeText } from '../../src/model/type-text.js';
import { apalacheType } from '../../src/trace/apalache-type.js';
import { type SpecTypes, specTypes } from '../../src/trace/spec-types.js';
import { matchName } from '../../src/trace/variable-names.js';
import { loadFile, loadText, unwrap } from '../quint.js';

const SPEC = `module lib {
  type Id = int
  type Opt[a] = Some(a) | None
  type Box[a] = { content: a, id: Id }
}
module counter {
  type Id = str
  const N: int
  var owner: Id
  var nested: Id -> Set[Id]
  action start = all { owner' = "a", nested' = Map() }
  action claim(by: Id): bool = all { owner' = by, nested' = nested }
}
module top {
  import lib.*
  import counter(N = 3) as C
  type Color
  pure val IDS: Set[Id] = Set(1, 2)
  var box: Box[Opt[Id]]
  var paint: Color -> Id
  var unit: { a: () }
  action init = all { box' = { content: None, id: 0 }, paint' = Map(), unit' = { a: () }, C::start }
  action go(i: Id): bool = {
    nondet c = Set(Some(i), None).oneOf()
    all { box' = { content: c, id: i }, paint' = paint, unit' = unit, C::owner' = C::owner, C::nested' = C::nested }
  }
  action claim = {
    nondet who = Set("x", "y").oneOf()
    all { C::claim(who), box' = box, paint' = paint, unit' = unit }
  }
  action step = any { { nondet j = IDS.oneOf() go(j) }, claim }
}
`;

let types: SpecTypes;
beforeAll(async () => {
  types = specTypes(buildModel(await loadText(SPEC, 'top')));
});

describe('the types of a spec', () => {
  it('have no names of definitions left but uninterpreted ones', () => {
    expect([...types.vars].map(([name, type]) => `${name}: ${typeText(type)}`)).toEqual([
      'box: { content: Some(int) | None, id: int }',
      'paint: Color -> int',
      'top::C::nested: str -> Set[str]',
      'top::C::owner: str',
      'unit: { a: () }',
    ]);
  });

  it('are those of what each action may be told', () => {
    const of = (name: string) =>
      [...(types.actions.get(name) ?? [])].map(([value, type]) => `${value}: ${typeText(type)}`);
    // What Quint infers has no place: a name that two modules have stays a name there, and values keep their shape.
    expect(of('go').sort()).toEqual(['c: Some(Id) | None', 'i: int', 'j: int', 'who: str']);
    expect([...types.actions.keys()]).toEqual(expect.arrayContaining(['init', 'go', 'claim', 'step']));
  });

  it('are written as Apalache reads them', () => {
    expect([...types.vars.values()].map(apalacheType)).toEqual([
      '{ content: Some(Int) | None(UNIT), id: Int }',
      'COLOR -> Int',
      'Str -> Set(Str)',
      'Str',
      '{ a: UNIT }',
    ]);
  });
});

it.each(['specs/locking.qnt', 'specs/counter.qnt', 'specs/crdt_journal.qnt'])(
  'variables of %s have the names that the engine gives them',
  async file => {
    const spec = await loadFile(file);
    const compiled = unwrap(compileSpec(spec));
    const names = compiled.variables.map(({ name, ref }) => ({ name, id: ref.def.id }));
    const model = buildModel(spec);
    expect([...specTypes(model, names).vars.keys()]).toEqual(names.map(({ name }) => name).sort());
    expect([...specTypes(model).vars.keys()]).toEqual([...specTypes(model, names).vars.keys()]);
  },
);

describe('names of traces', () => {
  const known = ['main::a::x', 'main::b::x', 'main::a::y', 'z', 'X::v'];
  it.each<[string, object]>([
    ['z', { kind: 'one', name: 'z' }],
    ['y', { kind: 'one', name: 'main::a::y' }],
    ['b::x', { kind: 'one', name: 'main::b::x' }],
    ['main::a::x', { kind: 'one', name: 'main::a::x' }],
    ['v', { kind: 'one', name: 'X::v' }],
    ['m::z', { kind: 'one', name: 'z' }],
    ['x', { kind: 'several', names: ['main::a::x', 'main::b::x'] }],
    ['aa::x', { kind: 'none', near: expect.any(String) }],
    ['qqqqqq', { kind: 'none', near: undefined }],
  ])('%s', (name, match) => expect(matchName(name, known)).toEqual(match));
});
