// The door to temporal logic: a property is compiled once, then run along traces, or stepped along the edges of a graph
// of states.
export type { Automaton, Place } from './automaton.js';
export { compileTemporal, isDecided, TemporalProperty } from './property.js';
export type { Residual } from './residual.js';
export { TemporalRun, type TraceEnd } from './run.js';
export type { TemporalVerdict } from './verdict.js';
