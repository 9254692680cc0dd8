// The engine's door: Quint compiled to JavaScript. Everything else in this folder is its inside.
export { type CompiledSpec, compileSpec, findOp, type OpRef } from './compiled-spec.js';
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
} from './machine.js';
export { runTests, type TestFailure, type TestOptions, type TestReport } from './run-tests.js';
export { type SimulateOptions, type Simulation, simulate, type Violation } from './simulate.js';
