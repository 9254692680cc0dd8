// The verdict of our verifier on the trace of a simulated protocol: the implementation held against the spec, with every
// variable observed. The spec's module with open constants gets the values that the protocol names.
import path from 'node:path';
import type { TraceEvent } from '../../generated/execution-trace.js';
import type { PropertyVerdict, TraceVerdict } from '../../generated/verify-result.js';
import { loadSpec } from '../../src/bridge/load-spec.js';
import { deriveSpec } from '../../src/derive/derive-spec.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Model } from '../../src/model/model.js';
import type { Protocol } from '../../src/simulate/protocol.js';
import { observeBytes } from '../../src/trace/open-trace.js';
import { type SpecTypes, specTypes } from '../../src/trace/spec-types.js';
import { prepareVerification } from '../../src/verify/verify.js';
import { type VerifyTarget, verifyTrace } from '../../src/verify/verify-trace.js';
import { ROOT, testBridge, unwrap } from '../quint.js';

interface Opened {
  readonly model: Model;
  readonly target: VerifyTarget;
  readonly types: SpecTypes;
}

export interface SimulatedVerdict {
  readonly verdict: Omit<TraceVerdict, 'reproduce' | 'trace'>;
  /** Names of the actions of the spec that its steps were. */
  readonly actions: ReadonlySet<string>;
  /** All actions of the spec's `step`. */
  readonly known: readonly string[];
}

const opened = new Map<string, Promise<Opened>>();

/** A spec of `specs/` with values for its constants; opened once for the same values. */
function openProtocolSpec(
  { spec }: Pick<Protocol, 'spec'>,
  constants: Readonly<Record<string, string>>,
): Promise<Opened> {
  const key = JSON.stringify([spec, constants]);
  const found = opened.get(key) ?? open(spec, constants);
  opened.set(key, found);
  return found;
}

async function open(
  { file, module }: Protocol['spec'],
  constants: Readonly<Record<string, string>>,
): Promise<Opened> {
  const bridge = await testBridge();
  const loaded = unwrap(await loadSpec(bridge, path.join(ROOT, 'specs', file), module));
  const derived = unwrap(
    await deriveSpec(bridge, loaded, {
      constants: Object.entries(constants).map(([name, text]) => ({
        name,
        text,
        strict: true,
        place: { file: name, line: 1, column: 1 },
        line: text,
      })),
      domains: [],
    }),
  );
  const { init, step } = derived;
  const model = buildModel(derived.spec, undefined, { init, step });
  const all = (properties: Model['invariants']) =>
    properties.map(({ name, reads }) => ({ name, text: name, reads }));
  const target = unwrap(
    prepareVerification(model, {
      invariants: all(model.invariants),
      temporal: all(model.temporalProperties),
      conformance: { init, step },
      traceEnd: 'open',
      budget: 100_000,
    }),
  );
  const { compiled } = target;
  const types = specTypes(
    model,
    compiled.variables.map(({ name, ref }) => ({ name, id: ref.def.id })),
  );
  return { model, target, types };
}

/** Holds the events, in their order, against the spec. */
export async function verifySimulated(
  protocol: Pick<Protocol, 'spec'>,
  constants: Readonly<Record<string, string>>,
  events: readonly TraceEvent[],
): Promise<SimulatedVerdict> {
  const { model, target, types } = await openProtocolSpec(protocol, constants);
  const header = { format: 'aura-execution-trace', version: 1, state_mode: 'delta' };
  const text = [header, ...events].map(line => `${JSON.stringify(line)}\n`).join('');
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  const trace = observeBytes(bytes(), 'simulation', { types, order: 'file' });
  const { verdict, actions } = unwrap(await verifyTrace(target, trace));
  return {
    verdict,
    actions: new Set([...actions.keys()].filter(name => name !== undefined)),
    known: model.actions.map(({ name }) => name),
  };
}

/** What is wrong, in a few words, for the message of an assertion; empty when it conforms and nothing is violated. */
export function complaints({ verdict }: SimulatedVerdict): string[] {
  const { conformance, invariants, temporal } = verdict;
  const violated = (one: PropertyVerdict) => one.verdict === 'violated';
  const rejection = conformance.rejection;
  return [
    ...(conformance.verdict === 'conforms'
      ? []
      : [
          `${conformance.verdict} at step ${conformance.step}: ${rejection?.action ?? conformance.reason ?? ''} ${JSON.stringify(rejection?.changes.slice(0, 6) ?? [])} nearest ${JSON.stringify(rejection?.nearest ?? null).slice(0, 600)}`,
        ]),
    ...[...invariants, ...temporal].filter(violated).map(({ name, step }) => `${name} violated at ${step}`),
  ];
}
