// A spec whose mutants are judged: its states, what watches over them, and how it is driven. Made once for all mutants.
import { compileSpec, createMachine, findOp, type Machine } from '../../engine/index.js';
import type { IrOpDef } from '../../model/ir.js';
import type { Model, Property } from '../../model/model.js';
import { must } from '../../util/assert.js';
import type { Random } from '../../util/random.js';
import { ok, type Result } from '../../util/result.js';
import { LivenessWatch } from './liveness.js';
import { illegalSpec, type Mutant, mutatedSpec } from './mutants.js';
import { type Reachable, type ReachBounds, reachableStates } from './reachable.js';
import { type Asked, type Watch, watchOf } from './watch.js';

export interface Subject {
  readonly model: Model;
  readonly machine: Machine;
  readonly step: IrOpDef;
  readonly reachable: Reachable;
  readonly watch: Watch;
  readonly liveness: LivenessWatch;
  /** Names of invariants that the spec itself violates: they tell nothing of a mutant and are not watched. */
  readonly violated: readonly string[];
  /** What the temporal properties ask from a state of the spec on, along the way that led to it first. */
  askedFrom(number: number): Asked;
}

/** The original's machine and two of a mutant's: its own steps, and those of them that the guard forbids. */
export interface MutantMachines {
  readonly mutated: Machine;
  readonly illegal: Machine;
  /** Whether the spec has none of the steps of `illegal`. */
  readonly exact: boolean;
}

/** `properties` are what may notice a mutant. Errors: those of the spec in a state that it can reach. */
export function prepareSubject(
  model: Model,
  machine: Machine,
  properties: readonly Property[],
  bounds: ReachBounds,
  random: Random,
): Result<Subject> {
  const step = findOp(machine.compiled, machine.options.step);
  if (!step.ok) return step;
  const reachable = reachableStates(machine, bounds, random);
  if (!reachable.ok) return reachable;
  const { watch, violated } = watchAgainst(machine, reachable.value, properties);
  return ok({
    model,
    machine,
    step: step.value.def,
    reachable: reachable.value,
    watch,
    liveness: new LivenessWatch(
      machine,
      properties.filter(({ kind, safety }) => kind === 'temporal' && !safety),
    ),
    violated,
    askedFrom: askedAlong(reachable.value, watch),
  });
}

function watchAgainst(
  { compiled }: Machine,
  { store, count }: Reachable,
  properties: readonly Property[],
): { watch: Watch; violated: string[] } {
  const violated: string[] = [];
  let watch = watchOf(compiled, properties);
  for (let number = 0; number < count; number++) {
    for (;;) {
      const { broken } = watch.state(store.get(number));
      if (broken === undefined) break;
      violated.push(broken);
      watch = watchOf(
        compiled,
        properties.filter(({ name }) => !violated.includes(name)),
      );
    }
  }
  return { watch, violated };
}

function askedAlong(reachable: Reachable, watch: Watch): (number: number) => Asked {
  const known = new Map<number, Asked>();
  return number => {
    const { store, parents } = reachable;
    const open: number[] = [];
    let at = number;
    for (; at >= 0 && !known.has(at); at = must(parents[at], 'parent')) open.push(at);
    let asked = known.get(at) ?? watch.start;
    for (const next of open.reverse()) {
      const parent = must(parents[next], 'parent');
      if (parent >= 0) asked = watch.step(asked, store.get(parent), store.get(next)).asked;
      known.set(next, asked);
    }
    return asked;
  };
}

/** Errors: those of a mutated spec that cannot be compiled. */
export function machinesOf({ model, machine, step }: Subject, mutant: Mutant): Result<MutantMachines> {
  const { init, step: name } = machine.options;
  const mutated = compileSpec(mutatedSpec(model.spec, mutant));
  if (!mutated.ok) return mutated;
  const { spec, exact } = illegalSpec(model.spec, mutant, step);
  const illegal = compileSpec(spec);
  if (!illegal.ok) return illegal;
  const options = { init, step: name };
  const mutatedMachine = createMachine(mutated.value, options);
  if (!mutatedMachine.ok) return mutatedMachine;
  const illegalMachine = createMachine(illegal.value, options);
  if (!illegalMachine.ok) return illegalMachine;
  return ok({ mutated: mutatedMachine.value, illegal: illegalMachine.value, exact });
}
