// The judging of a spec's mutants as data, so that it can be shared out among workers: what to do, and what came of it
// in words. Every share looks for the states of the spec itself; the guards are dealt out in turn.
import { compileSpec, createMachine, type Way } from '../../engine/index.js';
import { guardsOf } from '../../model/guards.js';
import type { Model } from '../../model/model.js';
import { showValue } from '../../model/value.js';
import type { AuraError, Location } from '../../util/errors.js';
import { createRandom } from '../../util/random.js';
import { ok, type Result } from '../../util/result.js';
import { exprText } from './expr-text.js';
import { type Mutant, mutantsOf } from './mutants.js';
import { prepareSubject } from './subject.js';
import { isHarmless, type Judged, judgeMutant, type MutantVerdict } from './verdict.js';
import type { MutationKind } from './weaken.js';

export interface MutateTask {
  readonly model: Model;
  readonly init: string;
  readonly step: string;
  /** States of the spec that are visited, and of each mutant that are new. */
  readonly maxStates: number;
}

/** A mutant and what became of it. */
export interface MutantReport {
  /** Among all mutants of the spec. */
  readonly number: number;
  readonly actions: readonly string[];
  /** The guard as Quint text. */
  readonly guard: string;
  readonly location: Location | undefined;
  readonly kind: MutationKind;
  readonly mutation: string;
  readonly verdict: MutantVerdict;
  readonly property: string | undefined;
  /** Steps after `init` until the property noticed. */
  readonly depth: number | undefined;
  readonly illegal: ShownStep | undefined;
  readonly bounded: boolean;
  readonly error: AuraError | undefined;
}

/** The first step that the mutant takes and the spec forbids, for people. */
export interface ShownStep {
  /** States before it. */
  readonly at: number;
  readonly action: string;
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

export interface Mutation {
  readonly states: number;
  readonly depth: number;
  /** Whether these are all states of the spec. */
  readonly complete: boolean;
  /** Properties that the spec itself violates. */
  readonly violated: readonly string[];
  readonly mutants: readonly MutantReport[];
}

/** How many mutants the spec has. */
export function countMutants(model: Model): number {
  return mutantsOf(model).length;
}

/** States that may be computed to ask for liveness, for each of a mutant's new states that may be visited. */
const FOR_LIVENESS = 0.2;

/** Every `of`-th guard from `share` on; `onMutant` is told of each mutant. Errors: those of the spec itself. */
export function judgeShare(
  { model, init, step, maxStates }: MutateTask,
  share: number,
  of: number,
  onMutant: (report: MutantReport) => void,
): Result<Mutation> {
  const compiled = compileSpec(model.spec);
  if (!compiled.ok) return compiled;
  const machine = createMachine(compiled.value, { init, step });
  if (!machine.ok) return machine;
  const properties = [...model.invariants, ...model.temporalProperties];
  const random = createRandom('mutants');
  const prepared = prepareSubject(model, machine.value, properties, { maxStates }, random.fork('reachable'));
  if (!prepared.ok) return prepared;
  const subject = prepared.value;
  const livenessBudget = Math.ceil(maxStates * FOR_LIVENESS);
  const order = guardsOf(model).map(({ id }) => id);
  const harmless = new Map<number, Judged>();
  const mutants: MutantReport[] = [];
  for (const [number, mutant] of mutantsOf(model).entries()) {
    const { id } = mutant.guard;
    if (order.indexOf(id) % of !== share) continue;
    const fork = random.fork(String(number));
    const judged =
      harmless.get(id) ?? judgeMutant(subject, mutant, { maxStates, livenessBudget, random: fork });
    if (isHarmless(mutant, judged)) harmless.set(id, judged);
    const report = reportOf(number, mutant, judged);
    mutants.push(report);
    onMutant(report);
  }
  const { count, depths, complete } = subject.reachable;
  const depth = depths.reduce((most, one) => Math.max(most, one), 0);
  return ok({ states: count, depth, complete, violated: subject.violated, mutants });
}

function reportOf(number: number, mutant: Mutant, judged: Judged): MutantReport {
  const { guard, kind, words } = mutant;
  const { verdict, property, depth, illegal, bounded, error } = judged;
  return {
    number,
    actions: guard.actions,
    guard: exprText(guard.expr),
    location: guard.location,
    kind,
    mutation: words,
    verdict,
    property,
    depth,
    illegal: illegal && shownStep(illegal.way, illegal.path.length),
    bounded,
    error,
  };
}

function shownStep(way: Way, at: number): ShownStep {
  const { action, args, picks } = way.step();
  const values = new Map([...args, ...picks].map(([name, value]) => [name, showValue(value)]));
  return {
    at,
    action: action ?? '(unnamed)',
    values: [...values].map(([name, value]) => ({ name, value })),
  };
}
