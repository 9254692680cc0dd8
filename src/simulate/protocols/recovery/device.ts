// The owner's new device, a service: it says that the old one is lost, asks for recovery, and puts the account's key
// together from the guardians' shares, each of which it checks against the public commitments. With the key it proves to
// the account that it may be admitted. A wrong share names its guardian and does no harm.
import type { NodeId } from '../../data.js';
import type { Context, Happening, LocalAction, Turn } from '../../participant.js';
import { combineShares, publicOf, scalarFrom, scalarHex } from '../crypto.js';
import { shareFits } from '../secret-sharing.js';
import { signWithScalar } from '../threshold-signature.js';
import { proofMessage } from './approvals.js';
import {
  accountNode,
  type DeviceState,
  positionOf,
  type RecoveryMessage,
  type RecoverySetting,
} from './data.js';

type Ctx = Context<RecoverySetting>;
type DeviceTurn = Turn<DeviceState, RecoveryMessage>;

export function startDevice(): DeviceTurn {
  const state: DeviceState = {
    role: 'device',
    lost: false,
    requested: false,
    asked: null,
    attempt: 0,
    shares: [],
    secret: null,
  };
  return { state, effects: [] };
}

export function deviceReceives(
  state: DeviceState,
  happening: Happening<RecoveryMessage>,
  ctx: Ctx,
): DeviceTurn | undefined {
  if (happening.kind === 'epoch') return namesTheLate(state, ctx);
  if (happening.kind !== 'message') return undefined;
  const { from, signer, body } = happening;
  if (from !== signer)
    return { state, effects: [{ kind: 'accuse', who: signer, reason: 'sends under another name' }] };
  if (body.kind === 'release' && signer === accountNode(ctx.setting))
    return prove({ ...state, asked: ctx.epoch, attempt: body.attempt }, ctx);
  return body.kind === 'share' ? receiveShare(state, signer, body.value, ctx) : undefined;
}

export function deviceReady({ lost, requested }: DeviceState): readonly LocalAction[] {
  if (!lost) return [{ action: 'loseDevice', params: {} }];
  return requested ? [] : [{ action: 'request', params: {} }];
}

export function deviceActs(state: DeviceState, step: LocalAction, { setting }: Ctx): DeviceTurn | undefined {
  if (step.action === 'loseDevice')
    return { state: { ...state, lost: true }, effects: [{ kind: 'emit', ...step }] };
  if (step.action !== 'request' || !state.lost) return undefined;
  return {
    state: { ...state, requested: true },
    effects: [{ kind: 'send', to: accountNode(setting), body: { kind: 'request' } }],
  };
}

function receiveShare(state: DeviceState, node: NodeId, value: string, ctx: Ctx): DeviceTurn | undefined {
  const { guardians, commitments } = ctx.setting;
  if (!guardians.includes(node) || state.shares.some(each => each.node === node)) return undefined;
  const share = scalarFrom(value);
  if (share === undefined || !shareFits(commitments, positionOf(node), share))
    return { state, effects: [{ kind: 'accuse', who: node, reason: 'gives a share that does not fit' }] };
  return prove({ ...state, shares: [...state.shares, { node, value }] }, ctx);
}

/** Once there are enough shares, and the account waits for it. */
function prove(state: DeviceState, { setting, random }: Ctx): DeviceTurn {
  const { shares, attempt } = state;
  if (attempt === 0 || shares.length < setting.threshold) return { state, effects: [] };
  const secret = combineShares(
    shares
      .slice(0, setting.threshold)
      .map(({ node, value }) => ({ x: positionOf(node), share: scalarFrom(value) ?? 0n })),
  );
  if (publicOf(secret) !== setting.publicKey) return { state, effects: [] };
  const signature = signWithScalar(secret, proofMessage(setting, attempt), random('proof'));
  return {
    state: { ...state, secret: scalarHex(secret) },
    effects: [{ kind: 'send', to: accountNode(setting), body: { kind: 'proof', attempt, signature } }],
  };
}

/** An epoch after the shares were asked for, those are named who have given none. */
function namesTheLate(state: DeviceState, { setting, epoch }: Ctx): DeviceTurn | undefined {
  if (state.asked === null || epoch <= state.asked + 1) return undefined;
  const late = setting.guardians.filter(guardian => !state.shares.some(({ node }) => node === guardian));
  return { state, effects: late.map(who => ({ kind: 'accuse', who, reason: 'does not give its share' })) };
}
