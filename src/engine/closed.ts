// Which expressions have the same value in every state and under every parameter, and are worth being computed once: a
// set that is built of constants would otherwise be built again for every state that it is looked at in. What is only
// arithmetic costs less than remembering it.
import type { IrExpr, IrLookup } from '../model/ir.js';
import type { Scope } from './scope.js';

/** Operators that build something. None of them has effects; an error comes again each time, as it was not kept. */
const BUILDERS: ReadonlySet<string> = new Set([
  ...['Set', 'List', 'Tup', 'Rec', 'Map', 'variant', 'to', 'range', 'concat'],
  ...['tuples', 'powerset', 'setOfMaps', 'allListsUpTo', 'setToMap', 'keys'],
  ...['union', 'intersect', 'exclude', 'flatten'],
]);

const ARITHMETIC: ReadonlySet<string> = new Set([
  ...['iadd', 'isub', 'imul', 'idiv', 'imod', 'ipow', 'iuminus', 'size', 'length'],
]);

const BUILTIN_SETS: ReadonlySet<string> = new Set(['Int', 'Nat', 'Bool']);

/** Whether `e` is such an expression; literals, which are constants of the emitted module anyway, are too. */
export function isClosed(e: IrExpr, scope: Scope): boolean {
  return (
    e.kind === 'app' && isBuiltin(e.id, e.opcode, BUILDERS, scope) && e.args.every(arg => isFixed(arg, scope))
  );
}

function isFixed(e: IrExpr, scope: Scope): boolean {
  switch (e.kind) {
    case 'bool':
    case 'int':
    case 'str':
      return true;
    case 'name':
      return isFixedName(e.name, scope.ir.table.get(e.id), scope);
    case 'app':
      return (
        isClosed(e, scope) ||
        (isBuiltin(e.id, e.opcode, ARITHMETIC, scope) && e.args.every(arg => isFixed(arg, scope)))
      );
    default:
      return false;
  }
}

function isBuiltin(id: number, opcode: string, names: ReadonlySet<string>, scope: Scope): boolean {
  return names.has(opcode) && !scope.ir.table.has(id);
}

function isFixedName(name: string, entry: IrLookup | undefined, scope: Scope): boolean {
  if (entry === undefined) return BUILTIN_SETS.has(name);
  if (entry.kind === 'const') return true;
  // A local definition may depend on what stands around it.
  return entry.kind === 'def' && entry.qualifier === 'pureval' && scope.homeOf(entry.id) !== undefined;
}
