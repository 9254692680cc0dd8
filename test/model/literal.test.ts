import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuintLiteral } from '../../src/model/literal.js';
import {
  listOf,
  mapOf,
  recordOf,
  setOf,
  showValue,
  tupleOf,
  UNIT,
  type Value,
  variantOf,
} from '../../src/model/value.js';

const RESERVED =
  /^(true|false|Int|Nat|Bool|Set|List|Map|Tup|Rec|and|or|not|iff|implies|if|else|match|any|all)$/;
const identifier = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,5}$/).filter(name => !RESERVED.test(name));

const { value } = fc.letrec<{ value: Value }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
    fc.string().map(text => text.replaceAll('"', "'")),
    identifier.map(tag => variantOf(tag)),
    fc.array(tie('value'), { maxLength: 4 }).map(listOf),
    fc.array(tie('value'), { maxLength: 4 }).map(tupleOf),
    fc.array(tie('value'), { maxLength: 4 }).map(setOf),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 }).map(mapOf),
    fc
      .dictionary(identifier, tie('value'), { maxKeys: 4, noNullPrototype: true })
      .map(o => recordOf(Object.entries(o))),
    fc.tuple(identifier, tie('value')).map(([tag, payload]) => variantOf(tag, payload)),
  ),
}));

function parsed(text: string): Value {
  const result = parseQuintLiteral(text);
  if (!result.ok) throw new Error(result.errors[0]?.message);
  return result.value;
}

function reason(text: string): string {
  const result = parseQuintLiteral(text);
  expect(result.ok).toBe(false);
  return result.ok ? '' : (result.errors[0]?.message ?? '');
}

describe('parseQuintLiteral', () => {
  it('reads back what showValue writes', () => {
    fc.assert(
      fc.property(value, written => {
        expect(parsed(showValue(written))).toEqual(written);
      }),
      { numRuns: 1000 },
    );
  });

  it('answers every text with a value or an error, and never throws', () => {
    const soup = fc.array(
      fc.constantFrom('(', ')', '[', ']', '{', '}', ',', '->', ':', 'a', 'Set', 'Map', '"', '1', '-', ' '),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          soup.map(parts => parts.join('')),
        ),
        text => {
          const result = parseQuintLiteral(text);
          if (result.ok) expect(parsed(showValue(result.value))).toEqual(result.value);
          else expect(result.errors[0]?.code).toBe('AUR408');
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each<[string, Value]>([
    ['0x1F', 31n],
    ['1_000', 1000n],
    ['- 5', -5n],
    ['(7)', 7n],
    ['()', UNIT],
    ['Tup(7)', tupleOf([7n])],
    ['(1, 2,)', tupleOf([1n, 2n])],
    ['List(1, 2)', listOf([1n, 2n])],
    ['Set(2, 1, 2)', setOf([1n, 2n])],
    [
      'Map(1 -> 2, (3, 4))',
      mapOf([
        [1n, 2n],
        [3n, 4n],
      ]),
    ],
    ['Rec("a", 1)', recordOf([['a', 1n]])],
    [
      '{ b: 1, a: "x" }',
      recordOf([
        ['a', 'x'],
        ['b', 1n],
      ]),
    ],
    ['m::Tag({ x: 1 })', variantOf('m::Tag', recordOf([['x', 1n]]))],
    ['Some(())', variantOf('Some')],
    ['Int', { kind: 'unserializable', text: 'Int' }],
  ])('reads %s', (text, expected) => {
    expect(parsed(text)).toEqual(expected);
  });

  it.each([
    ['', 'expected a value at character 1'],
    ['1 + 2', 'unexpected text after the value at character 3'],
    ['Set(1 2)', 'expected `,` or `)` at character 7'],
    ['Set', 'expected `(` at character 4'],
    ['"abc', 'text without its closing quote at character 1'],
    ['{ a: 1, a: 2 }', 'a field stands twice'],
    ['Map(1)', 'expected `->` at character 6'],
    ['007', 'expected an integer at character 1'],
    ['1__0', 'expected an integer at character 1'],
    ['Tag(1, 2)', '`Tag` takes one value'],
    ['Bool', '`Bool` is not a value'],
    ['{ a::b: 1 }', 'expected the name of a field'],
  ])('refuses %j', (text, expected) => {
    expect(reason(text)).toContain(expected);
  });

  it('bounds nesting and digits', () => {
    expect(reason(`${'['.repeat(600)}${']'.repeat(600)}`)).toContain('more than 500 levels');
    expect(reason('9'.repeat(200_000))).toContain('too many digits');
  });
});
