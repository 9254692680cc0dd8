// Whether a mutant that no state and no step gives away breaks a liveness property: by a loop or an end that the spec
// does not have. Fairness is that of the mutant, as an implementation without the guard would have it. Only what needs a
// step that the spec forbids counts, and only properties that the spec itself is known to keep.
import { type EngineState, findOp, type Machine, type Way } from '../../engine/index.js';
import type { Property } from '../../model/model.js';
import { findLasso, type LassoSearch } from '../../verify/lasso-search.js';
import { StateGraph } from '../../verify/state-graph.js';
import { compileTemporal } from '../../verify/temporal/index.js';
import { isStep } from './spec-ways.js';

export interface BrokenLiveness {
  readonly property: string;
  /** Steps of the lasso. */
  readonly depth: number;
  /** The states up to its first illegal step, and that step. */
  readonly before: readonly EngineState[];
  readonly illegal: Way;
}

export class LivenessWatch {
  /** Those that the spec itself keeps, once it was asked. */
  private sound: readonly Property[] | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly properties: readonly Property[],
  ) {}

  /** `budget` is the number of states that may be computed for each of the two machines. */
  brokenBy(mutated: Machine, budget: number): BrokenLiveness | undefined {
    this.sound ??= this.soundOnes(budget);
    const graph = new StateGraph(mutated, budget);
    for (const property of this.sound) {
      const found = lassoOf(mutated, graph, property);
      const broken = found?.kind === 'broken' ? this.unlawful(property, found.lasso.ways) : undefined;
      if (broken !== undefined) return broken;
    }
    return undefined;
  }

  private soundOnes(budget: number): Property[] {
    const graph = new StateGraph(this.machine, budget);
    return this.properties.filter(property => lassoOf(this.machine, graph, property)?.kind === 'holds');
  }

  private unlawful({ name }: Property, ways: readonly Way[]): BrokenLiveness | undefined {
    const states = ways.map(({ state }) => state);
    const at = states.findIndex((state, i) => i > 0 && !isStep(this.machine, states[i - 1], state));
    const illegal = ways[at];
    if (illegal === undefined) return undefined;
    return { property: name, depth: ways.length - 1, before: states.slice(0, at), illegal };
  }
}

/** Undefined where the property cannot be evaluated, or a state cannot be left for an error of the spec. */
function lassoOf(machine: Machine, graph: StateGraph, { name }: Property): LassoSearch | undefined {
  const op = findOp(machine.compiled, name);
  if (!op.ok) return undefined;
  const formula = compileTemporal(machine.compiled, { expr: op.value.def.expr, site: op.value });
  if (!formula.ok) return undefined;
  const found = findLasso(graph, formula.value);
  return found.ok ? found.value : undefined;
}
