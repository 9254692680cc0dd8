// From a choice to a scenario: the data that the file will hold, and the words that say where its numbers came from.
import type { ExpectedOutcome, Scenario, ScenarioStep } from '../../generated/scenario.js';
import type { Model } from '../model/model.js';
import type { Spec } from '../model/spec.js';
import { showValue, type Value } from '../model/value.js';
import type { Random } from '../util/random.js';
import { ok, type Result } from '../util/result.js';
import type { AttackRota } from './attack-rota.js';
import type { Candidate, CandidateStep } from './candidate.js';
import type { Choice } from './choose.js';
import { type Chaos, type Conditions, conditionsFor } from './conditions.js';
import type { RefusedStep } from './find.js';
import { plainOrLiteral, type Setting, type Sourced } from './setting.js';
import { slug } from './slug.js';
import type { StepPlan } from './step-faults.js';

/** Protocols that the simulator knows, by the names of the modules that specify them. */
const PROTOCOLS = ['dkd', 'threshold_signing', 'resharing', 'recovery', 'locking', 'counter', 'crdt_journal'];

export interface AssembleContext {
  /** The spec as the user wrote it. */
  readonly source: Spec;
  readonly model: Model;
  readonly setting: Setting;
  readonly chaos: Chaos;
  /** What chaos adds beside what it always does. */
  readonly attacks?: AttackRota;
  /** Operation of the implementation by action of the spec. */
  readonly operations: ReadonlyMap<string, string>;
  /** Path of the spec as scenarios name it. */
  readonly specification: string;
  readonly withSteps: boolean;
  readonly random: Random;
}

export interface Assembled {
  readonly scenario: Scenario;
  /** Comments by the key of the scenario that they belong to. */
  readonly comments: Readonly<Record<string, string>>;
  /** Its number among the scenarios of the spec, as file names begin with it. */
  readonly ordinal: string;
  /** File name without its ending. */
  readonly stem: string;
}

/** `number` counts scenarios of one spec from 1. Errors: AUR522 and AUR523 from the template of an attack. */
export function assemble(choice: Choice, number: number, context: AssembleContext): Result<Assembled> {
  const { source, model, setting, chaos } = context;
  const { property, candidate } = choice;
  const ordinal = String(number).padStart(3, '0');
  const target = property?.name ?? 'action coverage';
  const { refused } = candidate.origin;
  const steps = refused ? [...candidate.steps, attemptOf(refused, model)] : candidate.steps;
  const found = conditionsFor(
    { property, violated: choice.violatedAt !== undefined, steps },
    setting,
    chaos,
    chaos.enabled ? context.attacks?.(property?.propertyClass) : undefined,
  );
  if (!found.ok) return found;
  const { network, byzantine, strategies, timing, assertions, plans, ...conditions } = found.value;
  // Where more are byzantine than the property allows for, nothing is promised of a forbidden step either.
  const isPromised = conditions.outcome.value !== 'inconclusive';
  const outcome = refused && isPromised ? refusalOutcome(refused, source) : conditions.outcome;
  const bound = property && setting.boundOf(property);
  const stem = `${ordinal}-${slug(target)}`;
  const scenario: Scenario = {
    name: `${source.main} ${ordinal}: ${target}`,
    description: describe(choice, source, conditions),
    expected_outcome: outcome.value,
    quint_source: {
      specification: context.specification,
      module: source.main,
      ...(property && { property: property.name, violation_pattern: patternOf(choice, conditions) }),
      trace: `${ordinal}-1.itf.json`,
      seed: candidate.seed,
      spec_sha256: source.hash,
    },
    setup: {
      ...(setting.participants.value.length > 0 && { participants: setting.participants.value.length }),
      ...(setting.threshold && { threshold: setting.threshold.value }),
      ...(bound && bound.value >= 0 && { fault_bound: bound.value }),
      seed: String(context.random.fork(`scenario ${ordinal}`).below(2 ** 48)),
      constants: Object.fromEntries(
        setting.constants.map(({ name, value }) => [name, plainOrLiteral(value)]),
      ),
    },
    ...(network && { network: network.value }),
    ...(byzantine.value.length > 0 && {
      byzantine: {
        count: byzantine.value.length,
        participants: [...byzantine.value],
        strategies: strategies.map(strategy => ({ ...strategy })),
      },
    }),
    ...(timing && { timing: timing.value }),
    ...(PROTOCOLS.includes(source.main) && { protocols: [{ type: source.main }] }),
    ...(assertions.length > 0 && { assertions: assertions.map(assertion => ({ ...assertion })) }),
    ...(context.withSteps &&
      steps.length > 0 && { steps: stepsOf(steps, plans, refused !== undefined, context) }),
  };
  const comments = {
    expected_outcome: outcome.why,
    participants: setting.participants.why,
    members: setting.participants.value.map((value, i) => `${i} is ${showValue(value)}`).join(', '),
    threshold: setting.threshold?.why ?? '',
    fault_bound: bound?.why ?? '',
    seed: 'drawn from the seed of the generation',
    network: network?.why ?? '',
    byzantine: byzantine.why,
    timing: timing?.why ?? '',
    steps: [originText(candidate), ...conditions.remarks].join('; '),
  };
  return ok({ scenario, comments, ordinal, stem });
}

function originText({ steps, origin: { strategy }, seed }: Candidate): string {
  const finder = strategy === 'quint' ? 'a trace that Quint drew' : `a schedule that ${strategy} found`;
  return `${steps.length} steps of ${finder} with seed ${seed}`;
}

function refusalOutcome({ mutation, breaks }: RefusedStep, { main }: Spec): Sourced<ExpectedOutcome> {
  const otherwise = breaks === undefined ? `${main} forbids it` : `otherwise ${breaks} would be violated`;
  return {
    value: 'safety_violation_prevented',
    why: `the last step is one that ${mutation} would allow, and has to be refused: ${otherwise}`,
  };
}

function describe(choice: Choice, source: Spec, { attack }: Pick<Conditions, 'attack'>): string {
  const steps = describeSteps(choice, source);
  return attack ? `${steps} ${attack.description}` : steps;
}

function describeSteps({ property, violatedAt, candidate }: Choice, { main }: Spec): string {
  const length = `${candidate.steps.length} steps of ${main}`;
  const { refused } = candidate.origin;
  if (refused)
    return `${length}, then ${refused.action}, which is forbidden there${refused.breaks === undefined ? '' : ` and would break ${refused.breaks}`}.`;
  if (property === undefined) return `${length} chosen for the actions that they take.`;
  if (violatedAt !== undefined) return `${length} on which the spec itself violates ${property.name}.`;
  return `${length} that put ${property.name} (${property.propertyClass}) at stake.`;
}

function patternOf({ candidate, violatedAt }: Choice, { attack }: Pick<Conditions, 'attack'>): string {
  const { refused } = candidate.origin;
  if (refused) return `forbidden_step: ${refused.mutation}`;
  if (violatedAt !== undefined) return 'violated_by_the_spec';
  const adverse = candidate.steps.find(
    ({ source }) => source?.kind === 'byzantine' || source?.kind === 'fault',
  );
  return adverse?.source?.detail || adverse?.action || attack?.name || 'legal_schedule';
}

function attemptOf(refused: RefusedStep, model: Model): CandidateStep {
  return {
    action: refused.action,
    source: model.actions.find(({ name }) => name === refused.action),
    params: new Map(refused.args),
    picks: new Map(refused.picks),
  };
}

function stepsOf(
  steps: readonly CandidateStep[],
  plans: readonly StepPlan[],
  lastIsRefused: boolean,
  { operations }: AssembleContext,
): ScenarioStep[] {
  return steps.map(({ action, params, picks }, i) => {
    const operation = operations.get(action);
    const { node, at, fault } = plans[i] ?? {};
    return {
      action,
      ...(operation !== undefined && { operation }),
      ...(node !== undefined && { node }),
      ...literals('params', params),
      ...literals('picks', picks),
      ...(at !== undefined && { at }),
      ...(fault !== undefined && { fault }),
      ...(lastIsRefused && i === steps.length - 1 && { expect: 'rejected' as const }),
    };
  });
}

function literals<K extends 'params' | 'picks'>(
  key: K,
  values: ReadonlyMap<string, Value>,
): { [P in K]?: Record<string, string> } {
  const result: { [P in K]?: Record<string, string> } = {};
  if (values.size > 0)
    result[key] = Object.fromEntries([...values].map(([name, value]) => [name, showValue(value)]));
  return result;
}
