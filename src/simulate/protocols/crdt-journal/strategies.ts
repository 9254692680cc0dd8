// What a byzantine device does: it shows different operations under one id to different members, replays old ones, forges
// signatures and senders, is late or silent. Members verify, deduplicate by digest, and keep both sides of an
// equivocation, so none of this makes them differ.

import type { Data } from '../../data.js';
import type { LocalAction } from '../../participant.js';
import type { Strategy, TamperContext, Tampered } from '../../protocol.js';
import { deviceKey, hashOf } from '../crypto.js';
import { actOfDevice, mayInject, showing } from './device.js';
import { type Op, type SignedOp, signOp } from './operation.js';
import { nameOf } from './packet.js';
import type { Setting } from './setting.js';
import type { JournalEffect, JournalTurn, Message, State } from './state.js';

type JournalStrategy = Strategy<Setting, State, Message>;
type JournalTampered = Tampered<State, Message>;
type Send = JournalEffect & { readonly kind: 'send' };

/** Packets that it sends on top, at most. */
const MOST = 3;

const conflictingMessages: JournalStrategy = {
  description: 'signs two operations under one id and shows them to different members',
  detection: 'a member that has both, its own and the one that a peer passes on, holds the proof',
  tamper: () => undefined,
  ready: (state, ctx) => {
    if (state.role !== 'device' || !mayInject(state, ctx) || state.sent >= MOST) return [];
    const { members } = ctx.setting;
    const target = members[state.sent % members.length] ?? ctx.self;
    return [showing(ctx, target, state.sent % 2 === 0 ? 'x' : 'y')];
  },
  act: (state, step, ctx, memory) =>
    step.action === 'equivocate' ? played(state, step, ctx, memory) : undefined,
};

const replay: JournalStrategy = {
  description: 'sends members old operations, also those that are compacted by now',
  detection: 'a device that leaves has nothing to pass on but its own; what is known is known by its digest',
  tamper: () => undefined,
  ready: (state, ctx, memory) => {
    const done = Number(memory ?? 0);
    // One in each epoch, so that the later ones find it compacted.
    if (state.role !== 'device' || !mayInject(state, ctx) || done >= MOST || ctx.epoch < done) return [];
    const others = state.heard.filter(({ op }) => op.id.author !== nameOf(ctx, ctx.self));
    const old = others[done % Math.max(1, others.length)];
    const { members } = ctx.setting;
    const target = members[done % members.length];
    if (old === undefined || target === undefined) return [];
    return [{ action: 'replay', params: { b: nameOf(ctx, ctx.self), p: nameOf(ctx, target), o: old.op } }];
  },
  act: (state, step, ctx, memory) =>
    step.action === 'replay' ? played(state, step, ctx, Number(memory ?? 0) + 1) : undefined,
};

const silent: JournalStrategy = {
  description: 'takes no step and sends nothing',
  detection: 'none: nobody waits for a device that leaves',
  tamper: (turn, _, memory) =>
    isSending(turn) ? { ...turn, effects: turn.effects.filter(isQuiet), memory } : undefined,
  act: (state, _step, _ctx, memory) =>
    state.role === 'device' ? { state: { ...state, sent: state.sent + 1 }, effects: [], memory } : undefined,
};

const delay: JournalStrategy = {
  description: 'sends everything late, by `delay_ms` (1000)',
  detection: 'none: nobody waits for a device that leaves',
  tamper: (turn, { parameters }, memory) => {
    const { delay_ms } = parameters;
    return isSending(turn)
      ? { ...turn, memory, delayMs: typeof delay_ms === 'number' ? delay_ms : 1000 }
      : undefined;
  },
};

const invalidSignatures: JournalStrategy = {
  description: 'damages the signatures of the operations that it sends',
  detection: 'the signature does not verify with the key of the author',
  tamper: (turn, _, memory) =>
    spoiled(turn, memory, (send, what) => ({
      send,
      what: { ...what, signature: hashOf('not a signature', what.hash).repeat(2) },
    })),
};

const forgeSender: JournalStrategy = {
  description: 'writes in the name of a member, whose signature it cannot make',
  detection: 'who authenticated a message is not who it claims to come from',
  tamper: (turn, ctx, memory) => {
    const victim = ctx.setting.members.at(-1) ?? ctx.self;
    const author = nameOf(ctx, victim);
    const forged: Op = { id: { author, stamp: 1 }, body: { tag: 'Put', value: 'v' } };
    const what = signOp(forged, deviceKey(nameOf(ctx, ctx.self)).secret);
    return spoiled(turn, memory, send => ({ send: { ...send, as: victim }, what }));
  },
};

export const STRATEGIES: Readonly<Record<string, JournalStrategy>> = {
  conflicting_messages: conflictingMessages,
  replay,
  silent,
  delay,
  invalid_signatures: invalidSignatures,
  forge_sender: forgeSender,
};

/** The device takes the step, as the strategy wants it. */
function played(
  state: State,
  step: LocalAction,
  ctx: TamperContext<Setting>,
  memory: Data,
): JournalTampered | undefined {
  const turn = state.role === 'device' ? actOfDevice(state, step, ctx) : undefined;
  return turn && { ...turn, memory };
}

function isSending({ effects }: JournalTurn): boolean {
  return effects.some(({ kind }) => kind === 'send');
}

/** Neither a message nor a step that begins with one. */
function isQuiet({ kind }: JournalEffect): boolean {
  return kind !== 'send' && kind !== 'emit';
}

/** The turn with other operations in its messages: no member takes them, so that the spec sees nothing of it. */
function spoiled(
  turn: JournalTurn,
  memory: Data,
  spoil: (send: Send, what: SignedOp) => { readonly send: Send; readonly what: SignedOp },
): JournalTampered | undefined {
  const isBringing = (effect: JournalEffect): boolean =>
    effect.kind === 'send' && effect.body.kind === 'data';
  if (!turn.effects.some(isBringing)) return undefined;
  const effects = turn.effects.flatMap((effect): JournalEffect[] => {
    if (effect.kind === 'emit') return [];
    if (effect.kind !== 'send' || effect.body.kind !== 'data') return [effect];
    const { send, what } = spoil(effect, effect.body.what);
    return [{ ...send, body: { ...effect.body, what } }];
  });
  return { ...turn, effects, memory };
}
