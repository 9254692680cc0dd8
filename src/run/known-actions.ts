// Whether a schedule is one of the spec that is to follow it, asked before its first step: a step that the spec does not
// have would be refused by anything, which is no verdict on the system.
import { noAction } from '../drivers/told-step.js';
import type { Model } from '../model/model.js';
import type { ResolvedStep } from '../scenario/resolved.js';
import { fail, ok, type Result } from '../util/result.js';

/** Error: AUR459 with the near name. */
export function checkActions(steps: readonly ResolvedStep[], { actions }: Model): Result<void> {
  const known = new Set(actions.map(({ name }) => name));
  const index = steps.findIndex(({ action }) => !known.has(action));
  const step = steps[index];
  return step === undefined ? ok(undefined) : fail(noAction({ index, action: step.action }, known));
}
