// The manifest of a folder of scenarios: what was made from what, and what it covers.
import path from 'node:path';
import type {
  Manifest,
  ManifestCoverage,
  ManifestOptions,
  ManifestScenario,
} from '../../generated/manifest.js';
import type { Derived } from '../derive/derive-spec.js';
import type { Model } from '../model/model.js';
import type { Spec } from '../model/spec.js';
import { sha256 } from '../util/files.js';
import { compareText } from '../util/order.js';
import type { Untargeted } from './choose.js';
import type { StrategyEffort } from './find-candidates.js';
import type { Goal, GoalKind } from './judge.js';
import type { OutputFiles } from './output-folder.js';
import type { UntakenAction } from './untaken.js';

export interface WrittenScenario extends Omit<ManifestScenario, 'covers_alone'> {
  /** Actions of its steps, one entry a step. */
  readonly actions: readonly string[];
  /** As `kind:name`. */
  readonly goals: readonly string[];
}

export interface ManifestParts {
  readonly auraVersion: string;
  /** The spec as the user wrote it. */
  readonly source: Spec;
  readonly model: Model;
  readonly derived: Derived | undefined;
  readonly untaken: readonly UntakenAction[];
  readonly options: ManifestOptions;
  readonly efforts: readonly StrategyEffort[];
  readonly scenarios: readonly WrittenScenario[];
  /** Goals of all schedules that there were to choose from. */
  readonly seen: readonly Goal[];
  readonly untargeted: readonly Untargeted[];
  readonly files: OutputFiles;
}

export function buildManifest(parts: ManifestParts): Manifest {
  const { source, scenarios, files, derived } = parts;
  const hashes = [...files].map(([name, content]): [string, string] => [name, sha256(content)]);
  const times = new Map<string, number>();
  for (const goal of scenarios.flatMap(({ goals }) => goals)) times.set(goal, (times.get(goal) ?? 0) + 1);
  return {
    format: 'aura-manifest',
    version: 1,
    aura_version: parts.auraVersion,
    quint_version: source.quintVersion,
    spec: {
      file: path.basename(source.file),
      module: source.main,
      sha256: source.hash,
      sources: source.sources.map(entry => ({ ...entry })),
    },
    derived: derived?.text ?? '',
    options: parts.options,
    strategies: parts.efforts.map(({ strategy, ...effort }) => ({ name: strategy, ...effort })),
    scenarios: scenarios.map(({ actions: _, goals, ...entry }) => ({
      ...entry,
      covers_alone: goals.filter(goal => times.get(goal) === 1).sort(compareText),
    })),
    coverage: coverageOf(parts, new Set(times.keys())),
    untaken: parts.untaken.map(entry => ({ ...entry })),
    undriven: (derived?.undriven ?? []).map(entry => ({ ...entry })),
    untargeted: parts.untargeted.map(entry => ({ ...entry })),
    files: Object.fromEntries(hashes.sort(([a], [b]) => compareText(a, b))),
  };
}

function coverageOf(
  { model, scenarios, seen }: ManifestParts,
  covered: ReadonlySet<string>,
): ManifestCoverage {
  const ratio = (kind: GoalKind) => {
    const names = new Set(seen.flatMap(goal => (goal.kind === kind ? [`${kind}:${goal.name}`] : [])));
    return { covered: [...names].filter(name => covered.has(name)).length, seen: names.size };
  };
  return {
    actions: counts(
      model.actions,
      scenarios.flatMap(({ actions }) => actions),
    ),
    properties: counts(
      [...model.invariants, ...model.temporalProperties],
      scenarios.flatMap(({ property }) => property ?? []),
    ),
    branches: ratio('branch'),
    action_pairs: ratio('pair'),
    guards: ratio('guard'),
    attacks: ratio('attack'),
  };
}

/** How often each name occurs, with every known name, also those that never do. */
function counts(
  known: readonly { readonly name: string }[],
  found: readonly string[],
): Record<string, number> {
  const result = new Map(known.map(({ name }) => [name, 0]));
  for (const name of found) result.set(name, (result.get(name) ?? 0) + 1);
  return Object.fromEntries([...result].sort(([a], [b]) => compareText(a, b)));
}
