// The machine of all nodes of the lock: hands what happens to the urn, or to the part of a participant that can do
// something with it. Each participant is a peer; some are requesters as well.
import type { Data } from '../../data.js';
import type { Happening, LocalAction, Participant } from '../../participant.js';
import { others } from '../electorate.js';
import { adversaryAct } from './adversary.js';
import {
  endVote,
  forgetLapsed,
  learnDraw,
  peerAct,
  peerReady,
  receiveGrants,
  receiveRelease,
  tellReleases,
  voteAgain,
  WEIGHED,
} from './peer.js';
import {
  COUNT,
  countEarly,
  end,
  endDrawing,
  lotOf,
  receiveGrant,
  receiveVote,
  requesterAct,
  requesterReady,
  showInVain,
  tellEnd,
  USED,
} from './requester.js';
import { type LockingSetting, urnOf } from './setting.js';
import {
  EMPTY_DISK,
  type LockingContext,
  type LockingDisk,
  type LockingEffect,
  type LockingMessage,
  type LockingState,
  type LockingTurn,
  type PeerState,
  peerFrom,
} from './state.js';
import { receiveAsUrn, restartUrn, startUrn } from './urn.js';

export const lockingParticipant: Participant<LockingSetting, LockingState, LockingMessage> = {
  start(ctx) {
    if (ctx.self === urnOf(ctx.setting)) return startUrn();
    return {
      state: peerFrom(EMPTY_DISK, lotOf(EMPTY_DISK, ctx)),
      effects: [{ kind: 'persist', disk: EMPTY_DISK }],
    };
  },

  restart(data, ctx) {
    if (ctx.self === urnOf(ctx.setting)) return restartUrn(data);
    if (!isDisk(data)) return { state: { ...peerFrom(EMPTY_DISK, null), gone: true }, effects: [] };
    const state = peerFrom(data, lotOf(data, ctx));
    const back = [...others(ctx.setting, ctx.self), urnOf(ctx.setting)].map(
      (to): LockingEffect => ({ kind: 'send', to, body: { kind: 'back' } }),
    );
    return { state, effects: [...voteAgain(state, ctx), ...tellEnd(data, ctx), ...back] };
  },

  receive(state, happening, ctx) {
    if (state.role === 'urn') return receiveAsUrn(state, happening, ctx);
    return state.gone ? undefined : receiveAsPeer(state, happening, ctx);
  },

  ready(state, ctx) {
    if (state.role === 'urn' || state.gone) return [];
    return [...peerReady(state, ctx), ...requesterReady(state, ctx)];
  },

  act(state, step: LocalAction, ctx) {
    if (state.role === 'urn' || state.gone) return undefined;
    if ('byz' in step.params) return adversaryAct(state, step, ctx);
    return 'peer' in step.params ? peerAct(state, step, ctx) : requesterAct(state, step, ctx);
  },
};

function receiveAsPeer(
  state: PeerState,
  happening: Happening<LockingMessage>,
  ctx: LockingContext,
): LockingTurn | undefined {
  switch (happening.kind) {
    case 'epoch':
      return beginEpoch(state, ctx);
    case 'timer':
      return receiveTimer(state, happening.name, ctx);
    case 'message':
      return receiveMessage(state, happening, ctx);
  }
}

function receiveMessage(
  state: PeerState,
  { from, signer, body }: Happening<LockingMessage> & { readonly kind: 'message' },
  ctx: LockingContext,
): LockingTurn | undefined {
  const { setting } = ctx;
  const isUrn = signer === urnOf(setting);
  if (from !== signer && !(body.kind === 'release' && setting.bug === 'heeds_forgeries'))
    return { state, effects: [{ kind: 'accuse', who: signer, reason: 'speaks in the name of another' }] };
  switch (body.kind) {
    case 'drawn': {
      if (!isUrn) return undefined;
      const learnt = learnDraw(state, body, ctx);
      const own = body.requester === ctx.self ? endDrawing(learnt.state, body.epoch, true) : undefined;
      return { state: own?.state ?? learnt.state, effects: [...learnt.effects, ...(own?.effects ?? [])] };
    }
    case 'answer':
      if (!isUrn) return undefined;
      return body.to === 'vote'
        ? endVote(state, body.epoch, body.taken)
        : endDrawing(state, body.epoch, body.taken);
    case 'grant':
      return isUrn ? receiveGrant(state, body.epoch, body, ctx) : undefined;
    case 'vote':
      return receiveVote(state, { ...body, peer: signer }, ctx);
    case 'release':
      return receiveRelease(state, signer, body, ctx);
    case 'grants':
      return setting.requesters.includes(signer) ? receiveGrants(state, signer, body, ctx) : undefined;
    case 'ended':
      return receiveEnd(state, signer, body.served, ctx);
    case 'back':
      return { state, effects: tellReleases(state, signer, ctx) };
    case 'draw':
      return undefined;
  }
}

function receiveTimer(state: PeerState, name: string, ctx: LockingContext): LockingTurn | undefined {
  switch (name) {
    case WEIGHED:
      return { state: { ...state, draws: { ...state.draws, weighed: true } }, effects: [] };
    case USED:
      return state.phase.kind === 'held'
        ? { state: { ...state, phase: { ...state.phase, used: true } }, effects: [] }
        : undefined;
    case COUNT:
      return countEarly(state, ctx);
    default:
      return undefined;
  }
}

function beginEpoch(before: PeerState, ctx: LockingContext): LockingTurn {
  const { setting, self, epoch } = ctx;
  const isRequester = setting.requesters.includes(self);
  const { state, effects } = showInVain(forgetLapsed(before, ctx), ctx);
  const renewed: PeerState = { ...state, lot: state.phase.kind === 'held' ? null : lotOf(state.disk, ctx) };
  const again: LockingEffect[] = [...effects, ...voteAgain(renewed, ctx)];
  if (epoch < setting.timeoutEpochs) return { state: renewed, effects: again };
  if (!isRequester)
    return {
      state: renewed,
      effects: [...again, { kind: 'finish', as: endingOf(renewed), reason: 'some requesters never ended' }],
    };
  if (renewed.disk.over !== 'no') return { state: renewed, effects: again };
  const last = end(renewed, 'gave up', ctx);
  return { state: last.state, effects: [...again, ...last.effects] };
}

/** A participant that only grants is done when all requesters are. */
function receiveEnd(
  state: PeerState,
  requester: number,
  served: boolean,
  { setting, self }: LockingContext,
): LockingTurn | undefined {
  if (!setting.requesters.includes(requester) || state.ended.some(each => each.requester === requester))
    return undefined;
  const after = { ...state, ended: [...state.ended, { requester, served }] };
  const isAll = !setting.requesters.includes(self) && after.ended.length === setting.requesters.length;
  return { state: after, effects: isAll ? [{ kind: 'finish', as: endingOf(after) }] : [] };
}

/** It has done its part where that was of use to anybody. */
function endingOf({ ended }: PeerState): 'success' | 'timeout' {
  return ended.some(({ served }) => served) ? 'success' : 'timeout';
}

/** Only this participant writes its disk. */
function isDisk(data: Data | undefined): data is LockingDisk {
  return typeof data === 'object' && data !== null && 'votedIn' in data;
}
