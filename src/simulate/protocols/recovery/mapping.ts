// The refinement mapping of recovery. The spec's state is what the account and the new device really have; what was put
// on the wire and who has approved what is the spec's own record of the past. An approval happens when it gets to the
// account while its attempt is open: what comes too late counts as never sent. What the adversary sends is a step of its
// own at the moment at which the account sees it, whatever the account then makes of it.
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { InternalError } from '../../../util/assert.js';
import { createRandom } from '../../../util/random.js';
import type { Data, Fields, NodeId } from '../../data.js';
import type { LocalAction } from '../../participant.js';
import type { Facts, Occurrence, Placement, Recorded, View } from '../../protocol.js';
import { isSignature, scalarFrom } from '../crypto.js';
import { signWithScalar } from '../threshold-signature.js';
import { worthOf } from './approvals.js';
import {
  type AccountState,
  type Approval,
  accountNode,
  type DeviceState,
  deviceNode,
  type RecoveryHistory,
  type RecoveryMessage,
  type RecoverySetting,
  type RecoveryState,
} from './data.js';
import { nameOf } from './setting.js';

type RecoveryView = View<RecoverySetting, RecoveryState, RecoveryHistory>;

export function recordRecovery(
  occurrence: Occurrence<RecoveryMessage>,
  view: RecoveryView,
): Recorded<RecoveryHistory> {
  const { setting, history } = view;
  if (occurrence.kind === 'epoch') {
    const { since } = accountOf(view).status;
    const isTick = since !== null && view.epoch - since <= setting.cooldown;
    return isTick ? { history, step: { action: 'tick', params: {} } } : { history };
  }
  if (occurrence.kind !== 'turn') return { history };
  const { emitted, received, node } = occurrence;
  if (node === accountNode(setting) && received?.body.kind === 'approve')
    return recordApprovals(received.signer, received.body.approvals, view);
  if (emitted?.action === 'startCooldown') return { history: { ...history, messages: [] }, step: emitted };
  return emitted === undefined ? { history } : { history, step: emitted };
}

/** What a message with approvals is to the spec, which knows no others than these. */
function recordApprovals(
  via: NodeId,
  approvals: readonly Approval[],
  view: RecoveryView,
): Recorded<RecoveryHistory> {
  const { setting, history } = view;
  const { stage, attempt } = accountOf(view).status;
  if (stage !== 'Open') return { history };
  const isByzantine = setting.byzantine.includes(via);
  const genuine = approvals.filter(each => worthOf(setting, attempt, via, each) === 'genuine');
  const [first] = approvals;
  if (genuine.length > 0) {
    const sent = withMessages(history, via, genuine);
    if (!isByzantine)
      return {
        history: { ...sent, approved: [...sent.approved, { guardian: via, attempt }] },
        step: approvalStep('approve', { guardian: nameOf(setting, via) }),
      };
    const byz = nameOf(setting, via);
    const step =
      genuine.length > 1
        ? approvalStep('approveTwice', { byz })
        : approvalStep('forgeApproval', { byz, guardian: byz });
    return { history: sent, step };
  }
  if (first === undefined) return { history };
  const params = { byz: nameOf(setting, via), guardian: nameOf(setting, first.guardian) };
  const worth = worthOf(setting, attempt, via, first);
  if (worth === 'forged' && first.attempt === attempt)
    return { history: withMessages(history, via, [first]), step: approvalStep('forgeApproval', params) };
  // An approval that had come too late was never sent, and so is not repeated either.
  const isKnown = history.approved.some(
    each => each.guardian === first.guardian && each.attempt === first.attempt,
  );
  if (worth !== 'repeated' || !isKnown || first.attempt >= attempt) return { history };
  return {
    history: withMessages(history, via, [first]),
    step: approvalStep('replayApproval', { ...params, number: first.attempt }),
  };
}

function approvalStep(action: string, params: Fields): LocalAction {
  return { action, params };
}

function withMessages(
  history: RecoveryHistory,
  via: NodeId,
  approvals: readonly Approval[],
): RecoveryHistory {
  const sent = approvals.map(({ guardian, signer, attempt, key }) => ({
    guardian,
    signer,
    via,
    attempt,
    key,
  }));
  const known = new Set(history.messages.map(each => JSON.stringify(each)));
  const fresh = sent.filter(each => !known.has(JSON.stringify(each)));
  return { ...history, messages: [...history.messages, ...fresh] };
}

export function projectRecovery(view: RecoveryView): Fields {
  const { setting, history } = view;
  const { status, waited, tallied, active, objectors } = accountOf(view);
  const passed = status.since === null ? undefined : Math.min(view.epoch - status.since, setting.cooldown);
  const name = (node: NodeId): string => nameOf(setting, node);
  return {
    lost: deviceOf(view).lost,
    stage: status.stage,
    attempt: status.attempt,
    timer: passed === undefined ? 'None' : { tag: 'Some', value: setting.cooldown - passed },
    messages: history.messages.map(({ guardian, signer, via, attempt, key }) => ({
      guardian: name(guardian),
      signer: name(signer),
      via: name(via),
      attempt,
      key,
    })),
    tallied: tallied.map(({ guardian, key }) => ({ guardian: name(guardian), key })),
    active,
    objectors: objectors.map(name),
    approved: Object.fromEntries(setting.guardians.map(node => [name(node), attemptsOf(history, node)])),
    waited: passed ?? waited,
  };
}

function attemptsOf({ approved }: RecoveryHistory, node: NodeId): Data {
  const attempts = approved.filter(({ guardian }) => guardian === node).map(({ attempt }) => attempt);
  return [...new Set(attempts)];
}

/** A schedule waits until a guardian knows the stage of the request: what he did before that would come too late. */
export function placeRecovery(step: LocalAction, view: RecoveryView): Placement | undefined {
  const { action, params } = step;
  const { setting, nodes } = view;
  if (action === 'tick') return { kind: 'epoch' };
  if (OF_THE_DEVICE.includes(action)) return { kind: 'act', node: deviceNode(setting), step };
  if (OF_THE_ACCOUNT.includes(action)) return { kind: 'act', node: accountNode(setting), step };
  if (!OF_GUARDIANS.includes(action) && !OF_THE_ADVERSARY.includes(action)) return undefined;
  const who = OF_GUARDIANS.includes(action) ? params.guardian : params.byz;
  const node = setting.names.indexOf(String(who));
  const state = nodes[node]?.state;
  const isInformed = state?.role === 'guardian' && state.status.version === accountOf(view).status.version;
  return isInformed ? { kind: 'act', node, step } : undefined;
}

const OF_THE_DEVICE = ['loseDevice', 'request'];
const OF_THE_ACCOUNT = ['tally', 'startCooldown', 'fire', 'reopen', 'restore', 'revoke'];
const OF_GUARDIANS = ['approve', 'dispute'];
const OF_THE_ADVERSARY = ['approveTwice', 'forgeApproval', 'replayApproval'];

/** Whether the account was recovered, and whether the key that the new device came to signs for it. */
export function recoveryFacts(view: RecoveryView): Facts {
  const { setting } = view;
  const { active, status } = accountOf(view);
  const hasAccess = active.includes(setting.newDevice);
  const secret = scalarFrom(deviceOf(view).secret ?? '');
  const message = 'the account is accessible';
  const isSignedBy = (key: bigint): boolean =>
    isSignature(signWithScalar(key, message, createRandom(message)), setting.publicKey, utf8ToBytes(message));
  return {
    recovered: status.stage === 'Restored' && hasAccess && !active.includes(setting.oldDevice),
    accountAccessible: hasAccess && secret !== undefined && isSignedBy(secret),
  };
}

function accountOf({ setting, nodes }: RecoveryView): AccountState {
  const state = nodes[accountNode(setting)]?.state;
  if (state?.role === 'account') return state;
  throw new InternalError('the account is not where it has to be');
}

function deviceOf({ setting, nodes }: RecoveryView): DeviceState {
  const state = nodes[deviceNode(setting)]?.state;
  if (state?.role === 'device') return state;
  throw new InternalError('the new device is not where it has to be');
}
