// From a choice to a scenario: the data that the file will hold, and the words that say where its numbers came from.
import type { Scenario, ScenarioStep } from '../../generated/scenario.js';
import type { Model } from '../model/model.js';
import { equalValues, showValue, type Value } from '../model/value.js';
import type { Random } from '../util/random.js';
import type { CandidateStep } from './candidate.js';
import type { Choice } from './choose.js';
import { byzantineFor, type Chaos, networkFor, outcomeFor } from './conditions.js';
import type { EngineName } from './sample.js';
import type { Setting } from './setting.js';

/** Protocols that the simulator knows, by the names of the modules that specify them. */
const PROTOCOLS = ['dkd', 'threshold_signing', 'resharing', 'recovery', 'locking', 'counter', 'crdt_journal'];

const DRAWN_BY: Record<EngineName, string> = { builtin: 'aura', quint: 'Quint' };

export interface AssembleContext {
  readonly engine: EngineName;
  readonly model: Model;
  readonly setting: Setting;
  readonly chaos: Chaos;
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
  /** File name without its ending. */
  readonly stem: string;
}

/** `number` counts scenarios of one spec from 1. */
export function assemble(choice: Choice, number: number, context: AssembleContext): Assembled {
  const { model, setting, chaos } = context;
  const { property, candidate } = choice;
  const ordinal = String(number).padStart(3, '0');
  const target = property?.name ?? 'action coverage';
  const nodes = candidate.steps.map(step => nodeOf(step, setting.participants.value));
  const byzantine = byzantineFor(choice, setting, chaos, i => nodes[i]);
  const outcome = outcomeFor(
    property,
    choice.violatedAt !== undefined,
    byzantine.participants.value.length,
    setting,
  );
  const network = networkFor(chaos);
  const bound = property && setting.boundOf(property);
  const stem = `${ordinal}-${slug(target)}`;
  const scenario: Scenario = {
    name: `${model.spec.main} ${ordinal}: ${target}`,
    description: describe(choice, model),
    expected_outcome: outcome.value,
    quint_source: {
      specification: context.specification,
      module: model.spec.main,
      ...(property && { property: property.name, violation_pattern: patternOf(choice) }),
      trace: `${ordinal}-1.itf.json`,
      seed: candidate.seed,
      spec_sha256: model.spec.hash,
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
    ...(byzantine.participants.value.length > 0 && {
      byzantine: {
        count: byzantine.participants.value.length,
        participants: [...byzantine.participants.value],
        strategies: byzantine.strategies.map(strategy => ({ ...strategy })),
      },
    }),
    ...(PROTOCOLS.includes(model.spec.main) && { protocols: [{ type: model.spec.main }] }),
    ...(context.withSteps && { steps: candidate.steps.map((step, i) => stepOf(step, nodes[i], context)) }),
  };
  const comments = {
    expected_outcome: outcome.why,
    participants: setting.participants.why,
    members: setting.participants.value.map((value, i) => `${i} is ${showValue(value)}`).join(', '),
    threshold: setting.threshold?.why ?? '',
    fault_bound: bound?.why ?? '',
    seed: 'drawn from the seed of the generation',
    network: network?.why ?? '',
    byzantine: byzantine.participants.why,
    steps: `${candidate.steps.length} steps of a trace that ${DRAWN_BY[context.engine]} drew with seed ${candidate.seed}`,
  };
  return { scenario, comments, stem };
}

function describe({ property, violatedAt, candidate }: Choice, model: Model): string {
  const length = `${candidate.steps.length} steps of ${model.spec.main}`;
  if (property === undefined) return `${length} chosen for the actions that they take.`;
  if (violatedAt !== undefined) return `${length} on which the spec itself violates ${property.name}.`;
  return `${length} that put ${property.name} (${property.propertyClass}) at stake.`;
}

function patternOf({ candidate, violatedAt }: Choice): string {
  if (violatedAt !== undefined) return 'violated_by_the_spec';
  const adverse = candidate.steps.find(
    ({ source }) => source?.kind === 'byzantine' || source?.kind === 'fault',
  );
  return adverse?.source?.detail || adverse?.action || 'legal_schedule';
}

function slug(text: string): string {
  const words = text.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  return (
    words
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60) || 'scenario'
  );
}

/** The participant that takes a step: the first parameter that is one. */
function nodeOf(step: CandidateStep, participants: readonly Value[]): number | undefined {
  for (const value of step.params.values()) {
    const index = participants.findIndex(participant => equalValues(participant, value));
    if (index >= 0) return index;
  }
  return undefined;
}

function stepOf(step: CandidateStep, node: number | undefined, context: AssembleContext): ScenarioStep {
  const operation = context.operations.get(step.action);
  const { source } = step;
  return {
    action: step.action,
    ...(operation !== undefined && { operation }),
    ...(node !== undefined && { node }),
    ...literals('params', step.params),
    ...literals('picks', step.picks),
    ...(source?.kind === 'fault' && { fault: { type: source.detail || source.name } }),
  };
}

/** Integers and booleans stand for themselves in a scenario's constants, everything else is a Quint literal. */
function plainOrLiteral(value: Value): number | boolean | string {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint' && BigInt(Number(value)) === value) return Number(value);
  return showValue(value);
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
