// The urn: a service that keeps the public record of each epoch's lottery. Peers have to weigh the same draws, so draws and
// votes have one order, and this is where they get it. It is trusted with the order and with nothing else: tickets carry
// their proof, votes the signatures of the peers, and a peer votes once an epoch whatever the urn says.
import type { Data, NodeId } from '../../data.js';
import type { Happening } from '../../participant.js';
import { nameOf, others } from '../electorate.js';
import { isTicketOf } from './lottery.js';
import { epochOf, urnOf } from './setting.js';
import type {
  Draw,
  LockingContext,
  LockingEffect,
  LockingMessage,
  LockingTurn,
  Ticket,
  UrnState,
  Vote,
} from './state.js';

const EMPTY_URN: UrnState = { role: 'urn', gone: false, epoch: 0, draws: [], votes: [] };

export function startUrn(): LockingTurn {
  return { state: EMPTY_URN, effects: [{ kind: 'persist', disk: EMPTY_URN }] };
}

export function restartUrn(disk: Data | undefined): LockingTurn {
  return { state: isUrn(disk) ? disk : { ...EMPTY_URN, gone: true }, effects: [] };
}

/** The one with the lowest ticket. */
export function lowestOf(draws: readonly Draw[]): NodeId | undefined {
  return draws.reduce<Draw | undefined>(
    (lowest, draw) => (lowest === undefined || draw.ticket < lowest.ticket ? draw : lowest),
    undefined,
  )?.from;
}

export function receiveAsUrn(
  before: UrnState,
  happening: Happening<LockingMessage>,
  ctx: LockingContext,
): LockingTurn | undefined {
  if (happening.kind !== 'message' || before.gone) return undefined;
  const { from, signer, body } = happening;
  if (from !== signer)
    return {
      state: before,
      effects: [{ kind: 'accuse', who: signer, reason: 'speaks in the name of another' }],
    };
  const now = epochOf(ctx);
  const state = before.epoch === now ? before : { ...before, epoch: now, draws: [] };
  switch (body.kind) {
    case 'draw':
      return takeDraw(state, signer, body, ctx);
    case 'vote':
      return takeVote(state, signer, body, ctx);
    case 'back':
      return {
        state,
        effects: state.draws.map(drawn => ({ kind: 'send', to: signer, body: drawnOf(drawn) })),
      };
    default:
      return undefined;
  }
}

function takeDraw(state: UrnState, requester: NodeId, drawn: Ticket, ctx: LockingContext): LockingTurn {
  const { setting } = ctx;
  const { epoch, ticket } = drawn;
  const isFree = !state.draws.some(draw => draw.from === requester || draw.ticket === ticket);
  const isRequester = setting.requesters.includes(requester);
  if (epoch !== state.epoch || !isFree || !isRequester || !isTicketOf(setting, requester, drawn))
    return { state, effects: [answer(requester, 'draw', epoch, false)] };
  const { attempt, proof } = drawn;
  const taken = { from: requester, epoch, ticket, attempt, proof };
  return kept({ ...state, draws: [...state.draws, taken] }, [
    ...others(setting, urnOf(setting)).map(
      (to): LockingEffect => ({ kind: 'send', to, body: drawnOf(taken) }),
    ),
    { kind: 'emit', action: 'draw', params: { requester: nameOf(setting, requester), ticket } },
  ]);
}

/** It takes one vote of a peer in an epoch, and only for the lowest ticket so far; a late one is no vote at all. */
function takeVote(
  state: UrnState,
  peer: NodeId,
  { to, epoch, signature }: Vote,
  { setting }: LockingContext,
): LockingTurn {
  const last = state.votes.find(vote => vote.peer === peer);
  // Asked again after a crash: the answer was lost.
  if (last?.epoch === epoch) return { state, effects: [answer(peer, 'vote', epoch, last.to === to)] };
  if (epoch !== state.epoch || lowestOf(state.draws) !== to)
    return { state, effects: [answer(peer, 'vote', epoch, false)] };
  const votes = [...state.votes.filter(vote => vote.peer !== peer), { peer, to, epoch }];
  return kept({ ...state, votes }, [
    answer(peer, 'vote', epoch, true),
    { kind: 'send', to, body: { kind: 'grant', epoch, peer, signature } },
    {
      kind: 'emit',
      action: 'grant',
      params: { peer: nameOf(setting, peer), requester: nameOf(setting, to) },
    },
  ]);
}

function kept(state: UrnState, effects: readonly LockingEffect[]): LockingTurn {
  return { state, effects: [{ kind: 'persist', disk: state }, ...effects] };
}

function answer(to: NodeId, about: 'draw' | 'vote', epoch: number, taken: boolean): LockingEffect {
  return { kind: 'send', to, body: { kind: 'answer', to: about, epoch, taken } };
}

function drawnOf({ from, epoch, ticket, attempt, proof }: Draw & Ticket): LockingMessage {
  return { kind: 'drawn', requester: from, epoch, ticket, attempt, proof };
}

function isUrn(data: Data | undefined): data is UrnState {
  return typeof data === 'object' && data !== null && 'role' in data && data.role === 'urn';
}
