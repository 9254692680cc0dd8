// The verification of many traces against one spec as data: what to do, and what came of it. So it can be done here or
// in a worker, where specs are verified side by side.
import type { VerifyResult } from '../../generated/verify-result.js';
import type { Violation } from '../../generated/violation.js';
import type { Model } from '../model/model.js';
import { type OpenTraceOptions, openTrace } from '../trace/open-trace.js';
import { specTypes } from '../trace/spec-types.js';
import { stopwatch } from '../util/clock.js';
import { ok, type Result } from '../util/result.js';
import { askQuint, type Oracle } from './quint-checker.js';
import { type NamedTrace, prepareVerification, resultOf, type VerifyOptions } from './verify.js';
import { verifyTrace } from './verify-trace.js';
import { violationOf } from './violation.js';

export interface VerifyJob {
  readonly model: Model;
  readonly options: VerifyOptions;
  /** Files, or `-` for standard input; each with the command that verifies it again. */
  readonly traces: readonly { readonly file: string; readonly reproduce: string }[];
  readonly reading: Omit<OpenTraceOptions, 'types'>;
  /** Whether guards are tried for coverage, which takes longer than the rest. */
  readonly guards: boolean;
}

export interface Verified {
  readonly result: VerifyResult;
  /** The first violation of each trace that has one. */
  readonly violations: readonly Violation[];
}

export interface Watching {
  /** Has Quint decide the invariants as well. */
  readonly quint?: Oracle;
  /** Told of each trace, and now and then how many of its moments have been read. */
  readonly onMoments?: (file: string, read: number) => void;
}

/** Verifies trace after trace. Errors: those of preparing the spec and of reading the traces. */
export async function performJob(
  job: VerifyJob,
  { quint, onMoments }: Watching = {},
): Promise<Result<Verified>> {
  const { model, options, reading } = job;
  const seconds = stopwatch();
  const target = prepareVerification(model, options);
  if (!target.ok) return target;
  const { compiled } = target.value;
  const types = specTypes(
    model,
    compiled.variables.map(({ name, ref }) => ({ name, id: ref.def.id })),
  );
  const traces: NamedTrace[] = [];
  for (const { file, reproduce } of job.traces) {
    onMoments?.(file, 0);
    const verified = await verifyTrace(target.value, openTrace(file, { types, ...reading }), read =>
      onMoments?.(file, read),
    );
    if (!verified.ok) return verified;
    traces.push({ trace: file, reproduce, verified: verified.value });
  }
  const plain = resultOf(model, target.value, traces, job.guards);
  const asked =
    quint === undefined ? ok(plain) : await askQuint(quint, model, options.invariants, traces, plain);
  if (!asked.ok) return asked;
  const result = asked.value;
  const violations = result.traces.flatMap((verdict, i) => {
    const one = traces[i];
    const found = one && violationOf(model.spec, verdict, one.verified, one.reproduce);
    return found ? [found] : [];
  });
  const spent = seconds();
  const states = result.traces.reduce((sum, trace) => sum + trace.states, 0);
  return ok({
    result: { ...result, timing: { seconds: spent, statesPerSecond: states / spent } },
    violations,
  });
}
