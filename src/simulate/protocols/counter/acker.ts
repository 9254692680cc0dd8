// What every participant does for the requesters: it promises a block to the first that asks, on disk before it says so,
// and compares what others were promised, so that double promises come out.
import type { NodeId } from '../../data.js';
import type { Effect, LocalAction } from '../../participant.js';
import { isSignedBy, nameOf, numberOf, signedBy } from '../electorate.js';
import {
  ackParts,
  type CounterContext,
  type CounterMessage,
  type CounterState,
  type CounterTurn,
  isGenuineAck,
  promiseOf,
  type Reservation,
  reservationParts,
  type SeenAck,
  withPromise,
} from './state.js';

/** The promises that it could give now, running freely. */
export function ackerReady(state: CounterState, { setting, self }: CounterContext): LocalAction[] {
  return state.heard
    .filter(({ block }) => promiseOf(state.disk, block) === undefined)
    .map(({ requester, block }) => ({
      action: 'acknowledge',
      params: { acker: nameOf(setting, self), requester: nameOf(setting, requester), block },
    }));
}

/**
 * It promises a block. Others see the promise when it reaches the requester: there it counts or is too late. What
 * answers a repeated reservation, though, counts at once: its requester asks no more and never will.
 */
export function acknowledge(
  state: CounterState,
  { params }: LocalAction,
  ctx: CounterContext,
): CounterTurn | undefined {
  const { setting, self } = ctx;
  const { acker, requester, block } = params;
  const asked = state.heard.find(
    each => each.requester === numberOf(setting, requester) && each.block === Number(block),
  );
  if (asked === undefined || acker !== nameOf(setting, self)) return undefined;
  if (promiseOf(state.disk, asked.block) !== undefined) return undefined;
  const disk = withPromise(state.disk, asked.block, asked.requester);
  const promised = { ...state, disk };
  const effects: Effect<CounterMessage>[] = [
    { kind: 'persist', disk },
    ackTo(asked.requester, asked.block, ctx),
  ];
  if (asked.again)
    effects.push({
      kind: 'emit',
      action: 'acknowledge',
      params: { acker, requester: requester ?? '', block: asked.block },
    });
  return { state: promised, effects };
}

/** A reservation arrives, from its requester or from somebody who repeats it. */
export function receiveReservation(
  state: CounterState,
  signer: NodeId,
  { requester, block, number, signature }: Reservation,
  ctx: CounterContext,
): CounterTurn | undefined {
  const { setting, self } = ctx;
  if (!setting.requesters.includes(requester) || !(block >= 0 && block < setting.blocks)) return undefined;
  const reservation = { requester, block, number, signature };
  const again = signer !== requester;
  if (again && !isSignedBy(setting, requester, signature, ...reservationParts(setting, reservation)))
    return accuse(state, signer, 'forges a reservation');
  const effects: Effect<CounterMessage>[] = again
    ? [{ kind: 'accuse', who: signer, reason: 'repeats the reservation of another' }]
    : [];
  if (requester === self) return { state, effects };
  // It may have asked again because the answer was lost.
  if (promiseOf(state.disk, block) === requester) effects.push(ackTo(requester, block, ctx));
  return { state: heardAlso(state, { ...reservation, again }), effects };
}

/** Somebody shows what it was promised: nobody may have promised the same to another. */
export function receiveAcks(
  state: CounterState,
  requester: NodeId,
  { block, acks }: CounterMessage & { readonly kind: 'acks' },
  { setting }: CounterContext,
): CounterTurn {
  const shown = acks
    .map(ack => ({ ...ack, requester, block }))
    .filter(ack => !state.seen.some(each => isSame(each, ack)));
  const proven = shown.filter(ack => {
    const other = state.seen.find(each => isConflict(each, ack));
    return other !== undefined && isGenuineAck(setting, ack) && isGenuineAck(setting, other);
  });
  return {
    state: { ...state, seen: [...state.seen, ...shown] },
    effects: proven.map(({ acker }) => ({
      kind: 'accuse',
      who: acker,
      reason: 'promised one block to two requesters',
    })),
  };
}

/** The signed promise of a block. */
export function ackTo(
  requester: NodeId,
  block: number,
  { setting, self }: CounterContext,
): Effect<CounterMessage> & { readonly kind: 'send' } {
  const signature = signedBy(setting, self, ...ackParts(setting, requester, block));
  return { kind: 'send', to: requester, body: { kind: 'ack', block, signature } };
}

/** Accuses and does nothing else. */
export function accuse(state: CounterState, who: NodeId, reason: string): CounterTurn {
  return { state, effects: [{ kind: 'accuse', who, reason }] };
}

function heardAlso(state: CounterState, reservation: CounterState['heard'][number]): CounterState {
  const isIt = ({ requester, block }: Reservation): boolean =>
    requester === reservation.requester && block === reservation.block;
  if (!state.heard.some(isIt)) return { ...state, heard: [...state.heard, reservation] };
  if (!reservation.again) return state;
  return { ...state, heard: state.heard.map(each => (isIt(each) ? { ...each, again: true } : each)) };
}

function isSame(a: SeenAck, b: SeenAck): boolean {
  return a.acker === b.acker && a.block === b.block && a.requester === b.requester;
}

function isConflict(a: SeenAck, b: SeenAck): boolean {
  return a.acker === b.acker && a.block === b.block && a.requester !== b.requester;
}
