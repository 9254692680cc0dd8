// The algebra of the derivation. The context is hashed to a point; a share of the context key is the root share times that
// point, with a proof that it is that root share; any `threshold` shares put together are the root key times the point,
// whoever's shares they are, and the context key is a hash of it. So an attempt of some gives the same key as one of all.
// It also moves the group's key to the context: the root key plus a number that follows from the context key.
// Source: Naor, Pinkas, Reingold, "Distributed pseudo-random functions and KDCs", 1999.
import type { Random } from '../../../util/random.js';
import type { NodeId } from '../../data.js';
import {
  combinePoints,
  hashOf,
  hexOf,
  lagrange,
  proveEqual,
  publicOf,
  rngOf,
  scalarFrom,
  scalarHex,
  scalarOf,
  scalars,
  signed,
} from '../crypto.js';
import type { GroupKey } from '../group-key.js';
import { type Attempt, commitmentHash } from './book.js';
import type { Commitment, DkdSetting, Opening } from './data.js';

/** The participant's genuine share. */
export function openingOf(setting: DkdSetting, self: NodeId, random: Random): Opening {
  const secret = scalarFrom(setting.rootShares[self] ?? '') ?? 0n;
  const point = combinePoints([{ scalar: secret, point: setting.base }]) ?? '';
  const proof = proveEqual(secret, setting.base, random.fork('proof'));
  return { point, proof, salt: hexOf(rngOf(random.fork('salt'))(16)) };
}

/** Another share, which nothing proves. */
export function falseOpening({ base }: DkdSetting, genuine: Opening): Opening {
  const point = combinePoints([
    { scalar: 1n, point: genuine.point },
    { scalar: 1n, point: base },
  ]);
  return { ...genuine, point: point ?? '' };
}

export function commitmentTo(
  setting: DkdSetting,
  attempt: number,
  who: NodeId,
  opening: Opening,
): Commitment {
  const hash = commitmentHash(setting, attempt, who, opening);
  const secret = setting.devices[who]?.secret ?? '';
  return {
    attempt,
    who,
    hash,
    signature: signed(secret, 'dkd commitment', setting.context, attempt, who, hash),
  };
}

/** The context key, from the openings of at least `threshold` participants. Hex. */
function contextKey(
  { context, threshold }: DkdSetting,
  openings: readonly { readonly who: NodeId; readonly point: string }[],
): string {
  const used = openings.slice(0, threshold);
  const xs = used.map(({ who }) => who + 1);
  const root = combinePoints(used.map(({ who, point }) => ({ scalar: lagrange(xs, who + 1), point })));
  return hashOf('dkd context key', context, root ?? '');
}

const keys = new WeakMap<Attempt, string>();

/** The context key that the openings of an attempt make, whoever derives it. Hex. */
export function keyOfAttempt(setting: DkdSetting, attempt: Attempt): string {
  const known = keys.get(attempt);
  if (known !== undefined) return known;
  const { members, openings } = attempt;
  const key = contextKey(
    setting,
    members.map(who => ({ who, point: openings[who]?.point ?? '' })),
  );
  keys.set(attempt, key);
  return key;
}

/** The group's key for the context: a number is added to every root share, and so to the root key. */
export function groupKeyFor(setting: DkdSetting, self: NodeId, key: string): GroupKey {
  const tweak = scalarOf('dkd group key', setting.context, key);
  const shift = publicOf(tweak);
  const moved = (point: string): string =>
    combinePoints([
      { scalar: 1n, point },
      { scalar: 1n, point: shift },
    ]) ?? '';
  return {
    publicKey: moved(setting.rootPublicKey),
    threshold: setting.threshold,
    share: scalarHex(scalars.add(scalarFrom(setting.rootShares[self] ?? '') ?? 0n, tweak)),
    verifyingShares: setting.rootPublic.map(moved),
  };
}
