// The steps of a scenario in the words of drivers.
import type { ResolvedStep } from '../scenario/resolved.js';
import type { Json } from '../util/json.js';
import type { Capabilities, DriverFault, DriverStep } from './driver.js';
import { plainData } from './plain-data.js';

/** `index` is the number of the step in the schedule, from 0. */
export function driverStep(step: ResolvedStep, index: number): DriverStep {
  const { action, operation, node, at, expect } = step;
  return {
    index,
    action,
    operation,
    ...(node !== undefined && { node }),
    params: plainMembers(step.params),
    picks: plainMembers(step.picks),
    ...(at !== undefined && { at }),
    expect,
  };
}

function plainMembers(values: ResolvedStep['params']): Record<string, Json> {
  return Object.fromEntries([...values].map(([name, value]) => [name, plainData(value)]));
}

/** The fault to inject with a step; undefined where it has none, or where taking the step is the fault. */
export function driverFault(
  step: ResolvedStep,
  { faultActions = [] }: Capabilities,
): DriverFault | undefined {
  if (step.fault === undefined) return undefined;
  if (faultActions === 'all' || faultActions.includes(step.action)) return undefined;
  const { type, participants, duration_ms, ...parameters } = step.fault;
  return {
    type,
    participants: participants ?? (step.node === undefined ? [] : [step.node]),
    ...(duration_ms !== undefined && { durationMs: duration_ms }),
    parameters,
  };
}
