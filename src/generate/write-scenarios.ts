// The texts of chosen scenarios and of their traces, and what the manifest says of each.
import path from 'node:path';
import type { Scenario } from '../../generated/scenario.js';
import { writeItfText } from '../trace/itf-writer.js';
import { ok, type Result } from '../util/result.js';
import { type AssembleContext, type Assembled, assemble } from './assemble.js';
import type { Candidate } from './candidate.js';
import type { Choice } from './choose.js';
import type { EngineName } from './find-candidates.js';
import type { GenerateInput } from './generate.js';
import type { WrittenScenario } from './manifest.js';
import { verifyRendering } from './verify-rendering.js';

export interface WriteOptions extends Omit<AssembleContext, 'source' | 'model'> {
  readonly engine: EngineName;
  readonly auraVersion: string;
}

export interface WrittenScenarios {
  readonly scenarios: WrittenScenario[];
  /** By name. */
  readonly files: Map<string, string>;
}

/** Errors: AUR501 and AUR502 from the template, AUR522 and AUR523 from templates of attacks. */
export async function writeScenarios(
  choices: readonly Choice[],
  input: Pick<GenerateInput, 'source' | 'model' | 'template'>,
  options: WriteOptions,
): Promise<Result<WrittenScenarios>> {
  const { source, model, template } = input;
  const scenarios: WrittenScenario[] = [];
  const files = new Map<string, string>();
  for (const [i, choice] of choices.entries()) {
    const assembling = assemble(choice, i + 1, { ...options, source, model });
    if (!assembling.ok) return assembling;
    const assembled = assembling.value;
    const text = await renderOne(assembled, input, options.auraVersion);
    if (!text.ok) return text;
    const file = `${assembled.stem}${template.extension}`;
    files.set(file, text.value);
    const traces: string[] = [];
    for (const candidate of [choice.candidate, ...choice.alternatives]) {
      const name = `${assembled.ordinal}-${traces.length + 1}.itf.json`;
      files.set(name, writeItfText(cleanTrace(candidate, options.specification)));
      traces.push(name);
    }
    scenarios.push(listed(assembled.scenario, file, traces, choice, options.engine));
  }
  return ok({ scenarios, files });
}

async function renderOne(
  assembled: Assembled,
  { template, source }: Pick<GenerateInput, 'source' | 'model' | 'template'>,
  auraVersion: string,
): Promise<Result<string>> {
  const { scenario, comments } = assembled;
  const view = {
    auraVersion,
    specFile: path.basename(source.file),
    module: source.main,
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
  scenario: Scenario,
  file: string,
  traces: string[],
  choice: Choice,
  engine: EngineName,
): WrittenScenario {
  const { steps, origin, seed } = choice.candidate;
  return {
    name: scenario.name,
    file,
    property: choice.property?.name ?? null,
    expected_outcome: scenario.expected_outcome ?? 'success',
    traces,
    steps: steps.length,
    refused_steps: origin.refused ? 1 : 0,
    source: { engine, strategy: origin.strategy, seed },
    goals: choice.goals,
    actions: steps.map(({ action }) => action),
  };
}
