// A spec whose mutants are judged: its states, what watches over them, and how it is driven. Made once for all mutants.
import { compileSpec, createMachine, findOp, type Machine } from '../../engine/index.js';
import type { IrOpDef } from '../../model/ir.js';
import type { Model, Property } from '../../model/model.js';
import type { Random } from '../../util/random.js';
import { ok, type Result } from '../../util/result.js';
import { type AskedStates, askedStates } from './asked-states.js';
import { LivenessWatch } from './liveness.js';
import { illegalSpec, type Mutant, mutatedSpec } from './mutants.js';
import { type Reachable, type ReachBounds, reachableStates } from './reachable.js';
import { type Watch, watchOf } from './watch.js';

export interface Subject {
  readonly model: Model;
  readonly machine: Machine;
  readonly step: IrOpDef;
  readonly reachable: Reachable;
  readonly watch: Watch;
  readonly liveness: LivenessWatch;
  /** What may notice a mutant. */
  readonly properties: readonly Property[];
  /** Names of properties that the spec itself violates: they tell nothing of a mutant and are not watched. */
  readonly violated: readonly string[];
  readonly asked: AskedStates;
  /** Whether all is known of the spec: its states, and what is asked in them. */
  readonly complete: boolean;
  /** States that were computed to know it. */
  readonly computed: number;
}

/** The original's machine and two of a mutant's: its own steps, and those of them that the guard forbids. */
export interface MutantMachines {
  readonly mutated: Machine;
  readonly illegal: Machine;
  /** Whether the spec has none of the steps of `illegal`. */
  readonly exact: boolean;
}

/** Of the states that may be computed, the share that is for finding them, where what is asked in them is to be known. */
const FOR_STATES = 0.6;

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
  const { budget = Number.POSITIVE_INFINITY } = bounds;
  const isTemporal = watchOf(machine.compiled, properties).start.length > 0;
  const forStates = isTemporal ? { ...bounds, budget: Math.ceil(budget * FOR_STATES) } : bounds;
  const reachable = reachableStates(machine, forStates, random);
  if (!reachable.ok) return reachable;
  const watched = watchAgainst(machine, reachable.value, properties, budget - reachable.value.computed);
  if (!watched.ok) return watched;
  const { watch, violated, asked, computed } = watched.value;
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
    properties: properties.filter(({ name }) => !violated.includes(name)),
    violated,
    asked,
    complete: reachable.value.complete && asked.complete,
    computed: reachable.value.computed + computed,
  });
}

interface Watched {
  readonly watch: Watch;
  readonly violated: readonly string[];
  readonly asked: AskedStates;
  readonly computed: number;
}

function watchAgainst(
  machine: Machine,
  reachable: Reachable,
  properties: readonly Property[],
  budget: number,
): Result<Watched> {
  const violated: string[] = [];
  const watchRest = () =>
    watchOf(
      machine.compiled,
      properties.filter(({ name }) => !violated.includes(name)),
    );
  let watch = watchRest();
  for (let number = 0; number < reachable.count; number++) {
    for (;;) {
      const { broken } = watch.state(reachable.store.get(number));
      if (broken === undefined) break;
      violated.push(broken);
      watch = watchRest();
    }
  }
  for (let computed = 0; ; watch = watchRest()) {
    const asked = askedStates(machine, reachable, watch, budget - computed);
    if (!asked.ok) return asked;
    computed += asked.value.computed;
    const { broken } = asked.value;
    if (broken === undefined) return ok({ watch, violated, asked: asked.value, computed });
    violated.push(broken);
  }
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
