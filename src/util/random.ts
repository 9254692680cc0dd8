// The one door to randomness. Streams are forked by label, so that one more draw in one part of the program
// does not shift what another part sees.
import seedrandom from 'seedrandom';
import { assert } from './assert.js';

export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  real(): number;
  /** Uniform integer in [0, bound), bound at most 2^48. */
  below(bound: number): number;
  /** An independent stream; the same label always gives the same stream. */
  fork(label: string): Random;
}

/** A stream that is a pure function of `seed`, which may be any text. */
export function createRandom(seed: string): Random {
  const generator = seedrandom(seed);
  return {
    real: () => generator(),
    below(bound) {
      assert(Number.isInteger(bound) && bound > 0 && bound <= 2 ** 48, `bound out of range: ${bound}`);
      return Math.floor(generator.double() * bound);
    },
    fork: label => createRandom(`${seed}/${label}`),
  };
}
