// Which action of the model a step of the engine was. A step bears the name of the first action after the last choice,
// which actions of several instances may share: then the instance tells.
import type { Action, Model } from './model.js';

/** What a step bears, as the engine tells it. */
export interface StepLabel {
  /** Undefined for a step without a name. */
  readonly action: string | undefined;
  /** Path of the instance that the action belongs to, such as `main::inst`; empty for none. */
  readonly instance: string;
}

/** The action of a step; undefined where it has no name or more than one action may be meant. */
export type TakenAction = (way: StepLabel) => Action | undefined;

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
