// What an approval is worth: who made it, for which attempt, and whether its signature is good. The account accepts only
// genuine ones; what the others are is told apart here for the account, which names who sent them, and for the mapping.
import type { NodeId } from '../../data.js';
import { isSigned, signed } from '../crypto.js';
import type { Approval, RecoverySetting } from './data.js';
import { nameOf, signingKey } from './setting.js';

/**
 * `forged`: in the name of another one than has signed it. `repeated`: sent by another one than has signed it. `stale`: its
 * signer's own, of another attempt. `invalid`: not signed by the one whose key it names.
 */
export type Worth = 'genuine' | 'forged' | 'repeated' | 'stale' | 'invalid';

const PURPOSE = 'recovery approval';

/** An approval in the name of a guardian, signed by another or the same. */
export function approvalOf(
  setting: RecoverySetting,
  guardian: NodeId,
  signer: NodeId,
  attempt: number,
  key: 1 | 2 = 1,
): Approval {
  const { secret } = signingKey(nameOf(setting, signer), key);
  const signature = signed(secret, PURPOSE, setting.publicKey, guardian, attempt, key);
  return { guardian, signer, attempt, key, signature };
}

/** What an approval that came from `via` is worth in this attempt. */
export function worthOf(setting: RecoverySetting, attempt: number, via: NodeId, approval: Approval): Worth {
  const { guardian, signer, key, signature } = approval;
  const publicKey = setting.signingKeys[signer]?.[key - 1] ?? '';
  if (!setting.guardians.includes(guardian) || !setting.guardians.includes(signer)) return 'invalid';
  if (!isSigned(signature, publicKey, PURPOSE, setting.publicKey, guardian, approval.attempt, key))
    return 'invalid';
  if (signer !== via) return 'repeated';
  if (guardian !== signer) return 'forged';
  return approval.attempt === attempt ? 'genuine' : 'stale';
}

export function disputeSignature(setting: RecoverySetting, guardian: NodeId, attempt: number): string {
  const { secret } = signingKey(nameOf(setting, guardian), 1);
  return signed(secret, 'recovery dispute', setting.publicKey, guardian, attempt);
}

export function isDispute(
  setting: RecoverySetting,
  guardian: NodeId,
  attempt: number,
  signature: string,
): boolean {
  const key = setting.signingKeys[guardian]?.[0] ?? '';
  return isSigned(signature, key, 'recovery dispute', setting.publicKey, guardian, attempt);
}

/** What the new device signs with the account's key to be admitted. */
export function proofMessage({ newDevice }: RecoverySetting, attempt: number): string {
  return `admit ${newDevice} in attempt ${attempt}`;
}
