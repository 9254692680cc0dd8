// Look-ups that an argument decides. `state.get(p)` fails where the map has no `p`: a domain that is wider than the keys
// would then stop an exploration with an error that is ours, not the spec's. So each such look-up that an action is
// certain to make becomes a condition before the action. A look-up under a key that the state decides stays as it is: if
// it fails, that is the spec's fault and has to show.
import type { IrExpr, IrOpDef } from '../model/ir.js';
import type { Action } from '../model/model.js';
import { certainApplications, throughGiven } from './conjuncts.js';
import { printExpr } from './print-expr.js';
import type { Sights } from './sights.js';

const LOOKUPS: ReadonlySet<string> = new Set(['get', 'set', 'setBy']);

/** Conditions in Quint, in the order of evaluation; `names` says what is written for the parameters. */
export function keyGuards(
  action: Action,
  def: IrOpDef,
  sights: Sights,
  instances: readonly string[],
  names: ReadonlyMap<number, string>,
): string[] {
  const { ir } = sights.spec;
  const ids = new Set(action.parameters.map(({ id }) => id));
  const options = { sights, instances, parameters: names };
  const found = new Set<string>();
  for (const { expr, given } of certainApplications(def, ir)) {
    const isIndex = expr.opcode === 'nth';
    if (!LOOKUPS.has(expr.opcode) && !isIndex) continue;
    const [holder, key] = expr.args.map(arg => throughGiven(arg, given, ir));
    if (holder === undefined || key === undefined || !isArgument(key)) continue;
    const holderText = printExpr(holder, { ...options, partial: true });
    const keyText = printExpr(key, { ...options, partial: false });
    if (holderText === undefined || keyText === undefined) continue;
    found.add(`${holderText}.${isIndex ? 'indices' : 'keys'}().contains(${keyText})`);
  }
  return [...found];

  /** Made of parameters of the action alone. */
  function isArgument(expr: IrExpr): boolean {
    if (expr.kind === 'name') return ids.has(ir.table.get(expr.id)?.id ?? -1);
    if (expr.kind !== 'app' || ir.table.has(expr.id)) return false;
    if (expr.opcode === 'field' || expr.opcode === 'item') {
      const [record] = expr.args;
      return record !== undefined && isArgument(record);
    }
    return expr.opcode === 'Tup' && expr.args.every(isArgument);
  }
}
