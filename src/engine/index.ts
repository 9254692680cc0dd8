// The engine's door: Quint compiled to JavaScript. Everything else in this folder is its inside.
export { type CompiledSpec, compileSpec, findOp, type OpRef } from './compiled-spec.js';
export { compileExpr, compileExprs, type ExprEvaluator, type ExprRequest, evaluate, freeNames } from './evaluate.js';
