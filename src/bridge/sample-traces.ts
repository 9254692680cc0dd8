// Random traces of a spec from Quint's own simulator, as ITF texts with its model-based-testing metadata.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { EntryActions } from '../model/model.js';
import type { Spec } from '../model/spec.js';
import { isJsonObject, type Json } from '../util/json.js';
import { fail, ok, type Result } from '../util/result.js';
import { type Bridge, readSpecTexts, specErrors } from './load-spec.js';
import { brokenCall, callQuint } from './quint-program.js';
import { writeTree } from './with-expressions.js';

export interface SampleOptions {
  /** Seeds of the processes, each below 2^53; the traces are shared out among them. */
  readonly seeds: readonly number[];
  /** Traces to ask for in all. */
  readonly traces: number;
  /** Steps after `init`. */
  readonly maxSteps: number;
  /** Where they are others than the usual ones. */
  readonly entry?: EntryActions;
  /** The texts of the spec, where they are not those of its files. */
  readonly texts?: ReadonlyMap<string, string>;
}

/** One trace and the seed of the process that drew it. */
export interface SampledTrace {
  readonly seed: number;
  readonly itf: string;
}

/**
 * Runs `quint run --mbt` once a seed, all at the same time. The traces come in the order of seeds, then in Quint's
 * (longest first). Equal traces may occur.
 *
 * Errors: AUR102 for a run that failed inside the spec, AUR103 and AUR104 as for every call.
 */
export async function sampleTraces(
  bridge: Bridge,
  spec: Spec,
  options: SampleOptions,
): Promise<Result<SampledTrace[]>> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'aura-traces-'));
  try {
    const shares = options.seeds.map((seed, i) => {
      const { traces, seeds } = options;
      return { seed, traces: Math.floor(traces / seeds.length) + (i < traces % seeds.length ? 1 : 0) };
    });
    const runs = shares.filter(share => share.traces > 0);
    const texts = options.texts ?? (await readSpecTexts(spec));
    const file =
      options.texts === undefined ? spec.file : await writeTree(path.join(scratch, 'spec'), spec.file, texts);
    const source = { file, texts, main: spec.main, shown: spec.file };
    const results = await Promise.all(
      runs.map((run, i) => runOnce(bridge, source, path.join(scratch, String(i)), run, options)),
    );
    const failed = results.find(result => !result.ok);
    if (failed) return failed;
    return ok(results.flatMap(result => (result.ok ? result.value : [])));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What Quint is to run. */
interface Source {
  readonly file: string;
  readonly texts: ReadonlyMap<string, string>;
  readonly main: string;
  /** The file as the user knows it. */
  readonly shown: string;
}

async function runOnce(
  bridge: Bridge,
  { file, texts, main, shown }: Source,
  prefix: string,
  run: { readonly seed: number; readonly traces: number },
  { maxSteps, entry = { init: 'init', step: 'step' } }: SampleOptions,
): Promise<Result<SampledTrace[]>> {
  const out = `${prefix}-out.json`;
  const numbers = {
    seed: run.seed,
    'max-samples': run.traces,
    'n-traces': run.traces,
    'max-steps': maxSteps,
  };
  const flags = Object.entries(numbers).map(([flag, value]) => `--${flag}=${value}`);
  const names = [`--main=${main}`, `--init=${entry.init}`, `--step=${entry.step}`];
  const fixed = ['--backend=typescript', '--mbt', '--verbosity=0', ...names];
  const files = [`--out=${out}`, `--out-itf=${prefix}-{seq}.itf.json`];
  const result = await callQuint(bridge.quint, ['run', file, ...fixed, ...flags, ...files], bridge);
  if (result.outcome !== 'exited') return fail(brokenCall(bridge.quint, 'run', result, bridge));
  const status = await readStatus(out);
  if (status === undefined) return fail(brokenCall(bridge.quint, 'run', result, bridge));
  const errors = specErrors(status, { run: file, shown }, texts);
  if (errors.length > 0) return fail(...errors);
  return ok(await readTraces(prefix, run));
}

async function readStatus(out: string): Promise<Json | undefined> {
  try {
    const json: Json = JSON.parse(await readFile(out, 'utf8'));
    return isJsonObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

async function readTraces(
  prefix: string,
  run: { readonly seed: number; readonly traces: number },
): Promise<SampledTrace[]> {
  const found: SampledTrace[] = [];
  for (let i = 0; i < run.traces; i++) {
    const itf = await readFile(`${prefix}-${i}.itf.json`, 'utf8').catch(() => undefined);
    if (itf === undefined) break;
    found.push({ seed: run.seed, itf });
  }
  return found;
}
