// What is on the wire, on the disk and in the setting of a recovery. All of it is plain data. Nodes are the participants
// of the scenario, of whom some are guardians, and then two services: the account, and the owner's new device.
import type { NodeId } from '../../data.js';

/** As in the spec. `Ready` has passed its cooldown undisputed, `Overruled` is to be reopened. */
export type Stage = 'NoRequest' | 'Open' | 'Cooling' | 'Disputed' | 'Ready' | 'Overruled' | 'Restored';

export type RecoverySetting = {
  /** Of the participants, by node. */
  readonly names: readonly string[];
  readonly guardians: readonly NodeId[];
  /** Of the guardians. */
  readonly byzantine: readonly NodeId[];
  readonly threshold: number;
  /** Epochs. */
  readonly cooldown: number;
  readonly maxDisputes: number;
  readonly oldDevice: string;
  readonly newDevice: string;
  /** Honest guardians who dispute the first attempt, and approve the next one. */
  readonly objectors: readonly NodeId[];
  /** The account's key. */
  readonly publicKey: string;
  /** To the polynomial by which the guardians hold it. */
  readonly commitments: readonly string[];
  /** The guardians' shares, handed to them when they were appointed; each looks at his own only. */
  readonly shares: readonly { readonly node: NodeId; readonly value: string }[];
  /** The two keys that each participant may sign with, the first one at 0; by node. */
  readonly signingKeys: readonly (readonly string[])[];
  readonly timeoutEpochs: number;
  readonly bug: string | null;
};

/** It names a guardian and bears a signature of `signer`, made with his key number `key`. */
export type Approval = {
  readonly guardian: NodeId;
  readonly signer: NodeId;
  readonly attempt: number;
  readonly key: 1 | 2;
  readonly signature: string;
};

/** What everybody knows of the account. */
export type Status = {
  readonly stage: Stage;
  readonly attempt: number;
  /** The epoch in which the cooldown began, while its timer runs. */
  readonly since: number | null;
  /** The old device has no access any more. */
  readonly revoked: boolean;
  /** Counts its changes, so that of two the later one is right. */
  readonly version: number;
};

export type RecoveryMessage =
  | { readonly kind: 'request' }
  | { readonly kind: 'approve'; readonly approvals: readonly Approval[] }
  | { readonly kind: 'dispute'; readonly attempt: number; readonly signature: string }
  /** The new device has the account's key: a signature of this attempt by it. */
  | { readonly kind: 'proof'; readonly attempt: number; readonly signature: string }
  | { readonly kind: 'status'; readonly status: Status }
  /** The guardians are to give their shares to the new device. */
  | { readonly kind: 'release'; readonly attempt: number }
  | { readonly kind: 'share'; readonly attempt: number; readonly value: string };

export type GuardianState = {
  readonly role: 'guardian';
  readonly share: string | null;
  readonly status: Status;
  /** Attempts that it has approved, and disputed. */
  readonly approved: readonly number[];
  readonly disputed: readonly number[];
  /** What it has seen others approve. */
  readonly seen: readonly Approval[];
  /** The attempt for which it has given its share; 0 for none. */
  readonly released: number;
  /** It came back without its disk and takes no part any more. */
  readonly passive: boolean;
};

export type AccountState = {
  readonly role: 'account';
  readonly status: Status;
  /** Epochs that passed in the last cooldown whose timer has fired. */
  readonly waited: number;
  /** Approvals of this attempt that passed all checks. */
  readonly inbox: readonly Approval[];
  readonly tallied: readonly { readonly guardian: NodeId; readonly key: number }[];
  readonly objectors: readonly NodeId[];
  /** The devices that have access. */
  readonly active: readonly string[];
  /** The guardians were asked for their shares. */
  readonly releasing: boolean;
  /** The epoch in which the attempt was opened. */
  readonly opened: number;
};

export type DeviceState = {
  readonly role: 'device';
  readonly lost: boolean;
  readonly requested: boolean;
  /** The epoch in which the shares were asked for. */
  readonly asked: number | null;
  readonly attempt: number;
  readonly shares: readonly { readonly node: NodeId; readonly value: string }[];
  /** The account's key, once it is put together. */
  readonly secret: string | null;
};

export type RecoveryState = GuardianState | AccountState | DeviceState;

/** The record of the past, of those approvals that got to the account while the attempt was open. */
export type RecoveryHistory = {
  readonly messages: readonly {
    readonly guardian: NodeId;
    readonly signer: NodeId;
    readonly via: NodeId;
    readonly attempt: number;
    readonly key: number;
  }[];
  readonly approved: readonly { readonly guardian: NodeId; readonly attempt: number }[];
};

export const FIRST_STATUS: Status = {
  stage: 'NoRequest',
  attempt: 0,
  since: null,
  revoked: false,
  version: 0,
};

export function accountNode({ names }: RecoverySetting): NodeId {
  return names.length;
}

export function deviceNode({ names }: RecoverySetting): NodeId {
  return names.length + 1;
}

/** The share of a node stands at its number plus one: at 0 stands the secret. */
export function positionOf(node: NodeId): number {
  return node + 1;
}
