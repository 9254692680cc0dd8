// Traces for the verifier's tests: states as an observed trace, with some of them hidden, and a spec ready to verify.
import type { TraceVerdict } from '../../generated/verify-result.js';
import { loadSpec } from '../../src/bridge/load-spec.js';
import { sampleTraces } from '../../src/bridge/sample-traces.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Model } from '../../src/model/model.js';
import type { State } from '../../src/model/value.js';
import { parseItf } from '../../src/trace/itf-reader.js';
import type { Observation, ObservedFrame, ObservedTrace, ToldAction } from '../../src/trace/observation.js';
import { ok } from '../../src/util/result.js';
import { DEFAULT_BUDGET, prepareVerification, type VerifyOptions } from '../../src/verify/verify.js';
import { type VerifyTarget, verifyTrace } from '../../src/verify/verify-trace.js';
import { testBridge, unwrap } from '../quint.js';

/** A state and what the trace says led to it. */
export interface Seen {
  readonly state: State;
  readonly actions?: readonly ToldAction[];
  readonly after?: readonly number[];
}

const FRAME: ObservedFrame = {
  mayLoop: true,
  interleaved: false,
  untold: 'unknown',
  actions: 'hints',
  hidden: { actions: [], most: 0 },
};

/** The states as a trace, in which the variables `hidden` are not observed. */
export function observed(
  seen: readonly Seen[],
  frame: Partial<ObservedFrame> = {},
  hidden: readonly string[] = [],
): ObservedTrace {
  return {
    frame: () => ({ ...FRAME, ...frame }),
    async *[Symbol.asyncIterator]() {
      for (const [i, { state, actions, after }] of seen.entries()) {
        const known = new Map([...state].filter(([name]) => !hidden.includes(name)));
        const moment: Observation = {
          known,
          told: [...known].map(([variable, value]) => ({ variable, value })),
          place: `state ${i}`,
          ...(actions && { actions }),
          ...(after && { after }),
        };
        yield ok(moment);
      }
    },
  };
}

export interface Verifier {
  readonly model: Model;
  readonly target: VerifyTarget;
}

/** The module of a file with all its invariants, ready to verify. */
export async function verifier(
  file: string,
  main: string,
  options: Partial<VerifyOptions> = {},
): Promise<Verifier> {
  const model = buildModel(unwrap(await loadSpec(await testBridge(), file, main)));
  const target = prepareVerification(model, {
    invariants: model.invariants.map(({ name, reads }) => ({ name, text: name, reads })),
    temporal: [],
    conformance: { init: 'init', step: 'step' },
    traceEnd: 'open',
    budget: DEFAULT_BUDGET,
    ...options,
  });
  return { model, target: unwrap(target) };
}

export async function verdictOn(
  { target }: Verifier,
  trace: ObservedTrace,
): Promise<Omit<TraceVerdict, 'trace' | 'reproduce'>> {
  return unwrap(await verifyTrace(target, trace)).verdict;
}

/** Traces that Quint draws, as it names what it did. */
export async function tracesOfQuint(
  model: Model,
  seeds: readonly number[],
  traces: number,
  maxSteps: number,
): Promise<Seen[][]> {
  const sampled = unwrap(await sampleTraces(await testBridge(), model.spec, { seeds, traces, maxSteps }));
  return sampled.map(({ itf }) =>
    unwrap(parseItf(itf)).states.map(({ values }, i) => {
      const state = new Map([...values].filter(([name]) => !name.startsWith('mbt::')));
      const name = values.get('mbt::actionTaken');
      const named = i > 0 && typeof name === 'string' && name !== '';
      return { state, ...(named && { actions: [{ name, values: new Map() }] }) };
    }),
  );
}
