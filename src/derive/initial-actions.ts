// Which actions can stand for `init` where none is called so: those that assign every variable and read none.
import type { IrEffect, IrEntity } from '../model/ir.js';
import { resolveScope } from '../model/scope.js';
import type { Spec } from '../model/spec.js';
import { bodyOf } from '../model/step-leaves.js';

/** Names that say so, the likeliest first. */
const NAMES: readonly RegExp[] = [/^init/i, /^(start|setup|boot|begin|genesis)/i];

/** Whether the name of an action says that it begins everything. */
export function looksInitial(name: string): boolean {
  return NAMES.some(pattern => pattern.test(bare(name)));
}

function bare(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/** Names as the module sees them, the likeliest first. */
export function initialActions(spec: Spec, module: string): string[] {
  const { ir } = spec;
  const { entries, variables } = resolveScope(ir.modules, module);
  const found = entries.flatMap(({ name, def, instances }) => {
    const isAction = def.kind === 'def' && def.qualifier === 'action' && def.expr.kind !== 'lambda';
    const effect = isAction ? ir.effects.get(def.id) : undefined;
    if (effect === undefined || def.kind !== 'def') return [];
    const updates = touched(effect, 'update');
    // What stands in one instance assigns the variables of that one only.
    const assignsAll = variables.every(
      variable =>
        updates.has(variable.def.id) &&
        (instances.length === 0 || instances.every((one, i) => variable.instances[i] === one)),
    );
    const span = ir.spans.get(def.id);
    const isTest =
      bodyOf(def).kind === 'app' && name !== 'init' && /^(then|expect|reps|fail)$/.test(opcode(bodyOf(def)));
    return assignsAll && touched(effect, 'read').size === 0 && !isTest
      ? [{ name, line: span?.line ?? 0 }]
      : [];
  });
  const rank = (name: string) => {
    const at = NAMES.findIndex(pattern => pattern.test(bare(name)));
    return at < 0 ? NAMES.length : at;
  };
  return found.sort((a, b) => rank(a.name) - rank(b.name) || a.line - b.line).map(({ name }) => name);
}

function opcode(expr: ReturnType<typeof bodyOf>): string {
  return expr.kind === 'app' ? expr.opcode : '';
}

function touched(effect: IrEffect, kind: 'read' | 'update'): Set<number> {
  if (effect.kind === 'variable') return new Set();
  if (effect.kind === 'arrow') return touched(effect.result, kind);
  return new Set(
    effect.components.filter(component => component.kind === kind).flatMap(({ entity }) => idsOf(entity)),
  );
}

function idsOf(entity: IrEntity): number[] {
  if (entity.kind === 'concrete') return entity.stateVariables.map(({ reference }) => reference);
  return entity.kind === 'union' ? entity.entities.flatMap(idsOf) : [];
}
