// What the adversary does in a recovery beside what means something to every protocol. Steps of the spec that are its own
// it takes once for each attempt; what else it does is no step, and shows in that nothing comes of it.
import type { Data, Fields } from '../../data.js';
import { isList } from '../../data.js';
import type { Effect, LocalAction, Turn } from '../../participant.js';
import type { Strategy, TamperContext, Tampered } from '../../protocol.js';
import { delay } from '../../strategies.js';
import { scalarFrom, scalarHex, scalars } from '../crypto.js';
import { withholding } from '../withholding.js';
import type { GuardianState, RecoveryMessage, RecoverySetting, RecoveryState } from './data.js';
import { guardianActs, oldApprovals } from './guardian.js';
import { nameOf } from './setting.js';

type RecoveryStrategy = Strategy<RecoverySetting, RecoveryState, RecoveryMessage>;
type RecoveryTurn = Turn<RecoveryState, RecoveryMessage>;
type Ctx = TamperContext<RecoverySetting>;

/** For each part of a recovery that `abort_after` may name, what a guardian sends after it. */
const SENT_AFTER: Readonly<Record<string, readonly RecoveryMessage['kind'][]>> = {
  request: ['approve', 'dispute', 'share'],
  approval: ['share'],
};

export const RECOVERY_PHASES = Object.keys(SENT_AFTER);

export const RECOVERY_STRATEGIES: Readonly<Record<string, RecoveryStrategy>> = {
  double_vote: {
    description: 'approves under both of its keys',
    detection: 'the account sees two keys of one guardian, and counts guardians',
    ...attacking((state, ctx) => (state.status.stage === 'Open' ? [stepOf('approveTwice', ctx, {})] : [])),
  },
  forge_sender: {
    description: 'approves in the name of another guardian, with its own signature',
    detection: 'the account sees that the signer is not the guardian whom the approval names',
    ...attacking((state, ctx) =>
      state.status.stage === 'Open'
        ? others(ctx).map(guardian => stepOf('forgeApproval', ctx, { guardian }))
        : [],
    ),
  },
  replay: {
    description: 'disputes the first attempt, and repeats in the next one what others approved in it',
    detection: 'the account sees that the sender is not the signer, and that the attempt is a former one',
    ...attacking((state, ctx) => {
      if (state.status.stage === 'Cooling' && state.disputed.length === 0) return [disputeOf(ctx)];
      if (state.status.stage !== 'Open') return [];
      return oldApprovals(state, ctx.self).map(({ signer, attempt }) =>
        stepOf('replayApproval', ctx, { guardian: nameOf(ctx.setting, signer), number: attempt }),
      );
    }),
  },
  conflicting_messages: {
    description: 'approves an attempt and then disputes it',
    detection: 'the account has counted its approval when the dispute comes',
    ...attacking((state, ctx) =>
      state.status.stage === 'Cooling' && state.disputed.length === 0 ? [disputeOf(ctx)] : [],
    ),
  },
  invalid_signatures: {
    description: 'signs its approvals with garbage, and gives a share that is not its own',
    detection: 'the account verifies every signature, the new device checks shares against the commitments',
    tamper: (turn, _, memory) => changing(turn, memory, spoiled),
  },
  signature_withholding: {
    ...leavingOut(['approve']),
    description: 'approves nothing, and gives its share when it is asked for it',
    detection: 'the account names it if an attempt lacks approvals for an epoch; otherwise nobody misses it',
  },
  selective_abort: {
    description: 'stops after the phase `abort_after`, or after it has approved: it does not give its share',
    detection: 'the new device waits for an epoch and names it',
    tamper: (turn, ctx, memory) => {
      const late = SENT_AFTER[String(ctx.parameters.abort_after ?? 'approval')] ?? [];
      return leavingOut(late).tamper(turn, ctx, memory);
    },
  },
  delay: delay(),
  silent: withholding('takes no step that anybody hears of', () => true),
};

/** Takes one of the steps that it wants, once for each stage of each attempt; memory holds those that it has had. */
function attacking(
  wanted: (state: GuardianState, ctx: Ctx) => readonly LocalAction[],
): Pick<RecoveryStrategy, 'tamper' | 'ready' | 'act'> {
  return {
    tamper: () => undefined,
    ready: (state, ctx, memory) =>
      state.role !== 'guardian' || state.passive || isDone(memory, stageOf(state)) ? [] : wanted(state, ctx),
    act: (state, step, ctx, memory) => {
      if (state.role !== 'guardian' || !wanted(state, ctx).some(each => isSame(each, step))) return undefined;
      const turn = guardianActs(state, step, ctx);
      return turn && { ...turn, memory: [...(isList(memory) ? memory : []), stageOf(state)] };
    },
  };
}

function stageOf({ status }: GuardianState): string {
  return `${status.stage} ${status.attempt}`;
}

function isDone(memory: Data, stage: string): boolean {
  return isList(memory) && memory.includes(stage);
}

function isSame(a: LocalAction, b: LocalAction): boolean {
  return a.action === b.action && Object.entries(a.params).every(([name, value]) => b.params[name] === value);
}

function stepOf(action: string, { setting, self }: Ctx, params: Fields): LocalAction {
  return { action, params: { byz: nameOf(setting, self), ...params } };
}

function disputeOf({ setting, self }: Ctx): LocalAction {
  return { action: 'dispute', params: { guardian: nameOf(setting, self) } };
}

function others({ setting, self }: Ctx): string[] {
  return setting.guardians.filter(node => node !== self).map(node => nameOf(setting, node));
}

function leavingOut(kinds: readonly string[]): RecoveryStrategy {
  return withholding('sends some messages only', ({ kind }) => kinds.includes(kind));
}

function changing(
  turn: RecoveryTurn,
  memory: Data,
  change: (body: RecoveryMessage) => RecoveryMessage,
): Tampered<RecoveryState, RecoveryMessage> | undefined {
  const effects = turn.effects.map((effect): Effect<RecoveryMessage> => {
    if (effect.kind !== 'send') return effect;
    const body = change(effect.body);
    return body === effect.body ? effect : { ...effect, body };
  });
  return effects.every((effect, i) => effect === turn.effects[i]) ? undefined : { ...turn, effects, memory };
}

function spoiled(body: RecoveryMessage): RecoveryMessage {
  if (body.kind === 'share')
    return { ...body, value: scalarHex(scalars.add(scalarFrom(body.value) ?? 0n, 1n)) };
  if (body.kind !== 'approve') return body;
  const approvals = body.approvals.map(approval => ({ ...approval, signature: flipped(approval.signature) }));
  return { ...body, approvals };
}

/** Another signature of the same length. */
function flipped(hex: string): string {
  return `${hex.startsWith('0') ? '1' : '0'}${hex.slice(1)}`;
}
