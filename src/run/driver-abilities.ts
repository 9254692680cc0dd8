// What a scenario asks for that a driver cannot do. It is never passed over: each makes the run inconclusive.
import type { Capabilities } from '../drivers/driver.js';
import { driverFault } from '../drivers/driver-step.js';
import type { Model } from '../model/model.js';
import type { ResolvedScenario } from '../scenario/resolved.js';
import type { DriverChoice } from './run-job.js';

/** A sentence without its end for each. */
export function inabilities(
  scenario: ResolvedScenario,
  choice: DriverChoice,
  capabilities: Capabilities,
  model: Model,
): string[] {
  const { steps, byzantine, faults, chaos, phases, network } = scenario;
  const driver = `the ${choice.kind} driver`;
  const can = (types: readonly string[] | 'all', type: string) => types === 'all' || types.includes(type);
  const injected = steps.flatMap(step => driverFault(step, capabilities)?.type ?? []);
  const missing = [...new Set(injected)].filter(type => !can(capabilities.faults, type));
  // A strategy that is made of steps of the spec is played by those.
  const played = new Set(
    model.actions
      .filter(({ kind, name }) => kind === 'byzantine' && steps.some(({ action }) => action === name))
      .map(({ detail }) => detail),
  );
  const unplayed = byzantine.strategies
    .map(({ type }) => type)
    .filter(type => !played.has(type) && !can(capabilities.strategies, type));
  const { drop_rate, duplicate_rate, reorder_rate, corrupt_rate, partitions } = network;
  const rates = drop_rate + duplicate_rate + reorder_rate + corrupt_rate;
  // To a spec the network is what its own actions say of it.
  const isShaped = choice.kind !== 'model' && (rates > 0 || partitions.length > 0);
  return [
    ...missing.map(type => `${driver} cannot inject the fault ${type}`),
    ...[...new Set(unplayed)].map(type => `${driver} cannot play the strategy ${type}`),
    ...(isShaped && !capabilities.network ? [`${driver} cannot make the network of the scenario`] : []),
    ...(faults.length > 0 ? [`${driver} cannot inject faults at times of the virtual clock`] : []),
    ...(chaos !== undefined ? [`${driver} has no chaos of its own`] : []),
    ...(phases.length > 0 ? [`${driver} runs no phases`] : []),
  ];
}
