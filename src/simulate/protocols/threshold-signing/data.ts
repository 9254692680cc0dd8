// What is on the wire, on the disk and in the setting of threshold signing. All of it is plain data: points, scalars and
// signatures are hex, participants are numbers of nodes; the coordinator is the node after them.
import type { NodeId } from '../../data.js';

export type SigningSetting = {
  /** Of the participants, by node. */
  readonly names: readonly string[];
  readonly byzantine: readonly NodeId[];
  readonly threshold: number;
  readonly sessions: readonly string[];
  /** Indices of the nonces that each participant has precomputed. */
  readonly nonces: readonly number[];
  /** What is to be signed. There are more sessions than messages where attempts may fail. */
  readonly messages: readonly string[];
  /** Epochs after which a session is overdue. */
  readonly deadline: number;
  readonly publicKey: string;
  readonly verifyingShares: readonly string[];
  /** Shares of a trusted setup, by participant, of whom each looks at his own only; null where the vaults have them. */
  readonly shares: readonly string[] | null;
  readonly bug: string | null;
};

export type Phase = 'Idle' | 'Committing' | 'Signing' | 'Complete' | 'Aborted';

/** What a signer publishes of a nonce. */
export type NonceCommitment = { readonly hiding: string; readonly binding: string };

/** A nonce, of which the index 0 is never one. */
export type Nonce = NonceCommitment & {
  readonly index: number;
  readonly secretHiding: string;
  readonly secretBinding: string;
};

/** A commitment as the coordinator has it; of a second one in a session the nonce counts as 0. */
export type Promised = NonceCommitment & { readonly who: NodeId; readonly nonce: number };

/** A signature share: what is signed fixes its signer and its session. */
export type Share = {
  readonly signer: NodeId;
  readonly session: string;
  readonly nonce: number;
  readonly value: string;
};

/** A share that arrived; `valid` is what the coordinator's check says, and the nonce of one that is not is 0. */
export type Arrived = { readonly share: Share; readonly valid: boolean };

/** A session as everybody may see it. */
export type SessionRecord = {
  readonly name: string;
  readonly phase: Phase;
  /** Which of the messages. */
  readonly message: number;
  /** Who has to sign, with what; empty unless the session is in round two or complete. */
  readonly package: readonly Promised[];
  readonly signature: string | null;
};

export type SigningMessage =
  /** Round one. `exchange` numbers what a signer has asked of the coordinator. */
  | ({
      readonly kind: 'commit';
      readonly exchange: number;
      readonly session: string;
      readonly nonce: number;
    } & NonceCommitment)
  /** Takes a commitment back that will never be used. */
  | { readonly kind: 'withdraw'; readonly exchange: number; readonly session: string }
  /** Round two. A share that travels under another session is a replay. */
  | { readonly kind: 'share'; readonly into: string; readonly share: Share }
  | { readonly kind: 'sync' }
  // From the coordinator:
  | { readonly kind: 'reply'; readonly exchange: number; readonly accepted: boolean }
  | { readonly kind: 'session'; readonly record: SessionRecord }
  | { readonly kind: 'arrived'; readonly share: Share }
  | { readonly kind: 'accused'; readonly who: NodeId; readonly reason: string }
  | { readonly kind: 'done'; readonly success: boolean };

/** What a signer has asked of the coordinator, one thing at a time. */
export type Pending = {
  readonly kind: 'promise' | 'withdraw';
  readonly exchange: number;
  readonly session: string;
  readonly nonce: number;
};

export type SignerState = {
  readonly role: 'signer';
  /** It came back without its disk, or has no share, and takes no part. */
  readonly passive: boolean;
  readonly nonces: readonly Nonce[];
  /** Indices of nonces that are promised to no session. */
  readonly pool: readonly number[];
  readonly pending: Pending | null;
  readonly exchanges: number;
  readonly promises: readonly { readonly session: string; readonly nonce: number }[];
  /** Sessions whose package it has answered. */
  readonly answered: readonly string[];
  readonly sessions: readonly SessionRecord[];
  /** Shares of the public record; only the adversary keeps them. */
  readonly overheard: readonly Share[];
  /** What the coordinator says of the end. */
  readonly success: boolean | null;
};

/** A session as the coordinator has it. */
export type Session = SessionRecord & {
  /** The epoch of the request. */
  readonly opened: number;
  /** The epoch from which its deadline counts: of its request or package, or when it was its turn for one. */
  readonly since: number;
  readonly overdue: boolean;
  /** In the order of arrival. */
  readonly commitments: readonly Promised[];
  readonly inbox: readonly Arrived[];
  /** What the signature is made of. */
  readonly used: readonly Arrived[];
};

export type CoordinatorState = {
  readonly role: 'coordinator';
  /** All sessions of the setting, in its order. */
  readonly sessions: readonly Session[];
  readonly blamed: readonly NodeId[];
  /** Those for whom a session waited in vain: they are asked last. */
  readonly slow: readonly NodeId[];
  /** Whether all messages are signed; null while something may still happen. */
  readonly success: boolean | null;
};

export type SigningState = SignerState | CoordinatorState;

/** The record of the past: the pools of nodes whose disks are lost, as they were. */
export type SigningHistory = {
  readonly lost: readonly { readonly node: NodeId; readonly pool: readonly number[] }[];
};

export function coordinatorNode(setting: SigningSetting): NodeId {
  return setting.names.length;
}

/** A step's parameter that is a share, in one form: the coordinator and the mapping write shares so. */
export function shareParam(
  { names }: SigningSetting,
  { share, valid }: Arrived,
): { readonly signer: string; readonly session: string; readonly nonce: number; readonly valid: boolean } {
  return { signer: names[share.signer] ?? '', session: share.session, nonce: valid ? share.nonce : 0, valid };
}
