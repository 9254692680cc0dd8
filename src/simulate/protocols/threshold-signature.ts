// A signature by some of the holders of one key, in the two rounds of FROST: nonces and then parts, each of which can be
// checked alone; together they are a plain ed25519 signature. It stands beside the library's ciphersuite because that one
// refuses a threshold of one, and takes the shares in its own packages. What binds the nonces to the message is as there.
// Source: Komlo, Goldberg, "FROST: flexible round-optimized Schnorr threshold signatures", 2020.
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Random } from '../../util/random.js';
import {
  combinePoints,
  hexOf,
  isSignature,
  lagrange,
  publicOf,
  randomScalar,
  remembering,
  scalarFrom,
  scalarHex,
  scalarOf,
  scalars,
} from './crypto.js';

/** Secret, and good for one signature only: whoever uses it twice gives his share away. */
export type Nonces = { readonly hiding: string; readonly binding: string };

/** The nonces of one signer times the base point; the signer by the position of his share, from 1. */
export type NonceCommitment = { readonly at: number; readonly hiding: string; readonly binding: string };

/** What all signers sign: the message as text, under the public key in hex, with these nonces. */
export type SigningPackage = {
  readonly message: string;
  readonly publicKey: string;
  readonly commitments: readonly NonceCommitment[];
};

export function drawNonces(random: Random): Nonces {
  return {
    hiding: scalarHex(randomScalar(random.fork('hiding'))),
    binding: scalarHex(randomScalar(random.fork('binding'))),
  };
}

export function commitmentTo(at: number, { hiding, binding }: Nonces): NonceCommitment {
  return { at, hiding: publicOf(scalarFrom(hiding) ?? 1n), binding: publicOf(scalarFrom(binding) ?? 1n) };
}

/** The part of one signer; undefined where the others' commitments are no points. */
export function signPart(
  pack: SigningPackage,
  at: number,
  nonces: Nonces,
  share: bigint,
): string | undefined {
  const challenge = challengeOf(pack);
  if (challenge === undefined) return undefined;
  const [hiding, binding] = [scalarFrom(nonces.hiding) ?? 0n, scalarFrom(nonces.binding) ?? 0n];
  const nonce = scalars.add(hiding, scalars.mul(bindingFactor(pack, at), binding));
  return scalarHex(scalars.add(nonce, scalars.mul(challenge, scalars.mul(weightOf(pack, at), share))));
}

/** Whether a part is that of the signer whose share times the base point is `publicShare`. */
export function partFits(pack: SigningPackage, at: number, part: string, publicShare: string): boolean {
  const own = pack.commitments.find(commitment => commitment.at === at);
  const [challenge, value] = [challengeOf(pack), scalarFrom(part)];
  if (own === undefined || challenge === undefined || !value) return false;
  const expected = combinePoints([
    ...nonceTerms(pack, own),
    { scalar: scalars.mul(challenge, weightOf(pack, at)), point: publicShare },
  ]);
  return expected === publicOf(value);
}

/** The signature that the parts of all signers are; undefined where it does not verify. */
export function joinParts(pack: SigningPackage, parts: readonly string[]): string | undefined {
  const sum = parts.reduce((total, part) => scalars.add(total, scalarFrom(part) ?? 0n), 0n);
  const signature = `${jointNonce(pack) ?? ''}${scalarHex(sum)}`;
  return isSignature(signature, pack.publicKey, utf8ToBytes(pack.message)) ? signature : undefined;
}

/** The signature of a secret key that is a scalar, such as one put together from shares. */
export function signWithScalar(secret: bigint, message: string, random: Random): string {
  const nonces = drawNonces(random);
  const pack = { message, publicKey: publicOf(secret), commitments: [commitmentTo(1, nonces)] };
  return `${jointNonce(pack) ?? ''}${signPart(pack, 1, nonces, secret) ?? ''}`;
}

function weightOf({ commitments }: SigningPackage, at: number): bigint {
  return lagrange(
    commitments.map(commitment => commitment.at),
    at,
  );
}

function jointNonce(pack: SigningPackage): string | undefined {
  const commitments = pack.commitments.flatMap(({ at, hiding, binding }) => [String(at), hiding, binding]);
  return jointOf(pack.message, pack.publicKey, ...commitments) ?? undefined;
}

const jointOf = remembering((message, publicKey, ...rest): string | null => {
  const commitments = Array.from({ length: rest.length / 3 }, (_, i): NonceCommitment => {
    const [at = '', hiding = '', binding = ''] = rest.slice(3 * i);
    return { at: Number(at), hiding, binding };
  });
  const pack = { message, publicKey, commitments };
  return combinePoints(commitments.flatMap(commitment => nonceTerms(pack, commitment))) ?? null;
});

function nonceTerms(pack: SigningPackage, { at, hiding, binding }: NonceCommitment) {
  return [
    { scalar: 1n, point: hiding },
    { scalar: bindingFactor(pack, at), point: binding },
  ];
}

/** Binds a signer's nonce to the message and to everybody's nonces, so that no other ones can be slipped in. */
function bindingFactor({ message, publicKey, commitments }: SigningPackage, at: number): bigint {
  const all = commitments.flatMap(one => [one.at, one.hiding, one.binding]);
  return scalarOf('binding', publicKey, message, at, ...all);
}

/** As in RFC 8032, so that anybody's ed25519 verifies the outcome. */
function challengeOf(pack: SigningPackage): bigint | undefined {
  const joint = jointNonce(pack);
  if (joint === undefined) return undefined;
  const hash = sha512(concatBytes(hexToBytes(joint), hexToBytes(pack.publicKey), utf8ToBytes(pack.message)));
  return scalars.create(BigInt(`0x${hexOf(hash.toReversed())}`));
}
