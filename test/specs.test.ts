// The specs that come with aura, and their broken twins: each is a protocol worth checking, and each twin has exactly
// one bug, which is deep and rare.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { compileExprs, compileSpec, createMachine, explore, findOp, simulate } from '../src/engine/index.js';
import { buildModel } from '../src/model/build-model.js';
import type { Model } from '../src/model/model.js';
import type { Spec } from '../src/model/spec.js';
import type { State } from '../src/model/value.js';
import { loadFile, loadText, ROOT, testBridge, unwrap } from './quint.js';

const NAMES = readdirSync(path.join(ROOT, 'specs'))
  .filter(name => name.endsWith('.qnt'))
  .map(name => name.slice(0, -4))
  .sort();

const textOf = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

function machineOf(spec: Spec, invariants: readonly string[]) {
  return unwrap(createMachine(unwrap(compileSpec(spec)), { init: 'init', step: 'step', invariants }));
}

async function quintTest(file: string): Promise<string> {
  const { quint } = await testBridge();
  const args = [...quint.args, 'test', '--backend=typescript', '--max-samples=20', '--seed=1', file];
  const { stdout } = await promisify(execFile)(quint.command, args, { cwd: ROOT });
  return stdout;
}

const shortName = (name: string) => name.slice(name.lastIndexOf(':') + 1);

it('there is one for every protocol, each with a twin', () => {
  expect(NAMES).toEqual([
    'byzantine_consensus',
    'counter',
    'crdt_journal',
    'dkd',
    'locking',
    'performance_model',
    'recovery',
    'resharing',
    'threshold_signing',
  ]);
  expect(readdirSync(path.join(ROOT, 'specs', 'broken')).sort()).toEqual(NAMES.map(name => `${name}.qnt`));
});

describe.each(NAMES)('specs/%s.qnt', name => {
  const file = `specs/${name}.qnt`;

  it('is a protocol worth checking', async () => {
    const model = buildModel(await loadFile(file));
    expect(model.spec.ir.modules.map(module => module.name)).toEqual(
      expect.arrayContaining([`${name}_protocol`, name]),
    );
    expect(model.actions.length).toBeGreaterThanOrEqual(6);
    expect(model.actions.filter(({ kind }) => kind === 'byzantine').length).toBeGreaterThanOrEqual(2);
    expect(model.invariants.length).toBeGreaterThanOrEqual(4);
    expect(model.temporalProperties.length).toBeGreaterThanOrEqual(2);
    expect(model.runs.length).toBeGreaterThanOrEqual(4);
    expect(textOf(file)).toMatch(/^\/\/ \S/);
    for (const property of [...model.invariants, ...model.temporalProperties])
      expect(property.rule).toMatch(/^annotation @property/);
  });

  it('passes its own tests', async () => {
    expect(await quintTest(file)).toMatch(/[4-9] passing|\d\d passing/);
  });

  it('keeps its invariants as far as a bounded exploration sees', async () => {
    const spec = await loadFile(file);
    const machine = machineOf(
      spec,
      buildModel(spec).invariants.map(property => property.name),
    );
    const result = unwrap(explore(machine, { maxStates: 20_000 }));
    expect(result.violation).toBeUndefined();
  });
});

interface Planted {
  readonly action: string;
  readonly violates: string;
  readonly witness: string;
}

function plantedIn(text: string): Planted {
  const line = (key: string) => new RegExp(`^// planted-${key}: (.+)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  expect(line('bug')).not.toBe('');
  return { action: line('action'), violates: line('violates'), witness: line('witness') };
}

/** The twin with its witness as a definition beside the properties. */
async function withWitness(
  file: string,
  name: string,
): Promise<{ spec: Spec; planted: Planted; model: Model }> {
  const text = textOf(file);
  const planted = plantedIn(text);
  const end = new RegExp(`\\n}\\s*\\n(?=(///?[^\\n]*\\n)*module ${name} )`);
  expect(text).toMatch(end);
  const spec = await loadText(
    text.replace(
      end,
      `\n  val plantedWitness = ${planted.witness}\n  val notPlanted = not(plantedWitness)\n}\n\n`,
    ),
    name,
  );
  return { spec, planted, model: buildModel(spec) };
}

describe.each(NAMES)('specs/broken/%s.qnt', name => {
  const file = `specs/broken/${name}.qnt`;

  it('differs from the good one in nothing that others rely on', async () => {
    const [good, twin] = [buildModel(await loadFile(`specs/${name}.qnt`)), buildModel(await loadFile(file))];
    const shape = ({ variables, actions, invariants, temporalProperties }: Model) => [
      variables.map(variable => variable.name),
      actions.map(action => `${action.name}/${action.parameters.map(parameter => parameter.name).join()}`),
      [...invariants, ...temporalProperties].map(property => property.name),
    ];
    expect(shape(twin)).toEqual(shape(good));
    const planted = plantedIn(textOf(file));
    expect(twin.actions.map(action => action.name)).toContain(planted.action);
    expect([...twin.invariants, ...twin.temporalProperties].map(property => property.name)).toContain(
      planted.violates,
    );
  });

  it('has a run that meets the bug', async () => {
    expect(textOf(file)).toContain('run plantedBugTest');
    expect(await quintTest(file)).toMatch(/ok .*plantedBugTest/);
  });

  it('hides it at least five steps deep, and breaks nothing else on the way', async () => {
    const { spec, planted, model } = await withWitness(file, name);
    const others = model.invariants
      .map(property => property.name)
      .filter(property => property !== planted.violates);
    const shallow = unwrap(explore(machineOf(spec, [...others, 'notPlanted']), { maxDepth: 4 }));
    expect(shallow.violation).toBeUndefined();
    const deeper = unwrap(explore(machineOf(spec, others), { maxStates: 20_000 }));
    expect(deeper.violation?.invariant).toBeUndefined();
  });

  it('shows it in less than one per cent of random traces of 20 steps', async () => {
    const { spec } = await withWitness(file, name);
    const compiled = unwrap(compileSpec(spec));
    const witness = unwrap(findOp(compiled, 'plantedWitness'));
    const [holds] = compileExprs(compiled, [{ expr: witness.def.expr, site: witness }]);
    const samples = 2_000;
    let met = 0;
    const onTrace = (trace: readonly { readonly state: State }[]) => {
      if (trace.some(({ state }) => holds && unwrap(holds(state)) === true)) met++;
      return true;
    };
    unwrap(simulate(machineOf(spec, []), { seed: '1', samples, maxSteps: 20, onTrace }));
    expect(met / samples).toBeLessThan(0.01);
  });
});

it('at least two of the twins break liveness', async () => {
  const liveness = await Promise.all(
    NAMES.map(async name => {
      const model = buildModel(await loadFile(`specs/broken/${name}.qnt`));
      const { violates } = plantedIn(textOf(`specs/broken/${name}.qnt`));
      return model.temporalProperties.some(
        property => shortName(property.name) === violates && !property.safety,
      );
    }),
  );
  expect(liveness.filter(Boolean).length).toBeGreaterThanOrEqual(2);
});
