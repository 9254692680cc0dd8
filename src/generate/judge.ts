// What a schedule is worth: the goals that it reaches, each at a step. Goals are what a suite should cover: actions,
// pairs of actions, branches, guards that refuse a step, properties that come near to breaking. Data for choosing;
// nothing is chosen here.
import { findOp } from '../engine/compiled-spec.js';
import { compileExprs, type EngineState, type ExprEvaluator, freeNames } from '../engine/index.js';
import { decisionsOf } from '../model/branches.js';
import type { Action, Model, Property } from '../model/model.js';
import type { Value } from '../model/value.js';
import { must } from '../util/assert.js';
import type { AuraError } from '../util/errors.js';
import type { SpecEvaluator } from './evaluator.js';
import type { Find } from './find.js';
import { compileStakes, type Stake } from './stakes.js';

export const GOAL_KINDS = [
  /** The spec itself violates a property. */
  'violation',
  /** A step that breaks a property where it is not refused. */
  'attack',
  'action',
  'guard',
  'branch',
  /** Of the schedules found for a property the one that comes nearest to violating it. */
  'nearest',
  'pair',
] as const;

export type GoalKind = (typeof GOAL_KINDS)[number];

/** Something to cover, by kind and name: `action:sign`, `pair:sign>abort`. */
export interface Goal {
  readonly kind: GoalKind;
  readonly name: string;
  /** Number of steps after which it is reached. */
  readonly at: number;
}

export interface Judged {
  /** Each goal once, where it is reached first. */
  readonly goals: readonly Goal[];
  /** In the order of the targets. */
  readonly stakes: readonly Stake[];
}

/** A schedule as far as it matters here; `actions` and `values` have one entry a step, `states` one more. */
export interface Judgeable extends Omit<Find, 'ways' | 'strategy'> {
  readonly states: readonly EngineState[];
  /** Names of the model, or what else tells steps apart. */
  readonly actions: readonly string[];
  /** Arguments and picks of a step by name. */
  values(step: number): ReadonlyMap<string, Value>;
}

export interface Judge {
  judge(schedule: Judgeable): Judged;
  /** Of invariants that could not be evaluated in some state until now: the first error of each, by name. */
  readonly failures: ReadonlyMap<string, AuraError>;
}

/** Says what schedules are worth for a suite that targets these properties. */
export function createJudge(targets: readonly Property[], model: Model, evaluator: SpecEvaluator): Judge {
  const stakesOf = compileStakes(targets, model, evaluator);
  const branchesOf = compileBranches(model, evaluator);
  const judge = (schedule: Judgeable): Judged => {
    const goals = new Map<string, Goal>();
    const reach = (kind: GoalKind, name: string, at: number): void => {
      if (!goals.has(`${kind}:${name}`)) goals.set(`${kind}:${name}`, { kind, name, at });
    };
    const { actions, states, refused, aim, distance, violates } = schedule;
    for (const [i, action] of actions.entries()) {
      reach('action', action, i + 1);
      if (i > 0) reach('pair', `${actions[i - 1]} > ${action}`, i + 1);
      for (const branch of branchesOf(action, must(states[i], 'a state before every step'), () =>
        schedule.values(i),
      ))
        reach('branch', branch, i + 1);
    }
    const end = actions.length;
    if (refused) {
      const guard = `${refused.action}@${placeOf(refused.guard, model)}`;
      reach('guard', guard, end);
      if (refused.breaks !== undefined) reach('attack', `${guard} breaks ${refused.breaks}`, end);
    }
    if (aim !== undefined && distance !== undefined) reach('nearest', aim, end);
    if (violates !== undefined) reach('violation', violates, end);
    const stakes = stakesOf.of(states);
    for (const [i, { violatedAt }] of stakes.entries())
      if (violatedAt !== undefined) reach('violation', targets[i]?.name ?? '', violatedAt);
    return { goals: [...goals.values()], stakes };
  };
  return { judge, failures: stakesOf.failures };
}

type BranchesOf = (
  action: string,
  before: EngineState,
  values: () => ReadonlyMap<string, Value>,
) => readonly string[];

/** The branches that a step takes, each as `action@line:column value`. */
function compileBranches(model: Model, evaluator: SpecEvaluator): BranchesOf {
  const { compiled } = evaluator;
  const plans = model.actions.flatMap(action => decisionPlans(action, model, evaluator));
  const evaluators = compileExprs(
    compiled,
    plans.map(({ expr, params, site }) => ({ expr, params, site })),
  );
  const byAction = new Map<string, { place: string; names: readonly string[]; run: ExprEvaluator }[]>();
  for (const [i, { action, place, params }] of plans.entries()) {
    const run = must(evaluators[i], 'an evaluator of every decision');
    const names = params.map(({ name }) => name);
    byAction.set(action, [...(byAction.get(action) ?? []), { place, names, run }]);
  }
  return (action, before, values) => {
    const decisions = byAction.get(action);
    if (decisions === undefined) return [];
    const known = values();
    return decisions.flatMap(({ place, names, run }) => {
      const given = names.map(name => known.get(name)).filter(value => value !== undefined);
      const result = given.length === names.length ? run(before, given) : undefined;
      return result?.ok ? [`${action}@${place} ${branchText(result.value)}`] : [];
    });
  };
}

function branchText(value: Value): string {
  return typeof value === 'object' && value.kind === 'variant' ? value.tag : String(value === true);
}

// Only decisions on what is known of a step: its parameters and picks, not the parameters of actions that it calls.
function decisionPlans(action: Action, model: Model, { compiled }: SpecEvaluator) {
  const op = findOp(compiled, action.name);
  if (!op.ok) return [];
  const own = new Map(action.parameters.map(({ id, name }) => [id, name]));
  return decisionsOf(op.value.def, model.spec.ir.table).flatMap(({ id, on }) => {
    const params = freeNames(compiled, on).map(({ id, name }) => ({ id, name: own.get(id) ?? name }));
    const foreign = params.some(param => !own.has(param.id) && !isNondet(param.id, model));
    return foreign
      ? []
      : [{ action: action.name, place: placeOf(id, model), expr: on, params, site: op.value }];
  });
}

function placeOf(id: number, model: Model): string {
  const span = model.spec.ir.spans.get(id);
  return span ? `${span.line}:${span.column}` : String(id);
}

const NONDETS = new WeakMap<Model, ReadonlySet<number>>();

function isNondet(id: number, model: Model): boolean {
  let known = NONDETS.get(model);
  if (known === undefined) {
    known = new Set(
      [...model.spec.ir.table.values()].flatMap(entry =>
        entry.kind === 'def' && entry.qualifier === 'nondet' ? [entry.id] : [],
      ),
    );
    NONDETS.set(model, known);
  }
  return known.has(id);
}
