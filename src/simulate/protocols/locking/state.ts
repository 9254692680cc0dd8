// What the nodes of the lock keep, in memory and on disk, and what they say to one another. Data and questions about it
// only: what is done is in urn.ts, requester.ts and peer.ts.
import type { NodeId } from '../../data.js';
import type { Context, Effect, Turn } from '../../participant.js';
import { isSignedBy, nameOf, type Signable } from '../electorate.js';
import type { LockingSetting } from './setting.js';

/** To whom a peer granted the lock last, and whether it still binds it. */
export type Bond = { readonly to: NodeId; readonly epoch: number; readonly open: boolean };

export type LockingDisk = {
  readonly promise: Bond | null;
  /** A vote that the urn has not answered. */
  readonly vote: Vote | null;
  /** The last epochs in which it voted and drew, whatever became of it. */
  readonly votedIn: number;
  readonly drawnIn: number;
  /** Locks that it had and released. */
  readonly done: number;
  /** Whether it wants no more, and whether it got all it wanted. */
  readonly over: 'no' | 'served' | 'gave up';
};

export type Vote = { readonly to: NodeId; readonly epoch: number; readonly signature: string };

/** A vote as the one it is for keeps it. */
export type Granted = { readonly peer: NodeId; readonly signature: string };

/** A vote that somebody has shown. */
export type SeenVote = Granted & { readonly to: NodeId; readonly epoch: number };

/** A ticket with its proof: `attempt` and the signature `proof` give it, and nobody but its owner can make the proof. */
export type Ticket = {
  readonly epoch: number;
  readonly ticket: number;
  readonly attempt: number;
  readonly proof: string;
};

export type LockingPhase =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'waiting';
      readonly epoch: number;
      readonly grants: readonly Granted[];
      /** Whether all have seen who granted to it, in vain. */
      readonly shown: boolean;
    }
  | { readonly kind: 'held'; readonly epoch: number; readonly used: boolean };

export type Release = {
  readonly requester: NodeId;
  readonly signer: NodeId;
  /** Of the lock, and the one in which it was released. */
  readonly epoch: number;
  readonly at: number;
  readonly signature: string;
};

type Unsigned = Omit<Release, 'signer' | 'signature'>;

export type PeerState = {
  readonly role: 'peer';
  readonly disk: LockingDisk;
  /** Its disk is lost, and with it what it promised: it never says anything again. */
  readonly gone: boolean;
  readonly phase: LockingPhase;
  /** A ticket that the urn has not answered, and the grants for it so far. */
  readonly drawing: { readonly epoch: number; readonly grants: readonly Granted[] } | null;
  /** The ticket that it would draw in this epoch. */
  readonly lot: Ticket | null;
  /** The draws of an epoch, and whether it has waited long enough for more. */
  readonly draws: { readonly epoch: number; readonly known: readonly Draw[]; readonly weighed: boolean };
  /** Votes that came straight from their peers while it was drawing; they are counted one by one. */
  readonly early: readonly SeenVote[];
  readonly releases: readonly Release[];
  readonly seen: readonly SeenVote[];
  /** Who showed that it got the lock of which epoch. */
  readonly winners: readonly { readonly by: NodeId; readonly epoch: number }[];
  readonly ended: readonly { readonly requester: NodeId; readonly served: boolean }[];
};

export type Draw = { readonly from: NodeId; readonly ticket: number };

/** The service's record; all of it is on its disk. */
export type UrnState = {
  readonly role: 'urn';
  readonly gone: boolean;
  readonly epoch: number;
  readonly draws: readonly (Draw & Ticket)[];
  /** The last vote that it took of each peer. */
  readonly votes: readonly { readonly peer: NodeId; readonly to: NodeId; readonly epoch: number }[];
};

export type LockingState = PeerState | UrnState;

export type LockingMessage =
  /** A requester to the urn, and the urn to all. */
  | ({ readonly kind: 'draw' } & Ticket)
  | ({ readonly kind: 'drawn'; readonly requester: NodeId } & Ticket)
  /** A peer to the urn; or straight to the one whom it is for, which no honest peer does. */
  | ({ readonly kind: 'vote' } & Vote)
  /** The urn, of a vote that it took, to the one whom it is for. */
  | ({ readonly kind: 'grant'; readonly epoch: number } & Granted)
  | { readonly kind: 'answer'; readonly to: 'draw' | 'vote'; readonly epoch: number; readonly taken: boolean }
  | ({ readonly kind: 'release' } & Omit<Release, 'signer'>)
  /** Who granted to a requester, shown to all when it has the lock or will not get it. */
  | {
      readonly kind: 'grants';
      readonly epoch: number;
      readonly won: boolean;
      readonly grants: readonly Granted[];
    }
  /** Somebody is back after a crash and has forgotten what it heard. */
  | { readonly kind: 'back' }
  | { readonly kind: 'ended'; readonly served: boolean };

export type LockingTurn = Turn<LockingState, LockingMessage>;
export type LockingEffect = Effect<LockingMessage>;
export type LockingContext = Context<LockingSetting>;

export const EMPTY_DISK: LockingDisk = {
  promise: null,
  vote: null,
  votedIn: 0,
  drawnIn: 0,
  done: 0,
  over: 'no',
};

const NO_DRAWS: PeerState['draws'] = { epoch: 0, known: [], weighed: false };

export function peerFrom(disk: LockingDisk, lot: Ticket | null): PeerState {
  const nothing = { draws: NO_DRAWS, early: [], releases: [], seen: [], winners: [], ended: [] };
  return { role: 'peer', disk, gone: false, phase: { kind: 'idle' }, drawing: null, lot, ...nothing };
}

/** Whether an earlier grant binds it as a peer. */
export function isBound({ promise }: LockingDisk, { bug }: LockingSetting): boolean {
  return promise?.open === true && bug !== 'grants_while_bound';
}

/** What a vote is a signature over. */
export function voteParts(setting: LockingSetting, to: NodeId, epoch: number): Signable {
  return ['lock grant', nameOf(setting, to), epoch];
}

/** What a release is a signature over. */
export function releaseParts(setting: LockingSetting, { requester, epoch, at }: Unsigned): Signable {
  return ['lock release', nameOf(setting, requester), epoch, at];
}

export function isGenuineVote(setting: LockingSetting, { peer, to, epoch, signature }: SeenVote): boolean {
  return isSignedBy(setting, peer, signature, ...voteParts(setting, to, epoch));
}

/** The state with what it has written to its disk. */
export function written(
  state: PeerState,
  change: Partial<LockingDisk>,
): { state: PeerState; save: LockingEffect } {
  const disk = { ...state.disk, ...change };
  return { state: { ...state, disk }, save: { kind: 'persist', disk } };
}
