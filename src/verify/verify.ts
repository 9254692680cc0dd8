// Verification of traces against one spec: prepared once, then trace after trace, and all verdicts together as the
// result document. Nothing is printed and no file is opened here.
import type { TraceVerdict, VerifyResult, VerifySummary } from '../../generated/verify-result.js';
import { compileSpec, createMachine } from '../engine/index.js';
import type { Model } from '../model/model.js';
import { auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import { actionNames } from './action-names.js';
import { coverageOf } from './coverage.js';
import { prepareInvariants, type WantedProperty } from './property.js';
import { prepareTemporal } from './temporal-watch.js';
import type { VerifiedTrace, VerifyTarget } from './verify-trace.js';

export interface VerifyOptions {
  readonly invariants: readonly WantedProperty[];
  readonly temporal: readonly WantedProperty[];
  /** Names of the actions that traces are held against; undefined to check properties only. */
  readonly conformance: { readonly init: string; readonly step: string } | undefined;
  /** What a trace without a loop does after its last state: nothing is said, or it stays there for ever. */
  readonly traceEnd: 'open' | 'stutter';
  /** States that the search of one trace may look at, beside ten for each moment. */
  readonly budget: number;
  readonly signal?: AbortSignal;
}

/** Budget where none is given: some seconds of work. */
export const DEFAULT_BUDGET = 200_000;

/** Errors: AUR204 for a spec without init or step, AUR206 for one with open constants, AUR604 and AUR605 for what is no property of it. */
export function prepareVerification(model: Model, options: VerifyOptions): Result<VerifyTarget> {
  const compiled = compileSpec(model.spec);
  if (!compiled.ok) return compiled;
  const invariants = prepareInvariants(compiled.value, options.invariants);
  if (!invariants.ok) return invariants;
  const temporal = prepareTemporal(compiled.value, options.temporal);
  if (!temporal.ok) return temporal;
  const { conformance, traceEnd, budget, signal } = options;
  const open = model.constants.find(({ declaredAs, value }) => declaredAs === 'const' && value === undefined);
  if (open !== undefined)
    return fail(
      auraError('AUR206', `the constant ${open.name} has no value`, {
        location: open.location,
        hint: 'verify against a module that is an instance with values for its constants',
      }),
    );
  const machine = conformance === undefined ? ok(undefined) : createMachine(compiled.value, conformance);
  if (!machine.ok) {
    const { location } = machine.errors[0] ?? {};
    return fail(
      auraError('AUR204', `${machine.errors[0]?.message ?? 'init or step is missing'}`, {
        ...(location && { location }),
        hint: 'name them with --init and --step, or check properties alone with --no-conformance',
      }),
    );
  }
  return ok({
    compiled: compiled.value,
    machine: machine.value,
    invariants: invariants.value,
    temporal: temporal.value,
    traceEnd,
    names: actionNames(compiled.value, conformance?.step ?? 'step'),
    budget,
    ...(signal && { signal }),
  });
}

/** A verified trace under the name that the user gave it. */
export interface NamedTrace {
  readonly trace: string;
  /** The command that gives the verdict again. */
  readonly reproduce: string;
  readonly verified: VerifiedTrace;
}

/** The document, without the time that it took. */
export function resultOf(
  model: Model,
  { compiled, machine, names, traceEnd }: VerifyTarget,
  traces: readonly NamedTrace[],
  guards: boolean,
): Omit<VerifyResult, 'timing'> {
  const verdicts = traces.map(({ trace, reproduce, verified }): TraceVerdict => {
    const verdict = { trace, ...verified.verdict, reproduce: null };
    return outcomeOf([verdict]) === 'passed' ? verdict : { ...verdict, reproduce };
  });
  const { file, main, hash } = model.spec;
  const exercised = traces.map(({ verified }) => verified);
  return {
    format: 'aura-verify-result',
    version: 1,
    spec: { file, module: main, hash },
    traceEnd,
    traces: verdicts,
    coverage: coverageOf(model, compiled, exercised, names, guards ? machine?.options.step : undefined),
    disagreements: [],
    summary: summaryOf(verdicts),
    verdict: outcomeOf(verdicts),
  };
}

/** Failed when something is rejected or violated, undecided when something is open or nothing was checked. */
function outcomeOf(verdicts: readonly TraceVerdict[]): VerifyResult['verdict'] {
  const summary = summaryOf(verdicts);
  if (summary.rejected + summary.violated > 0) return 'failed';
  const open = summary.gaveUp + summary.presumablyViolated + summary.inconclusive;
  const checked = summary.conforms + summary.satisfied + summary.presumablySatisfied;
  return open > 0 || checked === 0 ? 'undecided' : 'passed';
}

function summaryOf(verdicts: readonly TraceVerdict[]): VerifySummary {
  const summary: VerifySummary = {
    traces: verdicts.length,
    conforms: 0,
    rejected: 0,
    gaveUp: 0,
    skipped: 0,
    satisfied: 0,
    violated: 0,
    presumablySatisfied: 0,
    presumablyViolated: 0,
    inconclusive: 0,
  };
  for (const { conformance, invariants, temporal } of verdicts) {
    summary[conformance.verdict]++;
    for (const { verdict } of [...invariants, ...temporal]) summary[verdict]++;
  }
  return summary;
}
