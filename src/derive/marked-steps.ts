// A spec whose steps tell which disjunct of `step` they took. A step bears the name of the first action after the last
// choice, which says nothing of disjuncts that are written out in place, nor of an action that ends in a choice itself.
// Here each disjunct ends with a mark: an action of its own name that changes nothing. States and steps stay the same.
import type { IrExpr, IrLookup, IrOpDef, QuintIr } from '../model/ir.js';
import type { Model } from '../model/model.js';
import type { Spec } from '../model/spec.js';
import { stepLeaves } from '../model/step-leaves.js';

/**
 * The spec of a model with marks, which are the names of the model's actions. A disjunct that may be several of them, as
 * one behind two instances, has none.
 */
export function withMarkedSteps({ spec, actions, otherActions, entry }: Model): Spec {
  const { modules, table } = spec.ir;
  const stepId = otherActions.find(({ name }) => name === entry.step)?.id;
  const step = modules
    .flatMap(({ declarations }) => declarations)
    .find((def): def is IrOpDef => def.kind === 'def' && def.id === stepId);
  if (step === undefined) return spec;
  const { leaves, compositions } = stepLeaves(step, table);
  const marks = new Map<number, string>();
  for (const { def, expr } of leaves) {
    const [action, second] = actions.filter(({ id }) => id === (def ?? expr).id);
    if (action !== undefined && second === undefined) marks.set(expr.id, action.name);
  }
  const added = new Map<number, IrLookup>();
  const freshId = unusedIds(spec.ir);
  const marked = (expr: IrExpr): IrExpr => {
    const name = marks.get(expr.id);
    if (name !== undefined) return withMark(expr, name, freshId, added);
    if (expr.kind === 'app') return { ...expr, args: expr.args.map(marked) };
    if (expr.kind === 'lambda') return { ...expr, expr: marked(expr.expr) };
    if (expr.kind !== 'let') return expr;
    const opdef = { ...expr.opdef, expr: marked(expr.opdef.expr) };
    return { ...expr, opdef, expr: marked(expr.expr) };
  };
  const changed = new Map(compositions.map(({ id, expr }) => [id, marked(expr)]));
  const replaced = <Declared extends { kind: string; id: number }>(def: Declared): Declared => {
    const expr = def.kind === 'def' ? changed.get(def.id) : undefined;
    return expr === undefined ? def : { ...def, expr };
  };
  const ir = {
    ...spec.ir,
    modules: modules.map(module => ({ ...module, declarations: module.declarations.map(replaced) })),
    table: new Map([...[...table].map(([id, known]) => [id, replaced(known)] as const), ...added]),
  };
  return { ...spec, ir };
}

/** Ids that no node of the IR has. They become parts of names in what the engine emits, so none is negative. */
function unusedIds({ spans, table, types }: QuintIr): () => number {
  let last = 0;
  for (const known of [spans, table, types]) for (const id of known.keys()) last = Math.max(last, id);
  return () => ++last;
}

/** `all { expr, any { { action name = all {} name } } }`: the choice makes the step forget what it was called. */
function withMark(expr: IrExpr, name: string, freshId: () => number, added: Map<number, IrLookup>): IrExpr {
  const app = (opcode: string, args: readonly IrExpr[]): IrExpr => ({
    kind: 'app',
    id: freshId(),
    opcode,
    args,
  });
  const opdef: IrOpDef = {
    kind: 'def',
    id: freshId(),
    name,
    qualifier: 'action',
    expr: app('actionAll', []),
  };
  const use: IrExpr = { kind: 'name', id: freshId(), name };
  added.set(use.id, { ...opdef, depth: 1 });
  const mark: IrExpr = { kind: 'let', id: freshId(), opdef, expr: use };
  return app('actionAll', [expr, app('actionAny', [mark])]);
}
