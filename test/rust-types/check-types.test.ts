// One spec with every kind of type against many small Rust programs: what each rule takes for the same, what it
// notes, what it refuses, and where it says that the difference is.
import { beforeAll, describe, expect, it } from 'vitest';
import { buildModel } from '../../src/model/build-model.js';
import type { Model } from '../../src/model/model.js';
import { must } from '../../src/util/assert.js';
import { loadText, unwrap } from '../quint.js';
import { compareModel, kindsOf, type Mappings } from './support.js';

const SPEC = `module lib {
  type Option[a] = Some(a) | None
  type Pair[a, b] = { left: a, right: b }
  type Hidden = int
}

module spec {
  import lib.*
  type Number = int
  type Flag = bool
  type Name = str
  type Key
  type Names = Set[str]
  type Row = List[int]
  type Table = Name -> Number
  type Both = (int, str)
  type Nothing = ()
  type Vote = { ballot: Number, firstValue: Option[str] }
  type Phase = Idle | Busy(int) | Both2((int, bool)) | Full({ a: int, b: bool })
  type Outcome = Ok(int) | Err(str)
  type Votes = List[Vote]
  type Keyed = Pair[Key, Number]
  type MAX_VALUE = int
  type Twice = Option[Option[str]]
  const QUORUM: int
  const NODES: Set[Name]
  var votes: Name -> Set[Vote]
  var phase: Phase
  action init = all { votes' = Map(), phase' = Idle }
  action step = all { votes' = votes, phase' = phase }
}
`;

let model: Model;

beforeAll(async () => {
  model = buildModel(await loadText(SPEC, 'spec'));
});

const check = async (rust: string, mappings: Mappings = {}) =>
  unwrap(await compareModel(model, { types: rust }, mappings));

describe('the same', () => {
  it.each([
    'struct Number(u64);',
    'type Number = std::num::NonZeroU8;',
    '#[serde(transparent)] struct Name { text: String }',
    'type A = B; type B = Number; struct Number(num_bigint::BigInt);',
    'struct Flag(std::sync::atomic::AtomicBool);',
    "struct Name<'a>(std::borrow::Cow<'a, str>);",
    'struct Names(std::collections::BTreeSet<Box<str>>); use std::collections::HashSet as Set;',
    'use std::collections::HashSet as Bag; type Names = Bag<String>;',
    'type Row = [i64; 3];',
    'struct Row<T = u32>(std::collections::VecDeque<T>);',
    "type Row = &'static mut [u8];",
    'type Table = std::collections::HashMap<String, i64>;',
    'struct Table(indexmap::IndexMap<Name, Number>); struct Name(String); struct Number(i64);',
    'struct Both(u8, String);',
    'struct Both(u8, #[serde(skip)] bool, String, std::marker::PhantomData<u8>);',
    'type Both = (u8, String);',
    'struct Nothing;',
    'type Nothing = ();',
    '#[serde(rename_all = "camelCase")] struct Vote { ballot: u64, first_value: Option<String> }',
    'struct Vote { ballot: u64, #[serde(rename = "firstValue", default)] first: Option<String>, #[serde(skip)] at: Instant }',
    'struct Vote { #[serde(flatten)] head: Head, #[serde(rename(serialize = "firstValue", deserialize = "fv"))] v: Option<String> } struct Head { ballot: i8 }',
    'struct Vote { ballot: u64, firstValue: Maybe<String> } enum Maybe<T> { Some(T), None }',
    'struct Vote { ballot: u64, firstValue: Option<String>, #[cfg(test)] only_in_tests: u8 }',
    '#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))] struct Vote { ballot: u64, first_value: Option<String> }',
    'enum Phase { Idle, Busy(u8), Both2(u8, bool), Full { a: u8, b: bool } }',
    'enum Phase { Idle(), Busy(Box<u8>), Both2((u8, bool)), Full(Inner) } struct Inner { a: u8, b: bool }',
    '#[serde(rename_all_fields = "lowercase")] enum Phase { Idle(), Busy(u8), Both2(Two), Full { a: u8, b: bool }, #[serde(skip)] Secret } struct Two(u8, bool);',
    'type Outcome = std::result::Result<u8, String>;',
    'struct Votes(Vec<Vote>); #[serde(rename_all = "camelCase")] struct Vote { ballot: u64, first_value: Option<String> }',
    'type Keyed = Pair<Whatever, u8>; struct Pair<A, B> { left: A, right: B } struct Whatever([u8; 32]);',
    'struct Pair<L, R> { left: L, right: R }',
    'mod a { pub mod b { pub struct Number(pub super::Inner); } pub struct Inner(i64); }',
    'struct r#Number(r#i64);',
  ])('%s', async rust => {
    const { matched, mismatches, skipped } = await check(rust);
    expect(mismatches).toEqual([]);
    expect(skipped.filter(({ side }) => side === 'rust')).toEqual([]);
    expect(matched.filter(({ rule }) => rule === 'name').length).toBeGreaterThan(0);
    expect(new Set(matched.map(({ outcome }) => outcome))).toEqual(new Set(['agrees']));
  });
});

describe('not the same', () => {
  it.each<[string, string[]]>([
    ['struct Number(f64);', ['Number: type']],
    ['struct Number(String);', ['Number: type']],
    ['struct Number { value: u8 }', ['Number: type']],
    ['type Number = Option<u8>;', ['Number: type']],
    ['struct Flag(u8);', ['Flag: type']],
    ['struct Name(Vec<u8>);', ['Name: type']],
    ['enum Name { A, B(u8) }', ['Name: type']],
    ['type Names = Vec<String>;', ['Names: type']],
    ['type Names = std::collections::HashSet<u8>;', ['Names[element]: type']],
    ['type Row = std::collections::BTreeSet<u8>;', ['Row: type']],
    ['type Table = std::collections::HashMap<bool, bool>;', ['Table[key]: type', 'Table[value]: type']],
    ['struct Both(u8, String, u8);', ['Both: length']],
    ['type Both = (String, u8);', ['Both._1: type', 'Both._2: type']],
    ['struct Both { a: u8, b: String }', ['Both: type']],
    ['struct Nothing { a: u8 }', ['Nothing: type']],
    ['struct Vote(u8, Option<String>);', ['Vote: type']],
    ['struct Vote { firstValue: Option<String> }', ['Vote.ballot: missing field']],
    ['struct Vote { ballot: u8, firstValue: String }', ['Vote.firstValue: type']],
    ['struct Vote { ballot: u8, firstValue: Option<u8> }', ['Vote.firstValue.Some: type']],
    ['struct Vote { ballot: u8, first_value: Option<String> }', ['Vote.firstValue: name']],
    [
      'struct Vote { ballot: u8, #[serde(rename = "v")] firstValue: Option<String> }',
      ['Vote.firstValue: name'],
    ],
    [
      'struct Vote { ballot: u8, #[serde(skip)] firstValue: Option<String> }',
      ['Vote.firstValue: not written'],
    ],
    ['struct Vote { ballot: u8, firstValue: Option<String>, at: u8 }', ['Vote.at: extra field']],
    [
      'struct Vote { #[serde(flatten)] h: H, firstValue: Option<String> } struct H { ballot: bool, more: u8 }',
      ['Vote.ballot: type', 'Vote.more: extra field'],
    ],
    [
      'enum Phase { Idle(u8), Busy, Both2(u8), Full { a: u8 } }',
      ['Phase.Idle: type', 'Phase.Busy: type', 'Phase.Both2: type', 'Phase.Full.b: missing field'],
    ],
    [
      '#[serde(rename_all = "snake_case")] enum Phase { Idle, Busy(u8), Both2(u8, bool), Full { a: u8, b: bool } }',
      ['Phase.Idle: name', 'Phase.Busy: name', 'Phase.Both2: name', 'Phase.Full: name'],
    ],
    [
      'enum Phase { Idle, Buzy(u8), Both2(u8, bool, u8), Full { a: u8, b: bool, c: u8 }, #[serde(skip)] Done }',
      [
        'Phase.Busy: missing variant',
        'Phase.Both2: length',
        'Phase.Full.c: extra field',
        'Phase.Buzy: extra variant',
      ],
    ],
    [
      'enum Phase { Idle, Busy(u8), #[serde(skip)] Both2(u8, bool), Full { a: u8, b: bool } }',
      ['Phase.Both2: not written'],
    ],
    ['enum Phase { Idle {}, Busy(u8), Both2(u8, bool), Full { a: u8, b: bool } }', ['Phase.Idle: type']],
    ['type Outcome = Result<String, String>;', ['Outcome.Ok: type']],
    ['type Keyed = Pair<u8, bool>; struct Pair<A, B> { left: A, right: B }', ['Keyed.right: type']],
    ['struct Pair<A, B> { left: B, right: A }', ['Pair.left: type', 'Pair.right: type']],
  ])('%s', async (rust, expected) => {
    const result = await check(rust);
    expect(kindsOf(result)).toEqual(expected);
  });
});

describe('names', () => {
  it('that are mapped go first, also behind their module', async () => {
    const rust = 'struct Number(u8); struct Count(String); mod a { pub struct Count(u8); }';
    const { matched, mismatches } = await check(rust, { Number: 'a::Count', 'lib::Hidden': 'u64' });
    expect(mismatches).toEqual([]);
    expect(matched).toMatchObject([
      { spec: 'Hidden', rust: 'u64', rule: 'mapping', outcome: 'agrees' },
      { spec: 'Option', rule: 'built in' },
      {
        spec: 'Number',
        rust: 'a::Count',
        rule: 'mapping',
        rust_location: { file: 'types.rs', line: 1, column: 61 },
      },
    ]);
  });

  it('that differ in case and underscores are near', async () => {
    const { matched } = await check('struct MaxValue(u8);');
    expect(matched).toMatchObject([{}, { spec: 'MAX_VALUE', rust: 'MaxValue', rule: 'near name' }]);
  });

  it('that several types have stand for none of them', async () => {
    const { matched, skipped } = await check('mod a { pub struct Name(u8); } mod b { pub struct Name(u8); }');
    expect(matched.map(({ spec }) => spec)).toEqual(['Option']);
    const name = must(
      skipped.find(each => each.name === 'Name'),
      'Name',
    );
    expect(name.reason).toBe(
      'several Rust types have this name: types::a::Name (types.rs:1), types::b::Name (types.rs:1)',
    );
    expect(name.hint).toContain('rust = "types::a::Name"');
  });

  it('that are mapped are demanded where the type is used', async () => {
    const rust =
      'struct Votes(Vec<Vote>); struct Vote { ballot: u8, firstValue: Option<String> } struct Num(u8);';
    const { mismatches } = await check(rust, { Number: 'Num' });
    expect(mismatches).toMatchObject([
      { path: 'Vote.ballot', kind: 'mapping', expected: 'Num, to which `Number` is mapped', found: 'u8' },
    ]);
    expect(kindsOf(await check(rust.replace('ballot: u8', 'ballot: Box<Num>'), { Number: 'Num' }))).toEqual(
      [],
    );
  });

  it('of types of other crates are compared by their mapping only', async () => {
    const rust =
      'use uuid::Uuid; struct Vote { ballot: uuid::Uuid, firstValue: Option<String> } type Row = Vec<Uuid>;';
    const { mismatches, skipped } = await check(rust);
    expect(mismatches).toEqual([]);
    expect(skipped.filter(({ side }) => side === 'rust')).toMatchObject([
      { name: 'Row[element]: Uuid', location: { line: 1, column: 95 } },
      { name: 'Vote.ballot: uuid::Uuid', hint: expect.stringContaining('quint = "Number"') },
    ]);
    const mapped = await check(rust, { Number: 'Uuid' });
    expect(mapped.matched).toContainEqual(
      expect.objectContaining({ spec: 'Number', rust: 'Uuid', outcome: 'trusted', rust_location: null }),
    );
    expect(mapped.skipped.filter(({ side }) => side === 'rust').map(({ name }) => name)).toEqual([
      'Row[element]: Uuid',
    ]);
  });

  it('of uninterpreted types take any Rust type', async () => {
    const { matched } = await check('struct Key { anything: u8 }');
    expect(matched).toContainEqual(expect.objectContaining({ spec: 'Key', rust: 'Key', outcome: 'trusted' }));
  });

  it('in mappings that lead nowhere are reported', async () => {
    const { skipped } = await check('struct Ballot(u8);', { Number: 'Balot', Numbr: 'Ballot' });
    expect(skipped).toContainEqual(
      expect.objectContaining({
        name: 'Number',
        reason: 'it is mapped to Balot, which the Rust files neither define nor use',
        hint: 'did you mean `Ballot`?',
      }),
    );
    expect(skipped).toContainEqual(
      expect.objectContaining({ side: 'mapping', name: 'Numbr', hint: 'did you mean `Number`?' }),
    );
  });
});

describe('variables and constants', () => {
  it('are compared with the fields of the struct that holds the state, and with constants', async () => {
    const rust =
      'pub static QUORUM: bool = true; struct SpecState { votes: HashMap<String, HashSet<Vote>>, phase: u8, clock: u8 }' +
      ' struct Vote { ballot: u8, firstValue: Option<String> }';
    const { matched, mismatches, skipped } = await check(rust);
    expect(matched.filter(({ kind }) => kind !== 'type')).toMatchObject([
      { spec: 'phase', rust: 'SpecState.phase', rule: 'field', outcome: 'differs' },
      { spec: 'votes', rust: 'SpecState.votes', rule: 'field', outcome: 'agrees' },
      { spec: 'QUORUM', rust: 'QUORUM', rule: 'name', outcome: 'differs' },
    ]);
    expect(mismatches.map(({ path }) => path)).toEqual(['phase', 'QUORUM']);
    expect(skipped).toContainEqual(
      expect.objectContaining({ name: 'NODES', reason: '`SpecState` has no such field' }),
    );
  });

  it('may be mapped, and so may the module that declares them', async () => {
    const rust =
      'struct Node<V> { votes: HashMap<String, HashSet<V>> } struct Vote { ballot: u8, firstValue: Option<String> }';
    const { matched, mismatches } = await check(rust, {
      spec: 'Node<Vote>',
      QUORUM: 'usize',
      NODES: 'Vec<u8>',
    });
    expect(matched.filter(({ kind }) => kind !== 'type')).toMatchObject([
      { spec: 'votes', rust: 'Node.votes', outcome: 'agrees' },
      { spec: 'QUORUM', rust: 'usize', rule: 'mapping', outcome: 'agrees' },
      { spec: 'NODES', rust: 'Vec<u8>', rule: 'mapping', outcome: 'differs' },
    ]);
    expect(mismatches).toMatchObject([{ path: 'NODES', rust_location: { file: 'aura-config.toml' } }]);
  });
});

describe('notes', () => {
  it.each<[string, string, string]>([
    ['struct Number(u64);', 'Number', 'narrower'],
    ['struct Number(BigUint);', 'Number', 'narrower'],
    ['struct Name(char);', 'Name', 'narrower'],
    ['type Twice = Option<Option<String>>;', 'Twice', 'narrower'],
    ['enum Name { A, B }', 'Name', 'names as text'],
    ['#[serde(untagged)] enum Outcome { Ok(BigInt), Err(String) }', 'Outcome', 'tagging'],
    ['#[serde(tag = "t")] enum Outcome { Ok(BigInt), Err(String) }', 'Outcome', 'tagging'],
    ['#[serde(tag = "t", content = "c")] enum Outcome { Ok(BigInt), Err(String) }', 'Outcome', 'tagging'],
    [
      'struct Vote { ballot: BigInt, #[serde(skip_serializing_if = "Option::is_none")] firstValue: Option<String> }',
      'Vote.firstValue',
      'may be absent',
    ],
  ])('%s', async (rust, path, kind) => {
    const { notes, mismatches } = await check(rust);
    expect(mismatches).toEqual([]);
    expect(notes).toMatchObject([{ path, kind }]);
  });

  it('say when a map cannot be written as JSON', async () => {
    const { notes } = await check('struct Table(HashMap<(u8, u8), BigInt>);');
    expect(notes).toMatchObject([{ path: 'Table', kind: 'map key' }]);
  });

  it('do not say it of a tagging that is read', async () => {
    const rust = '#[serde(tag = "tag", content = "value")] enum Outcome { Ok(BigInt), Err(String) }';
    expect((await check(rust)).notes).toEqual([]);
  });
});

describe('skipped', () => {
  it.each<[string, string, string]>([
    ['struct Number(*const u8);', 'Number: Number', 'a raw pointer'],
    ['struct Row(Vec<Box<dyn Any>>);', 'Row[element]: Box<dyn Any>', 'a trait object'],
    ['struct Row<T>(Vec<T::Item>);', 'Row[element]: T::Item', 'an associated type'],
    [
      'struct Row<T>(Vec<<T as Iterator>::Item>);',
      'Row[element]: <T as Iterator>::Item',
      'an associated type',
    ],
    ['struct Row<T>(Vec<T>);', 'Row[element]: T', 'a type parameter that the spec does not have'],
    ['struct Row(Vec<int!()>);', 'Row[element]: int!()', 'a macro, which is not expanded'],
    ['struct Number(Box<Number>);', 'Number: Number', 'it contains itself'],
    [
      '#[serde(into = "String")] struct Number { digits: Vec<u8> }',
      'Number: Number',
      'serde writes it as `String`',
    ],
    [
      'struct Vote { #[serde(with = "hex")] ballot: u8, firstValue: Option<String> }',
      'Vote.ballot: u8',
      '`hex` writes it',
    ],
    [
      'struct Vote { firstValue: Option<String>, #[serde(flatten)] more: HashMap<String, u8> }',
      'Vote.ballot: HashMap<String, u8>',
      'it may be in what is flattened',
    ],
    ['enum Outcome { #[serde(with = "m")] Ok(u8), Err(String) }', 'Outcome.Ok: Outcome', '`m` writes it'],
    ['bitflags! { struct Number: u8 {} }', 'bitflags!', 'a macro, which is not expanded'],
    ['union Number { a: u8 }', 'Number', 'a union'],
    ['impl X { fn f() { struct Number(u8); } }', 'Number', 'a type inside a function'],
    ['mod elsewhere;', 'types::elsewhere', 'a module in a file that was not given'],
    [
      '#[cfg(unix)] struct Number(u8); #[cfg(windows)] struct Number(u16); type Row = Vec<Number>;',
      'Row[element]: Number',
      'a name of 2 types: types::Number, types::Number',
    ],
  ])('%s', async (rust, name, reason) => {
    const { skipped, mismatches } = await check(rust);
    expect(mismatches).toEqual([]);
    expect(skipped.filter(({ side }) => side === 'rust')).toContainEqual(
      expect.objectContaining({ name, reason }),
    );
  });

  it('are not items that only tests see', async () => {
    const rust =
      '#[cfg(test)] mod tests { struct Number(String); bitflags!{} } #[cfg(all(test, unix))] struct Flag(u8);' +
      ' #[cfg(not(test))] struct Name(String);';
    const { matched, skipped } = await check(rust);
    expect(matched.map(({ spec }) => spec)).toEqual(['Option', 'Name']);
    expect(skipped.filter(({ side }) => side === 'rust')).toEqual([]);
  });
});

describe('several files', () => {
  it('see one another by the rules of modules', async () => {
    const { mismatches, matched } = unwrap(
      await compareModel(model, {
        'wire/vote':
          'use crate::core::{Number as N, self as base}; use super::Text;' +
          ' struct Vote { ballot: N, #[serde(rename = "firstValue")] v: Option<Text> } type Row = Vec<base::Number>;',
        core: 'pub struct Number(pub u64);',
        wire: 'pub mod vote; pub struct Text(String); mod Number_ { pub struct Text(u8); }',
      }),
    );
    expect(mismatches).toEqual([]);
    expect(matched.map(({ spec, rule }) => [spec, rule])).toEqual([
      ['Option', 'built in'],
      ['Number', 'name'],
      ['Row', 'name'],
      ['Vote', 'name'],
    ]);
  });
});

it('places are those of the two sources', async () => {
  const { mismatches } = await check(
    '\nstruct Vote {\n  ballot: u8,\n  /* é */ firstValue: Option<u8>,\n}\n',
  );
  expect(mismatches).toMatchObject([
    {
      path: 'Vote.firstValue.Some',
      expected: 'str',
      found: 'u8',
      spec_location: { line: 18, column: 52 },
      rust_location: { file: 'types.rs', line: 4, column: 30 },
    },
  ]);
});
