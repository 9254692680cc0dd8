// A share that travels over a public record: sealed for one recipient, and opened later before everybody if the recipient
// complains about it. The proof that comes with a complaint shows the key of the seal without the recipient's secret, so
// that neither a false complaint nor a denied one stands. Source: ElGamal's encryption, of scalars.
import type { Random } from '../../util/random.js';
import {
  combinePoints,
  type EqualityProof,
  proveEqual,
  provesEqual,
  remembering,
  scalarFrom,
  scalarHex,
  scalarOf,
  scalars,
} from './crypto.js';

/** The key of a seal with the proof that it is the one of the recipient. */
export type ShownKey = { readonly key: string; readonly proof: EqualityProof };

/** Seals a share with the key that `sealKey` gives; `label` says what it is. */
export function sealShare(share: bigint, key: string, label: string): string {
  return scalarHex(scalars.add(share, scalarOf('seal', key, label)));
}

/** Undefined where the box is no scalar. With a wrong key something comes out that fits no commitment. */
export function openShare(box: string, key: string, label: string): bigint | undefined {
  const sealed = scalarFrom(box);
  return sealed === undefined ? undefined : scalars.sub(sealed, scalarOf('seal', key, label));
}

/**
 * The key between two: of one the secret scalar, of the other the public point; undefined where that is no point. A dealer
 * uses a secret of the moment, whose public point goes along, and the recipient's public key.
 */
export function sealKey(secret: bigint, point: string): string | undefined {
  return keyBetween(scalarHex(secret), point) ?? undefined;
}

const keyBetween = remembering((secret, point): string | null => {
  return combinePoints([{ scalar: scalarFrom(secret) ?? 0n, point }]) ?? null;
});

/** Shows the key between `ephemeral` and the one with this secret. */
export function showKey(secret: bigint, ephemeral: string, random: Random): ShownKey | undefined {
  const key = sealKey(secret, ephemeral);
  return key === undefined ? undefined : { key, proof: proveEqual(secret, ephemeral, random) };
}

/** Whether it is the key between `ephemeral` and the recipient with this public key. */
export function isKeyOf(shown: ShownKey, ephemeral: string, recipient: string): boolean {
  return provesEqual(shown.proof, ephemeral, recipient, shown.key);
}
