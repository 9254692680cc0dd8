// Suites that the built program generated, read back for tests: each scenario with its steps as values and the states
// of the trace that gave them.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Manifest } from '../../generated/manifest.js';
import type { State } from '../../src/model/value.js';
import { loadScenarioFile } from '../../src/scenario/load.js';
import type { ResolvedStep } from '../../src/scenario/resolved.js';
import { readItf } from '../../src/trace/itf-reader.js';
import { must } from '../../src/util/assert.js';
import { expectManifest } from '../cli/documents.js';
import { newFolder } from '../cli/folders.js';
import { runAura } from '../cli/run-aura.js';
import { unwrap } from '../quint.js';

export interface GeneratedScenario {
  readonly name: string;
  readonly steps: readonly ResolvedStep[];
  /** One more than steps that are accepted. */
  readonly states: readonly State[];
}

export interface GeneratedSuite {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly scenarios: readonly GeneratedScenario[];
}

/** `spec` is a path; `args` come after it. */
export async function generateSuite(spec: string, ...args: readonly string[]): Promise<GeneratedSuite> {
  const folder = path.join(await newFolder(), 'out');
  const run = await runAura(['scenarios', 'generate', '--spec', spec, '--output', folder, ...args]);
  if (run.exitCode !== 0) throw new Error(run.stderr);
  const manifest = expectManifest(await readFile(path.join(folder, 'manifest.json'), 'utf8'));
  const scenarios: GeneratedScenario[] = [];
  for (const { file, traces } of manifest.scenarios)
    scenarios.push(
      await readScenario(path.join(folder, file), path.join(folder, must(traces[0], 'a trace'))),
    );
  return { folder, manifest, scenarios };
}

async function readScenario(file: string, trace: string): Promise<GeneratedScenario> {
  const { scenario } = must(unwrap(await loadScenarioFile(file))[0], 'a scenario');
  const read = unwrap(await readItf(trace)).states;
  const states = read.map(({ values }) => new Map([...values].filter(([name]) => !name.startsWith('mbt::'))));
  return { name: scenario.name, steps: scenario.steps, states };
}
