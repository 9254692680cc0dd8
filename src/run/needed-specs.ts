// Which specs a run is verified against, with values for their constants. A protocol of the simulator names its own and
// what its setting makes of the constants; what runs against another driver is held against the spec that the scenario
// came from.

import { showValue, type Value } from '../model/value.js';
import type { ResolvedProtocol, ResolvedQuorum, ResolvedScenario } from '../scenario/resolved.js';
import { type Fields, fieldsOf, type NodeId } from '../simulate/data.js';
import type { Protocol, SettingRequest } from '../simulate/protocol.js';
import { auraError } from '../util/errors.js';
import { canonicalJson } from '../util/json.js';
import { nearest } from '../util/nearest.js';
import { compareText } from '../util/order.js';
import { fail, ok, type Result } from '../util/result.js';
import type { DriverChoice } from './run-job.js';

export interface NeededSpec {
  /** Equal for equal specs with equal constants. */
  readonly key: string;
  /** A protocol's lies in the `specs/` of the package; a scenario's beside the scenario's file or where aura runs. */
  readonly of: 'protocol' | 'scenario';
  readonly file: string;
  /** Absent for the module that bears the name of the file. */
  readonly module?: string;
  /** Values that are given, as Quint writes them. */
  readonly constants: Readonly<Record<string, string>>;
}

/** A protocol that a scenario runs, where it stands. */
export interface PlannedRun {
  /** Undefined for what runs before any phase. */
  readonly phase: string | null;
  readonly setup: ResolvedQuorum;
  readonly protocol: ResolvedProtocol;
}

/** All protocol runs of a scenario, in their order. */
export function plannedRuns(scenario: ResolvedScenario): PlannedRun[] {
  const { setup, protocols, phases } = scenario;
  return [
    ...protocols.map(protocol => ({ phase: null, setup, protocol })),
    ...phases.flatMap(phase =>
      phase.protocols.map(protocol => ({ phase: phase.name, setup: phase.setup, protocol })),
    ),
  ];
}

/**
 * The specs that a run needs, each once. Constants that depend on what a protocol before has left behind are not known
 * yet: such a spec is asked for when its protocol begins.
 *
 * Errors: AUR441 for what a protocol cannot run with, AUR460 for an unknown protocol, AUR461 where nothing can run.
 */
export function neededSpecs(
  scenario: ResolvedScenario,
  driver: DriverChoice,
  protocols: Readonly<Record<string, Protocol>>,
): Result<NeededSpec[]> {
  if (driver.kind !== 'simulated') {
    const own = specOfScenario(scenario);
    return own.ok ? ok([own.value]) : own;
  }
  const planned = plannedRuns(scenario);
  if (planned.length === 0) return fail(nothingToRun(scenario));
  const found = new Map<string, NeededSpec>();
  for (const [i, run] of planned.entries()) {
    const protocol = findProtocol(protocols, run.protocol.type);
    if (!protocol.ok) return protocol;
    const setting = protocol.value.setting(settingRequest(scenario, run, driver.bug));
    if (!setting.ok) {
      if (i === 0) return setting;
      continue;
    }
    const need = specOfProtocol(protocol.value, protocol.value.constants(setting.value));
    found.set(need.key, need);
  }
  return ok([...found.values()]);
}

/** Error: AUR460 with the near name. */
export function findProtocol(protocols: Readonly<Record<string, Protocol>>, type: string): Result<Protocol> {
  const found = Object.hasOwn(protocols, type) ? protocols[type] : undefined;
  if (found !== undefined) return ok(found);
  const names = Object.keys(protocols).sort(compareText);
  const near = nearest(type, names);
  return fail(
    auraError('AUR460', `the simulator has no protocol ${type}`, {
      hint: near === undefined ? `it has ${names.join(', ')}` : `did you mean ${near}?`,
    }),
  );
}

/** What a scenario says of a run of a protocol, before anything has run. */
function settingRequest(
  { setup, byzantine, timing }: ResolvedScenario,
  run: PlannedRun,
  bug: string | undefined,
): SettingRequest {
  const { participants, threshold, fault_bound, guardian_approvals } = run.setup;
  return {
    participants,
    threshold,
    faultBound: fault_bound,
    guardianApprovals: guardian_approvals,
    byzantine: byzantine.participants,
    timeoutEpochs: run.protocol.timeout_epochs,
    epochMs: timing.epoch_ms,
    parameters: parametersOf(run.protocol),
    constants: setup.constants,
    lost: NOBODY,
    vaults: Array.from({ length: participants }, (): Fields => ({})),
    ...(bug !== undefined && { bug }),
  };
}

const NOBODY: readonly NodeId[] = [];

/** The keys of a protocol beside those that the format gives a meaning, as plain data. */
export function parametersOf({ type: _, timeout_epochs: __, ...parameters }: ResolvedProtocol): Fields {
  return fieldsOf(parameters);
}

export function specOfProtocol(
  { spec }: Pick<Protocol, 'spec'>,
  constants: Readonly<Record<string, string>>,
): NeededSpec {
  return withKey({ of: 'protocol', file: spec.file, module: spec.module, constants });
}

/** The spec that a scenario came from. Error: AUR461 for one that names none. */
export function specOfScenario({ setup, quint_source, name }: ResolvedScenario): Result<NeededSpec> {
  if (quint_source === undefined)
    return fail(
      auraError(
        'AUR461',
        `the scenario "${name}" names no spec, which only the simulated driver can do without`,
        {
          hint: 'add [scenario.quint_source] with the specification',
        },
      ),
    );
  const { specification, module } = quint_source;
  const constants = constantTexts(setup.constants);
  return ok(
    withKey({ of: 'scenario', file: specification, ...(module !== undefined && { module }), constants }),
  );
}

/** Values of constants as Quint writes them. */
function constantTexts(constants: ReadonlyMap<string, Value>): Readonly<Record<string, string>> {
  return Object.fromEntries([...constants].map(([name, value]) => [name, showValue(value)]));
}

function withKey(need: Omit<NeededSpec, 'key'>): NeededSpec {
  const { of, file, module = null, constants } = need;
  return { ...need, key: canonicalJson([of, file, module, { ...constants }]) };
}

function nothingToRun({ name }: ResolvedScenario) {
  return auraError('AUR461', `the scenario "${name}" has no protocol to run`, {
    hint: 'add [[scenario.protocols]], or choose --driver model for a scenario with steps',
  });
}
