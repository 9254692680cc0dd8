// What is on the wire, on the disk and in the setting of a resharing. All of it is plain data: points, scalars and
// signatures are hex, participants are numbers of nodes; the record service is the node after the participants.
import type { NodeId } from '../../data.js';
import type { ShownKey } from '../sealed-share.js';
import type { NonceCommitment, Nonces, SigningPackage } from '../threshold-signature.js';

export type ResharingSetting = {
  /** Of the participants, by node. */
  readonly names: readonly string[];
  readonly old: readonly NodeId[];
  readonly new: readonly NodeId[];
  readonly byzantine: readonly NodeId[];
  readonly oldThreshold: number;
  readonly newThreshold: number;
  readonly publicKey: string;
  /** The old shares times the base point. */
  readonly oldPublic: readonly NodeValue[];
  /** Old shares of a trusted setup; none where the vaults have them. A participant looks at his own only. */
  readonly oldShares: readonly NodeValue[];
  /** Public keys of all participants, for sealing; by node. */
  readonly identities: readonly string[];
  readonly timeoutEpochs: number;
  /** How many signatures users want in each epoch of the key. */
  readonly signatures: number;
  readonly bug: string | null;
};

export type NodeValue = { readonly node: NodeId; readonly value: string };

/** What a dealer puts on the record: commitments to his polynomial, and a sealed sub-share for each new holder. */
export type Dealing = {
  readonly dealer: NodeId;
  readonly commitments: readonly string[];
  readonly ephemeral: string;
  readonly boxes: readonly NodeValue[];
};

/** What everybody knows of the record. It only ever advances, so that of two the later one is right. */
export type Status = {
  /** Counts its changes. */
  readonly number: number;
  readonly requested: boolean;
  /** Counts the groups that were fixed or dissolved. */
  readonly version: number;
  readonly group: readonly NodeId[];
  readonly excluded: readonly NodeId[];
  readonly epoch: 0 | 1;
  /** Users have the signatures that they want, or have given up. */
  readonly closed: boolean;
};

export type ResharingMessage =
  | { readonly kind: 'dealing'; readonly dealing: Dealing }
  /** The sender has combined his share from the group of this version. */
  | { readonly kind: 'ready'; readonly version: number }
  /** About a box that is missing, or one that this key opens to something that does not fit. */
  | { readonly kind: 'complaint'; readonly against: NodeId; readonly shown: ShownKey | null }
  | { readonly kind: 'nonces'; readonly session: number; readonly commitment: NonceCommitment }
  | { readonly kind: 'part'; readonly session: number; readonly part: string }
  // From the record:
  | { readonly kind: 'status'; readonly status: Status }
  | { readonly kind: 'dealt'; readonly dealing: Dealing }
  | {
      readonly kind: 'sign';
      readonly session: number;
      readonly epoch: 0 | 1;
      readonly quorum: readonly NodeId[];
    }
  | { readonly kind: 'package'; readonly session: number; readonly pack: SigningPackage };

/** What a new holder has of a dealer: his sub-share, null where it is missing or does not fit. */
export type Received = { readonly dealing: Dealing; readonly value: string | null };

/** A share of the new epoch with the commitments to its polynomial. */
export type NewShare = {
  readonly version: number;
  readonly dealers: readonly NodeId[];
  readonly value: string;
  readonly commitments: readonly string[];
};

/** A signature in the making, as a signer has it. */
export type Signing = {
  readonly session: number;
  readonly epoch: 0 | 1;
  readonly quorum: readonly NodeId[];
  /** Gone once they are used, and after a crash. */
  readonly nonces: Nonces | null;
};

export type HolderState = {
  readonly role: 'holder';
  /** Its old share; null where it never had one, has erased or lost it. */
  readonly share: string | null;
  readonly status: Status;
  readonly dealing: Dealing | null;
  readonly received: readonly Received[];
  readonly combined: NewShare | null;
  readonly complained: readonly NodeId[];
  readonly erased: boolean;
  readonly signing: Signing | null;
  /** It came back without its disk and takes no part any more. */
  readonly passive: boolean;
};

/** A signature in the making, as the record has it. */
export type Session = {
  readonly number: number;
  readonly epoch: 0 | 1;
  readonly quorum: readonly NodeId[];
  /** The step's parameters as they were asked for. */
  readonly names: readonly string[];
  /** The epoch of the clock in which it was opened. */
  readonly opened: number;
  readonly nonces: readonly NonceCommitment[];
  readonly pack: SigningPackage | null;
  readonly parts: readonly NodeValue[];
};

/** A signature that was made; `during` is the epoch of the key then. */
export type Signed = {
  readonly shares: 0 | 1;
  readonly size: number;
  readonly during: 0 | 1;
  readonly signature: string;
};

export type RecordState = {
  readonly role: 'record';
  readonly status: Status;
  readonly dealings: readonly Dealing[];
  readonly complaints: readonly { readonly from: NodeId; readonly against: NodeId }[];
  /** Who has combined, and from whom. */
  readonly combined: readonly { readonly node: NodeId; readonly dealers: readonly NodeId[] }[];
  /** The epochs of the clock in which the handover was asked for, and the group was fixed. */
  readonly asked: number;
  readonly chosen: number;
  readonly sessions: number;
  /** Of the sessions, how many were for each epoch of the key. */
  readonly tries: readonly number[];
  readonly session: Session | null;
  readonly signed: readonly Signed[];
  /** Those who left a signature unfinished. */
  readonly slow: readonly NodeId[];
};

export type ResharingState = HolderState | RecordState;

/** The record of the past: what the sub-shares were when they were dealt, and who said that he erased his share. */
export type ResharingHistory = {
  readonly deals: readonly { readonly dealer: NodeId; readonly to: NodeId; readonly valid: boolean }[];
  readonly erased: readonly NodeId[];
};

export const FIRST_STATUS: Status = {
  number: 0,
  requested: false,
  version: 0,
  group: [],
  excluded: [],
  epoch: 0,
  closed: false,
};

export function recordNode(setting: ResharingSetting): NodeId {
  return setting.names.length;
}

/** The share of a node stands at its number plus one: at 0 stands the secret. */
export function positionOf(node: NodeId): number {
  return node + 1;
}
