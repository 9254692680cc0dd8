// The library's way from a trace to a scenario: the steps of the trace, and an attack that fits when chaos is asked for.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Scenario as ScenarioData } from '../../generated/scenario.js';
import { compileSpec, createMachine, type Machine, type Step } from '../../src/engine/index.js';
import { Scenario } from '../../src/generate/scenario-builder.js';
import { writeScenarioText } from '../../src/generate/scenario-text.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Model } from '../../src/model/model.js';
import { parseScenarioText } from '../../src/scenario/load.js';
import type { ItfTrace } from '../../src/trace/itf.js';
import { itfOfSteps } from '../../src/trace/steps-itf.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { SPECS } from '../engine/specs-of-project.js';
import { loadFile, unwrap } from '../quint.js';

/** Steps that the spec takes at random. */
function walk(machine: Machine, length: number): Step[] {
  const random = createRandom('7');
  const walked = [must(unwrap(machine.randomInit(random)), 'a start')];
  for (let tries = 0; walked.length <= length && tries < 1000; tries++) {
    const step = unwrap(machine.randomStep(must(walked.at(-1), 'a step').state, random));
    if (step !== undefined) walked.push(step);
  }
  return walked;
}

let model: Model;
let steps: Step[];
let trace: ItfTrace;

beforeAll(async () => {
  const spec = await loadFile('specs/threshold_signing.qnt');
  model = buildModel(spec);
  const machine = unwrap(createMachine(unwrap(compileSpec(spec)), { init: 'init', step: 'step' }));
  steps = walk(machine, 12);
  trace = itfOfSteps(steps, {});
});

async function load(scenario: ScenarioData) {
  const [loaded] = unwrap(await parseScenarioText(writeScenarioText([scenario]), 'built.toml'));
  return must(loaded, 'a scenario').scenario;
}

describe('a scenario from a trace', () => {
  it('has the steps of the trace, the setup of the spec, and no conditions that nobody asked for', async () => {
    const scenario = unwrap(await Scenario.fromQuintTrace(trace, model).build());
    const loaded = await load(scenario);
    expect(loaded.steps.map(({ action }) => action)).toEqual(steps.slice(1).map(({ action }) => action));
    expect(loaded.steps.map(({ params }) => [...params.values()])).toEqual(
      steps.slice(1).map(({ args }) => args.map(([, value]) => value)),
    );
    expect(loaded.setup).toMatchObject({ participants: 3, threshold: 2 });
    expect([scenario.network, scenario.timing, scenario.assertions]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('gets an attack on its property with chaos', async () => {
    const builder = Scenario.fromQuintTrace(trace, model)
      .named('mine')
      .targeting('SignatureNeedsQuorum')
      .withSeed('12')
      .withOperations(new Map([['sign', 'frost_sign']]))
      .withChaosInjection({ intensity: 0.8, byzantineRatio: 0.4 });
    const scenario = unwrap(await builder.build());
    const loaded = await load(scenario);
    expect(loaded).toMatchObject({ name: 'mine', quint_source: { property: 'SignatureNeedsQuorum' } });
    expect(loaded.setup.seed).toBe('12');
    expect(loaded.network.drop_rate).toBe(0.16);
    expect(loaded.byzantine.participants).toContain(2);
    for (const { action, operation } of loaded.steps)
      expect(operation).toBe(action === 'sign' ? 'frost_sign' : action);
    expect(unwrap(await builder.build())).toEqual(scenario);
  });

  it('is the same when the trace does not tell its actions', async () => {
    const told = ['mbt::actionTaken', 'mbt::nondetPicks'];
    const bare: ItfTrace = {
      vars: trace.vars.filter(name => !told.includes(name)),
      states: trace.states.map(({ values }) => ({
        values: new Map([...values].filter(([name]) => !told.includes(name))),
      })),
    };
    const scenario = unwrap(await Scenario.fromQuintTrace(bare, model).build());
    expect(scenario.steps).toHaveLength(12);
    for (const step of scenario.steps ?? [])
      expect(model.actions.map(({ name }) => name)).toContain(step.action);
    const broken = { ...bare, states: [...bare.states.slice(0, 1), ...bare.states.slice(6)] };
    const refused = await Scenario.fromQuintTrace(broken, model).build();
    expect(refused.ok ? '' : refused.errors[0]?.code).toBe('AUR532');
  });

  it('says which property the spec does not have', async () => {
    const refused = await Scenario.fromQuintTrace(trace, model).targeting('SignatureNeedQuorum').build();
    expect(refused.ok ? [] : refused.errors).toMatchObject([
      { code: 'AUR205', hint: expect.stringContaining('SignatureNeedsQuorum') },
    ]);
  });

  it.each(SPECS)(
    'of %s is valid for a property of each class, with little chaos and with all',
    async file => {
      const spec = await loadFile(file);
      const known = buildModel(spec);
      const machine = unwrap(createMachine(unwrap(compileSpec(spec)), { init: 'init', step: 'step' }));
      const some = itfOfSteps(walk(machine, 10), {});
      const classes = new Map(
        [...known.temporalProperties, ...known.invariants].map(({ name, propertyClass }) => [
          propertyClass,
          name,
        ]),
      );
      for (const [propertyClass, property] of classes)
        for (const intensity of [0, 1]) {
          const chaos = { intensity, byzantineRatio: intensity };
          const builder = Scenario.fromQuintTrace(some, known).targeting(property).withChaosInjection(chaos);
          const scenario = unwrap(await builder.build());
          const loaded = await load(scenario);
          expect(loaded.steps, propertyClass).toHaveLength(some.states.length - 1);
          expect(loaded.network.drop_rate).toBeGreaterThanOrEqual(0.2 * intensity);
          if (intensity === 1) expect(loaded.byzantine.participants).toHaveLength(loaded.setup.participants);
        }
    },
  );
});
