// What a participant of the counter keeps, in memory and on disk, and what participants say to one another. Data and
// questions about it only; what is done is in requester.ts and acker.ts.
import type { NodeId } from '../../data.js';
import type { Context, LocalAction, Turn } from '../../participant.js';
import { type Electorate, isSignedBy, nameOf } from '../electorate.js';
import type { CounterSetting } from './setting.js';

export type CounterDisk = {
  /** To whom each block is promised. */
  readonly promises: readonly (readonly [block: number, to: NodeId])[];
  readonly owned: number | null;
  /** The first value that may not have been used yet. */
  readonly mark: number;
  /** Reservations so far: each has a number of its own. */
  readonly tries: number;
  /** Blocks that were used up. */
  readonly done: number;
  /** Whether it wants no more, and whether it got all it wanted. */
  readonly over: 'no' | 'served' | 'gave up';
};

export type CounterPhase =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'reserving';
      readonly block: number;
      readonly since: number;
      readonly acks: readonly SignedAck[];
    }
  | { readonly kind: 'holding'; readonly block: number; readonly cursor: number };

export type SignedAck = { readonly acker: NodeId; readonly signature: string };

/** A reservation as its requester signed it. */
export type Reservation = {
  readonly requester: NodeId;
  readonly block: number;
  /** Later reservations of a requester have higher numbers. */
  readonly number: number;
  readonly signature: string;
};

/** An acknowledgement that somebody else showed, or that came to this requester itself. */
export type SeenAck = SignedAck & { readonly requester: NodeId; readonly block: number };

export type CounterState = {
  readonly disk: CounterDisk;
  /** Its disk is lost, and with it what it promised: it never says anything again. */
  readonly gone: boolean;
  readonly phase: CounterPhase;
  /** Whether a user wants a value. */
  readonly wanted: boolean;
  /** Reservations that it has heard; `again` are those that somebody else repeated. */
  readonly heard: readonly (Reservation & { readonly again: boolean })[];
  readonly seen: readonly SeenAck[];
  /** Requesters that want no more, and whether they got all they wanted. */
  readonly ended: readonly { readonly requester: NodeId; readonly served: boolean }[];
};

export type CounterMessage =
  | ({ readonly kind: 'reserve' } & Reservation)
  | { readonly kind: 'ack'; readonly block: number; readonly signature: string }
  /** What a requester was promised, shown to all when it needs it no more, so that double promises come out. */
  | { readonly kind: 'acks'; readonly block: number; readonly acks: readonly SignedAck[] }
  /** Somebody is back after a crash and has forgotten what it heard. */
  | { readonly kind: 'back' }
  | { readonly kind: 'ended'; readonly served: boolean };

export type CounterTurn = Turn<CounterState, CounterMessage>;
export type CounterContext = Context<CounterSetting>;

export const EMPTY_DISK: CounterDisk = {
  promises: [],
  owned: null,
  mark: 0,
  tries: 0,
  done: 0,
  over: 'no',
};

export function stateFrom(disk: CounterDisk, phase: CounterPhase): CounterState {
  return { disk, gone: false, phase, wanted: false, heard: [], seen: [], ended: [] };
}

export function startOf({ blockSize }: CounterSetting, block: number): number {
  return block * blockSize;
}

export function endOf({ blockSize }: CounterSetting, block: number): number {
  return (block + 1) * blockSize;
}

/** To whom the block is promised. */
export function promiseOf({ promises }: CounterDisk, block: number): NodeId | undefined {
  return promises.find(([each]) => each === block)?.[1];
}

export function withPromise(disk: CounterDisk, block: number, to: NodeId): CounterDisk {
  return { ...disk, promises: [...disk.promises, [block, to]] };
}

/** What an acknowledgement is a signature over. */
export function ackParts({ names }: Electorate, requester: NodeId, block: number) {
  return ['counter acknowledgement', names[requester] ?? '', block] as const;
}

/** What a reservation is a signature over. */
export function reservationParts(
  { names }: Electorate,
  { requester, block, number }: Omit<Reservation, 'signature'>,
) {
  return ['counter reservation', names[requester] ?? '', block, number] as const;
}

export function isGenuineAck(
  setting: CounterSetting,
  { acker, requester, block, signature }: SeenAck,
): boolean {
  return isSignedBy(setting, acker, signature, ...ackParts(setting, requester, block));
}

/** A step of this participant, in the spec's words. */
export function stepOf({ setting, self }: CounterContext, action: string, block?: number): LocalAction {
  const requester = nameOf(setting, self);
  return { action, params: block === undefined ? { requester } : { requester, block } };
}
