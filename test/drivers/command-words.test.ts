// The words of a command line: quotes keep spaces, everything else is text.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommandWords } from '../../src/drivers/command-words.js';
import { unwrap } from '../quint.js';

const quoted = (word: string) => `"${word.replace(/[\\"]/g, '\\$&')}"`;

describe('a command', () => {
  it('of words in quotes gives the words', () => {
    const words = fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1 });
    fc.assert(
      fc.property(words, list => {
        expect(unwrap(parseCommandWords(` ${list.map(quoted).join('  ')}\n`))).toEqual(list);
      }),
    );
  });

  it.each([
    ['python3 box.py --wrong', ['python3', 'box.py', '--wrong']],
    ["node 'my box.js' '\\n'", ['node', 'my box.js', '\\n']],
    ['a\\ b "" c"d e"\'f\'', ['a b', '', 'cd ef']],
    ['a $HOME *.py | b', ['a', '$HOME', '*.py', '|', 'b']],
  ])('%s', (text, words) => {
    expect(unwrap(parseCommandWords(text))).toEqual(words);
  });

  it.each([
    ['  ', 'the command of the driver names no program'],
    ['"" a', 'the command of the driver names no program'],
    ['a "b', 'a "b: a " is not closed'],
    ["a 'b", "a 'b: a ' is not closed"],
    ['a \\', 'a \\ ends in a backslash'],
  ])('%j is refused', (text, message) => {
    const words = parseCommandWords(text);
    expect(words.ok ? words.value : words.errors.map(error => [error.code, error.message])).toEqual([
      ['AUR458', message],
    ]);
  });
});
