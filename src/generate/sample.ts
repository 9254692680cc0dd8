// Where candidate traces come from: our engine, or Quint's own simulator. Both give ITF traces that tell actions and
// picks in the same way, so nothing after this stage needs to know.
import type { Bridge } from '../bridge/load-spec.js';
import { sampleTraces } from '../bridge/sample-traces.js';
import { runInWorker } from '../engine/in-worker.js';
import type { Model } from '../model/model.js';
import type { ItfTrace } from '../trace/itf.js';
import { parseItf } from '../trace/itf-reader.js';
import { itfOfSteps } from '../trace/steps-itf.js';
import type { Random } from '../util/random.js';
import { collect, ok, type Result } from '../util/result.js';

export const ENGINES = ['builtin', 'quint'] as const;

export type EngineName = (typeof ENGINES)[number];

/** A trace and the seed of the run that drew it, in decimal digits. */
export interface Sampled {
  readonly trace: ItfTrace;
  readonly seed: string;
}

export interface SampleRequest {
  readonly engine: EngineName;
  readonly traces: number;
  /** Steps after `init`. */
  readonly maxLength: number;
}

/** Processes of Quint, each with a seed of its own: the more, the less one unlucky seed matters. */
const QUINT_PROCESSES = 2;

/** Errors: of the spec while it runs, and of Quint. */
export function sample(
  bridge: Bridge,
  model: Model,
  request: SampleRequest,
  random: Random,
): Promise<Result<Sampled[]>> {
  return request.engine === 'quint'
    ? sampleWithQuint(bridge, model, request, random)
    : sampleWithEngine(bridge, model, request, random);
}

async function sampleWithQuint(
  bridge: Bridge,
  { spec }: Model,
  { traces, maxLength }: SampleRequest,
  random: Random,
): Promise<Result<Sampled[]>> {
  const seeds = Array.from({ length: QUINT_PROCESSES }, (_, i) => random.fork(`quint ${i}`).below(2 ** 48));
  const sampled = await sampleTraces(bridge, spec, { seeds, traces, maxSteps: maxLength });
  if (!sampled.ok) return sampled;
  return collect(
    sampled.value.map(({ itf, seed }) => {
      const trace = parseItf(itf, 'a trace of Quint');
      return trace.ok ? ok({ trace: trace.value, seed: String(seed) }) : trace;
    }),
  );
}

async function sampleWithEngine(
  bridge: Bridge,
  { spec }: Model,
  { traces, maxLength }: SampleRequest,
  random: Random,
): Promise<Result<Sampled[]>> {
  const seed = String(random.fork('simulation').below(2 ** 48));
  const machine = { init: 'init', step: 'step' };
  const options = { seed, samples: traces, maxSteps: maxLength };
  const simulated = await runInWorker<'simulate'>(
    { kind: 'simulate', spec, machine, options, keep: traces },
    bridge.signal,
  );
  if (!simulated.ok) return simulated;
  return ok(simulated.value.kept.map(steps => ({ trace: itfOfSteps(steps, { status: 'ok' }), seed })));
}
