// What a participant of a simulated protocol is: a pure state machine. It gets what happens to it and gives its next
// state with what it wants done; it sees no clock, no network, no randomness but those that are handed to it. What it
// learns comes through `receive`; what it decides by itself, and so every step of the spec that starts with it, goes
// through `ready` and `act`: running freely the kernel takes what is ready, under a schedule the schedule says what.
import type { Random } from '../util/random.js';
import type { Data, Fields, NodeId } from './data.js';

/** What a participant is told. */
export type Happening<M extends Data = Data> =
  /**
   * `from` is what the message claims, `signer` who authenticated it. They differ only in forgeries: a participant that
   * heeds `from` alone is wrong.
   */
  | {
      readonly kind: 'message';
      readonly id: string;
      readonly from: NodeId;
      readonly signer: NodeId;
      readonly body: M;
    }
  | { readonly kind: 'timer'; readonly name: string }
  /** A new epoch has begun; the same instant for all that run. `Context.epoch` is its number. */
  | { readonly kind: 'epoch' };

/** A step of the spec that a participant takes by itself, in the spec's words. */
export type LocalAction = { readonly action: string; readonly params: Fields };

export type Effect<M extends Data = Data> =
  /**
   * To one node. The transport sends again what is lost or damaged, until it arrives or its sender goes down, and
   * delivers each message once; a `datagram` is sent once, and may be lost for good or arrive twice.
   */
  | {
      readonly kind: 'send';
      readonly to: NodeId;
      readonly body: M;
      readonly datagram?: true;
      /** The name that it claims to come from; only the adversary gives one. */
      readonly as?: NodeId;
    }
  /** Sets a timer, or sets it anew; `ms` of the participant's own clock. */
  | { readonly kind: 'timer'; readonly name: string; readonly ms: number }
  | { readonly kind: 'cancel'; readonly name: string }
  /** Replaces what is on the disk of this protocol: all that is left after a crash. */
  | { readonly kind: 'persist'; readonly disk: Data }
  /** Keeps something on disk beyond this protocol, for those that run after it, such as a share of a key. */
  | { readonly kind: 'store'; readonly key: string; readonly value: Data }
  /** A step of the spec happens with this turn; at most one a turn. */
  | { readonly kind: 'emit'; readonly action: string; readonly params: Fields }
  /** Proof, or what an honest participant takes for it, that another one does not follow the protocol. */
  | { readonly kind: 'accuse'; readonly who: NodeId; readonly reason: string }
  /** How the protocol ended for this participant. The first one counts. */
  | { readonly kind: 'finish'; readonly as: Ending; readonly reason?: string };

/** `aborted` is the safe way out after misbehaviour was seen; `timeout` after waiting too long. */
export type Ending = 'success' | 'aborted' | 'timeout';

/** What one turn of a participant comes to; all of it happens at once. */
export interface Turn<S extends Data = Data, M extends Data = Data> {
  readonly state: S;
  readonly effects: readonly Effect<M>[];
}

/** What a participant may look at, beside its state. */
export interface Context<C extends Data = Data> {
  readonly self: NodeId;
  /** Its own clock, ms. Clocks are skewed against one another. */
  readonly now: number;
  /** The number of the epoch, from 0, since the protocol began; the same for all. */
  readonly epoch: number;
  readonly setting: C;
  /** What it keeps beyond this protocol. */
  readonly vault: Fields;
  /** A stream for this turn, a function of the seed, the node, the number of its turn and the label. */
  random(label: string): Random;
}

/**
 * The machine of all nodes of a protocol; services find out from `ctx.self` and the setting who they are. Every method is
 * a pure function of its arguments. `undefined` for a turn means that nothing happens.
 */
export interface Participant<C extends Data = Data, S extends Data = Data, M extends Data = Data> {
  /** When the protocol begins. */
  start(ctx: Context<C>): Turn<S, M>;
  /** It comes back after a crash with what it had persisted, or without anything. */
  restart(disk: Data | undefined, ctx: Context<C>): Turn<S, M>;
  /**
   * Learns, answers, keeps. It emits a step only as the end of one that a participant's `act` has begun, such as the
   * arrival of a message that the act sent.
   */
  receive(state: S, happening: Happening<M>, ctx: Context<C>): Turn<S, M> | undefined;
  /**
   * The steps that it wants to take by itself now, in its order of preference. Running freely, they are what happens; the
   * kernel takes one after another, asking anew each time.
   */
  ready(state: S, ctx: Context<C>): readonly LocalAction[];
  /** Takes a step, one of `ready` or one that a schedule asks for; undefined where it refuses it. */
  act(state: S, step: LocalAction, ctx: Context<C>): Turn<S, M> | undefined;
}
