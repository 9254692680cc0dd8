// Names of actions as logs use them, against the labels of steps. A step is labelled with the first named action after
// the last choice; a log may name that action, or one of those that only choose among others on the way to it.
import type { CompiledSpec } from '../engine/index.js';
import { findOp } from '../engine/index.js';
import type { IrExpr } from '../model/ir.js';
import { type AuraError, auraError } from '../util/errors.js';
import { nearest } from '../util/nearest.js';

export interface ActionNames {
  /** Whether a step with this label is what a trace calls `name`. */
  isSame(label: string | undefined, name: string): boolean;
  /** AUR316 for a name that no step can bear. */
  unknown(name: string, place: string): AuraError | undefined;
}

export function actionNames(compiled: CompiledSpec, step: string): ActionNames {
  const below = new Map<string, ReadonlySet<string>>();
  const labelsBelow = (name: string): ReadonlySet<string> => {
    let labels = below.get(name);
    if (labels === undefined) {
      const op = findOp(compiled, name);
      labels = op.ok ? new Set([op.value.def.name, ...actionsIn(compiled, op.value.def.expr)]) : new Set();
      below.set(name, labels);
    }
    return labels;
  };
  const takenBy = (name: string): boolean => labelsBelow(step).has(shortName(name));
  return {
    isSame: (label, name) =>
      label !== undefined && (label === shortName(name) || labelsBelow(name).has(label)),
    unknown(name, place) {
      if (takenBy(name) || name === 'init') return undefined;
      const near = nearest(shortName(name), [...labelsBelow(step)]);
      return auraError('AUR316', `${place}: ${step} takes no action ${name}`, {
        hint:
          near === undefined
            ? 'map it with action_mappings, or add it to ignored_events'
            : `did you mean ${near}?`,
      });
    },
  };
}

function shortName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/** Names of the actions that an expression calls, through others. */
function actionsIn(compiled: CompiledSpec, expr: IrExpr): Set<string> {
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
  return names;
}
