// Every generated scenario is what the spec says: each step that has to be carried out is enabled where it stands and
// leads to the state that the trace tells, each step that has to be refused is not enabled. Held against the engine for
// all scenarios of several seeds, and against Quint's own evaluator for a sample.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSources } from '../../src/bridge/sources.js';
import { insertDefinitions } from '../../src/bridge/with-expressions.js';
import { compileSpec, createMachine, type Machine } from '../../src/engine/index.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Model } from '../../src/model/model.js';
import { equalValues, type State, showValue } from '../../src/model/value.js';
import type { ResolvedStep } from '../../src/scenario/resolved.js';
import { must } from '../../src/util/assert.js';
import { oracleOf, stateText } from '../engine/quint-oracle.js';
import { SPECS } from '../engine/specs-of-project.js';
import { loadFile, ROOT, specFile, unwrap } from '../quint.js';
import { type GeneratedScenario, generateSuite } from './suites.js';

const SEEDS = ['1', '2'];

describe.each(SPECS)('scenarios of %s', file => {
  it.each(SEEDS)(
    'with seed %s replay step by step',
    async seed => {
      const spec = await loadFile(file);
      const model = buildModel(spec);
      const machine = unwrap(createMachine(unwrap(compileSpec(spec)), { init: 'init', step: 'step' }));
      const { scenarios } = await generateSuite(
        path.join(ROOT, file),
        ...['--scenario-count', '50', '--seed', seed, '--chaos-enabled', '--budget', '10000'],
      );
      expect(scenarios.length).toBeGreaterThan(20);
      for (const scenario of scenarios) expectReplay(scenario, machine, model);
      const rejected = scenarios.flatMap(({ steps }) => steps.filter(({ expect }) => expect === 'rejected'));
      expect(rejected.length).toBeGreaterThan(3);
      if (seed === SEEDS[0])
        await expectQuintAgrees(
          model,
          scenarios.filter((_, i) => i % 6 === 0),
        );
    },
    300_000,
  );
});

function expectReplay({ name, steps, states }: GeneratedScenario, machine: Machine, model: Model): void {
  const first = must(states[0], 'a first state');
  expect(unwrap(machine.allowedInit(first)), name).toBeDefined();
  for (const [i, step] of steps.entries()) {
    const from = must(states[i], 'a state before every step');
    const reached = statesAfter(machine, model, from, step);
    if (step.expect === 'rejected') expect(reached, `${name}, step ${i}`).toEqual([]);
    else
      expect(
        reached.some(state => sameState(state, must(states[i + 1], name))),
        `${name}, step ${i}`,
      ).toBe(true);
  }
}

function statesAfter(machine: Machine, model: Model, from: State, step: ResolvedStep): State[] {
  const action = must(
    model.actions.find(({ name }) => name === step.action),
    step.action,
  );
  const args = action.parameters.map(({ name }) => must(step.params.get(name), `${step.action} ${name}`));
  const states: State[] = [];
  unwrap(
    machine.taking(from, { action: action.name, args, picks: [...step.picks] }, way => {
      states.push(way.state);
      return true;
    }),
  );
  return states;
}

function sameState(a: State, b: State): boolean {
  return [...a].every(([name, value]) => {
    const other = b.get(name);
    return other !== undefined && equalValues(value, other);
  });
}

/** Asks Quint's evaluator where each step leads, as an action of the spec of its own. */
async function expectQuintAgrees(
  { spec, actions }: Model,
  sample: readonly GeneratedScenario[],
): Promise<void> {
  const calls = new Map<string, string>();
  const nameOf = ({ action, params }: ResolvedStep): string => {
    const known = actions.find(({ name }) => name === action);
    const args = (known?.parameters ?? []).map(({ name }) => showValue(must(params.get(name), name)));
    const call = args.length > 0 ? `${action}(${args.join(', ')})` : action;
    const name = calls.get(call) ?? `replay_${calls.size}`;
    calls.set(call, name);
    return name;
  };
  const asked = sample.flatMap(({ name, steps, states }) =>
    steps.map((step, i) => ({ action: nameOf(step), step, from: states[i], to: states[i + 1], name })),
  );
  const texts = unwrap(await readSources(spec.file));
  const definitions = [...calls].map(([call, name]) => `action ${name} = ${call}`).join(' ');
  const [changed] = [...insertDefinitions(spec, texts, definitions).texts.values()];
  const quint = oracleOf(specFile(must(changed, 'the text')), spec.main);
  quint.successors('init');
  for (const { action, step, from, to, name } of asked) {
    const found = quint.successors(action, must(from, name));
    if (step.expect === 'rejected') expect([...found], name).toEqual([]);
    else expect([...found], name).toContain(stateText(must(to, name)));
  }
}
