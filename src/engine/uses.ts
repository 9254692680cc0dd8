// How often each local definition is used, and whether a use stands where it may run again: in a lambda or below a
// nondet. A definition that is used once, outside of those, is put in place of its use; the others are lazy and
// cached, as Quint evaluates them.
import type { IrExpr, IrLookup } from '../model/ir.js';

export interface Use {
  count: number;
  repeated: boolean;
}

/** Uses by the id of the local definition, for all definitions inside `expr`. */
export function localUses(expr: IrExpr, table: ReadonlyMap<number, IrLookup>): Map<number, Use> {
  const uses = new Map<number, Use & { depth: number }>();
  const note = (id: number, depth: number): void => {
    const target = table.get(id);
    const use = target === undefined ? undefined : uses.get(target.id);
    if (use === undefined) return;
    use.count++;
    if (depth > use.depth) use.repeated = true;
  };
  const walk = (e: IrExpr, depth: number): void => {
    if (e.kind === 'name') note(e.id, depth);
    else if (e.kind === 'lambda') walk(e.expr, depth + 1);
    else if (e.kind === 'app') {
      note(e.id, depth);
      // The cases of a match run at most once, in place.
      for (const [i, arg] of e.args.entries())
        if (e.opcode === 'matchVariant' && i > 0 && arg.kind === 'lambda') walk(arg.expr, depth);
        else walk(arg, depth);
    } else if (e.kind === 'let') {
      uses.set(e.opdef.id, { count: 0, repeated: false, depth });
      const isOperator =
        e.opdef.expr.kind === 'lambda' || e.opdef.qualifier === 'action' || e.opdef.qualifier === 'run';
      walk(e.opdef.expr, isOperator ? depth + 1 : depth);
      walk(e.expr, e.opdef.qualifier === 'nondet' ? depth + 1 : depth);
    }
  };
  walk(expr, 0);
  return uses;
}
