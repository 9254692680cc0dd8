// What is on the wire, on the disk, on the board and in the setting of a key derivation. All of it is plain data: points,
// scalars, hashes and signatures are hex, participants are numbers of nodes; the board is the node after them.
import type { NodeId } from '../../data.js';
import type { EqualityProof } from '../crypto.js';

export type DkdSetting = {
  /** Of the participants, by node. */
  readonly names: readonly string[];
  readonly byzantine: readonly NodeId[];
  /** How many shares make the key. The first attempt wants all, a later one at least so many. */
  readonly threshold: number;
  /** Epochs that an attempt may take. */
  readonly deadline: number;
  readonly maxCrashes: number;
  /** How many attempts may be made, the first one included. */
  readonly attempts: number;
  readonly context: string;
  /** The point that the context is hashed to: shares of the context key are multiples of it. */
  readonly base: string;
  /** Of the root key, by participant, of whom each looks at his own only. */
  readonly rootShares: readonly string[];
  /** The root shares times the group's base point. */
  readonly rootPublic: readonly string[];
  readonly rootPublicKey: string;
  /** Keys that sign commitments, by participant. */
  readonly devices: readonly { readonly secret: string; readonly public: string }[];
  readonly bug: string | null;
};

/** A promise of an opening, signed by its author. */
export type Commitment = {
  readonly attempt: number;
  readonly who: NodeId;
  readonly hash: string;
  readonly signature: string;
};

/** What a commitment hides: a share of the context key, and that it is the one of the root share. */
export type Opening = { readonly point: string; readonly proof: EqualityProof; readonly salt: string };

/** Why somebody is left out of the next attempt. */
export type Culprit = {
  readonly who: NodeId;
  readonly reason: 'two commitments' | 'false opening' | 'silent';
};

/** What is on the board, in the one order that all see. */
export type Entry =
  | { readonly kind: 'requested'; readonly epoch: number }
  | { readonly kind: 'committed'; readonly commitment: Commitment }
  | {
      readonly kind: 'opened';
      readonly attempt: number;
      readonly who: NodeId;
      readonly opening: Opening;
    }
  /** Somebody gives up the first attempt. */
  | { readonly kind: 'gave up'; readonly who: NodeId }
  /** Another attempt begins, without the culprits. */
  | {
      readonly kind: 'attempt';
      readonly epoch: number;
      readonly members: readonly NodeId[];
      readonly culprits: readonly Culprit[];
    }
  /** There is no other attempt. */
  | { readonly kind: 'ended'; readonly culprits: readonly Culprit[] };

export type DkdMessage =
  /** From its author to the board and to all others. */
  | { readonly kind: 'commit'; readonly commitment: Commitment }
  /** To the board, of a commitment that differs from the one on the board. */
  | { readonly kind: 'heard'; readonly commitment: Commitment }
  | { readonly kind: 'open'; readonly attempt: number; readonly opening: Opening }
  | { readonly kind: 'give up'; readonly cause: 'cheating' | 'deadline' }
  /** Asks for what is on the board from a place on. */
  | { readonly kind: 'sync'; readonly from: number }
  | { readonly kind: 'board'; readonly from: number; readonly entries: readonly Entry[] };

/** What a participant itself did in an attempt. */
export type Own = { readonly attempt: number; readonly opening: Opening; readonly opened: boolean };

/** An opening that a key was derived from. */
export type Used = { readonly who: NodeId; readonly genuine: boolean };

export type MemberState = {
  readonly role: 'member';
  /** It came back without its disk and takes no part any more. */
  readonly passive: boolean;
  /** What it has seen of the board. */
  readonly log: readonly Entry[];
  /** Pieces of the board that came too early. */
  readonly early: readonly { readonly from: number; readonly entries: readonly Entry[] }[];
  /** Commitments that came from their authors and are not on the board yet. */
  readonly heard: readonly Commitment[];
  readonly own: readonly Own[];
  /** Its timer of the first attempt. */
  readonly timer: boolean;
  /** It has told the board that it gives up; not on disk, since a crash may lose what it told. */
  readonly gaveUp: boolean;
  /** What it derived the key from in the first attempt. */
  readonly derived: readonly Used[] | null;
  /** The context key, from whichever attempt. */
  readonly key: string | null;
  /** Of the adversary: it has left for good. */
  readonly left: boolean;
};

export type BoardState = { readonly role: 'board'; readonly log: readonly Entry[] };

export type DkdState = MemberState | BoardState;

/** The record of the past: what the state of a node no longer tells once it is down, or has lost its disk. */
export type DkdHistory = {
  readonly clock: number;
  readonly crashes: number;
  readonly down: readonly {
    readonly node: NodeId;
    readonly stage: string;
    readonly derived: readonly Used[] | null;
  }[];
  readonly left: readonly NodeId[];
};

export function boardNode(setting: DkdSetting): NodeId {
  return setting.names.length;
}
