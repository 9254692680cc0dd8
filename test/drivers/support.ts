// What tests of drivers share: what a run begins with, and the steps of a scenario one after the other through a driver.
import type { EventState } from '../../generated/execution-trace.js';
import type { Applied, Driver, RunSetup } from '../../src/drivers/driver.js';
import { driverStep } from '../../src/drivers/driver-step.js';
import type { ResolvedStep } from '../../src/scenario/resolved.js';
import { unwrap } from '../quint.js';

export const SETUP: RunSetup = {
  scenario: 'a test',
  seed: '0',
  participants: 3,
  threshold: 2,
  faultBound: 1,
  names: [],
  byzantine: [],
  constants: {},
};

export interface TakenStep {
  readonly step: ResolvedStep;
  readonly applied: Applied;
  readonly state: EventState;
}

/** Prepares the driver, takes all steps and closes it. */
export async function takeSteps(
  driver: Driver,
  steps: readonly ResolvedStep[],
  setup: Partial<RunSetup> = {},
): Promise<{ readonly first: EventState; readonly taken: readonly TakenStep[] }> {
  unwrap(await driver.prepare({ ...SETUP, schedule: steps.map(driverStep), ...setup }));
  const first = unwrap(await driver.observe());
  const taken: TakenStep[] = [];
  for (const [i, step] of steps.entries()) {
    const applied = unwrap(await driver.apply(driverStep(step, i)));
    taken.push({ step, applied, state: unwrap(await driver.observe()) });
  }
  await driver.close();
  return { first, taken };
}
