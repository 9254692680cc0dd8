// The library: what the command line is made of, for programs. Each stage takes what the one before it gives.

export { NO_CACHE, openCache } from './bridge/cache.js';
export { type Bridge, loadSpec } from './bridge/load-spec.js';
export { findQuint, type QuintProgram } from './bridge/quint-program.js';
export * from './engine/index.js';
export { buildModel } from './model/build-model.js';
export type { Action, Model, Property, Variable } from './model/model.js';
export type { Spec } from './model/spec.js';
export type { State, Value } from './model/value.js';
export type { ReportContext, Reporter } from './report/reporter.js';
export { REPORTERS } from './report/reporters.js';
export { type LoadedScenario, loadScenarioFile, loadScenarios, parseScenarioText } from './scenario/load.js';
export type { ResolvedScenario } from './scenario/resolved.js';
export { convertToExecution, convertToItf } from './trace/convert-trace.js';
export { type ExecutionTraceHeader, writeExecutionTrace } from './trace/execution-writer.js';
export type { ItfState, ItfTrace } from './trace/itf.js';
export { parseItf, readItf, streamItf } from './trace/itf-reader.js';
export { writeItf, writeItfStates, writeItfText } from './trace/itf-writer.js';
export type { Observation, ObservedTrace } from './trace/observation.js';
export { type OpenTraceOptions, openTrace } from './trace/open-trace.js';
export { type SpecTypes, specTypes } from './trace/spec-types.js';
export type { TraceMapping } from './trace/trace-mapping.js';
export { validateTrace } from './trace/validate-trace.js';
export { type AuraError, type Location, showError } from './util/errors.js';
export { createRandom, type Random } from './util/random.js';
export type { Failure, Result } from './util/result.js';
