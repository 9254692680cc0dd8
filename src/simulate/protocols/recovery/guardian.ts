// A participant of a recovery, usually a guardian: he approves the open attempt with his signature and tells the other
// guardians, may dispute it during the cooldown, and gives his share of the account's key to the new device when the
// account asks for it. He believes the account and nobody else in what stage the request is.
import type { Data, NodeId } from '../../data.js';
import type { Context, Effect, Happening, LocalAction, Turn } from '../../participant.js';
import { stepInt } from '../setting-values.js';
import { approvalOf, disputeSignature } from './approvals.js';
import {
  type Approval,
  accountNode,
  deviceNode,
  FIRST_STATUS,
  type GuardianState,
  type RecoveryMessage,
  type RecoverySetting,
  type Status,
} from './data.js';
import { nameOf } from './setting.js';

type Ctx = Context<RecoverySetting>;
type GuardianTurn = Turn<GuardianState, RecoveryMessage>;
type GuardianEffect = Effect<RecoveryMessage>;

export function startGuardian({ setting, self }: Ctx): GuardianTurn {
  const share = setting.shares.find(({ node }) => node === self)?.value ?? null;
  return kept({ ...NOTHING, share });
}

export function restartGuardian(disk: Data | undefined, ctx: Ctx): GuardianTurn {
  if (!isGuardianState(disk)) {
    const finish: GuardianEffect = { kind: 'finish', as: 'aborted', reason: 'lost its disk' };
    return { state: { ...NOTHING, passive: true }, effects: [finish] };
  }
  return { state: disk, effects: [...outstanding(disk, ctx), ...ending(disk.status)] };
}

export function guardianReceives(
  state: GuardianState,
  happening: Happening<RecoveryMessage>,
  ctx: Ctx,
): GuardianTurn | undefined {
  const { setting } = ctx;
  if (state.passive) return undefined;
  if (happening.kind === 'epoch' && ctx.epoch >= setting.timeoutEpochs)
    return { state, effects: [{ kind: 'finish', as: 'timeout' }] };
  if (happening.kind !== 'message') return undefined;
  const { from, signer, body } = happening;
  if (from !== signer)
    return { state, effects: [{ kind: 'accuse', who: signer, reason: 'sends under another name' }] };
  if (body.kind === 'approve') {
    // What others say is good only for knowing what they said: the account counts.
    return kept({ ...state, seen: [...state.seen, ...body.approvals] });
  }
  if (signer !== accountNode(setting)) return undefined;
  if (body.kind === 'status') return hearStatus(state, body.status);
  return body.kind === 'release' ? release(state, body.attempt, ctx) : undefined;
}

export function guardianReady(state: GuardianState, ctx: Ctx): readonly LocalAction[] {
  const { setting, self } = ctx;
  const { stage, attempt, since } = state.status;
  if (state.passive || !setting.guardians.includes(self)) return [];
  const params = { guardian: nameOf(setting, self) };
  const objects = setting.objectors.indexOf(self);
  const willObject = objects >= 0 && state.disputed.length === 0;
  // Each objector thinks about it for another number of epochs, the last one until it is nearly too late.
  const thinks = (setting.cooldown + objects) % (setting.cooldown + 1);
  if (stage === 'Open' && !state.approved.includes(attempt) && !(willObject && attempt === 1))
    return [{ action: 'approve', params }];
  if (stage === 'Cooling' && willObject && ctx.epoch >= (since ?? 0) + thinks)
    return [{ action: 'dispute', params }];
  return [];
}

export function guardianActs(state: GuardianState, step: LocalAction, ctx: Ctx): GuardianTurn | undefined {
  const { setting, self } = ctx;
  const { stage, attempt } = state.status;
  if (state.passive || !setting.guardians.includes(self)) return undefined;
  if (step.action === 'dispute') return stage === 'Cooling' ? dispute(state, ctx) : undefined;
  if (stage !== 'Open') return undefined;
  if (step.action === 'approve') return approve(state, [approvalOf(setting, self, self, attempt)], ctx);
  return setting.byzantine.includes(self) ? attack(state, step, ctx) : undefined;
}

/** Steps of the spec that only the adversary takes. */
function attack(state: GuardianState, { action, params }: LocalAction, ctx: Ctx): GuardianTurn | undefined {
  const { setting, self } = ctx;
  const { attempt } = state.status;
  const guardian = setting.names.indexOf(String(params.guardian));
  switch (action) {
    case 'approveTwice':
      return approve(
        state,
        [approvalOf(setting, self, self, attempt, 1), approvalOf(setting, self, self, attempt, 2)],
        ctx,
      );
    case 'forgeApproval':
      return guardian < 0 ? undefined : approve(state, [approvalOf(setting, guardian, self, attempt)], ctx);
    case 'replayApproval': {
      const number = stepInt(params.number);
      const old = state.seen.find(each => each.signer === guardian && each.attempt === number);
      return old && { state, effects: [toAccount(ctx, { kind: 'approve', approvals: [old] })] };
    }
    default:
      return undefined;
  }
}

function approve(state: GuardianState, approvals: readonly Approval[], ctx: Ctx): GuardianTurn {
  const { attempt } = state.status;
  const approved = [...new Set([...state.approved, attempt])];
  return kept({ ...state, approved }, sendApprovals(approvals, ctx));
}

function sendApprovals(approvals: readonly Approval[], ctx: Ctx): GuardianEffect[] {
  const { guardians } = ctx.setting;
  const body: RecoveryMessage = { kind: 'approve', approvals };
  const others = guardians.filter(node => node !== ctx.self);
  return [toAccount(ctx, body), ...others.map((to): GuardianEffect => ({ kind: 'send', to, body }))];
}

function dispute(state: GuardianState, ctx: Ctx): GuardianTurn {
  const { attempt } = state.status;
  const disputed = [...new Set([...state.disputed, attempt])];
  return kept({ ...state, disputed }, [disputing(attempt, ctx)]);
}

function disputing(attempt: number, ctx: Ctx): GuardianEffect {
  const signature = disputeSignature(ctx.setting, ctx.self, attempt);
  return toAccount(ctx, { kind: 'dispute', attempt, signature });
}

function hearStatus(state: GuardianState, status: Status): GuardianTurn | undefined {
  if (status.version <= state.status.version) return undefined;
  return kept({ ...state, status }, ending(status));
}

function ending({ revoked }: Status): GuardianEffect[] {
  return revoked ? [{ kind: 'finish', as: 'success' }] : [];
}

function release(state: GuardianState, attempt: number, ctx: Ctx): GuardianTurn | undefined {
  if (state.share === null) return undefined;
  return kept({ ...state, released: attempt }, sendShare(state.share, attempt, ctx));
}

function sendShare(value: string, attempt: number, { setting }: Ctx): GuardianEffect[] {
  return [{ kind: 'send', to: deviceNode(setting), body: { kind: 'share', attempt, value } }];
}

/** What may not have arrived, because it was on its way when this participant went down. */
function outstanding(
  { status, approved, disputed, released, share }: GuardianState,
  ctx: Ctx,
): GuardianEffect[] {
  const { setting, self } = ctx;
  const { attempt, stage } = status;
  if (stage === 'Open' && approved.includes(attempt))
    return sendApprovals([approvalOf(setting, self, self, attempt)], ctx);
  if (stage === 'Cooling' && disputed.includes(attempt)) return [disputing(attempt, ctx)];
  return released > 0 && share !== null ? sendShare(share, released, ctx) : [];
}

const NOTHING: GuardianState = {
  role: 'guardian',
  share: null,
  status: FIRST_STATUS,
  approved: [],
  disputed: [],
  seen: [],
  released: 0,
  passive: false,
};

function kept(state: GuardianState, effects: readonly GuardianEffect[] = []): GuardianTurn {
  return { state, effects: [{ kind: 'persist', disk: state }, ...effects] };
}

function toAccount({ setting }: Ctx, body: RecoveryMessage): GuardianEffect {
  return { kind: 'send', to: accountNode(setting), body };
}

/** The disk of this protocol holds what a guardian wrote, and nothing else writes to it. */
function isGuardianState(disk: Data | undefined): disk is GuardianState {
  return typeof disk === 'object' && disk !== null && 'role' in disk && disk.role === 'guardian';
}

/** Whether a guardian knows an approval by this one of an earlier attempt. */
export function oldApprovals({ seen, status }: GuardianState, self: NodeId): readonly Approval[] {
  return seen.filter(({ signer, attempt }) => signer !== self && attempt < status.attempt);
}
