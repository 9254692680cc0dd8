// The conditions of a scenario beside its steps: what its steps themselves hold, and with chaos an attack on top: how
// the network is, who is byzantine and what they do, how time passes, what has to hold, and the outcome to expect.
import type {
  Assertion,
  ByzantineStrategy,
  ExpectedOutcome,
  NetworkConditions,
  Timing,
} from '../../generated/scenario.js';
import type { Property } from '../model/model.js';
import { ok, type Result } from '../util/result.js';
import { strategyOf } from './adversary.js';
import type { Turn } from './attack-rota.js';
import type { AttackConditions } from './attack-template.js';
import type { AttackView } from './attack-view.js';
import type { CandidateStep } from './candidate.js';
import { plainOrLiteral, type Setting, type Sourced } from './setting.js';
import { planSteps, STEP_MS, type StepConditions, type StepPlan } from './step-faults.js';

export interface Chaos {
  readonly enabled: boolean;
  /** 0 to 1. */
  readonly intensity: number;
  /** Share of the participants that are byzantine, 0 to 1; a share of a participant is rounded down. */
  readonly byzantineRatio: number;
  /** Whether the user gave the ratio: then no more act byzantine in the steps either. */
  readonly ratioIsGiven?: boolean;
}

/** What conditions are for. */
export interface Subject {
  /** Undefined for a scenario that targets none. */
  readonly property: Property | undefined;
  /** Whether the spec itself violates the property on the steps. */
  readonly violated: boolean;
  readonly steps: readonly CandidateStep[];
}

export interface Conditions {
  /** One a step. */
  readonly plans: readonly StepPlan[];
  readonly network: Sourced<NetworkConditions> | undefined;
  /** Numbers of the byzantine participants, ascending. */
  readonly byzantine: Sourced<readonly number[]>;
  readonly strategies: readonly ByzantineStrategy[];
  readonly timing: Sourced<Timing> | undefined;
  readonly assertions: readonly Assertion[];
  readonly outcome: Sourced<ExpectedOutcome>;
  /** Remarks on names of the spec that aura does not know. */
  readonly remarks: readonly string[];
  /** What chaos does to the scenario, for its description. */
  readonly attack: { readonly name: string; readonly description: string } | undefined;
}

/**
 * `turn` is the attack that chaos makes; without chaos it is not asked for.
 *
 * Errors: AUR522 and AUR523 from the template of the attack.
 */
export function conditionsFor(
  subject: Subject,
  setting: Setting,
  chaos: Chaos,
  turn: Turn | undefined,
): Result<Conditions> {
  const fromSteps = planSteps(subject.steps, setting.participants.value);
  const byzantine = byzantineFor(subject.steps, fromSteps.plans, setting, chaos);
  const attack = chaos.enabled ? turn?.attack : undefined;
  const rendered = attack?.render(viewOf(subject, setting, chaos, byzantine.value)) ?? ok(NOTHING);
  if (!rendered.ok) return rendered;
  const conditions = rendered.value;
  const words = attack && `attack ${attack.name}`;
  return ok({
    plans: fromSteps.plans,
    network: networkFor(chaos, conditions.network, fromSteps.network, words),
    byzantine,
    strategies: strategiesFor(
      subject.steps,
      fromSteps.plans,
      byzantine.value,
      turned(conditions.strategies, turn?.turn ?? 0),
    ),
    timing:
      words !== undefined && Object.keys(conditions.timing).length > 0
        ? { value: conditions.timing, why: words }
        : undefined,
    assertions: conditions.assertions,
    outcome: outcomeFor(subject, byzantine.value.length, setting),
    remarks: fromSteps.remarks,
    attack,
  });
}

const NOTHING: AttackConditions = { network: {}, strategies: [], timing: {}, assertions: [] };

function viewOf(
  { property, steps }: Subject,
  setting: Setting,
  chaos: Chaos,
  byzantine: readonly number[],
): AttackView {
  const participants = setting.participants.value.length;
  const threshold = setting.threshold?.value ?? Math.floor(participants / 2) + 1;
  const bound = property && setting.boundOf(property)?.value;
  return {
    participants,
    threshold: Math.min(threshold, Math.max(1, participants)),
    fault_bound: Math.max(0, bound ?? threshold - 1),
    intensity: chaos.intensity,
    ratio: chaos.byzantineRatio,
    property: property?.name ?? '',
    property_class: property?.propertyClass ?? '',
    constants: Object.fromEntries(setting.constants.map(({ name, value }) => [name, plainOrLiteral(value)])),
    byzantine,
    honest: [...setting.participants.value.keys()].filter(number => !byzantine.includes(number)),
    steps: steps.length,
    duration_ms: Math.max(10, steps.length) * STEP_MS,
  };
}

/** What chaos always does to the network, with what the attack does instead, and at least what the steps do. */
function networkFor(
  chaos: Chaos,
  attack: NetworkConditions,
  steps: StepConditions['network'],
  attackWords: string | undefined,
): Sourced<NetworkConditions> | undefined {
  if (!chaos.enabled) return steps;
  const scaled = (most: number) => Math.round(most * chaos.intensity * 1000) / 1000;
  const usual: NetworkConditions = {
    latency_range: [10, 50 + Math.round(450 * chaos.intensity)],
    drop_rate: scaled(0.2),
    duplicate_rate: scaled(0.1),
    reorder_rate: scaled(0.2),
  };
  const why = [
    `chaos intensity ${chaos.intensity}: latency up to 50 + 450 ms, drop and reorder up to 0.2, duplicate up to 0.1, times the intensity`,
    ...(attackWords === undefined ? [] : [attackWords]),
    ...(steps === undefined ? [] : ['at least what the steps do']),
  ];
  return { value: atLeast({ ...usual, ...attack }, steps?.value ?? {}), why: why.join('; ') };
}

const RATES = ['drop_rate', 'duplicate_rate', 'reorder_rate', 'corrupt_rate'] as const;

function atLeast(network: NetworkConditions, least: NetworkConditions): NetworkConditions {
  const partitions = [...(least.partitions ?? []), ...(network.partitions ?? [])];
  const [shortest, longest] = network.latency_range ?? [10, 50];
  const rates = RATES.flatMap(rate => {
    const known = [network[rate], least[rate]].filter(value => value !== undefined);
    return known.length > 0 ? [[rate, Math.max(...known)]] : [];
  });
  return {
    ...network,
    latency_range: [shortest, Math.max(longest, least.latency_range?.[1] ?? 0)],
    ...Object.fromEntries(rates),
    ...(partitions.length > 0 && { partitions }),
  };
}

/**
 * Who is byzantine: those that act so in the steps, and with chaos as many as the ratio asks for, first those whom
 * the spec makes byzantine, then the last ones.
 */
function byzantineFor(
  steps: readonly CandidateStep[],
  plans: readonly StepPlan[],
  setting: Setting,
  chaos: Chaos,
): Sourced<readonly number[]> {
  const acting = steps.flatMap((step, i) => {
    if (step.source?.kind !== 'byzantine') return [];
    const node = plans[i]?.node;
    return node === undefined ? setting.byzantine.value : [node];
  });
  const total = setting.participants.value.length;
  const wanted = chaos.enabled ? Math.floor(total * chaos.byzantineRatio) : 0;
  const last = Array.from({ length: total }, (_, i) => total - 1 - i);
  const chosen = new Set(acting);
  for (const node of [...setting.byzantine.value, ...last]) if (chosen.size < wanted) chosen.add(node);
  const parts = [
    ...(acting.length > 0 ? ['those that act so in the steps'] : []),
    ...(wanted > 0 ? [`${chaos.byzantineRatio} of ${total} rounded down is ${wanted}`] : []),
  ];
  return { value: [...chosen].sort((a, b) => a - b), why: parts.join('; ') || 'none' };
}

/** An attack that comes again begins with its next strategy, so that few byzantine participants try all of them. */
function turned(strategies: readonly ByzantineStrategy[], turn: number): readonly ByzantineStrategy[] {
  const first = turn % Math.max(1, strategies.length);
  return [...strategies.slice(first), ...strategies.slice(0, first)];
}

/** The strategies in the order of the participants: what each does in the steps, or else what the attack has next. */
function strategiesFor(
  steps: readonly CandidateStep[],
  plans: readonly StepPlan[],
  byzantine: readonly number[],
  attack: readonly ByzantineStrategy[],
): ByzantineStrategy[] {
  if (byzantine.length === 0) return [];
  const own = new Map<number, ByzantineStrategy>();
  const others: ByzantineStrategy[] = [];
  for (const [i, { source }] of steps.entries()) {
    if (source?.kind !== 'byzantine') continue;
    const { type, why } = strategyOf(source);
    const node = plans[i]?.node;
    const given = [...own.values(), ...others];
    const strategy = { type, description: `action ${source.name} of the steps (${why})` };
    if (node !== undefined && !own.has(node)) own.set(node, strategy);
    else if (!given.some(known => known.type === type)) others.push(strategy);
  }
  if (own.size === 0 && others.length === 0 && attack.length > 0) return attack.slice(0, byzantine.length);
  let next = 0;
  const inOrder = byzantine.map(
    node => own.get(node) ?? others.shift() ?? attack[next++ % attack.length] ?? UNKNOWN_STRATEGY,
  );
  return [...inOrder, ...others];
}

const UNKNOWN_STRATEGY: ByzantineStrategy = {
  type: 'conflicting_messages',
  description: 'neither the steps nor an attack name a strategy',
};

/** What the spec promises for such a scenario. */
function outcomeFor(
  { property, violated }: Subject,
  byzantine: number,
  setting: Setting,
): Sourced<ExpectedOutcome> {
  if (violated)
    return {
      value: 'property_violation',
      why: `the spec itself violates ${property?.name ?? 'a property'} on these steps`,
    };
  const bound = property && setting.boundOf(property);
  if (bound && byzantine > bound.value)
    return {
      value: 'inconclusive',
      why: `${byzantine} byzantine participants are more than the bound of ${bound.value} (${bound.why})`,
    };
  if (property === undefined)
    return { value: 'property_holds', why: 'no property of the spec is violated on these steps' };
  const within = bound ? ` within the bound of ${bound.value} (${bound.why})` : '';
  if (byzantine === 0) return { value: 'property_holds', why: `nobody is byzantine${within}` };
  const attack = `${byzantine} byzantine${within}`;
  return property.safety
    ? { value: 'safety_violation_prevented', why: `${attack}; a safety property` }
    : { value: 'honest_majority_success', why: `${attack}; a liveness property` };
}
