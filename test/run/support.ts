// Runs for tests: the real tools, specs opened as the command line opens them, folders under one that is removed.
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { loadSpec } from '../../src/bridge/load-spec.js';
import { deriveSpec } from '../../src/derive/derive-spec.js';
import { openModelDriver } from '../../src/drivers/model-driver.js';
import { compileSpec } from '../../src/engine/index.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Model } from '../../src/model/model.js';
import { ASSERTIONS } from '../../src/run/assertions.js';
import type { NeededSpec } from '../../src/run/needed-specs.js';
import { performRun } from '../../src/run/perform-run.js';
import type {
  DriverChoice,
  OpenedSpec,
  RunJob,
  RunOptions,
  RunRecord,
  RunTools,
} from '../../src/run/run-job.js';
import { parseScenarioText } from '../../src/scenario/load.js';
import { must } from '../../src/util/assert.js';
import { compareText } from '../../src/util/order.js';
import { ok, type Result } from '../../src/util/result.js';
import { ROOT, testBridge, unwrap } from '../quint.js';
import { TALLY } from './tally.js';

const opened = new Map<string, Promise<OpenedSpec>>();

async function open({ of, file, module, constants }: NeededSpec): Promise<OpenedSpec> {
  const bridge = await testBridge();
  const place = path.join(ROOT, of === 'protocol' ? 'specs' : '', file);
  const spec = unwrap(await loadSpec(bridge, place, module));
  const base = buildModel(spec);
  const given = base.constants.flatMap(({ name, declaredAs, value }) => {
    const text = declaredAs === 'const' && value === undefined ? constants[name] : undefined;
    if (text === undefined) return [];
    return [{ name, text, strict: true, place: { file: name, line: 1, column: 1 }, line: text }];
  });
  const isWhole = given.length === 0;
  const derived = isWhole
    ? undefined
    : unwrap(await deriveSpec(bridge, spec, { constants: given, domains: [] }));
  const { init = 'init', step = 'step' } = derived ?? {};
  const model = derived === undefined ? base : buildModel(derived.spec, undefined, { init, step });
  const all = (properties: Model['invariants']) =>
    properties.map(({ name, reads }) => ({ name, text: name, reads }));
  const properties = { invariants: all(model.invariants), temporal: all(model.temporalProperties) };
  return { model, init, step, ...properties, ...(derived && { texts: derived.texts }) };
}

export const TOOLS: RunTools = {
  protocols: { tally: TALLY },
  openSpec: async need => {
    const found = opened.get(need.key) ?? open(need);
    opened.set(need.key, found);
    return ok(await found);
  },
  openDriver: async (_, spec) => {
    const compiled = compileSpec(spec.model.spec);
    return compiled.ok ? openModelDriver(spec.model, compiled.value, spec) : compiled;
  },
  checkAssertion: (assertion, context) =>
    must(ASSERTIONS[assertion.type], `the assertion ${assertion.type}`)(assertion, context),
};

const root = mkdtempSync(path.join(os.tmpdir(), 'aura-runs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

const OPTIONS: RunOptions = {
  conformance: true,
  invariants: true,
  temporal: true,
  checker: 'builtin',
  strictFaults: false,
  trace: 'steps',
  output: root,
};

export interface Asked {
  readonly driver?: DriverChoice;
  readonly seed?: string;
  readonly options?: Partial<RunOptions>;
  readonly tools?: Partial<RunTools>;
}

/** The job of the last scenario of a text, with an output folder of its own. */
export async function jobOf(text: string, { driver, seed, options }: Asked = {}): Promise<RunJob> {
  const loaded = unwrap(await parseScenarioText(text, 'scenarios/test.toml'));
  const { scenario, file, line } = must(loaded.at(-1), 'a scenario');
  return {
    scenario,
    file,
    line,
    seed: seed ?? scenario.setup.seed,
    driver: driver ?? { kind: 'simulated' },
    options: { ...OPTIONS, output: path.join(root, String(folders++)), ...options },
  };
}

export async function perform(text: string, asked: Asked = {}): Promise<Result<RunRecord>> {
  return performRun(await jobOf(text, asked), { ...TOOLS, ...asked.tools });
}

export async function run(text: string, asked: Asked = {}): Promise<RunRecord> {
  return unwrap(await perform(text, asked));
}

/** The files of a folder and those below it, by name, with their content. */
export async function filesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort(compareText);
  return new Map(
    await Promise.all(
      names.map(
        async (name): Promise<[string, string]> => [name, await readFile(path.join(folder, name), 'utf8')],
      ),
    ),
  );
}

/** A scenario of the protocol `tally`; `more` goes into its table and behind it. */
export function tally(expected: string, more = ''): string {
  return `[[scenario]]\nname = "a test"\nexpected_outcome = "${expected}"\n${more}\n[[scenario.protocols]]\ntype = "tally"\n`;
}
