// Helpers for operators that are one call of the runtime, or one infix operator of JavaScript.
import type { IrApp } from '../../model/ir.js';
import { must } from '../../util/assert.js';
import { Code, js, rt } from '../codegen.js';
import type { Emitter } from '../emitter.js';
import type { Operator } from './operator.js';

interface Described {
  readonly name: string;
  readonly arity: number;
  readonly doc: string;
}

/** An operator that a runtime function of the same arguments computes and that cannot fail. */
export function total(described: Described, runtimeName: string): Operator {
  return { ...described, code: args => js`${rt(runtimeName)}(${args})` };
}

/** The same for one that can fail, lists a set or runs a lambda: it is told where it stands. */
export function partial(described: Described, runtimeName: string): Operator {
  return { ...described, code: (args, at) => js`${rt(runtimeName)}(${args}, ${at})` };
}

/** An infix operator of JavaScript that means the same. */
export function infixOf(described: Described, symbol: '<' | '<=' | '>' | '>='): Operator {
  return {
    ...described,
    cheap: true,
    code: ([a, b]) => js`(${must(a, 'left operand')} ${new Code(symbol)} ${must(b, 'right operand')})`,
  };
}

/** Emits an operator with a lambda as a loop where that can be, and as a call of the runtime otherwise. */
export function looping(
  described: Described,
  runtimeName: string,
  loop: (emitter: Emitter, app: IrApp) => Code | undefined,
): Operator {
  return {
    ...described,
    expr: (emitter, app) =>
      loop(emitter, app) ?? js`${rt(runtimeName)}(${app.args.map(arg => emitter.expr(arg))}, ${app.id})`,
  };
}
