// Which of the possible initial states to take, where the spec has none: a bounded local search from the simplest one. A
// state is better when fewer invariants fail in it, then when a short exploration from it meets no error of evaluation,
// then when more actions can be taken from there. Only variables that are to blame are changed.
import { type CompiledSpec, compileExprs, encodeState, type Machine, StateStore } from '../engine/index.js';
import type { Action, Model } from '../model/model.js';
import type { State } from '../model/value.js';
import { createRandom } from '../util/random.js';
import type { Choice } from './initial-choices.js';

export interface VariableChoices {
  /** As states have it. */
  readonly variable: string;
  readonly choices: readonly Choice[];
}

/** Invariants that fail, 1 for an error, actions that are never taken: less is better, in this order. */
type Score = readonly [broken: number, failed: number, missing: number];

interface Judged {
  readonly score: Score;
  /** Names of what was to blame. */
  readonly blamed: ReadonlySet<string>;
}

const STATES_MAX = 80;
const WALKS = 6;
const WALK_LENGTH = 16;
/** States that are judged in all. */
const JUDGED_MAX = 120;

/** Indices into the choices of each variable. */
export function searchInitial(
  compiled: CompiledSpec,
  machine: Machine,
  model: Model,
  variables: readonly VariableChoices[],
): readonly number[] {
  const judge = new Judge(compiled, machine, model);
  const stateOf = (picked: readonly number[]): State =>
    new Map(
      variables.flatMap(({ variable, choices }, i) => {
        const choice = choices[picked[i] ?? 0];
        return choice === undefined ? [] : [[variable, choice.value] as const];
      }),
    );
  let best = variables.map(() => 0);
  let judged = judge.of(stateOf(best));
  let count = 1;
  for (let improved = true; improved && !isPerfect(judged.score); ) {
    improved = false;
    for (const candidate of neighbours(best, variables, judged.blamed)) {
      if (count++ > JUDGED_MAX) return best;
      const other = judge.of(stateOf(candidate));
      if (compareScores(other.score, judged.score) >= 0) continue;
      [best, judged, improved] = [candidate, other, true];
      break;
    }
  }
  return best;
}

function* neighbours(
  picked: readonly number[],
  variables: readonly VariableChoices[],
  blamed: ReadonlySet<string>,
): Generator<number[]> {
  for (const [i, { variable, choices }] of variables.entries()) {
    if (!blamed.has(variable)) continue;
    for (let choice = 0; choice < choices.length; choice++)
      if (choice !== picked[i]) yield picked.map((one, j) => (i === j ? choice : one));
  }
}

function isPerfect(score: Score): boolean {
  return score.every(part => part === 0);
}

function compareScores(a: Score, b: Score): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

class Judge {
  private readonly invariants;

  constructor(
    private readonly compiled: CompiledSpec,
    private readonly machine: Machine,
    private readonly model: Model,
  ) {
    this.invariants = compileExprs(
      compiled,
      model.invariants.map(({ expr }) => ({ expr })),
    );
  }

  of(state: State): Judged {
    const blamed = new Set<string>();
    const blame = (names: readonly string[]) => {
      for (const name of names) blamed.add(name);
    };
    let broken = 0;
    for (const [i, invariant] of this.model.invariants.entries()) {
      const held = this.invariants[i]?.(state);
      if (held?.ok && held.value === true) continue;
      broken++;
      blame(invariant.reads);
    }
    const { taken, failed } = this.explore(state);
    const missing = this.model.actions.filter(({ name }: Action) => !taken.has(bare(name)));
    for (const action of missing) blame(action.reads);
    if (failed) for (const action of this.model.actions) blame(action.reads);
    return { score: [broken, failed ? 1 : 0, missing.length], blamed };
  }

  private explore(state: State): { taken: ReadonlySet<string>; failed: boolean } {
    const taken = new Set<string>();
    const store = new StateStore(this.compiled.variables.length);
    store.add(encodeState(this.compiled, state));
    for (let next = 0; next < store.size && store.size < STATES_MAX; next++) {
      const result = this.machine.ways(store.get(next), undefined, ({ action, state: reached }) => {
        if (action !== undefined) taken.add(action);
        store.add(reached);
        return store.size < 4 * STATES_MAX;
      });
      if (!result.ok) return { taken, failed: true };
    }
    const random = createRandom('derive/initial');
    for (let walk = 0; walk < WALKS; walk++) {
      let at = state;
      for (let i = 0; i < WALK_LENGTH; i++) {
        const step = this.machine.randomStep(at, random);
        if (!step.ok) return { taken, failed: true };
        if (step.value === undefined) break;
        if (step.value.action !== undefined) taken.add(step.value.action);
        at = step.value.state;
      }
    }
    return { taken, failed: false };
  }
}

function bare(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}
