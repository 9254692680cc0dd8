// The spec as a driver: it carries out every generated scenario of every spec as that says, its events conform to the
// spec, and where it may choose it chooses by the seed and with a view to what comes.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EventState, TraceEvent } from '../../generated/execution-trace.js';
import type { Driver, DriverStep } from '../../src/drivers/driver.js';
import { driverFault, driverStep } from '../../src/drivers/driver-step.js';
import { openModelDriver } from '../../src/drivers/model-driver.js';
import { compileSpec } from '../../src/engine/index.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Model } from '../../src/model/model.js';
import type { Value } from '../../src/model/value.js';
import { loadScenarios } from '../../src/scenario/load.js';
import type { ResolvedScenario, ResolvedStep } from '../../src/scenario/resolved.js';
import { newFolder } from '../cli/folders.js';
import { runAura } from '../cli/run-aura.js';
import { SPECS } from '../engine/specs-of-project.js';
import { loadFile, loadText, ROOT, TEST_CACHE, unwrap } from '../quint.js';
import { verifySimulated } from '../simulate/conformance.js';
import { SETUP, type TakenStep, takeSteps } from './support.js';

const ENTRY = { init: 'init', step: 'step' };

function driverOf(model: Model): Driver {
  return unwrap(openModelDriver(model, unwrap(compileSpec(model.spec)), ENTRY));
}

function stepOf(action: string, params: Readonly<Record<string, Value>> = {}): ResolvedStep {
  return {
    action,
    operation: action,
    params: new Map(Object.entries(params)),
    picks: new Map(),
    expect: 'accepted',
  };
}

/** Scenarios of a spec; what Quint says of it is known from loading it for this test. */
async function generated(file: string): Promise<readonly ResolvedScenario[]> {
  const folder = path.join(await newFolder(), 'out');
  const run = await runAura(
    [
      ...['scenarios', 'generate', '--spec', path.join(ROOT, file), '--output', folder, '--jobs', '1'],
      ...['--scenario-count', '12', '--traces', '40', '--budget', '400', '--seed', '3', '--chaos-enabled'],
      ...['--strategy', 'random_walk', '--strategy', 'guard_mutation'],
    ],
    { env: { AURA_CACHE_DIR: TEST_CACHE } },
  );
  expect(run.exitCode, run.stderr).toBe(0);
  return unwrap(await loadScenarios(folder)).map(({ scenario }) => scenario);
}

describe.each(SPECS)('generated scenarios of %s', file => {
  it('run on the spec as they say', async () => {
    const model = buildModel(await loadFile(file));
    const scenarios = await generated(file);
    expect(scenarios.length).toBeGreaterThan(5);
    const driver = driverOf(model);
    let refused = 0;
    for (const { name, steps } of scenarios) {
      const { first, taken } = await takeSteps(driver, steps);
      for (const [i, { step, applied }] of taken.entries()) {
        expect(applied.outcome, `${name}, step ${i}`).toBe(step.expect);
        expect(driverFault(step, driver.capabilities)).toBeUndefined();
        if (applied.outcome !== 'rejected') continue;
        refused++;
        expect(applied.reason, `${name}, step ${i}`).toMatch(/\.qnt:\d+\)$/);
      }
      await expectConforming(model, first, taken);
    }
    expect(refused).toBeGreaterThan(0);
  });
});

/** The driver's events as a trace: none of them may be rejected by the verifier. */
async function expectConforming(model: Model, first: EventState, taken: readonly TakenStep[]): Promise<void> {
  const protocol = { spec: { file: path.basename(model.spec.file), module: model.spec.main } };
  const events: TraceEvent[] = [
    { action: 'init', state: first },
    ...taken.flatMap(({ applied }) => applied.events ?? []),
  ];
  const { verdict } = await verifySimulated(protocol, {}, events);
  expect(verdict.conformance.verdict).toBe('conforms');
}

describe('where the spec leaves a choice', () => {
  const text = `module draw {
    var drawn: int
    var left: Set[int]
    action init = { nondet n = 1.to(20).oneOf() all { drawn' = n, left' = 1.to(20) } }
    action draw = { nondet n = left.oneOf() all { drawn' = n, left' = left.exclude(Set(n)) } }
    action keep(n: int): bool = all { drawn == n, drawn' = drawn, left' = left }
    action step = any { draw, keep(17) }
  }`;
  const draws = [stepOf('draw'), stepOf('draw'), stepOf('draw')];

  it('it is made by the seed', async () => {
    const driver = driverOf(buildModel(await loadText(text)));
    const run = async (seed: string) =>
      (await takeSteps(driver, draws, { seed })).taken.map(({ state }) => state);
    const runs = [await run('1'), await run('2'), await run('3')];
    expect(await run('1')).toEqual(runs[0]);
    expect(new Set(runs.map(states => JSON.stringify(states))).size).toBe(3);
  });

  it('it is made so that the schedule can go on', async () => {
    const driver = driverOf(buildModel(await loadText(text)));
    const keep = stepOf('keep', { n: 17n });
    for (const seed of ['1', '2', '3']) {
      const { taken } = await takeSteps(driver, [keep, stepOf('draw'), { ...keep, expect: 'rejected' }], {
        seed,
      });
      expect(taken.map(({ applied }) => applied.outcome)).toEqual(['accepted', 'accepted', 'rejected']);
    }
  });
});

describe('a step', () => {
  const text = `module account {
    type Kind = Plain | Bonus(int)
    var total: int
    var last: Kind
    action init = all { total' = 0, last' = Plain }
    action pay(amount: int, kind: Kind): bool = all {
      amount > 0,
      total + amount <= 10,
      total' = total + amount,
      last' = kind,
    }
    action step = {
      nondet amount = (-5).to(20).oneOf()
      nondet kind = Set(Plain, Bonus(7)).oneOf()
      pay(amount, kind)
    }
  }`;
  const bonus: Value = { kind: 'variant', tag: 'Bonus', value: 7n };

  it('that is refused says which guard was false', async () => {
    const driver = driverOf(buildModel(await loadText(text)));
    const amounts = [8n, -1n, 3n, 25n];
    const { taken } = await takeSteps(
      driver,
      amounts.map(amount => stepOf('pay', { amount, kind: bonus })),
    );
    const reasons = taken.map(({ applied }) => ('reason' in applied ? applied.reason : applied.outcome));
    expect(reasons.map(reason => reason?.replace(/ \(.*:(\d+)\)$/, ' in line $1'))).toEqual([
      'accepted',
      '-1 > 0 is false in line 7',
      '11 <= 10 is false in line 8',
      'the spec never takes pay with these values',
    ]);
    expect(taken.map(({ state }) => state)).toEqual(
      Array(4).fill({ total: 8, last: { tag: 'Bonus', value: 7 } }),
    );
  });

  it('that does not fit the spec is an error, not a refusal', async () => {
    const driver = driverOf(buildModel(await loadText(text)));
    unwrap(await driver.prepare(SETUP));
    const errorOf = async (step: Partial<DriverStep>) => {
      const applied = await driver.apply({ ...driverStep(stepOf('pay'), 4), ...step });
      return applied.ok ? [] : applied.errors.map(({ code, message, hint }) => [code, message, hint]);
    };
    expect(await errorOf({ action: 'pya' })).toEqual([
      ['AUR459', 'step 4 is pya, which is no action of the spec', 'did you mean pay?'],
    ]);
    expect(await errorOf({ params: { amount: 1, kind: { tag: 'Bonus', value: 'x' } } })).toEqual([
      ['AUR459', 'step 4, pay, /params/kind/value: expected int, got "x"', undefined],
    ]);
    expect(await errorOf({ params: { amount: new Map() } })).toEqual([
      ['AUR459', 'step 4, pay, /params/amount: it is a Map: give an array of pairs [key, value]', undefined],
    ]);
  });
});
