// What a trace of any format tells the verifier, moment by moment, in the words of the spec. An ITF trace tells every
// variable; an execution trace may tell some, and which action it thinks was taken. Nothing here is checked against
// the spec's steps: that is the verifier's.
import type { State, Value } from '../model/value.js';
import type { Result } from '../util/result.js';

/** What one event tells of one variable: all of it, or of a map the value at one key. */
export interface Told {
  readonly variable: string;
  /** The key of the map; absent when the value is the whole variable. */
  readonly key?: Value;
  readonly value: Value;
}

/** Actions of the spec that a moment stands for, in their order: one as a rule, several for an event that spans them. */
export interface ToldAction {
  /** Name in the main module. */
  readonly name: string;
  /** Values of parameters and of `nondet` picks, by name, as far as the trace tells them. */
  readonly values: ReadonlyMap<string, Value>;
}

/** One moment of a trace: the first is the initial state, every other the state after an event. */
export interface Observation {
  /** The variables whose values are known here, in the order in which the trace is given. */
  readonly known: State;
  /**
   * What this moment itself tells: all of `known` for a trace of full states, less for deltas. An entry of a map may be
   * told although the map is not known as a whole.
   */
  readonly told: readonly Told[];
  /** Absent when the trace does not say what was done, and from the first moment. */
  readonly actions?: readonly ToldAction[];
  /** Where it stands in the trace, for people: `state 3`, `event 17, line 18`. */
  readonly place: string;
  /**
   * Indices of the moments that come before this one in every order of the events that causality allows. Absent in a
   * trace whose order is certain: then it is the one before.
   */
  readonly after?: readonly number[];
}

/** How the states of a trace continue one another. */
export interface ObservedFrame {
  /** Index of the state that follows the last one, of a lasso. Known at the latest when the iteration has ended. */
  readonly loop?: number;
  /** False when it is certain from the start that there will be no loop: then states need not be kept. */
  readonly mayLoop: boolean;
  /** Whether some moment carries {@link Observation.after}: then other orders of the events are possible too. */
  readonly interleaved: boolean;
  /** What an event leaves untold: `carried` from the moment before, for deltas, or unknown. */
  readonly untold: 'carried' | 'unknown';
  /**
   * Whether {@link Observation.actions} are what happened, as in a log of a system, or hints where to look first, as in
   * a trace of a tool whose states say all.
   */
  readonly actions: 'certain' | 'hints';
  /** Actions that the system takes without logging them, and how many of them may stand between two moments. */
  readonly hidden: { readonly actions: readonly string[]; readonly most: number };
}

/** Moments in order; a failure, if there is one, comes last. It can be iterated once. */
export interface ObservedTrace extends AsyncIterable<Result<Observation>> {
  /** Complete once the iteration has ended. */
  frame(): ObservedFrame;
}
