// Names of actions as logs use them, against the labels of steps. A step is labelled with the first named action after
// the last choice; a log may name that action, or one of those that only choose among others on the way to it.
import { type CompiledSpec, findOp, type Way } from '../engine/index.js';
import type { IrExpr } from '../model/ir.js';
import type { Action } from '../model/model.js';
import { bodyOf, type StepLeaf, stepLeaves } from '../model/step-leaves.js';
import { type AuraError, auraError } from '../util/errors.js';
import { nearest } from '../util/nearest.js';

/** Which action a step is labelled with, and of which instance it is one. */
export type TakenAction = Pick<Way, 'action' | 'instance'>;

export interface ActionNames {
  /** Whether a step is one of what a trace calls `name`. */
  isSame(way: TakenAction, name: string): boolean;
  /** AUR316 for a name that no step bears. */
  unknown(name: string, place: string): AuraError | undefined;
  /** Labels of the steps by an action; the empty one stands for steps without a name. */
  labelsOf(action: Action): ReadonlySet<string>;
}

/** Names of the steps of `step`, an action of the main module; of none where it is no such action. */
export function actionNames(compiled: CompiledSpec, step: string): ActionNames {
  const op = findOp(compiled, step);
  const { table } = compiled.spec.ir;
  const { leaves, compositions } = op.ok ? stepLeaves(op.value.def, table) : { leaves: [], compositions: [] };
  const labelsOf = (leaf: StepLeaf) => labelsAfter(compiled, leaf.expr, leaf.call.label);
  const labels = new Set(leaves.flatMap(leaf => [...labelsOf(leaf)]));
  const known = new Map<string, ReadonlySet<string>>();
  const labelsFor = (name: string): ReadonlySet<string> => {
    let found = known.get(name);
    if (found === undefined) {
      const composed = compositions.filter(def => def.name === name);
      const below = composed.flatMap(def => [...labelsAfter(compiled, bodyOf(def), name)]);
      const own = leaves.filter(leaf => leaf.def?.name === name).flatMap(leaf => [...labelsOf(leaf)]);
      found = new Set([...own, ...[name, ...below].filter(label => labels.has(label))]);
      known.set(name, found);
    }
    return found;
  };
  return {
    isSame: ({ action, instance }, name) => {
      if (action === undefined || !labelsFor(shortName(name)).has(action)) return false;
      const through = name.slice(0, Math.max(0, name.lastIndexOf('::')));
      return through === '' || instance === '' || `::${instance}`.endsWith(`::${through}`);
    },
    unknown(name, place) {
      if (labelsFor(shortName(name)).size > 0 || name === 'init') return undefined;
      const around = leaves.find(leaf =>
        actionsIn(compiled, leaf.def?.expr ?? leaf.expr).includes(shortName(name)),
      );
      const near = nearest(shortName(name), [...labels]);
      return auraError('AUR316', `${place}: ${step} takes no step of its own by ${name}`, {
        hint: around
          ? `it is part of ${[...labelsOf(around)].join(' or ') || 'a branch without a name'}: map it to that with action_mappings`
          : near === undefined
            ? 'map it with action_mappings, or add it to ignored_events'
            : `did you mean ${near}?`,
      });
    },
    labelsOf: action => {
      const own = leaves.filter(({ def, expr }) => (def ?? expr).id === action.id);
      return new Set(own.flatMap(leaf => [...labelsOf(leaf)]));
    },
  };
}

/** Calls that are followed into one another. */
const DEPTH_MAX = 50;

/**
 * The labels that a step may bear once `expr` has happened, where it bore `before`: a choice forgets the label, the
 * first action that is entered without one gives it its name.
 */
function labelsAfter(compiled: CompiledSpec, expr: IrExpr, before: string, depth = 0): Set<string> {
  const after = (e: IrExpr, label: string) => labelsAfter(compiled, e, label, depth + 1);
  const union = (exprs: readonly IrExpr[], label: string) =>
    new Set(exprs.flatMap(e => [...after(e, label)]));
  if (depth > DEPTH_MAX) return new Set([before]);
  if (expr.kind === 'let' || expr.kind === 'lambda') return after(expr.expr, before);
  if (expr.kind !== 'app' && expr.kind !== 'name') return new Set([before]);
  const entry = compiled.spec.ir.table.get(expr.id);
  if (entry?.kind === 'def' && entry.qualifier === 'action')
    return after(bodyOf(entry), before === '' ? entry.name : before);
  if (entry !== undefined || expr.kind !== 'app') return new Set([before]);
  if (expr.opcode === 'actionAll') {
    let labels = new Set([before]);
    for (const arg of expr.args) labels = new Set([...labels].flatMap(label => [...after(arg, label)]));
    return labels;
  }
  if (expr.opcode === 'actionAny') return union(expr.args, '');
  if (expr.opcode === 'ite') return union(expr.args.slice(1), before);
  if (expr.opcode === 'matchVariant')
    return union(
      expr.args.filter(({ kind }) => kind === 'lambda'),
      before,
    );
  return new Set([before]);
}

function shortName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/** Names of the actions that an expression calls, through others, in the order of the text. */
function actionsIn(compiled: CompiledSpec, expr: IrExpr): string[] {
  const names = new Set<string>();
  const seen = new Set<number>();
  const walk = (e: IrExpr): void => {
    if (e.kind === 'lambda') walk(e.expr);
    else if (e.kind === 'let') {
      walk(e.opdef.expr);
      walk(e.expr);
    } else if (e.kind === 'name' || e.kind === 'app') {
      if (e.kind === 'app') e.args.forEach(walk);
      const entry = compiled.spec.ir.table.get(e.id);
      if (entry?.kind !== 'def' || seen.has(entry.id)) return;
      seen.add(entry.id);
      if (entry.qualifier === 'action') names.add(entry.name);
      walk(entry.expr);
    }
  };
  walk(expr);
  return [...names];
}
