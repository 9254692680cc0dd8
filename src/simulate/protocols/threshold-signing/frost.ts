// FROST (RFC 9591) over plain data: the library's functions, with hex at the borders and no exceptions for what a
// byzantine participant can cause.
import { ed25519_FROST as FROST } from '@noble/curves/ed25519.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Random } from '../../../util/random.js';
import type { NodeId } from '../../data.js';
import { bytesOf, hexOf, isSignature, remembering, rngOf } from '../crypto.js';
import type { Nonce, Promised, SigningSetting } from './data.js';

type Public = Parameters<typeof FROST.verifyShare>[0];
type Commitments = Parameters<typeof FROST.verifyShare>[1];

const NOTHING = new Uint8Array();

/** Round one, which needs no message: it may be done long before. */
export function drawNonce(self: NodeId, share: string, index: number, random: Random): Nonce {
  const secret = { identifier: identifierOf(self), signingShare: bytesOf(share) ?? NOTHING };
  const { nonces, commitments } = FROST.commit(secret, rngOf(random));
  return {
    index,
    hiding: hexOf(commitments.hiding),
    binding: hexOf(commitments.binding),
    secretHiding: hexOf(nonces.hiding),
    secretBinding: hexOf(nonces.binding),
  };
}

/** Round two; undefined where the package does not have the signer's own commitment, or what is no commitment. */
export function signShare(
  setting: SigningSetting,
  self: NodeId,
  share: string,
  nonce: Nonce,
  pack: readonly Promised[],
  message: string,
): string | undefined {
  const secret = { identifier: identifierOf(self), signingShare: bytesOf(share) ?? NOTHING };
  const nonces = {
    hiding: bytesOf(nonce.secretHiding) ?? NOTHING,
    binding: bytesOf(nonce.secretBinding) ?? NOTHING,
  };
  return attempt(() =>
    hexOf(FROST.signShare(secret, publicOf(setting), nonces, commitmentsOf(pack), utf8ToBytes(message))),
  );
}

/** Whether a share is the signer's answer to the package (RFC 9591, section 5.4). */
export function isShare(
  setting: SigningSetting,
  signer: NodeId,
  value: string,
  pack: readonly Promised[],
  message: string,
): boolean {
  const bytes = bytesOf(value);
  if (bytes?.length !== 32) return false;
  const verify = (): boolean =>
    FROST.verifyShare(
      publicOf(setting),
      commitmentsOf(pack),
      utf8ToBytes(message),
      identifierOf(signer),
      bytes,
    );
  return attempt(verify) ?? false;
}

/** The signature; undefined where the shares do not make one. */
export function aggregate(
  setting: SigningSetting,
  values: readonly { readonly signer: NodeId; readonly value: string }[],
  pack: readonly Promised[],
  message: string,
): string | undefined {
  const shares = Object.fromEntries(
    values.map(({ signer, value }) => [identifierOf(signer), bytesOf(value) ?? NOTHING]),
  );
  return attempt(() =>
    hexOf(FROST.aggregate(publicOf(setting), commitmentsOf(pack), utf8ToBytes(message), shares)),
  );
}

/** Whether it is an ed25519 signature of the group: nothing of it tells how it was made. */
export function isGroupSignature({ publicKey }: SigningSetting, signature: string, message: string): boolean {
  return verified(signature, publicKey, message);
}

const verified = remembering((signature = '', key = '', message = '') =>
  isSignature(signature, key, utf8ToBytes(message)),
);

/** Participant `p` is number `p + 1`, where its share stands on the polynomial. */
function identifierOf(node: NodeId): string {
  return FROST.Identifier.fromNumber(node + 1);
}

function publicOf({ names, threshold, publicKey, verifyingShares }: SigningSetting): Public {
  return {
    signers: { min: threshold, max: names.length },
    commitments: [bytesOf(publicKey) ?? NOTHING],
    verifyingShares: Object.fromEntries(
      verifyingShares.map((share, node) => [identifierOf(node), bytesOf(share) ?? NOTHING]),
    ),
  };
}

function commitmentsOf(pack: readonly Promised[]): Commitments {
  return pack.map(({ who, hiding, binding }) => ({
    identifier: identifierOf(who),
    hiding: bytesOf(hiding) ?? NOTHING,
    binding: bytesOf(binding) ?? NOTHING,
  }));
}

/** The library throws on whatever is not well formed. */
function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}
