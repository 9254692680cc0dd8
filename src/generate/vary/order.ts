// Variations of the order of steps: a step is taken later than others that do not belong to its participant. Times of
// steps stay where they are, so that the schedule goes on in time. Whether the spec allows the new order is asked
// elsewhere.
import type { Scenario, ScenarioStep } from '../../../generated/scenario.js';
import type { Edit, Edits } from './variation.js';

/** Steps over which one step moves at most. */
const FARTHEST = 4;

export const orderEdits: Edits = ({ scenario, hasSpec }) => {
  const { steps = [] } = scenario;
  const edits = steps.flatMap((_, index): Edit[] => {
    const reach = reachOf(steps, index, 1, hasSpec);
    if (reach === 0) return [];
    return [
      random => {
        const distance = 1 + random.below(reach);
        return {
          scenario: moveStep(scenario, index, index + distance),
          change: `step ${index} (${labelOf(steps[index])}) comes after step ${index + distance} (${labelOf(steps[index + distance])})`,
          touches: 'order',
        };
      },
    ];
  });
  return edits.length > 0 ? edits : 'no two steps in a row belong to different participants';
};

/** How many steps a step can be moved over, towards the end (`direction` 1) or the beginning (-1). */
export function reachOf(
  steps: readonly ScenarioStep[],
  index: number,
  direction: 1 | -1,
  hasSpec: boolean,
): number {
  const moving = steps[index];
  let reach = 0;
  while (reach < FARTHEST) {
    const over = steps[index + direction * (reach + 1)];
    if (moving === undefined || over === undefined || !canSwap(moving, over, hasSpec)) break;
    reach++;
  }
  return reach;
}

// Without a spec only steps of different participants may be swapped: one that belongs to nobody may be anybody's.
function canSwap(a: ScenarioStep, b: ScenarioStep, hasSpec: boolean): boolean {
  if (a.expect === 'rejected' || b.expect === 'rejected') return false;
  if (a.node === undefined || b.node === undefined) return hasSpec;
  return a.node !== b.node;
}

/** The scenario with the step `from` at position `to`; the times stay with the positions. */
export function moveStep(scenario: Scenario, from: number, to: number): Scenario {
  const steps = [...(scenario.steps ?? [])];
  const times = steps.map(({ at }) => at);
  const moved = steps.splice(from, 1);
  steps.splice(to, 0, ...moved);
  return {
    ...scenario,
    steps: steps.map(({ at: _, ...step }, i) => {
      const at = times[i];
      return at === undefined ? step : { ...step, at };
    }),
  };
}

/** The action of a step and who takes it. */
export function labelOf(step: ScenarioStep | undefined): string {
  if (step === undefined) return '';
  return step.node === undefined ? step.action : `${step.action} by ${step.node}`;
}
