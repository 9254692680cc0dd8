// The words of a command line that a user gives as one text: split at spaces, with quotes. No shell reads it: nothing
// else has a meaning, so that no file name and no `$` can surprise.
import { auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';

/** Text without spaces and quotes, text in quotes, or a character after a backslash; single quotes keep backslashes. */
const PIECE = /\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|([^\s'"\\]+)|(\s+)|([\s\S])/g;

/**
 * Such as `python3`, `my box.py` of `python3 "my box.py"`.
 *
 * Errors: AUR458 for a quote that is not closed, a backslash at the end, and a text without words.
 */
export function parseCommandWords(text: string): Result<string[]> {
  const words: string[] = [];
  let word: string | undefined;
  for (const [, escaped, single, double, plain, space, other] of text.matchAll(PIECE)) {
    if (other !== undefined)
      return fail(
        auraError(
          'AUR458',
          other === '\\' ? `${text} ends in a backslash` : `${text}: a ${other} is not closed`,
        ),
      );
    if (space !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + (escaped ?? single ?? double?.replace(/\\(["\\])/g, '$1') ?? plain ?? '');
  }
  if (word !== undefined) words.push(word);
  if (words.length > 0 && words[0] !== '') return ok(words);
  return fail(auraError('AUR458', 'the command of the driver names no program'));
}
