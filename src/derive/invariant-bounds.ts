// The numbers that invariants compare values with: `total <= CAP` says that CAP and its neighbours are worth trying as
// arguments, even where no guard of the action knows of CAP. Reads the invariants as they are written, no further.
import type { IrApp, IrExpr, IrType } from '../model/ir.js';
import type { Property } from '../model/model.js';
import { printExpr } from './print-expr.js';
import type { Sights } from './sights.js';
import type { TypeBook } from './type-book.js';

const COMPARISONS: ReadonlySet<string> = new Set(['ilt', 'ilte', 'igt', 'igte']);
/** A bound of how many there are says nothing of what they are. */
const COUNTS: ReadonlySet<string> = new Set(['size', 'length']);
/** Bounds whose neighbours are tried in any case. */
const USUAL: ReadonlySet<string> = new Set(['0', '1']);
/** Every bound is three more values for every parameter. */
const BOUNDS_MAX = 2;

/** Bounds of values of this type, in Quint; in the order of the invariants. */
export function invariantBounds(
  type: IrType,
  invariants: readonly Property[],
  sights: Sights,
  book: TypeBook,
): string[] {
  const { types } = sights.spec.ir;
  const options = { sights, instances: [], parameters: new Map<number, string>(), partial: false };
  const alias = book.alias(type);
  const found = new Set<string>();
  for (const { expr } of invariants) visit(expr);
  return [...found].filter(text => !USUAL.has(text)).slice(0, BOUNDS_MAX);

  function visit(expr: IrExpr): void {
    if (expr.kind === 'lambda') visit(expr.expr);
    else if (expr.kind === 'let') {
      visit(expr.opdef.expr);
      visit(expr.expr);
    } else if (expr.kind === 'app') {
      if (COMPARISONS.has(expr.opcode)) note(expr);
      expr.args.forEach(visit);
    }
  }

  function note({ args: [left, right] }: IrApp): void {
    if (left === undefined || right === undefined) return;
    const [leftBound, rightBound] = [boundText(left), boundText(right)];
    if (leftBound !== undefined && rightBound === undefined && isSuch(right)) found.add(leftBound);
    if (rightBound !== undefined && leftBound === undefined && isSuch(left)) found.add(rightBound);
  }

  function boundText(expr: IrExpr): string | undefined {
    const target = expr.kind === 'name' ? sights.spec.ir.table.get(expr.id) : undefined;
    const isFixed = expr.kind === 'int' || (target !== undefined && ['const', 'def'].includes(target.kind));
    return isFixed ? printExpr(expr, options) : undefined;
  }

  function isSuch(expr: IrExpr): boolean {
    if (expr.kind === 'app' && COUNTS.has(expr.opcode)) return false;
    const own = types.get(expr.id)?.type;
    const ownAlias = own && book.alias(own);
    return ownAlias === undefined || ownAlias === alias;
  }
}
