// Scenario generation told in order: check that the spec can be driven, sample traces, read them, find what each
// puts at stake, choose, assemble, render, and list it all in a manifest. Writes nothing.
import path from 'node:path';
import type { Manifest, ManifestOptions } from '../../generated/manifest.js';
import type { Bridge } from '../bridge/load-spec.js';
import type { Model, Property } from '../model/model.js';
import { prepareReading } from '../scenario/written.js';
import { writeItfText } from '../trace/itf-writer.js';
import { auraError } from '../util/errors.js';
import { nearest } from '../util/nearest.js';
import { mapPolitely } from '../util/politely.js';
import { createRandom, type Random } from '../util/random.js';
import { collect, fail, ok, type Result } from '../util/result.js';
import { type Assembled, assemble } from './assemble.js';
import { type Candidate, readCandidate } from './candidate.js';
import { type Choice, choose, contestants } from './choose.js';
import type { Chaos } from './conditions.js';
import type { SpecEvaluator } from './evaluator.js';
import { buildManifest, type WrittenScenario } from './manifest.js';
import { MANIFEST, type OutputFiles } from './output-folder.js';
import type { Template } from './render.js';
import { type EngineName, type Sampled, sample } from './sample.js';
import { readSetting } from './setting.js';
import { compileStakes } from './stakes.js';
import { verifyRendering } from './verify-rendering.js';

export interface GenerateOptions {
  /** Decimal digits. */
  readonly seed: string;
  /** What draws the traces. */
  readonly engine: EngineName;
  readonly scenarioCount: number;
  /** Candidates to sample. */
  readonly traces: number;
  /** In steps. */
  readonly maxLength: number;
  readonly tracesPerScenario: number;
  readonly chaos: Chaos;
  /** Whether byzantine actions may occur in the steps. */
  readonly byzantineActions: boolean;
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
  readonly model: Model;
  readonly evaluator: SpecEvaluator;
  readonly template: Template;
  /** Called when a stage begins. */
  readonly onStage: (stage: string) => void;
}

export interface Suite {
  readonly files: OutputFiles;
  readonly manifest: Manifest;
}

/**
 * Errors: AUR203 to AUR205 for a spec that cannot be driven or a property that it does not have, those of
 * {@link sample}, AUR501 and AUR502 from the template, AUR503 when there is no trace.
 */
export async function generateSuite(input: GenerateInput, options: GenerateOptions): Promise<Result<Suite>> {
  const { bridge, model, evaluator } = input;
  const targets = findTargets(model, options);
  if (!targets.ok) return targets;
  const drivable = checkDrivable(model);
  if (!drivable.ok) return drivable;
  const random = createRandom(options.seed).fork(model.spec.main);
  const { engine, traces, maxLength } = options;
  input.onStage(`sampling ${traces} traces of ${model.spec.main}`);
  const sampling = sample(bridge, model, { engine, traces, maxLength }, random);
  // While others draw the traces, this thread gets ready for them.
  const stakesOf = compileStakes(targets.value, model, evaluator);
  await prepareReading();
  const sampled = await sampling;
  if (!sampled.ok) return sampled;
  input.onStage(`reading ${sampled.value.length} traces`);
  const { signal } = bridge;
  const read = ({ trace, seed }: Sampled) => readCandidate(trace, seed, model, evaluator);
  const candidates = contestants(await mapPolitely(sampled.value, read, signal), options.byzantineActions);
  if (candidates.length === 0) return fail(noTrace(model));
  input.onStage(`looking at what ${candidates.length} traces put at stake`);
  const stakes = await mapPolitely(
    candidates,
    candidate => [candidate, stakesOf(candidate)] as const,
    signal,
  );
  const { choices, untargeted } = choose(new Map(stakes), targets.value, {
    count: options.scenarioCount,
    tracesPerScenario: options.tracesPerScenario,
  });
  const rendered = await renderAll(choices, input, options, random);
  if (!rendered.ok) return rendered;
  const { scenarios, files } = rendered.value;
  const manifest = buildManifest({
    auraVersion: options.auraVersion,
    specFile: path.basename(model.spec.file),
    model,
    options: manifestOptions(options),
    scenarios,
    untargeted,
    files,
  });
  return ok({ files: new Map([...files, [MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`]]), manifest });
}

function findTargets(model: Model, options: GenerateOptions): Result<Property[]> {
  const known = [...model.invariants, ...model.temporalProperties];
  if (options.focus.length === 0) return ok(known.filter(options.isTarget));
  const askable = [...known, ...model.candidates];
  return collect(
    options.focus.map(name => {
      const property = askable.find(candidate => candidate.name === name);
      if (property) return ok(property);
      const near = nearest(
        name,
        askable.map(candidate => candidate.name),
      );
      const hint =
        near === undefined
          ? `its properties are ${known.map(({ name: known }) => known).join(', ') || 'none'}`
          : `did you mean ${near}?`;
      return fail(auraError('AUR205', `${model.spec.main} has no property ${name}`, { hint }));
    }),
  );
}

function checkDrivable(model: Model): Result<void> {
  const { spec } = model;
  const where = { file: spec.file, line: 1, column: 1 };
  if (model.variables.length === 0)
    return fail(
      auraError('AUR203', `module ${spec.main} declares no state variables`, {
        location: where,
        hint: 'scenarios are made from modules with `var`, `init` and `step`',
      }),
    );
  const missing = [...(model.hasInit ? [] : ['init']), ...(model.hasStep ? [] : ['step'])];
  if (missing.length > 0)
    return fail(
      auraError('AUR204', `module ${spec.main} has no action ${missing.join(' and no action ')}`, {
        location: where,
        hint: 'add `action init` and `action step`, or choose another module with --module',
      }),
    );
  const open = model.constants.filter(
    ({ declaredAs, value }) => declaredAs === 'const' && value === undefined,
  );
  const [first] = open;
  if (first === undefined) return ok(undefined);
  return fail(
    auraError(
      'AUR206',
      `module ${spec.main} has constants without values: ${open.map(({ name }) => name).join(', ')}`,
      {
        location: first.location,
        hint: `add a module with \`import ${spec.main}(${first.name} = ...).*\` and choose it with --module`,
      },
    ),
  );
}

function noTrace(model: Model) {
  return auraError(
    'AUR503',
    `${model.spec.main} has no trace: \`init\` is false, or \`step\` is never enabled`,
    {
      location: { file: model.spec.file, line: 1, column: 1 },
      hint: `see what \`quint run --backend=typescript --main=${model.spec.main}\` says`,
    },
  );
}

interface Rendered {
  readonly scenarios: WrittenScenario[];
  readonly files: Map<string, string>;
}

async function renderAll(
  choices: readonly Choice[],
  input: GenerateInput,
  options: GenerateOptions,
  random: Random,
): Promise<Result<Rendered>> {
  const { model, evaluator, template } = input;
  const setting = readSetting(model, evaluator.constant);
  const context = { model, setting, random, ...options };
  const scenarios: WrittenScenario[] = [];
  const files = new Map<string, string>();
  for (const [i, choice] of choices.entries()) {
    const assembled = assemble(choice, i + 1, context);
    const text = await renderOne(assembled, input, options);
    if (!text.ok) return text;
    const file = `${assembled.stem}${template.extension}`;
    files.set(file, text.value);
    const traces: string[] = [];
    for (const candidate of [choice.candidate, ...choice.alternatives]) {
      const name = `${assembled.stem.slice(0, 3)}-${traces.length + 1}.itf.json`;
      files.set(name, writeItfText(cleanTrace(candidate, options.specification)));
      traces.push(name);
    }
    scenarios.push(listed(assembled, file, traces, choice, options.engine));
  }
  return ok({ scenarios, files });
}

async function renderOne(
  assembled: Assembled,
  { template, model }: GenerateInput,
  options: GenerateOptions,
): Promise<Result<string>> {
  const { scenario, comments } = assembled;
  const view = {
    auraVersion: options.auraVersion,
    specFile: path.basename(model.spec.file),
    module: model.spec.main,
    scenario,
    comments,
  };
  const text = template.render(view);
  if (!text.ok || template.extension !== '.toml') return text;
  return verifyRendering(text.value, `${assembled.stem}.toml`, scenario);
}

// Quint writes when it ran into the trace; the same spec and seed must give the same bytes.
function cleanTrace(candidate: Candidate, specification: string): Candidate['trace'] {
  const { description: _, timestamp: __, ...meta } = candidate.trace.meta ?? {};
  return { ...candidate.trace, meta: { ...meta, source: specification, seed: candidate.seed } };
}

function listed(
  { scenario }: Assembled,
  file: string,
  traces: string[],
  choice: Choice,
  engine: EngineName,
): WrittenScenario {
  const { steps } = choice.candidate;
  return {
    name: scenario.name,
    file,
    property: choice.property?.name ?? null,
    expected_outcome: scenario.expected_outcome ?? 'success',
    traces,
    steps: steps.length,
    source: { engine, seed: choice.candidate.seed },
    actions: steps.map(({ action }) => action),
  };
}

function manifestOptions(options: GenerateOptions): ManifestOptions {
  const { chaos } = options;
  return {
    seed: options.seed,
    engine: options.engine,
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
