// The states and messages of the journal's nodes, and what follows from a state: what a member knows, shows and owes. A
// member's state is what is on its disk, except for the outbox, which is made anew from the rest after a crash.
import { compareText } from '../../../util/order.js';
import type { NodeId } from '../../data.js';
import type { Effect, Turn } from '../../participant.js';
import type { Link } from './link.js';
import {
  compareIds,
  type Digest,
  digestOf,
  type OpId,
  type SignedOp,
  sameId,
  shownIds,
} from './operation.js';

/** What has arrived and is not yet dealt with. */
export type Arrived =
  | { readonly kind: 'data'; readonly from: NodeId; readonly n: number; readonly what: SignedOp }
  | { readonly kind: 'ack'; readonly from: NodeId; readonly n: number; readonly what: SignedOp };

/** Lists by node have an entry for each participant. Operations stand for themselves by their hashes. */
export type Member = {
  readonly role: 'member';
  readonly journal: readonly SignedOp[];
  readonly digests: readonly Digest[];
  /** What each peer is known to hold. */
  readonly acked: readonly (readonly string[])[];
  /** What each peer is still owed, the oldest first. */
  readonly outbox: readonly (readonly string[])[];
  readonly links: readonly Link[];
  /** The last exchange of each sender that was taken or refused. */
  readonly seen: readonly number[];
  readonly inbox: readonly Arrived[];
  /** The epoch in which it last learned something or did something. */
  readonly active: number;
  readonly ended: boolean;
};

/** A device that is on its way out of the group: it may still write, and is told what members write. */
export type Device = {
  readonly role: 'device';
  readonly links: readonly Link[];
  readonly heard: readonly SignedOp[];
  /** Packets that it has sent. */
  readonly sent: number;
  /** Whether it is its turn to send: of all devices one does at a time. */
  readonly turn: boolean;
};

/** Takes no part: it was lost before, or has lost its disk, and could break promises that it does not know of. */
export type Passive = { readonly role: 'passive' };

export type State = Member | Device | Passive;

export type Message =
  /** Exchange n brings an operation. */
  | { readonly kind: 'data'; readonly n: number; readonly what: SignedOp }
  /** The answer to exchange n: the operation is on disk. */
  | { readonly kind: 'ack'; readonly n: number; readonly hash: string }
  /** Asks that exchange n be over, if it has not arrived. */
  | { readonly kind: 'close'; readonly n: number }
  /** Exchange n is over: it will not be taken any more. To a device also: it was taken. */
  | { readonly kind: 'closed'; readonly n: number }
  /** What a device that leaves may still read. */
  | { readonly kind: 'copy'; readonly what: SignedOp }
  /** From one device to the next: it is your turn. */
  | { readonly kind: 'turn' };

export type JournalTurn<S extends State = State> = Turn<S, Message>;
export type JournalEffect = Effect<Message>;

/** All that a member knows of, compacted or not, in the canonical order of ids and then hashes. */
export function knownTo({ journal, digests }: Member): Digest[] {
  const compacted = digests.filter(({ hash }) => !journal.some(each => each.hash === hash));
  return [...journal.map(digestOf), ...compacted].sort(
    (a, b) => compareIds(a.id, b.id) || compareText(a.hash, b.hash),
  );
}

export function knows({ journal, digests }: Member, hash: string): boolean {
  return journal.some(each => each.hash === hash) || digests.some(each => each.hash === hash);
}

/** The newest stamp that it knows of. */
export function clockOf(member: Member): number {
  return knownTo(member).reduce((newest, { id }) => Math.max(newest, id.stamp), 0);
}

/** What a member shows to its user. */
export function visibleTo(member: Member, bug: string | null): OpId[] {
  const known = knownTo(member);
  // Planted: the first operation under an id is shown, whatever came later.
  if (bug === 'shows_equivocations')
    return shownIds(known.filter((one, i) => i === known.findIndex(other => sameId(one.id, other.id))));
  return shownIds(known);
}

/** The list with one entry changed. */
export function withAt<T>(list: readonly T[], index: number, value: T): readonly T[] {
  return list.map((each, i) => (i === index ? value : each));
}
