// The conditions of a scenario beside its steps: network, byzantine participants and what they do, and the outcome
// to expect from them.
import type { ExpectedOutcome, NetworkConditions } from '../../generated/scenario.js';
import type { Property, PropertyClass } from '../model/model.js';
import type { Choice } from './choose.js';
import type { Setting, Sourced } from './setting.js';

export interface Chaos {
  readonly enabled: boolean;
  /** 0 to 1. */
  readonly intensity: number;
  /** Share of the participants that are byzantine, 0 to 1; a share of a participant is rounded down. */
  readonly byzantineRatio: number;
}

/** Network conditions that grow with the intensity; undefined without chaos. Milliseconds and probabilities. */
export function networkFor(chaos: Chaos): Sourced<NetworkConditions> | undefined {
  if (!chaos.enabled) return undefined;
  const scaled = (most: number) => Math.round(most * chaos.intensity * 1000) / 1000;
  const value = {
    latency_range: [10, 50 + Math.round(450 * chaos.intensity)] as [number, number],
    drop_rate: scaled(0.2),
    duplicate_rate: scaled(0.1),
    reorder_rate: scaled(0.2),
  };
  return {
    value,
    why: `chaos intensity ${chaos.intensity}: latency up to 50 + 450 ms, drop and reorder up to 0.2, duplicate up to 0.1, times the intensity`,
  };
}

export interface ByzantinePlan {
  /** Numbers of participants, ascending. */
  readonly participants: Sourced<readonly number[]>;
  readonly strategies: readonly { readonly type: string; readonly description: string }[];
}

/**
 * Who is byzantine: those that act so in the steps, and with chaos as many as the ratio asks for, first those whom
 * the spec makes byzantine, then the last ones.
 */
export function byzantineFor(
  choice: Choice,
  setting: Setting,
  chaos: Chaos,
  nodeOf: (step: number) => number | undefined,
): ByzantinePlan {
  const acting = choice.candidate.steps.flatMap((step, i) => {
    if (step.source?.kind !== 'byzantine') return [];
    const node = nodeOf(i);
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
  const participants = { value: [...chosen].sort((a, b) => a - b), why: parts.join('; ') || 'none' };
  return { participants, strategies: participants.value.length > 0 ? strategiesFor(choice, chaos) : [] };
}

/** What byzantine participants do to attack a property of each class. */
const ATTACKS: Record<PropertyClass, readonly string[]> = {
  ThresholdSafety: ['signature_withholding', 'invalid_signatures'],
  CounterUniqueness: ['replay', 'conflicting_messages'],
  SessionIsolation: ['replay', 'forge_sender'],
  CrdtConsistency: ['conflicting_messages', 'delay'],
  KeyDerivationSafety: ['commitment_equivocation', 'selective_abort'],
  ProtocolProgress: ['silent', 'delay'],
  MessageDelivery: ['silent', 'delay'],
  RecoveryCompletion: ['signature_withholding', 'silent'],
  StateConvergence: ['delay', 'conflicting_messages'],
  GeneralSafety: ['conflicting_messages', 'invalid_signatures'],
  GeneralLiveness: ['silent', 'delay'],
};

function strategiesFor({ candidate, property }: Choice, chaos: Chaos): ByzantinePlan['strategies'] {
  const found = new Map<string, string>();
  for (const { source } of candidate.steps) {
    if (source?.kind === 'byzantine' && source.detail !== '')
      found.set(source.detail, `action ${source.name} of the steps`);
  }
  if (chaos.enabled && property) {
    for (const type of ATTACKS[property.propertyClass]) {
      if (!found.has(type)) found.set(type, `an attack on ${property.propertyClass}`);
    }
  }
  if (found.size === 0) found.set('conflicting_messages', 'the steps name no strategy');
  return [...found].map(([type, description]) => ({ type, description }));
}

/** What the spec promises for such a scenario. */
export function outcomeFor(
  property: Property | undefined,
  violated: boolean,
  byzantine: number,
  setting: Setting,
): Sourced<ExpectedOutcome> {
  if (violated)
    return {
      value: 'property_violation',
      why: `the spec itself violates ${property?.name ?? 'a property'} on these steps`,
    };
  if (property === undefined)
    return { value: 'property_holds', why: 'no property of the spec is violated on these steps' };
  const bound = setting.boundOf(property);
  if (bound && byzantine > bound.value)
    return {
      value: 'inconclusive',
      why: `${byzantine} byzantine participants are more than the bound of ${bound.value} (${bound.why})`,
    };
  const within = bound ? ` within the bound of ${bound.value} (${bound.why})` : '';
  if (byzantine === 0) return { value: 'property_holds', why: `nobody is byzantine${within}` };
  const attack = `${byzantine} byzantine${within}`;
  return property.safety
    ? { value: 'safety_violation_prevented', why: `${attack}; a safety property` }
    : { value: 'honest_majority_success', why: `${attack}; a liveness property` };
}
