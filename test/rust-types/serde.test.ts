// Names as serde writes them. The table is that of serde_derive's own tests (case.rs); the rest is from serde's page on
// attributes.
import { describe, expect, it } from 'vitest';
import { must } from '../../src/util/assert.js';
import { unwrap } from '../quint.js';
import { readTexts } from './support.js';

const CASES = [
  'lowercase',
  'UPPERCASE',
  'PascalCase',
  'camelCase',
  'snake_case',
  'SCREAMING_SNAKE_CASE',
  'kebab-case',
  'SCREAMING-KEBAB-CASE',
];

async function definitionIn(rust: string) {
  return must(unwrap(await readTexts({ types: rust })).definitions[0], 'a definition');
}

async function variantNames(rust: string): Promise<string[]> {
  const def = await definitionIn(rust);
  return def.kind === 'enum' ? def.variants.map(({ serialName }) => serialName) : [];
}

async function fieldNames(rust: string): Promise<(string | undefined)[]> {
  const def = await definitionIn(rust);
  const fields =
    def.kind === 'struct' ? def.fields : def.kind === 'enum' ? def.variants[0]?.fields : undefined;
  return fields?.kind === 'named' ? fields.fields.map(({ serde }) => serde.serialName) : [];
}

describe('rename_all', () => {
  it.each([
    ['Outcome', 'outcome OUTCOME Outcome outcome outcome OUTCOME outcome OUTCOME'],
    ['VeryTasty', 'verytasty VERYTASTY VeryTasty veryTasty very_tasty VERY_TASTY very-tasty VERY-TASTY'],
    ['A', 'a A A a a A a A'],
    ['Z42', 'z42 Z42 Z42 z42 z42 Z42 z42 Z42'],
  ])('of the variant %s', async (name, expected) => {
    const written = CASES.map(each => variantNames(`#[serde(rename_all = "${each}")] enum E { ${name} }`));
    expect((await Promise.all(written)).flat()).toEqual(expected.split(' '));
  });

  it.each([
    ['outcome', 'outcome OUTCOME Outcome outcome outcome OUTCOME outcome OUTCOME'],
    ['very_tasty', 'very_tasty VERY_TASTY VeryTasty veryTasty very_tasty VERY_TASTY very-tasty VERY-TASTY'],
    ['a', 'a A A a a A a A'],
    ['z42', 'z42 Z42 Z42 z42 z42 Z42 z42 Z42'],
  ])('of the field %s', async (name, expected) => {
    const written = CASES.map(each =>
      fieldNames(`#[serde(rename_all = "${each}")] struct S { ${name}: u8 }`),
    );
    expect((await Promise.all(written)).flat()).toEqual(expected.split(' '));
  });
});

it.each<[string, string[]]>([
  ['struct S { a: u8, r#type: u8 }', ['a', 'type']],
  ['#[serde(rename_all = "UPPERCASE")] struct S { a: u8, #[serde(rename = "x y")] b: u8 }', ['A', 'x y']],
  [
    'struct S { #[serde(rename = "\\"\\u{e9}\\x41\\n")] a: u8, #[serde(rename = r"\\n")] b: u8 }',
    ['"éA\n', '\\n'],
  ],
  [
    'struct S { #[doc = "x"] #[serde(default)] /* c */ #[serde(alias = "z", rename = "q")] pub(crate) a: u8 }',
    ['q'],
  ],
  ['#[serde(rename_all(serialize = "UPPERCASE", deserialize = "lowercase"))] struct S { a: u8 }', ['A']],
  ['#[serde(rename_all(deserialize = "UPPERCASE"))] struct S { a: u8 }', ['a']],
  ['#[serde(rename_all = "UPPERCASE")] enum E { V { a: u8 } }', ['a']],
  ['#[serde(rename_all_fields = "UPPERCASE")] enum E { V { a: u8 } }', ['A']],
  [
    '#[serde(rename_all_fields = "UPPERCASE")] enum E { #[serde(rename_all = "lowercase")] V { a: u8 } }',
    ['a'],
  ],
  ['#[cfg_attr(all(x, y), serde(rename_all = "UPPERCASE"), other)] struct S { a: u8 }', ['A']],
  ['#[cfg_attr(test, serde(rename_all = "UPPERCASE"))] struct S { a: u8 }', ['a']],
])('%s', async (rust, expected) => {
  expect(await fieldNames(rust)).toEqual(expected);
});
