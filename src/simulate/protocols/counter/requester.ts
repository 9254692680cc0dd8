// What a requester does: it reserves a block, waits for a quorum of acknowledgements, hands out the values of the block
// behind its mark on disk, and goes on to the next. Nothing that it says to others is ahead of its disk.
import type { Effect, LocalAction } from '../../participant.js';
import { nameOf, others, signedBy } from '../electorate.js';
import type { CounterSetting } from './setting.js';
import {
  type CounterContext,
  type CounterDisk,
  type CounterMessage,
  type CounterPhase,
  type CounterState,
  type CounterTurn,
  endOf,
  isGenuineAck,
  promiseOf,
  reservationParts,
  startOf,
  stepOf,
  withPromise,
} from './state.js';

type CounterEffect = Effect<CounterMessage>;

const MOST_DOUBLINGS = 5;

/** What it would do next, running freely. */
export function requesterReady(state: CounterState, ctx: CounterContext): LocalAction[] {
  const { setting, epoch, self } = ctx;
  const { phase, disk } = state;
  if (!setting.requesters.includes(self)) return [];
  switch (phase.kind) {
    case 'idle': {
      const block = disk.over === 'no' && disk.done < setting.rounds ? nextBlock(disk, ctx) : undefined;
      return block === undefined ? [] : [stepOf(ctx, 'reserve', block)];
    }
    case 'reserving':
      if (hasQuorum(phase, setting)) return [stepOf(ctx, 'confirm', phase.block)];
      return epoch >= phase.since + patienceOf(disk, setting) ? [stepOf(ctx, 'abandon', phase.block)] : [];
    case 'holding':
      return (state.wanted ? ['take', 'advance', 'release'] : ['release'])
        .filter(action => holderTurn(action, state, ctx) !== undefined)
        .map(action => stepOf(ctx, action));
  }
}

/** A step of a requester; undefined where it refuses it. */
export function requesterAct(
  state: CounterState,
  { action, params }: LocalAction,
  ctx: CounterContext,
): CounterTurn | undefined {
  const { setting, self } = ctx;
  if (!setting.requesters.includes(self) || params.requester !== nameOf(setting, self)) return undefined;
  const block = Number(params.block);
  switch (action) {
    case 'reserve':
      return reserve(state, block, ctx);
    case 'confirm':
      return confirm(state, block, ctx);
    case 'abandon':
      return abandon(state, block, ctx);
    default:
      return holderTurn(action, state, ctx);
  }
}

/** An acknowledgement counts when it arrives, if it is for what is being reserved right now. */
export function receiveAck(
  state: CounterState,
  acker: number,
  { block, signature }: CounterMessage & { readonly kind: 'ack' },
  ctx: CounterContext,
): CounterTurn | undefined {
  const { setting, self } = ctx;
  const { phase } = state;
  if (phase.kind !== 'reserving' || phase.block !== block || acker === self) return undefined;
  if (phase.acks.some(each => each.acker === acker)) return undefined;
  const seen = { acker, requester: self, block, signature };
  if (!isGenuineAck(setting, seen))
    return {
      state,
      effects: [{ kind: 'accuse', who: acker, reason: 'acknowledges without a valid signature' }],
    };
  return {
    state: {
      ...state,
      phase: { ...phase, acks: [...phase.acks, { acker, signature }] },
      seen: [...state.seen, seen],
    },
    effects: [
      {
        kind: 'emit',
        action: 'acknowledge',
        params: { acker: nameOf(setting, acker), requester: nameOf(setting, self), block },
      },
    ],
  };
}

/** The timer that stands for a user who wants a value. */
export function nextUser({ setting }: CounterContext): CounterEffect {
  return { kind: 'timer', name: 'user', ms: setting.valueMs };
}

/** At a new epoch it asks again those that have not answered: an answer is lost with the crash of who gave it. */
export function requesterEpoch(state: CounterState, ctx: CounterContext): CounterTurn | undefined {
  const { setting, self, epoch } = ctx;
  const { phase, disk } = state;
  if (!setting.requesters.includes(self) || disk.over !== 'no') return undefined;
  const stuck = phase.kind === 'idle' && disk.done < setting.rounds && nextBlock(disk, ctx) === undefined;
  if (stuck) return end(state, 'gave up', 'no block is left', ctx);
  if (epoch >= setting.timeoutEpochs) return end(state, 'gave up', 'it took too long', ctx);
  return askAgain(state, others(setting, self), ctx);
}

/** Asks those again, of the ones it is told, that have not answered. */
export function askAgain(
  state: CounterState,
  ids: readonly number[],
  ctx: CounterContext,
): CounterTurn | undefined {
  const { phase, disk } = state;
  if (phase.kind !== 'reserving') return undefined;
  const silent = ids.filter(id => !phase.acks.some(({ acker }) => acker === id));
  return { state, effects: reservationTo(silent, phase.block, disk.tries, ctx) };
}

/**
 * The first time all ask for the lowest block; who has met another goes on in a class of blocks of his own, or two
 * that met once could meet for ever.
 */
function nextBlock(disk: CounterDisk, { setting, self }: CounterContext): number | undefined {
  const { requesters, blocks } = setting;
  const free = Array.from({ length: blocks }, (_, block) => block).filter(
    block => startOf(setting, block) >= disk.mark && promiseOf(disk, block) === undefined,
  );
  const own = free.find(block => block % requesters.length === requesters.indexOf(self));
  return disk.tries === 0 ? free[0] : (own ?? free[0]);
}

/** It waits twice as long after each attempt that failed: when nobody answers, blocks must not run out at once. */
function patienceOf({ tries, done }: CounterDisk, { patience }: CounterSetting): number {
  return patience * 2 ** Math.min(Math.max(0, tries - 1 - done), MOST_DOUBLINGS);
}

function hasQuorum({ acks }: CounterPhase & { kind: 'reserving' }, { quorum, bug }: CounterSetting): boolean {
  const own = bug === 'counts_itself_twice' ? 2 : 1;
  return acks.length + own >= quorum;
}

function reserve(state: CounterState, block: number, ctx: CounterContext): CounterTurn | undefined {
  const { setting, self, epoch } = ctx;
  const { phase, disk } = state;
  if (phase.kind !== 'idle' || !(block >= 0 && block < setting.blocks)) return undefined;
  if (promiseOf(disk, block) !== undefined || startOf(setting, block) < disk.mark) return undefined;
  const written = { ...withPromise(disk, block, self), tries: disk.tries + 1 };
  return {
    state: { ...state, disk: written, phase: { kind: 'reserving', block, since: epoch, acks: [] } },
    effects: [
      { kind: 'persist', disk: written },
      ...reservationTo(others(setting, self), block, written.tries, ctx),
      { kind: 'emit', ...stepOf(ctx, 'reserve', block) },
    ],
  };
}

function confirm(state: CounterState, block: number, ctx: CounterContext): CounterTurn | undefined {
  const { setting } = ctx;
  const { phase, disk } = state;
  if (phase.kind !== 'reserving' || phase.block !== block || !hasQuorum(phase, setting)) return undefined;
  const cursor = startOf(setting, block);
  const written = { ...disk, owned: block, mark: cursor };
  return {
    state: { ...state, disk: written, phase: { kind: 'holding', block, cursor }, wanted: false },
    effects: [
      { kind: 'persist', disk: written },
      nextUser(ctx),
      ...show(phase, ctx),
      { kind: 'emit', ...stepOf(ctx, 'confirm', block) },
    ],
  };
}

function abandon(state: CounterState, block: number, ctx: CounterContext): CounterTurn | undefined {
  const { phase } = state;
  if (phase.kind !== 'reserving' || phase.block !== block) return undefined;
  return {
    state: { ...state, phase: { kind: 'idle' } },
    effects: [...show(phase, ctx), { kind: 'emit', ...stepOf(ctx, 'abandon', block) }],
  };
}

/** The steps of one that holds a block. */
function holderTurn(action: string, state: CounterState, ctx: CounterContext): CounterTurn | undefined {
  const { setting } = ctx;
  const { phase, disk } = state;
  if (phase.kind !== 'holding') return undefined;
  const { block, cursor } = phase;
  const stop = endOf(setting, block);
  const emit: CounterEffect = { kind: 'emit', ...stepOf(ctx, action) };
  switch (action) {
    case 'advance': {
      if (cursor < disk.mark || disk.mark >= stop) return undefined;
      const written = { ...disk, mark: disk.mark + 1 };
      return { state: { ...state, disk: written }, effects: [{ kind: 'persist', disk: written }, emit] };
    }
    case 'take':
      if (cursor >= (setting.bug === 'takes_before_mark' ? stop : disk.mark)) return undefined;
      return {
        state: { ...state, phase: { ...phase, cursor: cursor + 1 }, wanted: false },
        effects: [nextUser(ctx), emit],
      };
    case 'release':
      return cursor === stop ? release(state, emit, ctx) : undefined;
    default:
      return undefined;
  }
}

function release(state: CounterState, emit: CounterEffect, ctx: CounterContext): CounterTurn {
  const disk: CounterDisk = { ...state.disk, owned: null, done: state.disk.done + 1 };
  const released: CounterState = { ...state, disk, phase: { kind: 'idle' } };
  const effects: readonly CounterEffect[] = [{ kind: 'persist', disk }, emit];
  if (disk.done < ctx.setting.rounds || disk.over !== 'no') return { state: released, effects };
  const last = end(released, 'served', undefined, ctx);
  return { state: last.state, effects: [...effects, ...last.effects] };
}

/** It wants no more. */
function end(
  state: CounterState,
  over: 'served' | 'gave up',
  reason: string | undefined,
  ctx: CounterContext,
): CounterTurn {
  const disk: CounterDisk = { ...state.disk, over };
  const ending: CounterEffect =
    reason === undefined ? { kind: 'finish', as: 'success' } : { kind: 'finish', as: 'timeout', reason };
  return {
    state: { ...state, disk },
    effects: [{ kind: 'persist', disk }, ...tellEnd(disk, ctx), ending],
  };
}

/** Tells the others that it wants no more, if that is so. */
export function tellEnd({ over }: CounterDisk, { setting, self }: CounterContext): CounterEffect[] {
  if (over === 'no') return [];
  return others(setting, self).map(to => ({
    kind: 'send',
    to,
    body: { kind: 'ended', served: over === 'served' },
  }));
}

function reservationTo(
  ids: readonly number[],
  block: number,
  number: number,
  { setting, self }: CounterContext,
): CounterEffect[] {
  const reservation = { requester: self, block, number };
  const signature = signedBy(setting, self, ...reservationParts(setting, reservation));
  return ids.map(to => ({ kind: 'send', to, body: { kind: 'reserve', ...reservation, signature } }));
}

function show(
  { block, acks }: CounterPhase & { kind: 'reserving' },
  { setting, self }: CounterContext,
): CounterEffect[] {
  if (acks.length === 0) return [];
  return others(setting, self).map(to => ({ kind: 'send', to, body: { kind: 'acks', block, acks } }));
}
