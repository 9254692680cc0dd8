// The spec's own steps along states that were found before, made again because states are all that is kept.
import type { EngineState, Machine, Way } from '../../engine/index.js';
import type { Result } from '../../util/result.js';
import { ok } from '../../util/result.js';

/** A way through these states, the first of which is an initial one; shorter where a step is none of the spec. */
export function waysThrough(machine: Machine, states: readonly EngineState[]): Result<Way[]> {
  const ways: Way[] = [];
  for (const [i, state] of states.entries()) {
    const found = machine.ways(states[i - 1], state, way => {
      ways.push(way);
      return false;
    });
    if (!found.ok) return found;
  }
  return ok(ways);
}
