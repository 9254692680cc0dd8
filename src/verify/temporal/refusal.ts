// How the translation of a formula stops at something that cannot be evaluated on a trace. It travels as an exception
// through the recursion and never leaves this folder: property.ts turns it into an error.
import type { IrExpr } from '../../model/ir.js';

export class Refusal {
  constructor(
    readonly expr: IrExpr,
    readonly message: string,
    readonly hint?: string,
  ) {}
}

export function refuse(expr: IrExpr, message: string, hint?: string): never {
  throw new Refusal(expr, message, hint);
}
