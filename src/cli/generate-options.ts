// The options of generation: flags before configuration before defaults.
import os from 'node:os';
import { STRATEGIES, type StrategyName } from '../generate/find.js';
import type { EngineName } from '../generate/find-candidates.js';
import type { GenerateOptions } from '../generate/generate.js';
import type { Property } from '../model/model.js';
import { classificationOf, type LoadedConfig } from './config.js';
import { packageVersion } from './version.js';

/** As commander hands them over. */
export interface GenerateFlags {
  scenarioCount?: number;
  traces?: number;
  maxLength?: number;
  byzantineRatio?: number;
  chaosEnabled?: boolean;
  chaosIntensity?: number;
  focusProperty?: readonly string[];
  seed: string;
  engine: EngineName;
  strategy?: readonly StrategyName[];
  budget: number;
  jobs?: number;
}

/** Rare situations need many traces; our engine draws them faster than Quint by far. */
const DEFAULT_TRACES: Record<EngineName, number> = { builtin: 500, quint: 200 };

/** Each worker compiles the spec for itself, so that many of them cost more than they give. */
const MOST_JOBS = 4;

const DEFAULTS = { scenarioCount: 5, maxLength: 20, intensity: 0.3, byzantineRatio: 0.2 };

export function generateOptions(
  flags: GenerateFlags,
  config: LoadedConfig,
  specification: string,
): GenerateOptions {
  const { generation = {}, quint = {} } = config.data;
  const byzantineModelled = quint.generation?.byzantine_modeling_enabled ?? true;
  const ratio = flags.byzantineRatio ?? generation.byzantine_participant_ratio ?? DEFAULTS.byzantineRatio;
  const enabled = flags.strategy ?? generation.strategies?.enabled_strategies ?? STRATEGIES;
  const focus = [...new Set(flags.focusProperty ?? [])];
  return {
    seed: flags.seed,
    engine: flags.engine,
    strategies: STRATEGIES.filter(name => enabled.includes(name)),
    budget: flags.budget,
    jobs: flags.jobs ?? Math.min(MOST_JOBS, os.availableParallelism()),
    classification: classificationOf(config),
    scenarioCount: flags.scenarioCount ?? quint.generation?.default_scenario_count ?? DEFAULTS.scenarioCount,
    traces: flags.traces ?? DEFAULT_TRACES[flags.engine],
    maxLength: flags.maxLength ?? quint.generation?.max_trace_length ?? DEFAULTS.maxLength,
    tracesPerScenario: generation.max_traces_per_scenario ?? 1,
    chaos: {
      enabled:
        flags.chaosEnabled === true ||
        flags.chaosIntensity !== undefined ||
        flags.byzantineRatio !== undefined,
      intensity: flags.chaosIntensity ?? generation.chaos_intensity ?? DEFAULTS.intensity,
      byzantineRatio: byzantineModelled ? ratio : 0,
      ratioIsGiven:
        flags.byzantineRatio !== undefined || generation.byzantine_participant_ratio !== undefined,
    },
    byzantineActions: byzantineModelled && flags.byzantineRatio !== 0,
    focus,
    isTarget: targetFilter(config),
    withSteps: generation.trace_based_generation ?? true,
    operations: new Map(
      (quint.mapping?.action_mappings ?? []).flatMap(({ quint: actions, protocol }) =>
        [actions].flat().map((action): [string, string] => [action, protocol]),
      ),
    ),
    specification,
    auraVersion: packageVersion(),
  };
}

function targetFilter(config: LoadedConfig): (property: Property) => boolean {
  const { generation = {}, quint = {} } = config.data;
  if (quint.generation?.property_checking_enabled === false) return () => false;
  const wanted = {
    safety: generation.verify_safety_properties ?? true,
    liveness: generation.verify_liveness_properties ?? true,
    fairness: generation.verify_fairness_properties ?? true,
  };
  return property =>
    (property.safety ? wanted.safety : wanted.liveness) && (wanted.fairness || !property.assumesFairness);
}
