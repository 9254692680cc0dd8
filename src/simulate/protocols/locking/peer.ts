// What every participant does as a peer: it weighs the draws of an epoch, votes once for the lowest ticket if no earlier
// grant binds it, and closes its grant on a release or at the end of the lease. What binds it is on its disk first.
import type { NodeId } from '../../data.js';
import type { LocalAction } from '../../participant.js';
import { isSignedBy, nameOf, numberOf, signedBy } from '../electorate.js';
import { isTicketOf } from './lottery.js';
import { epochOf, isLapsed, urnOf } from './setting.js';
import {
  isBound,
  isGenuineVote,
  type LockingContext,
  type LockingDisk,
  type LockingEffect,
  type LockingMessage,
  type LockingTurn,
  type PeerState,
  type Release,
  releaseParts,
  type SeenVote,
  voteParts,
  written,
} from './state.js';
import { lowestOf } from './urn.js';

/** The timer of a peer that waits for more draws. */
export const WEIGHED = 'weighed';

/** What it would do next, running freely. */
export function peerReady(state: PeerState, ctx: LockingContext): LocalAction[] {
  const { setting, self } = ctx;
  const peer = nameOf(setting, self);
  const { draws, disk, releases } = state;
  const steps: LocalAction[] = [];
  if (expire(state, ctx) !== undefined) steps.push({ action: 'expire', params: { peer } });
  for (const { requester, signer } of releases) {
    const params = { peer, requester: nameOf(setting, requester), signer: nameOf(setting, signer) };
    const step = { action: 'heedRelease', params };
    if (heedRelease(state, step, ctx) !== undefined) steps.push(step);
  }
  const lowest = lowestOf(draws.known);
  if (draws.weighed && draws.epoch === epochOf(ctx) && lowest !== undefined && isFree(disk, ctx))
    steps.push({ action: 'grant', params: { peer, requester: nameOf(setting, lowest) } });
  return steps;
}

/** A step of a peer; undefined where it refuses it. */
export function peerAct(state: PeerState, step: LocalAction, ctx: LockingContext): LockingTurn | undefined {
  const { setting, self } = ctx;
  if (step.params.peer !== nameOf(setting, self)) return undefined;
  switch (step.action) {
    case 'grant':
      return vote(state, numberOf(setting, step.params.requester), ctx);
    case 'heedRelease':
      return heedRelease(state, step, ctx);
    case 'expire':
      return expire(state, ctx);
    default:
      return undefined;
  }
}

/** The urn tells of a draw; what is not of this epoch any more is of no use. */
export function learnDraw(
  state: PeerState,
  drawn: LockingMessage & { readonly kind: 'drawn' },
  ctx: LockingContext,
): { state: PeerState; effects: LockingEffect[] } {
  const { epoch, requester, ticket } = drawn;
  const { setting } = ctx;
  if (epoch !== epochOf(ctx) || !isTicketOf(setting, requester, drawn)) return { state, effects: [] };
  const isFirst = state.draws.epoch !== epoch;
  if (!isFirst && state.draws.known.some(({ from }) => from === requester)) return { state, effects: [] };
  const before = isFirst ? { epoch, known: [], weighed: false } : state.draws;
  const known = [...before.known, { from: requester, ticket }];
  return {
    state: { ...state, draws: { ...before, known } },
    effects: isFirst ? [{ kind: 'timer', name: WEIGHED, ms: setting.weighMs }] : [],
  };
}

/** The urn has taken the vote, which binds from now on, or it never will. */
export function endVote(state: PeerState, epoch: number, taken: boolean): LockingTurn | undefined {
  const { vote: sent } = state.disk;
  if (sent?.epoch !== epoch) return undefined;
  const promise = taken ? { to: sent.to, epoch, open: true } : state.disk.promise;
  const after = written(state, { vote: null, promise });
  return { state: after.state, effects: [after.save] };
}

/** A release may be handed on by anybody: the signature says whose it is. */
export function receiveRelease(
  state: PeerState,
  signer: NodeId,
  { requester, epoch, at, signature }: LockingMessage & { readonly kind: 'release' },
  { setting }: LockingContext,
): LockingTurn | undefined {
  const known = state.releases.some(
    each => each.requester === requester && each.epoch === epoch && each.signer === requester,
  );
  if (known) return undefined;
  const isGenuine = isSignedBy(
    setting,
    requester,
    signature,
    ...releaseParts(setting, { requester, epoch, at }),
  );
  const forgery: LockingEffect = { kind: 'accuse', who: signer, reason: 'forges a release' };
  if (!isGenuine && setting.bug !== 'heeds_forgeries') return { state, effects: [forgery] };
  const release: Release = { requester, signer: isGenuine ? requester : signer, epoch, at, signature };
  return { state: { ...state, releases: [...state.releases, release] }, effects: [] };
}

/** Somebody shows who granted to it: no peer may have granted to two in one epoch. */
export function receiveGrants(
  state: PeerState,
  to: NodeId,
  { epoch, grants, won }: LockingMessage & { readonly kind: 'grants' },
  { setting }: LockingContext,
): LockingTurn {
  const shown = grants
    .map((grant): SeenVote => ({ ...grant, to, epoch }))
    .filter(
      vote => !state.seen.some(each => each.peer === vote.peer && each.epoch === epoch && each.to === to),
    );
  const proven = shown.filter(vote => {
    const other = state.seen.find(each => each.peer === vote.peer && each.epoch === epoch && each.to !== to);
    return other !== undefined && isGenuineVote(setting, vote) && isGenuineVote(setting, other);
  });
  return {
    state: {
      ...state,
      seen: [...state.seen, ...shown],
      winners: won ? [...state.winners, { by: to, epoch }] : state.winners,
    },
    effects: proven.map(({ peer }) => ({ kind: 'accuse', who: peer, reason: 'granted to two in one epoch' })),
  };
}

/** What no longer matters is forgotten. */
export function forgetLapsed(state: PeerState, ctx: LockingContext): PeerState {
  const now = epochOf(ctx);
  const goesOn = ({ epoch }: { readonly epoch: number }): boolean => !isLapsed(epoch, ctx.setting, now);
  const { releases, seen, winners } = state;
  return {
    ...state,
    releases: releases.filter(goesOn),
    seen: seen.filter(goesOn),
    winners: winners.filter(goesOn),
  };
}

/** Says again to one who was down what it may have missed: the own releases. */
export function tellReleases({ releases }: PeerState, to: NodeId, { self }: LockingContext): LockingEffect[] {
  return releases
    .filter(({ requester }) => requester === self)
    .map(({ signer: _, ...release }) => ({ kind: 'send', to, body: { kind: 'release', ...release } }));
}

/** A vote that the urn may not have got, or whose answer is lost, is sent again. */
export function voteAgain({ disk }: PeerState, { setting }: LockingContext): LockingEffect[] {
  return disk.vote === null
    ? []
    : [{ kind: 'send', to: urnOf(setting), body: { kind: 'vote', ...disk.vote } }];
}

/** A signed vote for an epoch. */
export function voteFor(to: NodeId, epoch: number, { setting, self }: LockingContext) {
  return { to, epoch, signature: signedBy(setting, self, ...voteParts(setting, to, epoch)) };
}

/** Whether it may vote in this epoch: once, and not while an earlier grant binds it. */
function isFree(disk: LockingDisk, ctx: LockingContext): boolean {
  return !isBound(disk, ctx.setting) && disk.vote === null && disk.votedIn < epochOf(ctx);
}

function vote(state: PeerState, to: NodeId, ctx: LockingContext): LockingTurn | undefined {
  const now = epochOf(ctx);
  const { draws, disk } = state;
  if (!isFree(disk, ctx) || draws.epoch !== now || lowestOf(draws.known) !== to) return undefined;
  const after = written(state, { vote: voteFor(to, now, ctx), votedIn: now });
  return { state: after.state, effects: [after.save, ...voteAgain(after.state, ctx)] };
}

function heedRelease(
  state: PeerState,
  { params }: LocalAction,
  ctx: LockingContext,
): LockingTurn | undefined {
  const { setting } = ctx;
  const { promise } = state.disk;
  if (!promise?.open) return undefined;
  const isOver = isLapsed(promise.epoch, setting, epochOf(ctx));
  const signer = numberOf(setting, params.signer);
  const isReleased = state.releases.some(
    each =>
      each.requester === promise.to &&
      each.epoch === promise.epoch &&
      each.signer === signer &&
      (!isOver || each.at === epochOf(ctx)),
  );
  if (!isReleased || params.requester !== nameOf(setting, promise.to)) return undefined;
  return close(state, { action: 'heedRelease', params });
}

function expire(state: PeerState, ctx: LockingContext): LockingTurn | undefined {
  const { setting, self } = ctx;
  const { promise } = state.disk;
  const early = setting.bug === 'expires_early' ? 1 : 0;
  if (!promise?.open || !isLapsed(promise.epoch, setting, epochOf(ctx) + early)) return undefined;
  return close(state, { action: 'expire', params: { peer: nameOf(setting, self) } });
}

function close(state: PeerState, step: LocalAction): LockingTurn | undefined {
  const { promise } = state.disk;
  if (promise === null) return undefined;
  const after = written(state, { promise: { ...promise, open: false } });
  return { state: after.state, effects: [after.save, { kind: 'emit', ...step }] };
}
