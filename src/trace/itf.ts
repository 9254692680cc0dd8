// A trace in the Informal Trace Format as data (https://apalache-mc.org/docs/adr/015adr-trace.html). What the
// format leaves open (`#meta`, keys of other tools) is kept as JSON, so that reading and writing lose nothing.
// Readers and writers are in itf-reader.ts and itf-writer.ts; nothing here runs.
import type { State } from '../model/value.js';
import type { Json } from '../util/json.js';

export type JsonObject = { [key: string]: Json };

/** All of a trace but its states. */
export interface ItfFrame {
  /** `#meta` of the file as it was found. */
  readonly meta?: JsonObject;
  /** Names of the spec's constants, whose values Apalache adds to the first state. */
  readonly params?: readonly string[];
  /** Names of the state variables, in the order of the file. */
  readonly vars: readonly string[];
  /** Index of the state that follows the last one, of a behaviour that repeats for ever (a lasso). */
  readonly loop?: number;
  /** Top-level keys that ITF does not know. */
  readonly extra?: JsonObject;
}

export interface ItfState {
  /** `#meta` of the state as it was found. */
  readonly meta?: JsonObject;
  /** A value for every name in `vars`, and for names in `params` where the file has them. */
  readonly values: State;
}

export interface ItfTrace extends ItfFrame {
  readonly states: readonly ItfState[];
}
