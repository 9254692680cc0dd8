// What byzantine participants of the lock do: the two steps of the adversary in the spec, and the strategies, which take
// them when there is something to gain or spoil what an honest participant would say.
import type { Data, NodeId } from '../../data.js';
import { isList } from '../../data.js';
import type { LocalAction } from '../../participant.js';
import type { Strategy, TamperContext } from '../../protocol.js';
import { delay } from '../../strategies.js';
import { nameOf, numberOf, others, signedBy } from '../electorate.js';
import { abortingAfter, mute, spoilt } from '../voter-strategies.js';
import { voteFor } from './peer.js';
import { epochOf, type LockingSetting } from './setting.js';
import {
  type LockingContext,
  type LockingEffect,
  type LockingMessage,
  type LockingState,
  type LockingTurn,
  type PeerState,
  releaseParts,
} from './state.js';

type LockingStrategy = Strategy<LockingSetting, LockingState, LockingMessage>;

/** A step of the adversary in the spec; undefined for those that follow the protocol. */
export function adversaryAct(
  state: PeerState,
  { action, params }: LocalAction,
  ctx: LockingContext,
): LockingTurn | undefined {
  const { setting, self } = ctx;
  if (!setting.byzantine.includes(self) || params.byz !== nameOf(setting, self)) return undefined;
  if (action === 'grantToAll') return grantToAll(state, params.asking, ctx);
  return action === 'forgeRelease'
    ? forgeRelease(state, numberOf(setting, params.requester), ctx)
    : undefined;
}

/** It need not have heard of a draw to grant something: `asking` tells who drew, where a schedule knows it. */
function grantToAll(state: PeerState, asking: Data | undefined, ctx: LockingContext): LockingTurn {
  const { setting, self } = ctx;
  const drew = drawersOf(state, ctx);
  const all = setting.requesters.filter(
    id => drew.includes(id) || (asking !== undefined && isList(asking) && asking.includes(id)),
  );
  return {
    state,
    effects: [
      ...all.map(to => voteTo(to, ctx)),
      { kind: 'emit', action: 'grantToAll', params: { byz: nameOf(setting, self) } },
    ],
  };
}

function forgeRelease(state: PeerState, requester: NodeId, ctx: LockingContext): LockingTurn | undefined {
  const { setting, self } = ctx;
  if (!setting.requesters.includes(requester)) return undefined;
  const epoch = epochOf(ctx);
  const lock = { requester, epoch, at: epoch };
  const forged = { ...lock, signature: signedBy(setting, self, ...releaseParts(setting, lock)) };
  return {
    state,
    effects: [
      ...others(setting, self).map(
        (to): LockingEffect => ({
          kind: 'send',
          to,
          body: { kind: 'release', ...forged },
          as: requester,
        }),
      ),
      {
        kind: 'emit',
        action: 'forgeRelease',
        params: { byz: nameOf(setting, self), requester: nameOf(setting, requester) },
      },
    ],
  };
}

const doubleVote: LockingStrategy = {
  description: 'grants the lock to all that drew a ticket in the epoch',
  detection: 'requesters show who granted to them: two signed grants of one peer in one epoch are proof',
  tamper: () => undefined,
  ready: (state, ctx, memory) =>
    fresh(state, ctx, memory).length === 0
      ? []
      : [{ action: 'grantToAll', params: { byz: nameOf(ctx.setting, ctx.self) } }],
  act: (state, step, ctx, memory) => {
    if (state.role === 'urn' || step.action !== 'grantToAll') return undefined;
    const turn = adversaryAct(state, step, ctx);
    return turn && { ...turn, memory: remember(memory, fresh(state, ctx, memory)) };
  },
};

const conflictingMessages: LockingStrategy = {
  description: 'tells each that draws a ticket, and nobody else, that the lock is his',
  detection: doubleVote.detection,
  tamper: (turn, ctx, memory) => {
    const keys = fresh(turn.state, ctx, memory);
    if (keys.length === 0) return undefined;
    const votes = keys.map(key => voteTo(Number(key.split('/')[1]), ctx));
    return { state: turn.state, effects: [...turn.effects, ...votes], memory: remember(memory, keys) };
  },
};

const forgeSender: LockingStrategy = {
  description: 'releases, in the name of its holder, each lock in the epoch in which it was acquired',
  detection: 'the transport tells who sends, and a release carries the signature of the holder',
  tamper: () => undefined,
  ready: (state, ctx, memory) =>
    held(state, ctx, memory).map(({ by }) => ({
      action: 'forgeRelease',
      params: { byz: nameOf(ctx.setting, ctx.self), requester: nameOf(ctx.setting, by) },
    })),
  act: (state, step, ctx, memory) => {
    if (state.role === 'urn' || step.action !== 'forgeRelease') return undefined;
    const turn = adversaryAct(state, step, ctx);
    const key = `${epochOf(ctx)}/${numberOf(ctx.setting, step.params.requester)}`;
    return turn && { ...turn, memory: remember(memory, [key]) };
  },
};

const replay: LockingStrategy = {
  description:
    'hands on in each epoch the releases that it has heard before, and sends its last vote again to its winner',
  detection: 'none is needed: releases and votes name their epoch, and are worth nothing in another',
  tamper: (turn, ctx, memory) => {
    const { state } = turn;
    if (state.role === 'urn' || ctx.cause !== 'epoch') return undefined;
    const { promise } = state.disk;
    const old = state.releases.flatMap(({ signer: _, ...release }) =>
      others(ctx.setting, ctx.self).map(
        (to): LockingEffect => ({ kind: 'send', to, body: { kind: 'release', ...release } }),
      ),
    );
    const vote: LockingEffect[] =
      promise === null
        ? []
        : [
            {
              kind: 'send',
              to: promise.to,
              body: { kind: 'vote', ...voteFor(promise.to, promise.epoch, ctx) },
            },
          ];
    if (old.length + vote.length === 0) return undefined;
    return { state, effects: [...turn.effects, ...old, ...vote], memory };
  },
};

/** By name, as scenarios give them. */
export const LOCKING_STRATEGIES: Readonly<Record<string, LockingStrategy>> = {
  silent: mute(),
  delay: delay(),
  double_vote: doubleVote,
  conflicting_messages: conflictingMessages,
  forge_sender: forgeSender,
  replay,
  invalid_signatures: spoilt({
    description: 'signs its grants wrongly',
    detection: 'the requester checks each signature',
    spoil: body => (body.kind === 'vote' ? { ...body, signature: '00'.repeat(64) } : body),
  }),
  signature_withholding: spoilt({
    description: 'takes in draws and grants to nobody',
    detection: 'none: a grant that is not there may still come',
    spoil: body => (body.kind === 'vote' ? undefined : body),
  }),
  selective_abort: abortingAfter({ grant: ({ kind }) => kind === 'vote' }),
};

function voteTo(to: NodeId, ctx: LockingContext): LockingEffect {
  return { kind: 'send', to, body: { kind: 'vote', ...voteFor(to, epochOf(ctx), ctx) } };
}

/** Those that are known to have drawn in this epoch. */
function drawersOf({ draws }: PeerState, ctx: LockingContext): NodeId[] {
  return draws.epoch === epochOf(ctx) ? draws.known.map(({ from }) => from) : [];
}

/** The draws of this epoch that it has not answered in its own way, as `epoch/requester`. */
function fresh(state: LockingState, ctx: TamperContext<LockingSetting>, memory: Data): string[] {
  if (state.role === 'urn') return [];
  return drawersOf(state, ctx)
    .map(id => `${epochOf(ctx)}/${id}`)
    .filter(key => !isRemembered(memory, key));
}

/** The locks that were acquired in this epoch and that it has not released yet. */
function held(state: LockingState, ctx: TamperContext<LockingSetting>, memory: Data): PeerState['winners'] {
  if (state.role === 'urn') return [];
  const now = epochOf(ctx);
  return state.winners.filter(({ by, epoch }) => epoch === now && !isRemembered(memory, `${epoch}/${by}`));
}

function isRemembered(memory: Data, key: string): boolean {
  return isList(memory) && memory.includes(key);
}

function remember(memory: Data, keys: readonly string[]): Data {
  return [...(isList(memory) ? memory : []), ...keys];
}
