// The key that a group holds in Shamir shares, as participants keep it in their vaults between protocols: dkd leaves one,
// threshold signing uses it, resharing hands it on. One file says under which names, so that the phases of a scenario find
// one another's keys.
import type { Data, Fields } from '../data.js';
import type { Effect } from '../participant.js';
import { polynomialAt, publicOf, scalarHex, scalarOf } from './crypto.js';

/** One participant's part of a group's key. Participant `p` holds the value of the polynomial at `p + 1`. */
export type GroupKey = {
  /** The group's public key, an ed25519 point. Hex. */
  readonly publicKey: string;
  /** How many shares make the secret key. */
  readonly threshold: number;
  /** Its own share, a scalar in hex, little-endian. */
  readonly share: string;
  /** What the shares times the base point give, by participant. Hex. */
  readonly verifyingShares: readonly string[];
};

/** The effects that keep a key in a vault. */
export function storeGroupKey(key: GroupKey): Effect<never>[] {
  return [
    { kind: 'store', key: 'group_public_key', value: key.publicKey },
    { kind: 'store', key: 'key_share', value: key.share },
    { kind: 'store', key: 'threshold', value: key.threshold },
    { kind: 'store', key: 'verifying_shares', value: key.verifyingShares },
  ];
}

/** The key in a vault; undefined where there is none. */
export function groupKeyIn(vault: Fields): GroupKey | undefined {
  const { group_public_key: publicKey, key_share: share, threshold, verifying_shares: shares } = vault;
  if (typeof publicKey !== 'string' || typeof share !== 'string' || typeof threshold !== 'number')
    return undefined;
  const verifyingShares = textsIn(shares);
  return verifyingShares && { publicKey, share, threshold, verifyingShares };
}

/** A trusted setup: the same key for the same ceremony, participants and threshold. By participant. */
export function dealtKeys(ceremony: string, participants: number, threshold: number): GroupKey[] {
  const polynomial = Array.from({ length: threshold }, (_, i) =>
    scalarOf('ceremony', ceremony, participants, threshold, i),
  );
  const shares = Array.from({ length: participants }, (_, p) => polynomialAt(polynomial, p + 1));
  const verifyingShares = shares.map(publicOf);
  const publicKey = publicOf(polynomialAt(polynomial, 0));
  return shares.map(share => ({ publicKey, threshold, share: scalarHex(share), verifyingShares }));
}

function textsIn(value: Data | undefined): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts: string[] = [];
  for (const item of value) {
    if (typeof item !== 'string') return undefined;
    texts.push(item);
  }
  return texts;
}
