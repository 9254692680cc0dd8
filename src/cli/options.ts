// Values of options, checked at the door: what is out of range never reaches a command.
import { InvalidArgumentError } from 'commander';
import { nearest } from '../util/nearest.js';

/** An integer from `min` to `max`. */
export function integerIn(min: number, max: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < min || value > max)
      throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}`);
    return value;
  };
}

/** A number from `min` to `max`. */
export function numberIn(min: number, max: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < min || value > max)
      throw new InvalidArgumentError(`expected a number from ${min} to ${max}`);
    return value;
  };
}

/** A seed: an unsigned integer of 64 bits in decimal digits, kept as text so that none is lost. */
export function seed(text: string): string {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 2n ** 64n)
    throw new InvalidArgumentError('expected a whole number from 0 to 18446744073709551615');
  return BigInt(text).toString();
}

export function collectText(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** One of several words, for an option that may be repeated; each word counts once. */
export function collectOneOf<T extends string>(
  words: readonly T[],
): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => {
    const word = words.find(known => known === text);
    if (word !== undefined) return before.includes(word) ? before : [...before, word];
    const near = nearest(text, words);
    throw new InvalidArgumentError(
      near === undefined ? `expected one of ${words.join(', ')}` : `did you mean ${near}?`,
    );
  };
}
