// The strategy for temporal properties: a behaviour that breaks one, where the spec has it; otherwise, for those that
// ask for something to happen, schedules that starve it and then heal. A behaviour that merely stops breaks every
// property that assumes no fairness, so that one is not told of.
import { findOp, type Way } from '../../engine/index.js';
import type { Property } from '../../model/model.js';
import { takenActions } from '../../model/taken-action.js';
import { must } from '../../util/assert.js';
import { compareText } from '../../util/order.js';
import { ok, type Result } from '../../util/result.js';
import { assertBroken, findLasso, type LassoSearch } from '../../verify/lasso-search.js';
import { StateGraph } from '../../verify/state-graph.js';
import { compileTemporal, type TemporalProperty } from '../../verify/temporal/index.js';
import type { Find } from '../find.js';
import { Starvation, type Starved } from '../starvation.js';
import type { Assignment, Ground, Spent, Strategy } from './strategy.js';

/** Share of the budget for the search of a breach, of a property that schedules can starve. */
const SEARCH_SHARE = 0.9;
/** Walks at least; as many as the budget allows where one of them may still break the property. */
const WALKS = 60;
/** Schedules kept of a property. */
const KEPT = 6;

export const livenessUnderFairness: Strategy = {
  name: 'liveness_under_fairness',
  parts: ground => partsOf(ground).length,
  search: (ground, assignment) => {
    const properties = must(partsOf(ground)[assignment.part], 'a part');
    const [first] = properties;
    return first !== undefined && !first.safety
      ? searchLiveness(ground, assignment, first)
      : searchSafety(ground, assignment, properties);
  },
};

/** Each property that asks for something to happen is a part; those that do not share one, and its states. */
function partsOf({ targets }: Ground): readonly (readonly Property[])[] {
  const temporal = targets.filter(({ kind }) => kind === 'temporal');
  const safe = temporal.filter(({ safety }) => safety);
  const live = temporal.filter(({ safety }) => !safety);
  return [...live.map(property => [property]), ...(safe.length > 0 ? [safe] : [])];
}

/** Undefined for a form that cannot be evaluated: who verifies the property is told so. */
function compiled({ machine }: Ground, { name, expr }: Property): Result<TemporalProperty | undefined> {
  const site = findOp(machine.compiled, name);
  if (!site.ok) return site;
  const property = compileTemporal(machine.compiled, { expr, site: site.value });
  return ok(property.ok ? property.value : undefined);
}

function searchSafety(
  ground: Ground,
  { budget, keep }: Assignment,
  properties: readonly Property[],
): Result<Spent> {
  const graph = new StateGraph(ground.machine, budget);
  let exhausted = true;
  for (const target of properties) {
    const property = compiled(ground, target);
    if (!property.ok) return property;
    if (property.value === undefined) continue;
    const searched = findLasso(graph, property.value);
    if (!searched.ok) return searched;
    const find = findOf(ground, target, property.value, searched.value);
    if (find !== undefined) keep(find);
    else if (searched.value.kind !== 'holds') exhausted = false;
  }
  return ok({ states: graph.computed, exhausted });
}

function searchLiveness(
  ground: Ground,
  { budget, keep, random }: Assignment,
  target: Property,
): Result<Spent> {
  const property = compiled(ground, target);
  if (!property.ok) return property;
  if (property.value === undefined) return ok({ states: 0, exhausted: true });
  const graph = new StateGraph(ground.machine, Math.floor(budget * SEARCH_SHARE));
  const searched = findLasso(graph, property.value);
  if (!searched.ok) return searched;
  const find = findOf(ground, target, property.value, searched.value);
  if (find !== undefined) {
    keep(find);
    return ok({ states: graph.computed, exhausted: true });
  }
  const starvation = new Starvation(
    {
      machine: ground.machine,
      automaton: property.value.breaking(),
      stopsFairly: property.value.asksEnabled,
      taken: takenActions(ground.model),
      stake: stakeOf(ground, searched.value),
      maxLength: ground.maxLength,
      intensity: ground.chaos.enabled ? ground.chaos.intensity : 0,
    },
    random,
    budget - graph.computed,
  );
  const best = longestStarved(starvation, searched.value.kind === 'undecided');
  if (!best.ok) return best;
  for (const { ways, isBroken } of best.value) {
    if (isBroken) assertBroken(property.value, ways, ways.length - 1);
    if (!keep(isBroken ? breach(target, ways, ways.length - 1) : aimed(target, ways))) break;
  }
  return ok({ states: graph.computed + starvation.states, exhausted: false });
}

function findOf(
  { maxLength }: Ground,
  target: Property,
  { asksEnabled }: TemporalProperty,
  searched: LassoSearch,
): Find | undefined {
  if (searched.kind !== 'broken') return undefined;
  const { ways, loop, by } = searched.lasso;
  if (ways.length - 1 > maxLength || (by === 'stutter' && !asksEnabled)) return undefined;
  return breach(target, ways, by === 'prefix' ? undefined : loop);
}

/** A way by which the property is put at stake that leaves a step to heal. */
function stakeOf({ maxLength }: Ground, searched: LassoSearch): readonly Way[] | undefined {
  if (searched.kind === 'broken' || searched.stake === undefined) return undefined;
  return searched.stake.length <= maxLength ? searched.stake : undefined;
}

function breach(target: Property, ways: readonly Way[], loop: number | undefined): Find {
  return { ...aimed(target, ways), violates: target.name, distance: 0, ...(loop !== undefined && { loop }) };
}

function aimed({ name }: Property, ways: readonly Way[]): Find {
  return { strategy: 'liveness_under_fairness', ways, aim: name };
}

/**
 * Those that starve longest, of different actions: their order alone makes no other schedule. Only the one that breaks
 * the property where there is one.
 */
function longestStarved(starvation: Starvation, mayBreak: boolean): Result<readonly Starved[]> {
  let best: Starved[] = [];
  const courses = new Set<string>();
  let before = -1;
  for (let i = 0; i < WALKS || (mayBreak && starvation.states > before); i++) {
    before = starvation.states;
    const walked = starvation.walk();
    if (!walked.ok) return walked;
    if (walked.value === undefined) continue;
    if (walked.value.isBroken) return ok([walked.value]);
    const actions = walked.value.ways.map(({ action }) => action ?? '');
    const course = actions.sort(compareText).join();
    if (courses.has(course)) continue;
    courses.add(course);
    best = [...best, walked.value].sort((a, b) => b.starved - a.starved).slice(0, KEPT);
  }
  return ok(best);
}
