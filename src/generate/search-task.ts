// The work of strategies as data, and the doing of a share of it. A share is every n-th part, counted over all parts of
// all strategies; parts know nothing of one another, so the shares together give the same whatever their number.
import { createMachine } from '../engine/index.js';
import { buildModel } from '../model/build-model.js';
import type { Classification } from '../model/classify.js';
import type { EntryActions } from '../model/model.js';
import type { Spec } from '../model/spec.js';
import { takenActions } from '../model/taken-action.js';
import type { AuraError } from '../util/errors.js';
import { createRandom } from '../util/random.js';
import { ok, type Result } from '../util/result.js';
import type { Schedule } from './candidate.js';
import type { Chaos } from './conditions.js';
import { createEvaluator } from './evaluator.js';
import type { StrategyName } from './find.js';
import { createJudge } from './judge.js';
import { createKeeper } from './keeper.js';
import { readSetting } from './setting.js';
import { STRATEGY_TABLE } from './strategies/index.js';
import type { Ground } from './strategies/strategy.js';

export interface SearchTask {
  readonly spec: Spec;
  readonly classification: Classification;
  readonly entry: EntryActions;
  /** In their order, each with the states that it may compute in all. */
  readonly strategies: readonly { readonly name: StrategyName; readonly budget: number }[];
  /** Names of the properties that schedules are looked for. */
  readonly targets: readonly string[];
  /** In steps after `init`. */
  readonly maxLength: number;
  readonly chaos: Chaos;
  readonly seed: string;
  /** Schedules to keep beside those that are the best for something. */
  readonly spare: number;
}

/** What came of one part of a strategy's work. */
export interface SearchedPart {
  /** Its number among all parts. */
  readonly number: number;
  readonly strategy: StrategyName;
  readonly schedules: readonly Schedule[];
  /** Schedules that were looked at. */
  readonly offered: number;
  /** States that were computed. */
  readonly states: number;
  readonly exhausted: boolean;
  /** What ended it early: an error of the spec, or of a property in a state that was met. */
  readonly trouble?: AuraError;
}

/** Every part whose number leaves `share` when divided by `of`. Errors: those of compiling the spec. */
export function searchShare(task: SearchTask, share: number, of: number): Result<SearchedPart[]> {
  const model = buildModel(task.spec, task.classification, task.entry);
  const evaluator = createEvaluator(model);
  if (!evaluator.ok) return evaluator;
  const machine = createMachine(evaluator.value.compiled, task.entry);
  if (!machine.ok) return machine;
  const askable = [...model.invariants, ...model.temporalProperties, ...model.candidates];
  const ground: Ground = {
    model,
    machine: machine.value,
    setting: readSetting(model, evaluator.value.constant),
    targets: task.targets.flatMap(wanted => askable.filter(({ name }) => name === wanted)),
    maxLength: task.maxLength,
    chaos: task.chaos,
  };
  const judge = createJudge(ground.targets, model, evaluator.value);
  const taken = takenActions(model);
  const parts = task.strategies.flatMap(({ name, budget }) => {
    const strategy = STRATEGY_TABLE[name];
    const count = strategy.parts(ground);
    return Array.from({ length: count }, (_, part) => ({
      strategy,
      part,
      budget: Math.ceil(budget / count),
    }));
  });
  const searched: SearchedPart[] = [];
  for (const [number, { strategy, part, budget }] of parts.entries()) {
    if (number % of !== share) continue;
    const { name } = strategy;
    const keeper = createKeeper(judge, taken, Math.ceil(task.spare / parts.length));
    const random = createRandom(`${task.seed}/${name}/${part}`);
    const spent = strategy.search(ground, { part, random, budget, keep: find => keeper.keep(find) });
    const known = { number, strategy: name, schedules: keeper.schedules(), offered: keeper.offered };
    const [trouble] = spent.ok ? [] : spent.errors;
    searched.push(
      spent.ok
        ? { ...known, ...spent.value }
        : { ...known, states: 0, exhausted: false, ...(trouble && { trouble }) },
    );
  }
  return ok(searched);
}
