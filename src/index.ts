// The library: what the command line is made of, for programs. Each stage takes what the one before it gives.

export { NO_CACHE, openCache } from './bridge/cache.js';
export { type Bridge, loadSpec } from './bridge/load-spec.js';
export { findQuint, type QuintProgram } from './bridge/quint-program.js';
export type {
  Applied,
  Capabilities,
  Driver,
  DriverFault,
  DriverStep,
  RunSetup,
} from './drivers/driver.js';
export { openModelDriver } from './drivers/model-driver.js';
export { openModuleDriver } from './drivers/module-driver.js';
export { openProcessDriver } from './drivers/process-driver.js';
export type { UserApplied, UserDriver } from './drivers/user-driver.js';
export * from './engine/index.js';
export { type ChaosInjection, Scenario, type ScenarioBuilder } from './generate/scenario-builder.js';
export { writeScenarioText } from './generate/scenario-text.js';
export { buildModel } from './model/build-model.js';
export type { Action, Model, Property, Variable } from './model/model.js';
export type { Spec } from './model/spec.js';
export type { State, Value } from './model/value.js';
export type { ReportContext, Reporter } from './report/reporter.js';
export { REPORTERS } from './report/reporters.js';
export type { AssertionContext, AssertionResult, ProtocolOutcome } from './run/assertion.js';
export {
  type MonitoredAction,
  type MonitoredEffect,
  MonitoredEffects,
  type MonitoredWorld,
} from './run/monitored-effects.js';
export { type NeededSpec, neededSpecs } from './run/needed-specs.js';
export type { OwnAssertion } from './run/own-assertions.js';
export { performRun } from './run/perform-run.js';
export type { CheckedProperty, PropertyChecker } from './run/property-checker.js';
export {
  type MonitorOptions,
  PropertyMonitor,
  type PropertyViolation,
  type ViolationHandler,
} from './run/property-monitor.js';
export type {
  DriverChoice,
  OpenedSpec,
  RunJob,
  RunOptions,
  RunRecord,
  RunTools,
} from './run/run-job.js';
export { type LoadedScenario, loadScenarioFile, loadScenarios, parseScenarioText } from './scenario/load.js';
export type { ResolvedScenario } from './scenario/resolved.js';
export type { Protocol } from './simulate/protocol.js';
export { PROTOCOLS } from './simulate/protocols/index.js';
export { Simulation } from './simulate/simulation.js';
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
export { performJob, type Verified, type VerifyJob } from './verify/job.js';
export { DEFAULT_BUDGET, prepareVerification, type VerifyOptions } from './verify/verify.js';
export { TraceMonitor, type VerifiedTrace, type VerifyTarget, verifyTrace } from './verify/verify-trace.js';
