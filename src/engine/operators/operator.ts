// What one builtin operator of Quint is to the engine: its name, its arity, its meaning in words and the code that
// is emitted for it. Adding an operator is adding one such entry to the file of its family, nothing else.
import type { IrApp } from '../../model/ir.js';
import type { Code } from '../codegen.js';
import type { Emitter } from '../emitter.js';

export interface Operator {
  readonly name: string;
  /** The number of arguments, or the least number for one that takes any. */
  readonly arity: number | { readonly atLeast: number };
  /** One sentence for the reference. */
  readonly doc: string;
  /** True when it can neither fail nor cost more than the size of its arguments' tops: then it may run early. */
  readonly cheap?: boolean;
  /** The value, from the code of the arguments; `at` is the id that an error points to. */
  readonly code?: (args: readonly Code[], at: number) => Code;
  /** The value, for operators whose code depends on more than the code of their arguments. */
  readonly expr?: (emitter: Emitter, app: IrApp) => Code;
  /** For operators on actions: statements that fall through on success and run `fail` otherwise. */
  readonly act?: (emitter: Emitter, app: IrApp, fail: Code) => void;
  /** For operators on actions: statements that run the continuation once for every way to succeed. */
  readonly enumerate?: (emitter: Emitter, app: IrApp, then: Continuation) => void;
}

/** What is emitted where an enumerated action has succeeded. `cheap` if the text may be repeated. */
export interface Continuation {
  readonly cheap: boolean;
  /** The function that does nothing but this, if there is one. */
  readonly fn?: Code;
  emit(): void;
}
