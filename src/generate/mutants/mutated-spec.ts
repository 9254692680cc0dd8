// A spec with one expression replaced: in the module where it stands, and in every answer of Quint's name table that
// repeats the definition around it. The spec that it is made from stays as it is.
import type { IrDeclaration, IrExpr, IrLookup, IrOpDef } from '../../model/ir.js';
import type { Spec } from '../../model/spec.js';
import { sha256 } from '../../util/files.js';
import { exprText } from './expr-text.js';

/** `spec` with the expressions whose ids are keys replaced by the values. */
export function withReplaced(spec: Spec, replacements: ReadonlyMap<number, IrExpr>): Spec {
  const changed = new Map<number, IrOpDef>();
  const modules = spec.ir.modules.map(module => ({
    ...module,
    declarations: module.declarations.map(declaration => replacedIn(declaration, replacements, changed)),
  }));
  const table = new Map<number, IrLookup>();
  for (const [id, entry] of spec.ir.table) {
    const def = entry.kind === 'def' ? changed.get(entry.id) : undefined;
    table.set(id, def === undefined ? entry : { ...entry, ...def });
  }
  const told = [...replacements].map(([id, expr]) => `${id} ${exprText(expr)}`).join('\n');
  return { ...spec, hash: sha256(`${spec.hash}\n${told}`), ir: { ...spec.ir, modules, table } };
}

function replacedIn(
  declaration: IrDeclaration,
  replacements: ReadonlyMap<number, IrExpr>,
  changed: Map<number, IrOpDef>,
): IrDeclaration {
  return declaration.kind === 'def' ? definition(declaration, replacements, changed) : declaration;
}

function definition(
  def: IrOpDef,
  replacements: ReadonlyMap<number, IrExpr>,
  changed: Map<number, IrOpDef>,
): IrOpDef {
  const expr = substitute(def.expr, replacements, changed);
  if (expr === def.expr) return def;
  const result = { ...def, expr };
  changed.set(def.id, result);
  return result;
}

/** What stays as it was is the same object. */
function substitute(
  expr: IrExpr,
  replacements: ReadonlyMap<number, IrExpr>,
  changed: Map<number, IrOpDef>,
): IrExpr {
  const by = replacements.get(expr.id);
  if (by !== undefined) return by;
  if (expr.kind === 'lambda') {
    const body = substitute(expr.expr, replacements, changed);
    return body === expr.expr ? expr : { ...expr, expr: body };
  }
  if (expr.kind === 'let') {
    const opdef = definition(expr.opdef, replacements, changed);
    const body = substitute(expr.expr, replacements, changed);
    return opdef === expr.opdef && body === expr.expr ? expr : { ...expr, opdef, expr: body };
  }
  if (expr.kind !== 'app') return expr;
  const args = expr.args.map(arg => substitute(arg, replacements, changed));
  return args.every((arg, i) => arg === expr.args[i]) ? expr : { ...expr, args };
}

/** An id that no node of the spec bears, nor any above it. */
export function firstFreeId({ ir }: Spec): number {
  let last = 0;
  for (const ids of [ir.table, ir.types, ir.effects, ir.spans])
    for (const id of ids.keys()) last = Math.max(last, id);
  return last + 1;
}
