// What a requester does: it draws a ticket, collects grants, and with a quorum of them it has the lock until it releases it
// or its lease is over. A crash costs it the lock: nothing of this is on disk but that it drew.
import type { LocalAction } from '../../participant.js';
import { nameOf, others, signedBy } from '../electorate.js';
import { stepInt } from '../setting-values.js';
import { drawThisTicket, drawTicket } from './lottery.js';
import { epochOf, isLapsed, urnOf } from './setting.js';
import {
  type Granted,
  isBound,
  isGenuineVote,
  type LockingContext,
  type LockingDisk,
  type LockingEffect,
  type LockingTurn,
  type PeerState,
  releaseParts,
  type SeenVote,
  type Ticket,
  written,
} from './state.js';

/** The timers of a requester: it is done with what the lock protects; it has votes to count. */
export const USED = 'used';
export const COUNT = 'count';

/** What it would do next, running freely. */
export function requesterReady(state: PeerState, ctx: LockingContext): LocalAction[] {
  const { setting, self } = ctx;
  const { phase, disk, lot } = state;
  if (!setting.requesters.includes(self)) return [];
  const now = epochOf(ctx);
  const step = (action: string, more = {}): LocalAction => ({
    action,
    params: { requester: nameOf(setting, self), ...more },
  });
  if (phase.kind === 'held')
    return phase.used || isLapsed(phase.epoch, setting, now) ? [step('release')] : [];
  if (acquire(state, ctx) !== undefined) return [step('acquire')];
  // Who is bound as a peer knows that nobody will get a quorum before his grant is closed.
  if (
    !wants(disk, ctx) ||
    isBound(disk, setting) ||
    lot?.epoch !== now ||
    draw(state, lot.ticket, ctx) === undefined
  )
    return [];
  return [step('draw', { ticket: lot.ticket })];
}

/** A step of a requester; undefined where it refuses it. */
export function requesterAct(
  state: PeerState,
  { action, params }: LocalAction,
  ctx: LockingContext,
): LockingTurn | undefined {
  const { setting, self } = ctx;
  if (!setting.requesters.includes(self) || params.requester !== nameOf(setting, self)) return undefined;
  switch (action) {
    case 'draw':
      return draw(state, stepInt(params.ticket), ctx);
    case 'acquire':
      return acquire(state, ctx);
    case 'release':
      return release(state, ctx);
    default:
      return undefined;
  }
}

/** Whether it wants the lock once more. */
function wants({ over, done }: LockingDisk, { setting, self }: LockingContext): boolean {
  return setting.requesters.includes(self) && over === 'no' && done < setting.rounds;
}

/**
 * The ticket that it would draw in an epoch that begins, if it wants one and can hope for the lock. Who becomes free later
 * in an epoch waits for the next: a vote that the urn gets too late is spent.
 */
export function lotOf(disk: LockingDisk, ctx: LockingContext): Ticket | null {
  const { setting, self } = ctx;
  const now = epochOf(ctx);
  const since = disk.promise?.epoch ?? 0;
  if (!wants(disk, ctx) || (isBound(disk, setting) && !isLapsed(since, setting, now))) return null;
  return drawTicket(setting, self, now);
}

/** The urn has answered: the ticket is drawn, or not. */
export function endDrawing(state: PeerState, epoch: number, taken: boolean): LockingTurn | undefined {
  const { drawing, early } = state;
  if (drawing?.epoch !== epoch) return undefined;
  if (!taken) return { state: { ...state, drawing: null, early: [] }, effects: [] };
  const phase = { kind: 'waiting', epoch, grants: drawing.grants, shown: false } as const;
  return {
    state: { ...state, drawing: null, phase },
    effects: early.length > 0 ? [{ kind: 'timer', name: COUNT, ms: 1 }] : [],
  };
}

/** A vote that the urn took and passed on: it counts whenever it arrives. */
export function receiveGrant(
  state: PeerState,
  epoch: number,
  granted: Granted,
  ctx: LockingContext,
): LockingTurn | undefined {
  const { drawing, phase } = state;
  const vote = { ...granted, to: ctx.self, epoch };
  if (drawing?.epoch === epoch) {
    if (!isNew(drawing.grants, granted)) return undefined;
    if (!isGenuineVote(ctx.setting, vote)) return accuseOfVote(state, granted.peer);
    return {
      state: { ...seenAlso(state, vote), drawing: { epoch, grants: [...drawing.grants, granted] } },
      effects: [],
    };
  }
  if (phase.kind !== 'waiting' || phase.epoch !== epoch || !isNew(phase.grants, granted)) return undefined;
  if (!isGenuineVote(ctx.setting, vote)) return accuseOfVote(state, granted.peer);
  return { state: counted(state, vote), effects: [] };
}

/** A vote that came straight from its peer counts in its own epoch only: later nobody can tell when it was given. */
export function receiveVote(state: PeerState, vote: SeenVote, ctx: LockingContext): LockingTurn {
  const { setting } = ctx;
  const { phase, drawing } = state;
  const unchanged: LockingTurn = { state, effects: [] };
  if (vote.to !== ctx.self || vote.epoch !== epochOf(ctx)) return unchanged;
  if (drawing?.epoch === vote.epoch)
    return { state: { ...state, early: [...state.early, vote] }, effects: [] };
  if (phase.kind !== 'waiting' || phase.epoch !== vote.epoch || !isNew(phase.grants, vote)) return unchanged;
  if (!isGenuineVote(setting, vote)) return accuseOfVote(state, vote.peer);
  const params = { peer: nameOf(setting, vote.peer), requester: nameOf(setting, ctx.self) };
  return { state: counted(state, vote), effects: [{ kind: 'emit', action: 'grant', params }] };
}

/** The next of the votes that came too early. */
export function countEarly(state: PeerState, ctx: LockingContext): LockingTurn | undefined {
  const [first, ...rest] = state.early;
  if (first === undefined) return undefined;
  const turn = receiveVote({ ...state, early: rest }, first, ctx);
  return rest.length === 0
    ? turn
    : { state: turn.state, effects: [...turn.effects, { kind: 'timer', name: COUNT, ms: 1 }] };
}

/** Shows who granted to it in vain, once the epoch of its ticket is over. */
export function showInVain(
  state: PeerState,
  ctx: LockingContext,
): { state: PeerState; effects: LockingEffect[] } {
  const { phase } = state;
  if (phase.kind !== 'waiting' || phase.shown || phase.epoch === epochOf(ctx) || phase.grants.length === 0)
    return { state, effects: [] };
  const { epoch, grants } = phase;
  return {
    state: { ...state, phase: { ...phase, shown: true } },
    effects: others(ctx.setting, ctx.self).map(to => ({
      kind: 'send',
      to,
      body: { kind: 'grants', epoch, won: false, grants },
    })),
  };
}

/** It wants no more. */
export function end(
  state: PeerState,
  over: 'served' | 'gave up',
  ctx: LockingContext,
): { state: PeerState; effects: LockingEffect[] } {
  const after = written(state, { over });
  const ending: LockingEffect =
    over === 'served'
      ? { kind: 'finish', as: 'success' }
      : { kind: 'finish', as: 'timeout', reason: 'it took too long' };
  return { state: after.state, effects: [after.save, ...tellEnd(after.state.disk, ctx), ending] };
}

/** Tells the others that it wants no more, if that is so. */
export function tellEnd({ over }: LockingDisk, { setting, self }: LockingContext): LockingEffect[] {
  if (over === 'no') return [];
  return others(setting, self).map(to => ({
    kind: 'send',
    to,
    body: { kind: 'ended', served: over === 'served' },
  }));
}

function draw(state: PeerState, ticket: number | undefined, ctx: LockingContext): LockingTurn | undefined {
  const { setting, self } = ctx;
  const { phase, disk, draws, drawing, lot } = state;
  const now = epochOf(ctx);
  if (phase.kind === 'held' || drawing !== null || disk.drawnIn >= now || ticket === undefined)
    return undefined;
  if (draws.epoch === now && draws.known.some(known => known.ticket === ticket)) return undefined;
  const drawn =
    lot?.epoch === now && lot.ticket === ticket ? lot : drawThisTicket(setting, self, now, ticket);
  if (drawn === null) return undefined;
  const after = written(state, { drawnIn: now });
  return {
    state: { ...after.state, drawing: { epoch: now, grants: [] } },
    effects: [after.save, { kind: 'send', to: urnOf(setting), body: { kind: 'draw', ...drawn } }],
  };
}

function acquire(state: PeerState, ctx: LockingContext): LockingTurn | undefined {
  const { setting, self } = ctx;
  const { phase, drawing } = state;
  if (phase.kind !== 'waiting' || drawing !== null || phase.grants.length < setting.quorum) return undefined;
  const { epoch, grants } = phase;
  if (isLapsed(epoch, setting, epochOf(ctx))) return undefined;
  return {
    state: { ...state, phase: { kind: 'held', epoch, used: false } },
    effects: [
      { kind: 'timer', name: USED, ms: setting.holdMs },
      ...others(setting, self).map(
        (to): LockingEffect => ({ kind: 'send', to, body: { kind: 'grants', epoch, won: true, grants } }),
      ),
      { kind: 'emit', action: 'acquire', params: { requester: nameOf(setting, self) } },
    ],
  };
}

function release(state: PeerState, ctx: LockingContext): LockingTurn | undefined {
  const { setting, self } = ctx;
  const { phase, disk } = state;
  if (phase.kind !== 'held') return undefined;
  const { epoch } = phase;
  const lock = { requester: self, epoch, at: epochOf(ctx) };
  const signed = { ...lock, signature: signedBy(setting, self, ...releaseParts(setting, lock)) };
  const { state: after, save } = written(state, { done: disk.done + 1 });
  const released: PeerState = {
    ...after,
    phase: { kind: 'idle' },
    releases: [...after.releases, { ...signed, signer: self }],
  };
  const effects: LockingEffect[] = [
    save,
    ...others(setting, self).map(
      (to): LockingEffect => ({
        kind: 'send',
        to,
        body: { kind: 'release', ...signed },
      }),
    ),
    { kind: 'emit', action: 'release', params: { requester: nameOf(setting, self) } },
  ];
  if (released.disk.done < setting.rounds || disk.over !== 'no') return { state: released, effects };
  const last = end(released, 'served', ctx);
  return { state: last.state, effects: [...effects, ...last.effects] };
}

function counted(state: PeerState, vote: SeenVote): PeerState {
  const { phase } = state;
  if (phase.kind !== 'waiting') return state;
  const { peer, signature } = vote;
  return { ...seenAlso(state, vote), phase: { ...phase, grants: [...phase.grants, { peer, signature }] } };
}

function seenAlso(state: PeerState, vote: SeenVote): PeerState {
  return { ...state, seen: [...state.seen, vote] };
}

function isNew(grants: readonly Granted[], { peer }: Granted): boolean {
  return !grants.some(grant => grant.peer === peer);
}

function accuseOfVote(state: PeerState, who: number): LockingTurn {
  return { state, effects: [{ kind: 'accuse', who, reason: 'grants without a valid signature' }] };
}
