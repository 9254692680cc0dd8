// Foreign text made fit to be shown.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atMost, shorten, shortenPair, shown, visible, wrap } from '../../src/report/text.js';
import { HOSTILE } from './random-results.js';

const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', maxLength: 200 }));
const width = fc.integer({ min: 8, max: 120 });

describe('visible', () => {
  it('writes what cannot be seen', () => {
    expect(visible('a\nb\r\tc\u0000\u001b[31m\u0085')).toBe('a\\nb\\r\\tc\\x00\\x1b[31m\\x85');
    expect(visible('\u202eabc\u2028\ufeff\uffff\ud800')).toBe('\\u202eabc\\u2028\\ufeff\\uffff\\ud800');
  });

  it('leaves what can be seen, and whole characters', () => {
    expect(visible('Set("é", "👩‍👧") -> \\n')).toBe('Set("é", "👩‍👧") -> \\n');
  });

  it('changes nothing the second time', () => {
    fc.assert(fc.property(text, each => visible(visible(each)) === visible(each)));
  });
});

describe('shorten', () => {
  it('keeps both ends', () => {
    expect(shorten('0123456789', 10)).toBe('0123456789');
    expect(shorten('0123456789a', 10)).toBe('012345…89a');
  });

  it('is within the width and parts no character', () => {
    fc.assert(
      fc.property(text, width, (each, max) => {
        const short = shown(each, max);
        expect(short.length).toBeLessThanOrEqual(max);
        expect(short.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('shortenPair', () => {
  it('shows where two long values differ', () => {
    const numbers = Array.from({ length: 60 }, (_, i) => i);
    const show = (items: readonly number[]) => `Set(${items.join(', ')})`;
    const [a, b] = shortenPair(show(numbers), show(numbers.filter(n => n !== 31)), 30);
    expect([a, b]).toEqual(['… 30, 31, 32, 33,…', '… 30, 32, 33,…']);
  });

  const pairs = fc.string({ unit: fc.constantFrom('a', '…', '𝔘', '👩'), maxLength: 60 });
  const value = fc.oneof(text.map(visible), pairs);

  it('keeps different values different, within the width', () => {
    fc.assert(
      fc.property(value, value, value, value, width, (head, a, b, tail, max) => {
        const [left, right] = shortenPair(`${head}${a}${tail}`, `${head}${b}${tail}`, max);
        expect(left === right).toBe(a === b);
        expect(Math.max(left.length, right.length)).toBeLessThanOrEqual(max);
        expect([left.isWellFormed(), right.isWellFormed()]).toEqual([true, true]);
      }),
    );
  });
});

describe('lists', () => {
  it('counts what is left out', () => {
    expect(atMost(['a', 'b', 'c'], 2)).toEqual(['a', 'b', 'and 1 more']);
    expect(atMost(['a', 'b'], 2)).toEqual(['a', 'b']);
  });

  it('wraps between words', () => {
    expect(wrap(['one', 'two', 'three', 'unbreakable'], 8)).toEqual(['one two', 'three', 'unbreakable']);
  });
});
