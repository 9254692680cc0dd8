// The library: what the command line is made of, for programs. Each stage takes what the one before it gives.

export { NO_CACHE, openCache } from './bridge/cache.js';
export { type Bridge, loadSpec } from './bridge/load-spec.js';
export { findQuint, type QuintProgram } from './bridge/quint-program.js';
export * from './engine/index.js';
export { buildModel } from './model/build-model.js';
export type { Action, Model, Property, Variable } from './model/model.js';
export type { Spec } from './model/spec.js';
export type { State, Value } from './model/value.js';
export { type LoadedScenario, loadScenarioFile, loadScenarios, parseScenarioText } from './scenario/load.js';
export type { ResolvedScenario } from './scenario/resolved.js';
export type { ItfState, ItfTrace } from './trace/itf.js';
export { parseItf, readItf, streamItf } from './trace/itf-reader.js';
export { writeItf, writeItfStates, writeItfText } from './trace/itf-writer.js';
export { type AuraError, type Location, showError } from './util/errors.js';
export { createRandom, type Random } from './util/random.js';
export type { Failure, Result } from './util/result.js';
