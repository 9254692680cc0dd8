// The violation of a trace as the document that is written to violation.json: what was broken, why, and the states up to
// there, enough to analyse it without the trace.
import type { PropertyVerdict, TraceVerdict } from '../../generated/verify-result.js';
import type { Violation } from '../../generated/violation.js';
import type { Spec } from '../model/spec.js';
import type { ItfTrace } from '../trace/itf.js';
import { writeItfText } from '../trace/itf-writer.js';
import type { Observation } from '../trace/observation.js';
import type { VerifiedTrace } from './verify-trace.js';

/** The first violation, of several at one step an invariant before the others; undefined without one. */
export function violationOf(
  spec: Spec,
  verdict: TraceVerdict,
  verified: VerifiedTrace,
  reproduce: string,
): Violation | undefined {
  const found = [
    ...brokenProperties(verdict.invariants, 'invariant'),
    ...brokenProperties(verdict.temporal, 'temporal'),
    ...rejected(verdict),
  ];
  const [broken] = found.sort((a, b) => (a.step ?? Infinity) - (b.step ?? Infinity));
  if (broken === undefined) return undefined;
  const { firstMoment, moments } = verified;
  const last = broken.loop !== null || broken.step === null ? moments.length : broken.step - firstMoment + 1;
  const shown = moments.slice(0, Math.max(1, last));
  const { file, main, hash } = spec;
  return {
    format: 'aura-violation',
    version: 1,
    spec: { file, module: main, hash },
    ...broken,
    source: verdict.trace,
    firstState: firstMoment,
    trace: JSON.parse(writeItfText(itfOf(shown, broken.loop, file))),
    reproduce,
  };
}

type Broken = Pick<
  Violation,
  'property' | 'step' | 'loop' | 'conjunct' | 'because' | 'differences' | 'rejection'
>;

function brokenProperties(verdicts: readonly PropertyVerdict[], kind: 'invariant' | 'temporal'): Broken[] {
  const violated = verdicts.filter(({ verdict }) => verdict === 'violated');
  return violated.map(({ name, step, loop, conjunct, because, differences }) => ({
    property: { name, kind },
    step,
    loop,
    conjunct,
    because,
    differences,
    rejection: null,
  }));
}

function rejected({ conformance }: TraceVerdict): Broken[] {
  const { rejection, step } = conformance;
  if (rejection === null) return [];
  const reason = rejection.candidates[0]?.failed ?? null;
  return [
    {
      property: { name: 'conformance', kind: 'conformance' },
      step,
      loop: null,
      conjunct: reason?.location ?? rejection.nearest?.location ?? null,
      because: reason,
      differences: rejection.changes,
      rejection: { ...rejection },
    },
  ];
}

// ITF has every variable in every state: those that some moment does not tell are left out.
function itfOf(moments: readonly Observation[], loop: number | null, source: string): ItfTrace {
  const vars = [...(moments[0]?.known.keys() ?? [])].filter(name =>
    moments.every(({ known }) => known.has(name)),
  );
  return {
    meta: { format: 'ITF', source },
    vars,
    states: moments.map(({ known }) => ({
      values: new Map([...known].filter(([name]) => vars.includes(name))),
    })),
    ...(loop !== null && { loop }),
  };
}
