// The cryptography of a resharing: a dealer shares his share, a new holder opens and checks what is his, and combines the
// sub-shares of a group into a share of the same key. Only functions of their arguments; who may do what is not here.
// Sources: Desmedt, Jajodia, "Redistributing secret shares to new access structures and its applications", 1997;
// Herzberg, Jarecki, Krawczyk, Yung, "Proactive secret sharing", 1995.
import type { Random } from '../../../util/random.js';
import type { NodeId } from '../../data.js';
import {
  combinePoints,
  lagrange,
  publicOf,
  randomScalar,
  remembering,
  scalarFrom,
  scalarHex,
  scalars,
} from '../crypto.js';
import { isKeyOf, openShare, type ShownKey, sealKey, sealShare, showKey } from '../sealed-share.js';
import { commitmentsTo, polynomialFor, shareFits, sharesAt } from '../secret-sharing.js';
import { type Dealing, positionOf, type Received, type ResharingSetting } from './data.js';
import { identitySecret, oldPublicOf, positionsOf, valueAt } from './setting.js';

/** Deals a share to all new holders. */
export function dealShare(setting: ResharingSetting, dealer: NodeId, share: bigint, random: Random): Dealing {
  const polynomial = polynomialFor(share, setting.newThreshold, random);
  const secret = randomScalar(random.fork('ephemeral'));
  const values = sharesAt(polynomial, positionsOf(setting.new));
  return {
    dealer,
    commitments: commitmentsTo(polynomial),
    ephemeral: publicOf(secret),
    boxes: setting.new.map((node, i) => {
      const key = sealKey(secret, setting.identities[node] ?? '') ?? '';
      return { node, value: sealShare(values[i] ?? 0n, key, labelOf(dealer, node)) };
    }),
  };
}

/** What everybody can see of a dealing: that it is of the dealer's own share, and of the right degree. */
export function isOfOwnShare(setting: ResharingSetting, { dealer, commitments }: Dealing): boolean {
  return commitments.length === setting.newThreshold && commitments[0] === oldPublicOf(setting, dealer);
}

/** The sub-share of a node in a dealing; null where it is missing or does not fit the commitments. */
export function openDealing(setting: ResharingSetting, dealing: Dealing, node: NodeId): string | null {
  const name = setting.names[node] ?? '';
  const key = sealKey(identitySecret(name), dealing.ephemeral);
  const value = key === undefined ? undefined : openWith(dealing, node, key);
  if (value === undefined || (!fits(dealing, node, value) && setting.bug !== 'skips_share_check'))
    return null;
  return scalarHex(value);
}

/** The proof of a complaint: the key of the box, which everybody can open with it; null where there is no box. */
export function proofAbout(
  setting: ResharingSetting,
  dealing: Dealing,
  node: NodeId,
  random: Random,
): ShownKey | null {
  if (valueAt(dealing.boxes, node) === undefined) return null;
  return showKey(identitySecret(setting.names[node] ?? ''), dealing.ephemeral, random) ?? null;
}

/** Whether a complaint is right: there is no box, or what the shown key finds in it does not fit. */
export function isJustified(
  setting: ResharingSetting,
  dealing: Dealing,
  node: NodeId,
  shown: ShownKey | null,
): boolean {
  if (valueAt(dealing.boxes, node) === undefined) return true;
  if (shown === null || !isKeyOf(shown, dealing.ephemeral, setting.identities[node] ?? '')) return false;
  const value = openWith(dealing, node, shown.key);
  return value === undefined || !fits(dealing, node, value);
}

/** The new share of sub-shares of a group with the commitments to its polynomial; undefined where one is missing. */
export function combineSubShares(
  group: readonly NodeId[],
  received: readonly Received[],
): { readonly value: string; readonly commitments: readonly string[] } | undefined {
  const xs = positionsOf(group);
  const parts = group.map(dealer => received.find(({ dealing }) => dealing.dealer === dealer));
  let sum = 0n;
  for (const part of parts) {
    const value = part?.value ? scalarFrom(part.value) : undefined;
    if (part === undefined || value === undefined) return undefined;
    sum = scalars.add(sum, scalars.mul(lagrange(xs, positionOf(part.dealing.dealer)), value));
  }
  const dealings = parts.filter(part => part !== undefined).map(({ dealing }) => dealing);
  return { value: scalarHex(sum), commitments: combineCommitments(group, dealings) };
}

/** The commitments to the polynomial of the new shares, of those of the group's dealers. */
export function combineCommitments(group: readonly NodeId[], dealings: readonly Dealing[]): string[] {
  const own = group.map(dealer => dealings.find(each => each.dealer === dealer)?.commitments ?? []);
  return combined(positionsOf(group).join(), ...own.map(commitments => commitments.join())).split(',');
}

const combined = remembering((positions, ...texts): string => {
  const xs = positions.split(',').map(Number);
  const own = texts.map(text => text.split(','));
  const sums = (own[0] ?? []).map((_, i) =>
    combinePoints(
      own.map((commitments, j) => ({ scalar: lagrange(xs, xs[j] ?? 0), point: commitments[i] ?? '' })),
    ),
  );
  return sums.map(sum => sum ?? '').join();
});

function openWith({ dealer, boxes }: Dealing, node: NodeId, key: string): bigint | undefined {
  const box = valueAt(boxes, node);
  return box === undefined ? undefined : openShare(box, key, labelOf(dealer, node));
}

function fits({ commitments }: Dealing, node: NodeId, value: bigint): boolean {
  return shareFits(commitments, positionOf(node), value);
}

function labelOf(dealer: NodeId, node: NodeId): string {
  return `${dealer}>${node}`;
}
