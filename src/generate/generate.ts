// Scenario generation told in order: say what to target, find schedules, judge what each is worth, choose, assemble,
// render, and list it all in a manifest. Writes nothing.
import type { Manifest, ManifestOptions } from '../../generated/manifest.js';
import type { Bridge } from '../bridge/load-spec.js';
import type { Derived } from '../derive/derive-spec.js';
import { encodeState } from '../engine/index.js';
import type { Model, Property } from '../model/model.js';
import type { Spec } from '../model/spec.js';
import { prepareReading } from '../scenario/written.js';
import { type AuraError, auraError } from '../util/errors.js';
import { mapPolitely } from '../util/politely.js';
import { createRandom } from '../util/random.js';
import { fail, ok, type Result } from '../util/result.js';
import { attackRota } from './attack-rota.js';
import type { Attack } from './attacks.js';
import type { Candidate } from './candidate.js';
import { choose } from './choose.js';
import type { SpecEvaluator } from './evaluator.js';
import { STRATEGIES } from './find.js';
import { type FindOptions, findCandidates } from './find-candidates.js';
import { createJudge, type Judge, type Judged } from './judge.js';
import { buildManifest } from './manifest.js';
import { MANIFEST, type OutputFiles } from './output-folder.js';
import type { Template } from './render.js';
import { readSetting } from './setting.js';
import { findTargets } from './targets.js';
import { findUntaken } from './untaken.js';
import { writeScenarios } from './write-scenarios.js';

export interface GenerateOptions extends Omit<FindOptions, 'spare' | 'setting'> {
  readonly scenarioCount: number;
  readonly tracesPerScenario: number;
  /** Names of the only properties to target; empty for all. */
  readonly focus: readonly string[];
  /** Which properties may be targeted at all. */
  readonly isTarget: (property: Property) => boolean;
  readonly withSteps: boolean;
  readonly operations: ReadonlyMap<string, string>;
  /** Path of the spec as the scenarios name it. */
  readonly specification: string;
  readonly auraVersion: string;
}

export interface GenerateInput {
  readonly bridge: Bridge;
  /** The spec as the user wrote it. */
  readonly source: Spec;
  /** Of the spec with what it lacked. */
  readonly model: Model;
  readonly derived: Derived | undefined;
  readonly evaluator: SpecEvaluator;
  readonly template: Template;
  /** What chaos may add to scenarios. */
  readonly attacks: readonly Attack[];
  /** Called when a stage begins. */
  readonly onStage: (stage: string) => void;
}

export interface Suite {
  readonly files: OutputFiles;
  readonly manifest: Manifest;
  /** Errors of the spec, or of properties, that ended a part of the search. */
  readonly troubles: readonly AuraError[];
}

/**
 * Errors: AUR205 for a property that the spec does not have, those of {@link findCandidates}, AUR501 and AUR502 from the template, AUR503 when there is no schedule.
 */
export async function generateSuite(input: GenerateInput, options: GenerateOptions): Promise<Result<Suite>> {
  const { bridge, source, model, evaluator } = input;
  const targets = findTargets(model, options.focus, options.isTarget);
  if (!targets.ok) return targets;
  const random = createRandom(options.seed).fork(source.main);
  const setting = readSetting(model, evaluator.constant);
  const wanted = options.scenarioCount * options.tracesPerScenario;
  const finding = { ...options, setting, spare: 2 * wanted };
  input.onStage(`looking for schedules of ${source.main}`);
  const [found] = await Promise.all([
    findCandidates(bridge, model, evaluator, targets.value, finding, random),
    prepareReading(),
  ]);
  if (!found.ok) return found;
  const { candidates, efforts, troubles } = found.value;
  input.onStage(`looking at what ${candidates.length} schedules cover`);
  const judge = createJudge(targets.value, model, evaluator);
  const judged = await mapPolitely(
    candidates,
    candidate => [candidate, judgeCandidate(candidate, judge, evaluator)] as const,
    bridge.signal,
  );
  const chosen = choose(new Map(judged), targets.value, {
    count: options.scenarioCount,
    tracesPerScenario: options.tracesPerScenario,
    participants: setting.participants.value,
    isHonest: action => model.actions.find(({ name }) => name === action)?.kind !== 'byzantine',
    untargetedToo: options.focus.length === 0,
  });
  if (chosen.choices.length === 0 && candidates.every(({ steps }) => steps.length === 0))
    return fail(noSchedule(source, candidates, options));
  const written = await writeScenarios(chosen.choices, input, {
    ...options,
    setting,
    random,
    attacks: attackRota(input.attacks),
  });
  if (!written.ok) return written;
  const { scenarios, files } = written.value;
  const seen = judged.flatMap(([, { goals }]) => goals);
  const untaken = await findUntaken(input, seen, options);
  if (!untaken.ok) return untaken;
  const manifest = buildManifest({
    auraVersion: options.auraVersion,
    source,
    model,
    derived: input.derived,
    untaken: untaken.value,
    options: manifestOptions(options),
    efforts,
    scenarios,
    seen,
    untargeted: chosen.untargeted,
    files,
  });
  return ok({
    files: new Map([...files, [MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`]]),
    manifest,
    troubles: [...troubles, ...judge.failures.values()],
  });
}

function judgeCandidate(
  { origin, states, steps }: Candidate,
  judge: Judge,
  { compiled }: SpecEvaluator,
): Judged {
  const { strategy: _, ...known } = origin;
  return judge.judge({
    ...known,
    states: states.map(state => encodeState(compiled, state)),
    actions: steps.map(({ action }) => action),
    values: i => new Map([...(steps[i]?.picks ?? []), ...(steps[i]?.params ?? [])]),
  });
}

function noSchedule(
  { main, file }: Spec,
  candidates: readonly Candidate[],
  { strategies, engine }: GenerateOptions,
) {
  const location = { file, line: 1, column: 1 };
  if (candidates.length === 0 && engine === 'builtin' && strategies.length < STRATEGIES.length)
    return auraError('AUR503', `${strategies.join(', ')} found no schedule of ${main}`, {
      location,
      hint: 'there is nothing to look for, or nothing is possible: see without --strategy',
    });
  return auraError('AUR503', `${main} takes no step: \`init\` is false, or no action is enabled after it`, {
    location,
    hint: 'see with `aura quint actions` which guards are in the way',
  });
}

function manifestOptions(options: GenerateOptions): ManifestOptions {
  const { chaos, engine } = options;
  return {
    seed: options.seed,
    engine,
    strategies: engine === 'builtin' ? [...options.strategies] : [],
    budget: options.budget,
    scenario_count: options.scenarioCount,
    traces: options.traces,
    max_length: options.maxLength,
    traces_per_scenario: options.tracesPerScenario,
    chaos_enabled: chaos.enabled,
    chaos_intensity: chaos.enabled ? chaos.intensity : 0,
    byzantine_ratio: chaos.enabled ? chaos.byzantineRatio : 0,
    focus_properties: [...options.focus],
  };
}
