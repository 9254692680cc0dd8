// The library's way from a trace of a spec to a scenario, step by step:
// `Scenario.fromQuintTrace(trace, model).targeting('Agreement').withChaosInjection({ intensity: 0.4 }).build()`. It makes
// what generation makes of a schedule that it has chosen; it chooses nothing itself.
import type { Scenario as ScenarioData } from '../../generated/scenario.js';
import { createMachine, type Step } from '../engine/index.js';
import type { Model, Property } from '../model/model.js';
import type { ItfTrace } from '../trace/itf.js';
import { ACTION_TAKEN, itfOfSteps } from '../trace/steps-itf.js';
import { auraError } from '../util/errors.js';
import { createRandom } from '../util/random.js';
import { fail, ok, type Result } from '../util/result.js';
import { assemble } from './assemble.js';
import { attackRota } from './attack-rota.js';
import { type Attack, loadAttacks, ownAttacks } from './attacks.js';
import { type Candidate, readCandidate } from './candidate.js';
import { createEvaluator, type SpecEvaluator } from './evaluator.js';
import { readSetting } from './setting.js';
import { findTargets } from './targets.js';

export interface ChaosInjection {
  /** How hard chaos is, 0 to 1; 0.3 unless given. */
  readonly intensity?: number;
  /** Share of byzantine participants, 0 to 1, rounded down; 0.2 unless given. */
  readonly byzantineRatio?: number;
  /** Folders of attack templates beside ours. */
  readonly attackFolders?: readonly string[];
}

export interface ScenarioBuilder {
  /** The name of the scenario. */
  named(name: string): ScenarioBuilder;
  /** The property that it is about, by its name in the spec. */
  targeting(property: string): ScenarioBuilder;
  /** Operations of the implementation by actions of the spec. */
  withOperations(operations: ReadonlyMap<string, string>): ScenarioBuilder;
  /** Seed of what is drawn in a run of the scenario; `0` unless given. */
  withSeed(seed: string): ScenarioBuilder;
  /** Network conditions, byzantine participants and an attack on the property that it targets. */
  withChaosInjection(chaos?: ChaosInjection): ScenarioBuilder;
  /**
   * Errors: AUR205 for a property that the spec does not have, AUR532 for a trace that names no actions and is not a
   * behaviour of the spec, AUR520 to AUR523 from attack templates, those of compiling the spec.
   */
  build(): Promise<Result<ScenarioData>>;
}

interface Wanted {
  readonly trace: ItfTrace;
  readonly model: Model;
  readonly name?: string;
  readonly property?: string;
  readonly operations?: ReadonlyMap<string, string>;
  readonly seed?: string;
  readonly chaos?: ChaosInjection;
}

/** A scenario: its data as a type, and the ways to make one. */
export type Scenario = ScenarioData;

export const Scenario = {
  /** From a trace of the model's spec, which Quint (`quint run --mbt` tells most) or aura wrote. */
  fromQuintTrace: (trace: ItfTrace, model: Model): ScenarioBuilder => builderOf({ trace, model }),
};

function builderOf(wanted: Wanted): ScenarioBuilder {
  return {
    named: name => builderOf({ ...wanted, name }),
    targeting: property => builderOf({ ...wanted, property }),
    withOperations: operations => builderOf({ ...wanted, operations }),
    withSeed: seed => builderOf({ ...wanted, seed }),
    withChaosInjection: (chaos = {}) => builderOf({ ...wanted, chaos }),
    build: () => build(wanted),
  };
}

async function build(wanted: Wanted): Promise<Result<ScenarioData>> {
  const { model, chaos } = wanted;
  const evaluator = createEvaluator(model);
  if (!evaluator.ok) return evaluator;
  const targets = findTargets(model, wanted.property === undefined ? [] : [wanted.property], () => false);
  if (!targets.ok) return targets;
  const [property] = targets.value;
  const candidate = candidateFrom(wanted, evaluator.value);
  if (!candidate.ok) return candidate;
  const none: readonly Attack[] = [];
  const attacks = chaos ? await loadAttacks([ownAttacks(), ...(chaos.attackFolders ?? [])]) : ok(none);
  if (!attacks.ok) return attacks;
  const choice = {
    property,
    candidate: candidate.value,
    violatedAt: violatedAt(property, candidate.value, evaluator.value),
    goals: [],
    alternatives: [],
  };
  const assembled = assemble(choice, 1, {
    source: model.spec,
    model,
    setting: readSetting(model, evaluator.value.constant),
    chaos: {
      enabled: chaos !== undefined,
      intensity: chaos?.intensity ?? 0.3,
      byzantineRatio: chaos?.byzantineRatio ?? 0.2,
    },
    attacks: attackRota(attacks.value),
    operations: wanted.operations ?? new Map(),
    specification: model.spec.file,
    withSteps: true,
    random: createRandom(wanted.seed ?? '0'),
  });
  if (!assembled.ok) return assembled;
  const { scenario } = assembled.value;
  // The trace is with the caller and not in a file beside the scenario.
  const { trace: _, seed: __, ...source } = scenario.quint_source ?? { specification: model.spec.file };
  return ok({
    ...scenario,
    quint_source: source,
    ...(wanted.name !== undefined && { name: wanted.name }),
    setup: { ...scenario.setup, ...(wanted.seed !== undefined && { seed: wanted.seed }) },
  });
}

/** Where the trace does not tell which actions were taken, the engine finds some that lead from state to state. */
function candidateFrom({ trace, model }: Wanted, evaluator: SpecEvaluator): Result<Candidate> {
  const read = (told: ItfTrace) => readCandidate(told, '0', model, evaluator);
  const candidate = read(trace);
  if (trace.vars.includes(ACTION_TAKEN)) return ok(candidate);
  const machine = createMachine(evaluator.compiled, { init: 'init', step: 'step' });
  if (!machine.ok) return machine;
  const steps: Step[] = [];
  for (const [i, state] of candidate.states.entries()) {
    const before = candidate.states[i - 1];
    const step = before ? machine.value.allowed(before, state) : machine.value.allowedInit(state);
    if (!step.ok) return step;
    if (step.value === undefined)
      return fail(
        auraError(
          'AUR532',
          i === 0
            ? `the trace does not begin in an initial state of ${model.spec.main}`
            : `${model.spec.main} has no step from state ${i - 1} to state ${i} of the trace`,
        ),
      );
    steps.push(step.value);
  }
  return ok(read(itfOfSteps(steps, { status: 'ok' })));
}

function violatedAt(
  property: Property | undefined,
  { states }: Candidate,
  evaluator: SpecEvaluator,
): number | undefined {
  if (property?.kind !== 'invariant') return undefined;
  const holds = evaluator.predicates([{ expr: property.expr, at: property.name }]);
  const index = states.findIndex(state => holds(state)[0] === false);
  return index < 0 ? undefined : index;
}
