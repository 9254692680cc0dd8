// Types of specs in TypeScript: valid under the strictest settings for every spec of this project, the types of the data
// that drivers really get, and of use: a right implementation is accepted, a wrong one refused.
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { driverStep } from '../../src/drivers/driver-step.js';
import { openModelDriver } from '../../src/drivers/model-driver.js';
import { compileSpec, createMachine } from '../../src/engine/index.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Model } from '../../src/model/model.js';
import { typesOfSpec } from '../../src/types-of-spec/types-of-spec.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { SETUP } from '../drivers/support.js';
import { SPECS } from '../engine/specs-of-project.js';
import { loadFile, loadText, ROOT, unwrap } from '../quint.js';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
  noEmit: true,
  lib: ['lib.es2022.d.ts'],
  skipLibCheck: true,
  types: [],
};

/** What the compiler says of these files, each a line. */
function complaints(files: Readonly<Record<string, string>>): string[] {
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  const given = new Map(Object.entries(files).map(([name, text]) => [path.join(ROOT, 'test', name), text]));
  host.getSourceFile = (name, options) => {
    const text = given.get(name);
    return text === undefined ? getSourceFile(name, options) : ts.createSourceFile(name, text, options);
  };
  host.fileExists = name => given.has(name) || fileExists(name);
  host.readFile = name => given.get(name) ?? readFile(name);
  const program = ts.createProgram([...given.keys()], OPTIONS, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    return `${path.basename(file?.fileName ?? '')}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

/** Data of some steps and states of the spec, as drivers get it, as constants of the types of the file. */
async function samplesOf(model: Model): Promise<string> {
  const compiled = unwrap(compileSpec(model.spec));
  const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step' }));
  const driver = unwrap(openModelDriver(model, compiled, { init: 'init', step: 'step' }));
  unwrap(await driver.prepare(SETUP));
  const lines = [`import type { State, Step } from './${model.spec.main}.types.js';`];
  const random = createRandom('samples');
  let state = must(unwrap(machine.randomInit(random)), 'a first state').state;
  for (let i = 0; i < 12; i++) {
    lines.push(`export const state${i}: State = ${JSON.stringify(unwrap(await driver.observe()))};`);
    const taken = unwrap(machine.randomStep(state, random));
    const action = model.actions.find(({ name }) => name === taken?.action);
    if (taken === undefined || action === undefined || action.parameters.length > taken.args.length) break;
    const step = driverStep(
      {
        action: action.name,
        operation: action.name,
        params: new Map(taken.args),
        picks: new Map(taken.picks),
        expect: 'accepted',
      },
      i,
    );
    lines.push(`export const step${i}: Step = ${JSON.stringify(step)};`);
    unwrap(await driver.apply(step));
    state = taken.state;
  }
  return lines.join('\n');
}

describe('types of the specs of this project', () => {
  it('are valid, and those of what drivers get and tell', async () => {
    const files: Record<string, string> = {};
    for (const file of SPECS) {
      const model = buildModel(await loadFile(file));
      const samples = await samplesOf(model);
      expect(samples.split('\n').length, file).toBeGreaterThan(3);
      files[`${model.spec.main}.types.ts`] = typesOfSpec(model);
      files[`${model.spec.main}.samples.ts`] = samples;
    }
    expect(Object.keys(files)).toHaveLength(2 * SPECS.length);
    expect(complaints(files)).toEqual([]);
  });
});

const NASTY = `module nasty {
  type State = Free | Held(str) | Many({ names: Set[str], when: (int, bool) })
  type Option[a] = Some(a) | None
  type Event = { step: Option[State], class: List[int -> str] }
  type Opaque
  type Numbers = int -> Set[int]
  /// What is.
  /// It has */ in it.
  var state: State
  var events: Option[Set[Event]]
  var numbers: Numbers
  var opaque: Set[Opaque]
  action init = all { state' = Free, events' = None, numbers' = Map(), opaque' = Set() }
  /// Sets it.
  action put_in(who: Option[State], n: int): bool = all {
    n > 0,
    state' = Held("x"),
    events' = Some(Set({ step: who, class: [Map(1 -> "a")] })),
    numbers' = numbers.put(n, Set(n)),
    opaque' = opaque,
  }
  action idle = all { state' = state, events' = events, numbers' = numbers, opaque' = opaque }
  action step = {
    nondet n = 1.to(3).oneOf()
    nondet default = Set(Some(Free), None).oneOf()
    any { put_in(default, n), idle }
  }
}`;

const RIGHT = `import type { Driver, PutInParams, State, State2, Step } from './types.js';
const free: State2 = { tag: 'Free', value: [] };
const numbers = new Map<number | bigint, number[]>();
let now: State2 = free;
function set({ who, n }: PutInParams): boolean {
  if (who.tag === 'Some' && who.value.tag === 'Held') return who.value.value.length > 0;
  numbers.set(n, [...(numbers.get(n) ?? []), Number(n)]);
  now = { tag: 'Held', value: 'x' };
  return true;
}
function take(step: Step): boolean {
  switch (step.action) {
    case 'put_in':
      return set(step.params) && step.picks.n !== undefined;
    case 'idle':
      return step.index >= 0;
  }
}
export function createDriver(): Driver {
  return {
    capabilities: { state: 'full' },
    prepare: ({ seed }) => void seed,
    apply: step => (take(step) ? 'accepted' : { outcome: 'rejected', reason: 'no' }),
    observe: (): State => ({ state: now, events: { tag: 'None', value: [] }, numbers: [...numbers], opaque: ['x'] }),
    async close() {},
  };
}
export const part: Driver<Pick<State, 'state'>> = { ...createDriver(), observe: () => ({ state: free }) };
`;

describe('types of a spec with names of every kind', () => {
  const typesOf = async () => typesOfSpec(buildModel(await loadText(NASTY)));

  it('say what the spec says', async () => {
    const text = await typesOf();
    expect(text).toContain(
      "\nexport type State2 =\n  | { readonly tag: 'Free'; readonly value: readonly [] }\n",
    );
    expect(text).toContain('  /** What is. It has * / in it. */\n  readonly state: State2;\n');
    expect(text).toContain(
      '/**\n * Sets it.\n *\n * Parameters of `put_in`.\n */\nexport type PutInParams = {\n',
    );
    expect(text).toContain("  readonly who: { readonly tag: 'Some'; readonly value: State2 } | ");
    expect(text).toContain('export type Opaque = unknown;');
  });

  it('take a right implementation, which is a driver to aura as well', async () => {
    const used = `import type { UserDriver } from '../src/drivers/user-driver.js';
      import { createDriver } from './right.js';
      export const driver: UserDriver = createDriver();`;
    expect(complaints({ 'types.ts': await typesOf(), 'right.ts': RIGHT })).toEqual([]);
    const both = complaints({ 'types.ts': await typesOf(), 'right.ts': RIGHT, 'used.ts': used });
    expect(both.filter(line => line.startsWith('used.ts'))).toEqual([]);
  });

  it('refuse a wrong one', async () => {
    const changes: readonly (readonly [right: string, wrong: string])[] = [
      ['&& step.picks.n', '&& step.picks.m'],
      ["case 'idle':\n      return step.index >= 0;", ''],
      ["tag: 'Held', value: 'x'", "tag: 'Hold', value: 'x'"],
      ['numbers: [...numbers]', 'numbers'],
      ['apply: step => (', 'aply: step => ('],
      ["{ outcome: 'rejected', reason: 'no' }", "'no'"],
      [", opaque: ['x'] })", '})'],
    ];
    const files: Record<string, string> = { 'types.ts': await typesOf() };
    for (const [i, [right, wrong]] of changes.entries()) {
      expect(RIGHT).toContain(right);
      files[`wrong${i}.ts`] = RIGHT.replace(right, wrong);
    }
    const found = new Set(complaints(files).map(line => line.replace(/:.*/, '')));
    expect([...found].sort()).toEqual(changes.map((_, i) => `wrong${i}.ts`));
  });
});
