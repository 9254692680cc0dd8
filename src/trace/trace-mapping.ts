// How the words of a log become those of a spec: data only, as a configuration gives it. event-mapper.ts applies it.
import type { Json } from '../util/json.js';
import type { Hidden, StateMode } from './execution-header.js';

/** Where a value comes from: a JSON Pointer into the event (RFC 6901), or a constant. */
export type MappedValue = { readonly path: string } | { readonly const: Json };

export interface ActionRule {
  /** The action of the event. */
  readonly protocol: string;
  /** Actions of the spec that it stands for, in their order. */
  readonly quint: readonly string[];
  /**
   * Values by the names of parameters, which `action.parameter` tells apart where several actions have one. Without it
   * values are taken from the event's `params` by name.
   */
  readonly params?: ReadonlyMap<string, MappedValue>;
}

export interface StateRule {
  readonly variable: string;
  readonly value: MappedValue;
  /** The value is that of the event's node, in a variable that is a map by node. */
  readonly perNode: boolean;
}

export interface TraceMapping {
  readonly actions: readonly ActionRule[];
  /** Variables without a rule are looked for in the event's `state` by name. */
  readonly states: readonly StateRule[];
  /** Actions of events that are no steps of the spec. */
  readonly ignoredEvents: readonly string[];
  /** Keys of states that are no variables of the spec. */
  readonly ignoredState: readonly string[];
  /** All nodes, by which a map that is told node by node is known to be complete. */
  readonly nodes: readonly string[];
  /** Absent where the trace itself may tell. */
  readonly hidden?: Hidden;
  readonly stateMode?: StateMode;
}

export const NO_MAPPING: TraceMapping = {
  actions: [],
  states: [],
  ignoredEvents: [],
  ignoredState: [],
  nodes: [],
};
