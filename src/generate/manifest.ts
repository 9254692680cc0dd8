// The manifest of a folder of scenarios: what was made from what, and what it covers.
import type { Manifest, ManifestOptions, ManifestScenario } from '../../generated/manifest.js';
import type { Model } from '../model/model.js';
import { sha256 } from '../util/files.js';
import { compareText } from '../util/order.js';
import type { Untargeted } from './choose.js';
import type { OutputFiles } from './output-folder.js';

export interface WrittenScenario extends ManifestScenario {
  /** Actions of its steps, one entry a step. */
  readonly actions: readonly string[];
}

export interface ManifestParts {
  readonly auraVersion: string;
  readonly specFile: string;
  readonly model: Model;
  readonly options: ManifestOptions;
  readonly scenarios: readonly WrittenScenario[];
  readonly untargeted: readonly Untargeted[];
  readonly files: OutputFiles;
}

export function buildManifest(parts: ManifestParts): Manifest {
  const { model, scenarios, files } = parts;
  const hashes = [...files].map(([name, content]): [string, string] => [name, sha256(content)]);
  return {
    format: 'aura-manifest',
    version: 1,
    aura_version: parts.auraVersion,
    quint_version: model.spec.quintVersion,
    spec: {
      file: parts.specFile,
      module: model.spec.main,
      sha256: model.spec.hash,
      sources: model.spec.sources.map(source => ({ ...source })),
    },
    options: parts.options,
    scenarios: scenarios.map(({ actions: _, ...entry }) => entry),
    coverage: {
      actions: counts(
        model.actions,
        scenarios.flatMap(({ actions }) => actions),
      ),
      properties: counts(
        [...model.invariants, ...model.temporalProperties],
        scenarios.flatMap(({ property }) => property ?? []),
      ),
    },
    untargeted: parts.untargeted.map(entry => ({ ...entry })),
    files: Object.fromEntries(hashes.sort(([a], [b]) => compareText(a, b))),
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
