// Whether a mutant that no state and no step gives away breaks a liveness property: by a loop or an end that the spec
// does not have. Fairness is that of the mutant, as an implementation without the guard would have it. Only what needs a
// step that the spec forbids counts, and only properties that the spec itself is not seen to break.
import { type EngineState, findOp, type Machine, type Way } from '../../engine/index.js';
import type { Property } from '../../model/model.js';
import { findLasso, type LassoSearch } from '../../verify/lasso-search.js';
import { StateGraph } from '../../verify/state-graph.js';
import { compileTemporal } from '../../verify/temporal/index.js';

export interface BrokenLiveness {
  readonly property: string;
  /** Steps of the lasso. */
  readonly depth: number;
  /** The states up to its first illegal step, and that step. */
  readonly before: readonly EngineState[];
  readonly illegal: Way;
}

export class LivenessWatch {
  /** Of the spec itself, once it was asked. */
  private sound: readonly Property[] | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly properties: readonly Property[],
  ) {}

  /** `budget` is the number of states that may be computed for each of the machines. */
  brokenBy(mutated: Machine, budget: number): BrokenLiveness | undefined {
    this.sound ??= this.properties.filter(
      (property, _, all) => lassoOf(this.machine, property, budget / all.length)?.kind !== 'broken',
    );
    for (const property of this.sound) {
      const found = lassoOf(mutated, property, budget / this.sound.length);
      const broken = found?.kind === 'broken' ? this.unlawful(property, found.lasso.ways) : undefined;
      if (broken !== undefined) return broken;
    }
    return undefined;
  }

  private unlawful({ name }: Property, ways: readonly Way[]): BrokenLiveness | undefined {
    const states = ways.map(({ state }) => state);
    const at = states.findIndex((state, i) => i > 0 && !this.isStep(states[i - 1], state));
    const illegal = ways[at];
    if (illegal === undefined) return undefined;
    return { property: name, depth: ways.length - 1, before: states.slice(0, at), illegal };
  }

  private isStep(from: EngineState | undefined, to: EngineState): boolean {
    let found = false;
    this.machine.ways(from, to, () => {
      found = true;
      return false;
    });
    return found;
  }
}

/** Undefined where the property cannot be evaluated, or a state cannot be left for an error of the spec. */
function lassoOf(machine: Machine, { name }: Property, budget: number): LassoSearch | undefined {
  const op = findOp(machine.compiled, name);
  if (!op.ok) return undefined;
  const formula = compileTemporal(machine.compiled, { expr: op.value.def.expr, site: op.value });
  if (!formula.ok) return undefined;
  const found = findLasso(new StateGraph(machine, Math.ceil(budget)), formula.value);
  return found.ok ? found.value : undefined;
}
