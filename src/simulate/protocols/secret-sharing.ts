// Sharing a secret so that everybody can check his share: Feldman's commitments to the coefficients of Shamir's
// polynomial. The first commitment is the public key of the secret. Scalars are numbers here and hex in crypto.ts's form
// wherever they cross into a state or a message; what comes back from there is checked.
// Source: Feldman, "A practical scheme for non-interactive verifiable secret sharing", 1987.
import type { Random } from '../../util/random.js';
import { combinePoints, polynomialAt, publicOf, randomScalar, remembering, scalars } from './crypto.js';

/** A random polynomial, its constant first, of which `threshold` values tell the secret and fewer tell nothing. */
export function polynomialFor(secret: bigint, threshold: number, random: Random): readonly bigint[] {
  return [
    secret,
    ...Array.from({ length: threshold - 1 }, (_, i) => randomScalar(random.fork(`coefficient ${i}`))),
  ];
}

/** Feldman's commitments: the coefficients times the base point. */
export function commitmentsTo(polynomial: readonly bigint[]): string[] {
  return polynomial.map(publicOf);
}

/** The share at each of the positions, which are above 0: at 0 stands the secret. */
export function sharesAt(polynomial: readonly bigint[], positions: readonly number[]): bigint[] {
  return positions.map(x => polynomialAt(polynomial, x));
}

/** What the commitments say that the share at `x` times the base point is; undefined for what are no points. */
export function publicShare(commitments: readonly string[], x: number): string | undefined {
  return fromCommitments(String(x), ...commitments) ?? undefined;
}

const fromCommitments = remembering((x, ...commitments): string | null => {
  const terms = commitments.map((point, i) => ({ scalar: scalars.pow(BigInt(x), BigInt(i)), point }));
  return combinePoints(terms) ?? null;
});

/** Feldman's check of a share against the public commitments. */
export function shareFits(commitments: readonly string[], x: number, share: bigint): boolean {
  return share !== 0n && publicShare(commitments, x) === publicOf(share);
}
