// The spec's own steps between states that were found before, made again because states are all that is kept.
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

/** Whether the machine can go from one state to the other; an evaluation that fails is no step. */
export function isStep(machine: Machine, from: EngineState | undefined, to: EngineState): boolean {
  let found = false;
  machine.ways(from, to, () => {
    found = true;
    return false;
  });
  return found;
}
