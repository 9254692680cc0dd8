// Follows a trace whose states are all known: each step is either one that the spec allows, or a stutter, or the trace
// is rejected there. Nothing is kept but the last state, so a trace may be longer than memory.
import { agrees, type EngineState, type Machine, type Way } from '../engine/index.js';
import type { Observation } from '../trace/observation.js';
import { ok, type Result } from '../util/result.js';
import type { TakenAction } from './action-names.js';
import { isTold } from './constraint.js';

export interface FollowOptions {
  /** Whether the actions that the trace tells are what happened, rather than hints. */
  readonly binding: boolean;
  /** Whether a step is one of what a trace calls by this name. */
  readonly sameAction: (way: TakenAction, name: string) => boolean;
}

/** How a step is explained: by an action (undefined: one without a name), or because nothing changed. */
export type Explained =
  | { readonly kind: 'action'; readonly action: string | undefined }
  | { readonly kind: 'stutter' };

/** Undefined when the spec does not allow the step. Errors are those of evaluating the spec. */
export function follow(
  machine: Machine,
  from: EngineState | undefined,
  to: EngineState,
  actions: Observation['actions'],
  options: FollowOptions,
): Result<Explained | undefined> {
  const told = actions?.[0];
  let named: Way | undefined;
  let other: Way | undefined;
  const visited = machine.ways(from, to, way => {
    if (told === undefined || isTold(way, told, options.sameAction)) named = way;
    else other ??= way;
    return named === undefined;
  });
  const found = named ?? (options.binding ? undefined : other);
  if (found !== undefined) return ok({ kind: 'action', action: found.action });
  // A way that was found before the evaluation failed explains the step all the same.
  if (!visited.ok) return visited;
  const still = from !== undefined && agrees(from, to) && !(options.binding && told !== undefined);
  return ok(still ? { kind: 'stutter' } : undefined);
}
