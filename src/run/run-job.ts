// One run as data: a scenario, a seed, a driver, and what to check. It may be sent to another thread; what cannot be
// sent, such as an open spec, is a tool that whoever performs the run brings along.
import type { RunResult } from '../../generated/run-result.js';
import type { Violation } from '../../generated/violation.js';
import type { Bridge } from '../bridge/load-spec.js';
import type { Driver } from '../drivers/driver.js';
import type { Model } from '../model/model.js';
import type { ResolvedScenario } from '../scenario/resolved.js';
import type { Protocol } from '../simulate/protocol.js';
import type { Result } from '../util/result.js';
import type { WantedProperty } from '../verify/property.js';
import type { CheckAssertion } from './assertion.js';
import type { EffectWatch } from './monitored-effects.js';
import type { NeededSpec } from './needed-specs.js';
import type { ViolationHandler } from './property-monitor.js';

/** What a scenario runs against. */
export type DriverChoice =
  /** The protocols of the simulator; `bug` plants one of the protocol's, for tests that have to find it. */
  | { readonly kind: 'simulated'; readonly bug?: string }
  /** The spec itself. */
  | { readonly kind: 'model' }
  | { readonly kind: 'module'; readonly file: string }
  | { readonly kind: 'process'; readonly command: readonly string[] };

export type TraceLevel = 'off' | 'summary' | 'steps' | 'verbose';

export interface RunOptions {
  /** Whether traces are held against the steps of the spec. */
  readonly conformance: boolean;
  readonly invariants: boolean;
  readonly temporal: boolean;
  /** Who decides invariants: the engine, Quint as well, or a module of the user's as well. */
  readonly checker: 'builtin' | 'quint' | { readonly file: string };
  /** Steps of specs between two checkpoints; absent for those of the scenario alone. */
  readonly checkpointEvery?: number;
  /** Whether a fault or strategy that took no effect makes the run inconclusive. */
  readonly strictFaults: boolean;
  /** Wall-clock bound; a run that needs longer is inconclusive. */
  readonly timeoutMs?: number;
  /** `off` writes no trace, `summary` the first and the last state, `steps` every step, `verbose` messages and faults too. */
  readonly trace: TraceLevel;
  /** Folder in which the folder of the run is made. */
  readonly output: string;
  /** Words of the command line that the job does not hold, such as `--spec FILE`, for the command that makes the run again. */
  readonly alsoGiven?: readonly string[];
}

export interface RunJob {
  readonly scenario: ResolvedScenario;
  /** As given; and the line of its header, from 1. */
  readonly file: string;
  readonly line: number;
  /** In decimal digits: that of the scenario, or another. */
  readonly seed: string;
  readonly driver: DriverChoice;
  readonly options: RunOptions;
}

/** A spec with values for all its constants, ready to be verified against. */
export interface OpenedSpec {
  readonly model: Model;
  readonly init: string;
  readonly step: string;
  /** What is checked of it when invariants and temporal properties are. */
  readonly invariants: readonly WantedProperty[];
  readonly temporal: readonly WantedProperty[];
  /** Texts of the spec where they are not those of its files, for Quint as property checker. */
  readonly texts?: ReadonlyMap<string, string>;
}

/** What a run needs beside its job. */
export interface RunTools {
  /** By `type` of `[[scenario.protocols]]`, other names of a protocol included. */
  readonly protocols: Readonly<Record<string, Protocol>>;
  /** Opened once for equal {@link NeededSpec.key}s. */
  openSpec(need: NeededSpec): Promise<Result<OpenedSpec>>;
  /** Opens any driver but `simulated`; the spec is that of the scenario. */
  openDriver(choice: DriverChoice, spec: OpenedSpec): Promise<Result<Driver>>;
  readonly checkAssertion: CheckAssertion;
  /** Needed for `checker: 'quint'`. */
  readonly bridge?: Bridge;
  /** Told of every violation when it is met. */
  readonly onViolation?: readonly ViolationHandler[];
  /** Told of every effect of a simulated participant. */
  readonly onEffect?: EffectWatch;
  /** Told now and then how many steps of specs have happened. */
  readonly onProgress?: (steps: number) => void;
  readonly signal?: AbortSignal;
}

export interface RunRecord {
  readonly result: RunResult;
  /** The first violation, where there is one. */
  readonly violation?: Violation;
  /** The folder of the run. */
  readonly folder: string;
}
