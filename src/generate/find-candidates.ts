// Where schedules come from: our strategies, or traces of Quint's own simulator. What comes after does not need to know.
import type { Bridge } from '../bridge/load-spec.js';
import { sampleTraces } from '../bridge/sample-traces.js';
import type { Classification } from '../model/classify.js';
import type { Model, Property } from '../model/model.js';
import { showValue, type Value } from '../model/value.js';
import { parseItf } from '../trace/itf-reader.js';
import { type AuraError, showError } from '../util/errors.js';
import { mapPolitely } from '../util/politely.js';
import type { Random } from '../util/random.js';
import { collect, fail, ok, type Result } from '../util/result.js';
import { actorsAmong, mostByzantine } from './adverse-steps.js';
import { type Candidate, candidateOf, legalPart, readCandidate } from './candidate.js';
import type { Chaos } from './conditions.js';
import type { SpecEvaluator } from './evaluator.js';
import type { StrategyName } from './find.js';
import { searchInWorkers } from './search-in-workers.js';
import type { Setting } from './setting.js';

export const ENGINES = ['builtin', 'quint'] as const;

export type EngineName = (typeof ENGINES)[number];

export interface FindOptions {
  readonly engine: EngineName;
  /** Decimal digits. */
  readonly seed: string;
  readonly strategies: readonly StrategyName[];
  /** States that each strategy may compute, random walks excepted. */
  readonly budget: number;
  /** Random walks, or traces of Quint. */
  readonly traces: number;
  /** In steps. */
  readonly maxLength: number;
  readonly chaos: Chaos;
  readonly setting: Setting;
  /** Whether byzantine actions may occur in the steps. */
  readonly byzantineActions: boolean;
  readonly classification: Classification;
  /** The texts of the spec, where they are not those of its files. */
  readonly texts?: ReadonlyMap<string, string>;
  /** Schedules to keep beside those that are the best for something. */
  readonly spare: number;
  readonly jobs: number;
}

/** What one strategy did. */
export interface StrategyEffort {
  readonly strategy: StrategyName;
  /** States that were computed. */
  readonly states: number;
  readonly schedules: number;
  /** Whether it found all that it could. */
  readonly exhausted: boolean;
}

export interface Found {
  /** Those that differ. */
  readonly candidates: readonly Candidate[];
  readonly efforts: readonly StrategyEffort[];
  /** Errors of the spec, or of properties, that ended a part of the search; each once. */
  readonly troubles: readonly AuraError[];
}

/** Errors: of the spec while it runs, and of Quint. */
export async function findCandidates(
  bridge: Bridge,
  model: Model,
  evaluator: SpecEvaluator,
  targets: readonly Property[],
  options: FindOptions,
  random: Random,
): Promise<Result<Found>> {
  const found =
    options.engine === 'quint'
      ? await fromQuint(bridge, model, evaluator, options, random)
      : await fromStrategies(bridge, model, evaluator, targets, options);
  if (!found.ok) return found;
  const { candidates, efforts, troubles } = found.value;
  const most = byzantineMost(options);
  const usable =
    most === undefined
      ? candidates
      : candidates.map(candidate => withByzantine(candidate, most, model, options));
  return ok({ candidates: withoutDuplicates(usable), efforts, troubles });
}

/** Processes of Quint, each with a seed of its own: the more, the less one unlucky seed matters. */
const QUINT_PROCESSES = 2;

async function fromQuint(
  bridge: Bridge,
  model: Model,
  evaluator: SpecEvaluator,
  { traces, maxLength, texts }: FindOptions,
  random: Random,
): Promise<Result<Found>> {
  const seeds = Array.from({ length: QUINT_PROCESSES }, (_, i) => random.fork(`quint ${i}`).below(2 ** 48));
  const sampled = await sampleTraces(bridge, model.spec, {
    seeds,
    traces,
    maxSteps: maxLength,
    entry: model.entry,
    ...(texts && { texts }),
  });
  if (!sampled.ok) return sampled;
  const read = await mapPolitely(
    sampled.value,
    ({ itf, seed }) => {
      const trace = parseItf(itf, 'a trace of Quint');
      return trace.ok ? ok(readCandidate(trace.value, String(seed), model, evaluator)) : trace;
    },
    bridge.signal,
  );
  const candidates = collect(read);
  return candidates.ok ? ok({ candidates: candidates.value, efforts: [], troubles: [] }) : candidates;
}

async function fromStrategies(
  bridge: Bridge,
  model: Model,
  evaluator: SpecEvaluator,
  targets: readonly Property[],
  options: FindOptions,
): Promise<Result<Found>> {
  const { seed, strategies, budget, traces, maxLength, chaos, classification, spare, jobs } = options;
  const task = {
    spec: model.spec,
    classification,
    entry: model.entry,
    strategies: strategies.map(name => ({
      name,
      budget: name === 'random_walk' ? traces * (maxLength + 1) : budget,
    })),
    targets: targets.map(({ name }) => name),
    maxLength,
    chaos,
    seed: `${seed}/${model.spec.main}`,
    spare,
  };
  const searched = await searchInWorkers(task, jobs, bridge.signal);
  if (!searched.ok) return searched;
  const schedules = searched.value.flatMap(part => part.schedules);
  const troubles = searched.value.flatMap(({ trouble }) => (trouble ? [trouble] : []));
  const [worst] = troubles;
  const goesOn = schedules.some(({ steps, refused }) => steps.length > 1 || refused !== undefined);
  if (!goesOn && worst !== undefined) return fail(worst);
  const candidates = await mapPolitely(
    schedules,
    schedule => candidateOf(schedule, seed, model, evaluator),
    bridge.signal,
  );
  const efforts = strategies.map((strategy): StrategyEffort => {
    const parts = searched.value.filter(part => part.strategy === strategy);
    return {
      strategy,
      states: sum(parts.map(({ states }) => states)),
      schedules: sum(parts.map(({ offered }) => offered)),
      exhausted: parts.every(({ exhausted }) => exhausted),
    };
  });
  return ok({ candidates, efforts, troubles: withoutTwins(troubles) });
}

function withoutTwins(errors: readonly AuraError[]): AuraError[] {
  return [...new Map(errors.map(error => [showError(error), error])).values()];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** How many participants may act byzantine; undefined for as many as the spec allows. */
function byzantineMost({ byzantineActions, chaos, setting }: FindOptions): number | undefined {
  if (!byzantineActions) return 0;
  return chaos.enabled && chaos.ratioIsGiven ? mostByzantine(chaos, setting) : undefined;
}

/** A candidate up to the step with which more than `most` have acted byzantine. */
function withByzantine(
  candidate: Candidate,
  most: number,
  { actions }: Model,
  { setting }: FindOptions,
): Candidate {
  const acting = new Set<string>();
  const joins = (kind: string | undefined, values: Iterable<Value>): boolean => {
    if (kind === 'byzantine') for (const actor of actorsAmong(values, setting)) acting.add(actor);
    return acting.size > most;
  };
  const { refused } = candidate.origin;
  const first = candidate.steps.findIndex(({ source, params, picks }) =>
    joins(source?.kind, [...params.values(), ...picks.values()]),
  );
  if (first >= 0) return legalPart(candidate, first);
  const attempt = actions.find(({ name }) => name === refused?.action);
  const values = [...(refused?.args ?? []), ...(refused?.picks ?? [])].map(([, value]) => value);
  return joins(attempt?.kind, values) ? legalPart(candidate, candidate.steps.length) : candidate;
}

function withoutDuplicates(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const key = fingerprint(candidate);
    if (!seen.has(key)) seen.set(key, candidate);
  }
  return [...seen.values()];
}

function fingerprint({ steps, states, origin: { refused, loop, violates } }: Candidate): string {
  const extras = [
    refused?.action,
    refused?.guard,
    refused?.mutation,
    refused?.args.map(pairText),
    loop,
    violates,
  ];
  return [...steps.map(({ action }) => action), ...states.map(stateText), ...extras].join('\n');
}

function pairText([name, value]: readonly [string, Value]): string {
  return `${name}=${showValue(value)}`;
}

const TEXTS = new WeakMap<object, string>();

function stateText(state: Candidate['states'][number]): string {
  const known = TEXTS.get(state) ?? [...state].map(pairText).join(';');
  TEXTS.set(state, known);
  return known;
}
