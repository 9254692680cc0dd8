// The drivers in examples/ with the scenarios that stand beside them: the right ones do what the spec says, the wrong ones
// are found out, each by what it does wrong.
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../generated/execution-trace.js';
import type { Driver } from '../../src/drivers/driver.js';
import { openModuleDriver } from '../../src/drivers/module-driver.js';
import { openProcessDriver } from '../../src/drivers/process-driver.js';
import { buildModel } from '../../src/model/build-model.js';
import { loadScenarios } from '../../src/scenario/load.js';
import { typesOfSpec } from '../../src/types-of-spec/types-of-spec.js';
import type { Result } from '../../src/util/result.js';
import { loadFile, ROOT, unwrap } from '../quint.js';
import { complaints, verifySimulated } from '../simulate/conformance.js';
import { takeSteps } from './support.js';

const SPEC = 'examples/box-office/box_office.qnt';
const HAS_PYTHON = spawnSync('python3', ['--version']).status === 0;

/** What goes wrong in the scenarios of an example, scenario by scenario, each a line. */
async function findings(example: string, open: () => Promise<Result<Driver>>): Promise<string[]> {
  const found: string[] = [];
  const loaded = unwrap(await loadScenarios(path.join(ROOT, 'examples', example, 'scenarios')));
  expect(loaded).toHaveLength(5);
  for (const { scenario } of loaded) {
    const { first, taken } = await takeSteps(unwrap(await open()), scenario.steps);
    for (const { step, applied } of taken)
      if (applied.outcome !== step.expect) found.push(`${step.action} was ${applied.outcome}`);
    const accepted = taken.filter(({ applied }) => applied.outcome === 'accepted');
    const events: TraceEvent[] = [
      { action: 'init', state: first },
      ...accepted.map(({ step, state }) => ({ action: step.action, state })),
    ];
    const spec = { file: path.join('..', SPEC), module: 'box_office' };
    found.push(...complaints(await verifySimulated({ spec }, {}, events)));
  }
  return found.map(line => line.replace(/ at (step )?\d+.*/, ''));
}

describe('the ticket office in TypeScript', () => {
  const office = (file: string) => () => openModuleDriver(path.join(ROOT, 'examples/ticket-module', file));

  it('does what the spec says', async () => {
    expect(await findings('ticket-module', office('driver.ts'))).toEqual([]);
  });

  it('gives back a paid seat when it is wrong', async () => {
    expect(await findings('ticket-module', office('wrong-driver.ts'))).toEqual([
      'release was accepted',
      'rejected',
      'EveryTicketHasASeat violated',
      'SoldForGood violated',
    ]);
  });

  it('has the types of the spec', async () => {
    const types = await readFile(path.join(ROOT, 'examples/ticket-module/box-office-types.ts'), 'utf8');
    expect(types).toBe(typesOfSpec(buildModel(await loadFile(SPEC))));
  });
});

describe.skipIf(!HAS_PYTHON)('the box office in Python', () => {
  const box = (...args: readonly string[]) => {
    const file = path.join(ROOT, 'examples/ticket-process/box.py');
    return () => openProcessDriver(['python3', file, ...args]);
  };

  it('does what the spec says', async () => {
    expect(await findings('ticket-process', box())).toEqual([]);
  });

  it('counts tickets twice when it is wrong', async () => {
    expect(await findings('ticket-process', box('--wrong'))).toEqual([
      'rejected',
      'EveryTicketHasASeat violated',
      'rejected',
      'EveryTicketHasASeat violated',
    ]);
  });
});
