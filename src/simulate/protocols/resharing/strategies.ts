// What the adversary does in a resharing beside what means something to every protocol. Steps of the spec that are its own
// it takes in place of honest ones; what else it does is no step, and shows in that nothing comes of it.
import type { Data, Fields, NodeId } from '../../data.js';
import type { Effect, LocalAction, Turn } from '../../participant.js';
import type { Strategy, TamperContext, Tampered } from '../../protocol.js';
import { delay, replay } from '../../strategies.js';
import { scalarFrom, scalarHex, scalars } from '../crypto.js';
import { withholding } from '../withholding.js';
import type { ResharingMessage, ResharingSetting, ResharingState } from './data.js';
import { holderActs, holderReady } from './holder.js';
import { nameOf } from './setting.js';
import { dealShare } from './sub-shares.js';

type ResharingStrategy = Strategy<ResharingSetting, ResharingState, ResharingMessage>;
type ResharingEffect = Effect<ResharingMessage>;

/** For each part of a resharing that `abort_after` may name, what is sent after it. */
const SENT_AFTER: Readonly<Record<string, readonly ResharingMessage['kind'][]>> = {
  dealing: ['complaint', 'ready', 'nonces', 'part'],
  combining: ['nonces', 'part'],
};

export const RESHARING_PHASES = Object.keys(SENT_AFTER);

export const RESHARING_STRATEGIES: Readonly<Record<string, ResharingStrategy>> = {
  invalid_signatures: {
    description: 'deals to one new holder a sub-share that does not verify',
    detection:
      'that holder opens the box, and shows everybody that what is in it does not fit the commitments',
    ...dealingOtherwise('dealInvalid'),
  },
  selective_abort: {
    description: 'deals to all new holders but one; with `abort_after` it sends nothing after that phase',
    detection: 'the holder that was left out points at the record: there is no box for it',
    ...dealingOtherwise('dealPartly'),
    tamper: (turn, ctx, memory) => {
      const late = SENT_AFTER[String(ctx.parameters.abort_after)];
      return late && leavingOut(late).tamper(turn, ctx, memory);
    },
  },
  signature_withholding: {
    ...leavingOut(['part']),
    description: 'takes part in the handover, and in no signature',
    detection: 'the record waits for an epoch, names it, and asks others',
  },
  commitment_equivocation: {
    description: 'deals a second time, with commitments to another polynomial',
    detection: 'the record keeps the dealing that came first, and sees the other one',
    tamper: (turn, ctx, memory) => changing(turn, memory, effect => dealtTwice(effect, turn.state, ctx)),
  },
  conflicting_messages: {
    description: 'deals a second time, commits to a nonce and signs with something else',
    detection: 'the record sees the second dealing, and checks each part against the nonce and the share',
    tamper: (turn, ctx, memory) =>
      changing(turn, memory, effect => {
        if (effect.kind !== 'send' || effect.body.kind !== 'part') return dealtTwice(effect, turn.state, ctx);
        const part = scalarHex(scalars.add(scalarFrom(effect.body.part) ?? 0n, 1n));
        return [{ ...effect, body: { ...effect.body, part } }];
      }),
  },
  forge_sender: {
    description: 'says in the name of another new holder that it has combined its share',
    detection: 'the name does not go with the signer',
    tamper: (turn, { setting, self }, memory) =>
      changing(turn, memory, effect => {
        const victim = setting.new.find(node => node !== self);
        if (effect.kind !== 'send' || effect.body.kind !== 'dealing' || victim === undefined) return [effect];
        return [effect, { ...effect, as: victim, body: { kind: 'ready', version: 1 } }];
      }),
  },
  replay: replay(own),
  delay: delay(),
  silent: withholding('takes no step that anybody hears of', () => true),
};

/** A message that it had sent itself, and that therefore is one. */
function own(body: Data): ResharingMessage | undefined {
  return isMessage(body) ? body : undefined;
}

function isMessage(body: Data): body is ResharingMessage {
  return typeof body === 'object' && body !== null && 'kind' in body;
}

/** It would rather deal otherwise than well: a step of the spec for each new holder that it can wrong. */
function dealingOtherwise(
  action: 'dealInvalid' | 'dealPartly',
): Pick<ResharingStrategy, 'tamper' | 'ready' | 'act'> {
  return {
    tamper: () => undefined,
    ready: (state, ctx) => {
      if (state.role !== 'holder' || ctx.parameters.abort_after === 'combining') return [];
      if (!holderReady(state, ctx).some(step => step.action === 'deal')) return [];
      const { setting, self } = ctx;
      const params = (victim: NodeId): Fields => ({ p: nameOf(setting, self), q: nameOf(setting, victim) });
      return honestFirst(setting).map((victim): LocalAction => ({ action, params: params(victim) }));
    },
    act: (state, step, ctx, memory) => {
      if (state.role !== 'holder' || step.action !== action) return undefined;
      const turn = holderActs(state, step, ctx);
      return turn && { ...turn, memory };
    },
  };
}

/** New holders, those that will complain before the others. */
function honestFirst({ new: holders, byzantine }: ResharingSetting): NodeId[] {
  return [
    ...holders.filter(node => !byzantine.includes(node)),
    ...holders.filter(node => byzantine.includes(node)),
  ];
}

/** Where it deals, it deals once more; the second dealing is as good as the first. */
function dealtTwice(
  effect: ResharingEffect,
  state: ResharingState,
  { setting, self, random }: TamperContext<ResharingSetting>,
): ResharingEffect[] {
  const share = state.role === 'holder' && state.share !== null ? scalarFrom(state.share) : undefined;
  if (effect.kind !== 'send' || effect.body.kind !== 'dealing' || share === undefined) return [effect];
  const dealing = dealShare(setting, self, share, random('another dealing'));
  return [effect, { ...effect, body: { kind: 'dealing', dealing } }];
}

function leavingOut(kinds: readonly string[]): ResharingStrategy {
  return withholding('sends some messages only', ({ kind }) => kinds.includes(kind));
}

function changing(
  turn: Turn<ResharingState, ResharingMessage>,
  memory: Data,
  change: (effect: ResharingEffect) => ResharingEffect[],
): Tampered<ResharingState, ResharingMessage> | undefined {
  const effects = turn.effects.flatMap(change);
  return effects.every((effect, i) => effect === turn.effects[i]) ? undefined : { ...turn, effects, memory };
}
