// Look-ups that an argument decides. `state.get(p)` fails where the map has no `p`: a domain that is wider than the keys
// would then stop an exploration with an error that is ours, not the spec's. So each such look-up that an action is
// certain to make becomes a condition before the action. A look-up under a key that the state decides stays as it is: if
// it fails, that is the spec's fault and has to show.
import type { IrApp, IrExpr, IrOpDef } from '../model/ir.js';
import type { Action } from '../model/model.js';
import { calledBody, certainApplications, type Environment, type Range, throughGiven } from './conjuncts.js';
import { printExpr } from './print-expr.js';
import type { Sights } from './sights.js';

const LOOKUPS: ReadonlySet<string> = new Set(['get', 'set', 'setBy']);
/** What makes a key of other values, and cannot fail. */
const KEY_PARTS: ReadonlySet<string> = new Set(['field', 'item', 'Tup', 'iadd', 'isub', 'imul']);
const DEPTH_MAX = 32;

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
  const options = { sights, instances, parameters: new Map(names) };
  const found = new Set<string>();
  /** What a condition needs in order to have a value, where the state decides that. */
  const doubts = new Set<string>();
  for (const { expr, given, ranges } of certainApplications(def, ir)) {
    const isIndex = expr.opcode === 'nth';
    if (!LOOKUPS.has(expr.opcode) && !isIndex) continue;
    const [holder, key] = expr.args;
    if (holder === undefined || key === undefined) continue;
    const sets = ranges.map(rangeText);
    if (sets.includes(undefined) || !isArgument(throughGiven(key, given, ir))) continue;
    doubts.clear();
    const keys = isIndex ? indicesOf(holder, given) : keysOf(holder, given, 0);
    const keyText = print(key, given, false);
    if (keys === undefined || keyText === undefined) continue;
    const guard = `${keys}.contains(${keyText})`;
    const sure = doubts.size === 0 ? guard : `and { ${[...doubts].join(', ')} } implies ${guard}`;
    found.add(sets.reduceRight<string>((inner, set) => `${set}${inner})`, sure));
  }
  return [...found];

  /** The beginning of a condition on all elements of a set that the arguments decide. */
  function rangeText({ id, set, given }: Range): string | undefined {
    const text = isArgument(throughGiven(set, given, ir)) ? print(set, given, false) : undefined;
    if (text === undefined) return undefined;
    const name = sights.free(`each${id}`);
    options.parameters.set(id, name);
    ids.add(id);
    return `${text}.forall(${name} => `;
  }

  function print(expr: IrExpr, given: Environment, partial: boolean): string | undefined {
    const full = throughGiven(expr, given, ir);
    const text = printExpr(full, { ...options, partial });
    if (text !== undefined && partial) doubt(full);
    return text;
  }

  function doubt(expr: IrExpr): void {
    if (expr.kind !== 'app') return;
    expr.args.forEach(doubt);
    const [map, key] = expr.args;
    if (expr.opcode !== 'get' || map === undefined || key === undefined || isArgument(key)) return;
    const [mapText, keyText] = [map, key].map(arg => printExpr(arg, { ...options, partial: true }));
    doubts.add(`${mapText}.keys().contains(${keyText})`);
  }

  function indicesOf(list: IrExpr, given: Environment): string | undefined {
    const text = print(list, given, true);
    return text === undefined ? undefined : `${text}.indices()`;
  }

  /** The keys of a map: of one that can be written, or of the one that it is made from. */
  function keysOf(map: IrExpr, given: Environment, depth: number): string | undefined {
    if (depth > DEPTH_MAX) return undefined;
    const text = print(map, given, true);
    if (text !== undefined) return `${text}.keys()`;
    const made = madeOf(map, given, depth);
    if (made === undefined) return undefined;
    const [first, second] = made.app.args;
    switch (made.app.opcode) {
      case 'set':
      case 'setBy':
        return first && keysOf(first, made.given, depth + 1);
      case 'put': {
        const before = first && keysOf(first, made.given, depth + 1);
        const added = second && print(second, made.given, false);
        return before === undefined || added === undefined ? undefined : `${before}.union(Set(${added}))`;
      }
      case 'Map': {
        const keys = made.app.args.map(pair =>
          pair.kind === 'app' && pair.opcode === 'Tup' && pair.args[0] !== undefined
            ? print(pair.args[0], made.given, false)
            : undefined,
        );
        return keys.includes(undefined) ? undefined : `Set(${keys.join(', ')})`;
      }
      case 'mapBy':
        return first && print(first, made.given, true);
      case 'field':
        return fieldKeys(first, second, made.given, depth + 1);
      default:
        return undefined;
    }
  }

  /** The keys of a field of a record: what `with` put there last, or what was there before. */
  function fieldKeys(
    record: IrExpr | undefined,
    field: IrExpr | undefined,
    given: Environment,
    depth: number,
  ): string | undefined {
    const made = record && madeOf(record, given, depth);
    if (made?.app.opcode !== 'with' || field?.kind !== 'str' || depth > DEPTH_MAX) return undefined;
    const [before, name, value] = made.app.args;
    if (before === undefined || value === undefined || name?.kind !== 'str') return undefined;
    if (name.value === field.value) return keysOf(value, made.given, depth + 1);
    const text = print(before, made.given, true);
    return text === undefined
      ? fieldKeys(before, field, made.given, depth + 1)
      : `${text}.${field.value}.keys()`;
  }

  /** The builtin that makes a value, through names and operators of the spec. */
  function madeOf(
    expr: IrExpr,
    given: Environment,
    depth: number,
  ): { readonly app: IrApp; readonly given: Environment } | undefined {
    if (depth > DEPTH_MAX) return undefined;
    if (expr.kind === 'let') return madeOf(expr.expr, given, depth + 1);
    const entry = ir.table.get(expr.id);
    if (expr.kind === 'app') {
      if (entry === undefined) return { app: expr, given };
      const called = calledBody(expr, given, ir);
      return called && madeOf(called.expr, called.given, depth + 1);
    }
    if (expr.kind !== 'name' || entry === undefined) return undefined;
    const known = given.get(entry.id);
    if (known !== undefined) return madeOf(known.expr, known.given, depth + 1);
    if (entry.kind !== 'def' || entry.qualifier === 'nondet' || entry.expr.kind === 'lambda')
      return undefined;
    return madeOf(entry.expr, (entry.depth ?? 0) > 0 ? given : new Map(), depth + 1);
  }

  /** Made of parameters of the action, and decided by one of them at least. */
  function isArgument(expr: IrExpr): boolean {
    if (expr.kind === 'name') return ids.has(ir.table.get(expr.id)?.id ?? -1);
    if (expr.kind !== 'app' || ir.table.has(expr.id)) return false;
    return KEY_PARTS.has(expr.opcode) && expr.args.some(isArgument);
  }
}
