// The strategy that asks what every guard is there for. Each guard is weakened, one small mistake at a time; where the
// mutant then breaks a property, the way to its first illegal step is a schedule that a correct system walks up to and
// then refuses to go on. Guards that no property protects still give a step that must be refused.
import { ok, type Result } from '../../util/result.js';
import type { Find } from '../find.js';
import { type Mutant, mutantsOf } from '../mutants/mutants.js';
import { refusedStep } from '../mutants/refused-step.js';
import { waysThrough } from '../mutants/spec-ways.js';
import { prepareSubject, type Subject } from '../mutants/subject.js';
import { type IllegalStep, isHarmless, type Judged, judgeMutant } from '../mutants/verdict.js';
import type { Assignment, Ground, Spent, Strategy } from './strategy.js';

/** Parts at most: each looks for the states of the spec itself, with its own budget. */
const PARTS = 4;
/** Of the budget, the share that goes to the states of the spec itself; the mutants share the rest. */
const FOR_STATES = 0.4;

export const guardMutation: Strategy = {
  name: 'guard_mutation',
  parts: ({ model }) => Math.max(1, Math.min(PARTS, guardIds(mutantsOf(model)).length)),
  search,
};

function guardIds(mutants: readonly Mutant[]): number[] {
  return [...new Set(mutants.map(({ guard }) => guard.id))];
}

function search(ground: Ground, { part, random, budget, keep }: Assignment): Result<Spent> {
  const { model, machine, targets, maxLength } = ground;
  const all = mutantsOf(model);
  const ids = guardIds(all);
  const parts = guardMutation.parts(ground);
  const mutants = all.filter(({ guard }) => ids.indexOf(guard.id) % parts === part);
  const forStates = Math.ceil(budget * FOR_STATES);
  const bounds = { maxStates: forStates, budget: forStates, maxDepth: maxLength - 1 };
  const prepared = prepareSubject(model, machine, targets, bounds, random.fork('reachable'));
  if (!prepared.ok) return prepared;
  const subject = prepared.value;
  let states = subject.computed;
  let exhausted = subject.complete;
  const harmless = new Set<number>();
  for (const [i, mutant] of mutants.entries()) {
    if (harmless.has(mutant.guard.id)) continue;
    const share = Math.floor((budget - states) / (mutants.length - i));
    const fork = random.fork(`mutant ${i}`);
    const judged = judgeMutant(subject, mutant, { maxStates: share, budget: share, random: fork });
    states += judged.states;
    exhausted &&= !judged.bounded;
    if (isHarmless(mutant, judged)) harmless.add(mutant.guard.id);
    if (judged.illegal === undefined) continue;
    const find = findOf(subject, mutant, judged, judged.illegal);
    if (!find.ok) return find;
    if (find.value !== undefined && !keep(find.value)) break;
  }
  return ok({ states, exhausted });
}

function findOf(
  subject: Subject,
  mutant: Mutant,
  { property }: Judged,
  illegal: IllegalStep,
): Result<Find | undefined> {
  const refused = refusedStep(subject, mutant, illegal.way, last(illegal.path));
  if (!refused.ok || refused.value === undefined) return refused.ok ? ok(undefined) : refused;
  const states = illegal.path.map(number => subject.reachable.store.get(number));
  const ways = waysThrough(subject.machine, states);
  if (!ways.ok) return ways;
  const broken = property === undefined ? {} : { breaks: property };
  return ok({
    strategy: 'guard_mutation',
    ways: ways.value,
    refused: { ...refused.value, ...broken },
    ...(property !== undefined && { aim: property }),
  });
}

function last(path: readonly number[]): number {
  return path.at(-1) ?? 0;
}
