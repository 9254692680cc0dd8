// The engine's door: Quint compiled to JavaScript. Everything else in this folder is its inside.
export { type Attempt, type Closure, tryAction } from './attempts.js';
export { type CompiledSpec, compileSpec, findOp, type OpRef } from './compiled-spec.js';
export { agrees, decodeState, type EngineState, encodeState } from './convert.js';
export {
  compileExpr,
  compileExprs,
  type ExprEvaluator,
  type ExprRequest,
  evaluate,
  freeNames,
} from './evaluate.js';
export { type Explanation, explain } from './explain.js';
export { type Exploration, type ExploreOptions, explore } from './explore.js';
export {
  createMachine,
  type GivenAction,
  type Machine,
  type MachineOptions,
  type Step,
  type StepVisitor,
  type Way,
} from './machine.js';
export { runTests, type TestFailure, type TestOptions, type TestReport } from './run-tests.js';
export type { RtValue } from './runtime/values.js';
export type { Site } from './scope.js';
export { type SimulateOptions, type Simulation, simulate, type Violation } from './simulate.js';
export { StateStore } from './state-store.js';
export { type Symmetry, symmetryOf } from './symmetry.js';
export { elementsOf, lacksVariable, modelValue, refuseUnset, sameResult, Terms } from './terms.js';
export { ValueNumbers } from './value-numbers.js';
