// Variations around a scenario: kinds in turn, each drawn from its own stream, kept when it is a valid scenario that is
// neither the original nor one made before, and when the spec, where there is one, allows its schedule.
import { setImmediate } from 'node:timers/promises';
import type { Scenario } from '../../../generated/scenario.js';
import { parseScenarioText } from '../../scenario/load.js';
import { resolveScenario } from '../../scenario/resolve.js';
import { compareText } from '../../util/order.js';
import type { Random } from '../../util/random.js';
import { ok, type Result } from '../../util/result.js';
import { writeScenarioText } from '../scenario-text.js';
import { networkEdits } from './network.js';
import { orderEdits } from './order.js';
import { participantEdits } from './participants.js';
import type { Replayer } from './replay.js';
import { sizeEdits } from './sizes.js';
import { timingEdits } from './timing.js';
import {
  type Draft,
  type Edit,
  type Edits,
  type Original,
  pick,
  VARIATION_KINDS,
  type VariationKind,
} from './variation.js';

export interface Variation {
  readonly kind: VariationKind;
  /** Among those of its kind, from 1. */
  readonly number: number;
  readonly scenario: Scenario;
  /** What was changed, in words. */
  readonly change: string;
}

export interface Variations {
  readonly variations: readonly Variation[];
  /** Kinds that the scenario cannot be varied in, and why. */
  readonly inapplicable: readonly { readonly kind: VariationKind; readonly reason: string }[];
  /** Drafts that were not kept: like others, contradicting themselves, or impossible in the spec. */
  readonly dropped: { readonly duplicate: number; readonly invalid: number; readonly impossible: number };
}

export interface VaryOptions {
  /** Variations to make. */
  readonly count: number;
  readonly kinds: readonly VariationKind[];
  readonly random: Random;
  /** Ends the work early. */
  readonly signal?: AbortSignal;
}

const EDITS: Record<VariationKind, Edits> = {
  timing: timingEdits,
  order: orderEdits,
  participants: participantEdits,
  sizes: sizeEdits,
  network: networkEdits,
};

/** Drafts in a row of one kind that are not kept, after which nothing more is expected of it. */
const PATIENCE = 40;

const NOTHING_LEFT = 'no change that was tried is new, valid and possible in the spec';

/** `replayer` runs the spec, which has to allow the original itself. Errors: those of the spec while it runs. */
export async function varyScenario(
  original: Original,
  replayer: Replayer | undefined,
  options: VaryOptions,
): Promise<Result<Variations>> {
  const dropped = { duplicate: 0, invalid: 0, impossible: 0 };
  const inapplicable: { kind: VariationKind; reason: string }[] = [];
  const sources: Source[] = [];
  for (const kind of VARIATION_KINDS) {
    if (!options.kinds.includes(kind)) continue;
    const edits = EDITS[kind](original);
    const [first, ...more] = typeof edits === 'string' ? [] : edits;
    if (first === undefined) inapplicable.push({ kind, reason: String(edits) });
    else sources.push({ kind, edits: [first, ...more], random: options.random.fork(kind), made: 0 });
  }
  const seen = new Set([contentOf(original.scenario)]);
  const variations: Variation[] = [];
  for (let active = sources; active.length > 0 && variations.length < options.count; ) {
    const next: Source[] = [];
    for (const source of active) {
      if (variations.length >= options.count || options.signal?.aborted) break;
      // A replay takes its time: Ctrl-C is heard in between.
      await setImmediate();
      const made = await drawFrom(source, original, replayer, seen, dropped);
      if (!made.ok) return made;
      if (made.value === undefined) continue;
      variations.push(made.value);
      next.push(source);
    }
    active = next;
  }
  for (const { kind, made } of sources)
    if (made === 0 && options.count >= sources.length) inapplicable.push({ kind, reason: NOTHING_LEFT });
  const order = (kind: VariationKind) => VARIATION_KINDS.indexOf(kind);
  variations.sort((a, b) => order(a.kind) - order(b.kind) || a.number - b.number);
  return ok({ variations, inapplicable, dropped });
}

interface Source {
  readonly kind: VariationKind;
  readonly edits: readonly [Edit, ...Edit[]];
  readonly random: Random;
  made: number;
}

async function drawFrom(
  source: Source,
  original: Original,
  replayer: Replayer | undefined,
  seen: Set<string>,
  dropped: { duplicate: number; invalid: number; impossible: number },
): Promise<Result<Variation | undefined>> {
  for (let tries = 0; tries < PATIENCE; tries++) {
    const draft = pick(source.edits, source.random)(source.random);
    if (draft === undefined) continue;
    const content = contentOf(draft.scenario);
    if (seen.has(content)) {
      dropped.duplicate++;
      continue;
    }
    seen.add(content);
    const judged = judge(draft, original, replayer);
    if (!judged.ok) return judged;
    if (judged.value === undefined) {
      dropped.impossible++;
      continue;
    }
    const variation = named(source.kind, source.made + 1, judged.value, original);
    if (!(await isValid(variation.scenario))) {
      dropped.invalid++;
      continue;
    }
    source.made++;
    return ok(variation);
  }
  return ok(undefined);
}

/** The draft with the outcome to expect, undefined when its schedule is impossible. */
function judge(
  draft: Draft,
  { scenario, resolved }: Original,
  replayer: Replayer | undefined,
): Result<Draft | undefined> {
  if (draft.touches === 'conditions' || draft.touches === 'constants' || resolved.steps.length === 0)
    return ok(draft);
  if (replayer === undefined) {
    if (draft.touches === 'names') return ok(draft);
    const unchecked = { ...draft.scenario, expected_outcome: 'inconclusive' as const };
    const change = `${draft.change}; no spec says whether that is possible, so any outcome will do`;
    return ok({ ...draft, scenario: unchecked, change });
  }
  const constants = draft.scenario.setup?.constants ?? {};
  if (draft.touches === 'names' && contentOf(constants) !== contentOf(scenario.setup?.constants ?? {}))
    return ok(undefined);
  const replayed = replayer.replay(resolveScenario(draft.scenario).scenario.steps);
  if (!replayed.ok) return replayed;
  if (!replayed.value.possible) return ok(undefined);
  const { violates } = replayed.value;
  const { expected_outcome: expected } = resolved;
  if (violates !== undefined && expected !== 'property_violation')
    return ok({
      ...draft,
      scenario: { ...draft.scenario, expected_outcome: 'property_violation' },
      change: `${draft.change}; the spec itself violates ${violates} on it`,
    });
  if (
    violates === undefined &&
    expected === 'property_violation' &&
    watches(replayer, resolved.quint_source?.property)
  )
    return ok({
      ...draft,
      scenario: { ...draft.scenario, expected_outcome: 'property_holds' },
      change: `${draft.change}; the spec no longer violates the property`,
    });
  return ok(draft);
}

function watches({ model }: Replayer, property: string | undefined): boolean {
  return model.invariants.some(({ name, propertyClass }) => name === property || propertyClass === property);
}

function named(kind: VariationKind, number: number, draft: Draft, { scenario }: Original): Variation {
  const { quint_source: source, ...rest } = draft.scenario;
  // The trace that gave the steps is not that of other steps.
  const { trace, seed, ...origin } = source ?? { specification: '' };
  const traced = {
    ...(trace !== undefined && { trace }),
    ...(seed !== undefined && { seed }),
  };
  const description = `${scenario.description ? `${scenario.description} ` : ''}Variation: ${draft.change}.`;
  return {
    kind,
    number,
    change: draft.change,
    scenario: {
      ...rest,
      name: `${scenario.name} / ${kind} ${number}`,
      description,
      ...(source && { quint_source: draft.touches === 'conditions' ? { ...origin, ...traced } : origin }),
    },
  };
}

async function isValid(scenario: Scenario): Promise<boolean> {
  return (await parseScenarioText(writeScenarioText([scenario]), 'a variation')).ok;
}

/** What is the same in two scenarios that do the same. */
function contentOf(data: object): string {
  const { name: _, description: __, ...content } = { name: '', description: '', ...data };
  return JSON.stringify(content, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareText(a, b)));
  });
}
