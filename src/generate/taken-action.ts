// Which action of the model a step of the engine was. A step bears the name of the first action after the last choice,
// which actions of several instances may share: then the instance tells.
import type { Way } from '../engine/index.js';
import type { Action, Model } from '../model/model.js';

/** The action of a step; undefined where it has no name or more than one action may be meant. */
export type TakenAction = (way: Pick<Way, 'action' | 'instance'>) => Action | undefined;

export function takenActions(model: Model): TakenAction {
  const byLabel = new Map<string, Action[]>();
  for (const action of model.actions)
    for (const label of new Set(action.calls.map(call => call.label)))
      byLabel.set(label, [...(byLabel.get(label) ?? []), action]);
  return ({ action, instance }) => {
    const possible = byLabel.get(action ?? '') ?? [];
    const [only, second] = possible;
    if (second === undefined) return only;
    const through = possible.filter(({ name }) => {
      const path = name.slice(0, Math.max(0, name.lastIndexOf('::')));
      return path !== '' && `::${instance}`.endsWith(`::${path}`);
    });
    return through.length === 1 ? through[0] : undefined;
  };
}
