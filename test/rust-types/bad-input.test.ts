// What is wrong with a Rust file is said with its place, and nothing that a file may hold makes the reader fall over.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTypeText } from '../../src/rust-types/read-rust.js';
import { must } from '../../src/util/assert.js';
import { LIMITS } from '../../src/util/limits.js';
import { createRandom } from '../../src/util/random.js';
import { unwrap } from '../quint.js';
import { definitionsArbitrary, modelOf, rustText } from './random-types.js';
import { compareModel, readTexts } from './support.js';

const errorsOf = async (rust: string) => {
  const read = await readTexts({ types: rust });
  return read.ok ? [] : read.errors;
};

describe('syntax errors', () => {
  it.each([
    ['struct A { x: u32', 1, 18, '`}` is missing here'],
    ['\nstruct B { y u8 }', 2, 12, '`y u8` is not expected here'],
    ['enum C { A(u8) B }', 1, 16, '`B` is not expected here'],
    ['struct A { x: Vec<u8 }\nstruct B;', 1, 21, '`>` is missing here'],
    ['fn f() { if x {\nstruct A { x: u8 }', 1, 1, 'is not expected here'],
    ['%!', 1, 1, '`%!` is not expected here'],
  ])('%j', async (rust, line, column, message) => {
    const [first] = await errorsOf(rust);
    expect(first).toMatchObject({ code: 'AUR720', location: { file: 'types.rs', line, column } });
    expect(first?.message).toContain(message);
    expect(first?.excerpt).toContain('^');
  });

  it('are all reported, up to a limit', async () => {
    expect(await errorsOf('struct A { x u8 }\n'.repeat(3))).toHaveLength(3);
    expect(await errorsOf('struct A { x u8 }\n'.repeat(100))).toHaveLength(LIMITS.rustErrors);
  });

  it('inside a function that defines no type are listed only', async () => {
    const { definitions, skipped } = unwrap(
      await readTexts({ types: 'fn odd() { let x = @@ 3; }\nstruct A;' }),
    );
    expect(definitions.map(({ name }) => name)).toEqual(['A']);
    expect(skipped).toMatchObject([{ name: 'odd', location: { line: 1 } }]);
  });
});

describe('other errors', () => {
  it.each([
    ['type A = A;', 1, 6, 'A = A'],
    ['type A = B;\ntype B = Vec<(u8, [C; 2])>;\ntype C = Option<A>;', 1, 6, 'A = B = C = A'],
    ['mod m { pub type A<T> = Box<super::A<T>>; }\ntype A<T> = m::A<T>;', 1, 18, 'A = A = A'],
  ])('a cycle of aliases: %j', async (rust, line, column, names) => {
    const checked = await compareModel(modelOf([]), { types: rust });
    expect(checked).toMatchObject({
      ok: false,
      errors: [{ code: 'AUR721', message: expect.stringContaining(names), location: { line, column } }],
    });
  });

  it.each(['type A = other::A;', 'type T = u8; type A<T> = Vec<T>;', 'type A = std::A; struct B(Box<B>);'])(
    'no cycle of aliases: %s',
    async rust => {
      expect((await compareModel(modelOf([]), { types: rust })).ok).toBe(true);
    },
  );

  it('a case that serde does not know', async () => {
    expect(await errorsOf('\n#[serde(rename_all = "camelcase")] struct A;')).toMatchObject([
      { code: 'AUR724', location: { line: 2, column: 9 }, hint: 'did you mean `camelCase`?' },
    ]);
  });

  it.each(['', 'Vec<', 'u8; struct X', 'a b', 'fn main() {}', ';'])('no type of Rust: %j', async text => {
    expect(await readTypeText(text, { file: 'f', line: 1, column: 1 })).toBeUndefined();
  });
});

describe('what is large or deep', () => {
  it.each([
    ['', 0],
    ['// nothing\n', 0],
    ['#!/usr/bin/env run\n#![allow(unused)]\nstruct A;', 1],
    ['struct A;\r\nstruct B;\r\n', 2],
    [`struct A { x: ${'Vec<'.repeat(20_000)}u8${'>'.repeat(20_000)} }`, 1],
    [`${'mod m { '.repeat(5_000)}struct A;${'}'.repeat(5_000)}`, 0],
    [`#[serde${'('.repeat(2_000)}${')'.repeat(2_000)}] struct A;`, 1],
  ])('is read: %#', async (rust, count) => {
    expect(unwrap(await readTexts({ types: rust })).definitions).toHaveLength(count);
  });

  it('generic types that grow as they are opened end', async () => {
    const rust =
      'struct Ballot(P<u8>); struct P<T>(Box<P<(T, T)>>); type Vote = Q<u8>; type Q<T> = R<(T, T)>; type R<T> = S<(T, T)>; type S<T> = (T, T);';
    const spec = modelOf([
      { name: 'Ballot', type: { kind: 'int' } },
      { name: 'Vote', type: { kind: 'int' } },
    ]);
    const { mismatches, skipped } = unwrap(await compareModel(spec, { types: rust }));
    expect(mismatches.map(({ path }) => path)).toEqual(['Vote']);
    expect(skipped).toMatchObject([{ name: 'Ballot: Ballot', reason: 'it contains itself' }]);
  });

  it('a comparison that doubles with every level ends with an error', async () => {
    const levels = 40;
    const definitions = Array.from({ length: levels }, (_, i) => {
      const below = { kind: i === 0 ? 'int' : 'ref', name: `T${i - 1}` } as const;
      const parts = ['._1', '._2'].map(name => ({ name, type: below }));
      return { name: `T${i}`, type: { kind: 'tuple' as const, parts } };
    });
    const inner = Array.from(
      { length: levels },
      (_, i) => `type U${i} = (${i === 0 ? 'i8, i8' : `U${i - 1}, U${i - 1}`});`,
    );
    const rust = `${inner.join('\n')}\ntype T${levels - 1} = U${levels - 1};`;
    const plain = unwrap(await compareModel(modelOf(definitions), { types: rust }));
    expect(plain.mismatches).toEqual([]);
    // Generic types cannot be told from one another by name: each use is looked at.
    const generic = rust
      .replaceAll(/U\d+/g, name => `${name}<u8>`)
      .replaceAll(/type (U\d+)<u8>/g, 'type $1<T>');
    expect(await compareModel(modelOf(definitions), { types: generic })).toMatchObject({
      ok: false,
      errors: [{ code: 'AUR723' }],
    });
  });
});

it('mutated files raise nothing but our own errors', async () => {
  const pieces = [
    '{',
    '}',
    '<',
    '>',
    '(',
    ')',
    ';',
    '#[serde(',
    '"',
    "'",
    '::',
    'struct',
    'enum',
    '\0',
    '𝒳',
    '/*',
    'r#"',
  ];
  await fc.assert(
    fc.asyncProperty(
      definitionsArbitrary,
      fc.array(fc.tuple(fc.nat(), fc.nat(20), fc.constantFrom(...pieces)), { minLength: 1, maxLength: 4 }),
      async (definitions, edits) => {
        const text = edits.reduce(
          (rust, [at, length, piece]) => {
            const offset = at % rust.length;
            return rust.slice(0, offset) + piece + rust.slice(offset + length);
          },
          rustText(definitions, createRandom('fixed')),
        );
        const read = await readTexts({ types: text });
        if (read.ok) expect((await compareModel(modelOf(definitions), { types: text })).ok).toBeDefined();
        else for (const { location } of read.errors) expect(must(location, 'a place').file).toBe('types.rs');
      },
    ),
    { numRuns: 200 },
  );
});
