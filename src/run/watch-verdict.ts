// What the watch over one protocol comes to at its end: the verdicts on its trace, asked of Quint too where that is wanted,
// and the first violation as a document.
import type { RunProperty, RunProtocol } from '../../generated/run-result.js';
import type { PropertyVerdict, TraceVerdict } from '../../generated/verify-result.js';
import type { Violation } from '../../generated/violation.js';
import type { Model } from '../model/model.js';
import { auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import { askQuint, type Oracle } from '../verify/quint-checker.js';
import { plainVerdict } from '../verify/verdicts.js';
import { type NamedTrace, resultOf } from '../verify/verify.js';
import { violationOf } from '../verify/violation.js';
import type { ProtocolWatch, WatchedSpec } from './protocol-watch.js';

export interface WatchVerdict extends Pick<RunProtocol, 'verdict' | 'properties' | 'violated'> {
  readonly violation: Violation | undefined;
  /** Sentences on what was violated, and on what could not be told. */
  readonly violations: readonly string[];
  readonly open: readonly string[];
}

const NOTHING_WATCHED: WatchVerdict = {
  verdict: 'skipped',
  properties: [],
  violated: null,
  violation: undefined,
  violations: [],
  open: [],
};

/**
 * `trace` is the name of the trace's file for people, `reproduce` the command that gives the run again.
 *
 * Errors: those of the monitor, of asking Quint, and AUR469 where Quint and the engine differ.
 */
export async function watchVerdict(
  watch: ProtocolWatch,
  trace: string,
  reproduce: string,
  oracle: Oracle | undefined,
): Promise<Result<WatchVerdict>> {
  const { spec } = watch.watching;
  if (watch.monitor === undefined || spec === undefined) return ok(NOTHING_WATCHED);
  const ended = await watch.monitor.end();
  if (!ended.ok) return ended;
  const { verified, own } = ended.value;
  const open = oracle === undefined ? ok([]) : await agreement(oracle, spec, { trace, reproduce, verified });
  if (!open.ok) return open;
  const { model } = spec.opened;
  const verdict: TraceVerdict = { trace, ...verified.verdict, reproduce };
  const properties = [...propertiesOf(model, verdict), ...own];
  const ownBroken = own.find(property => property.verdict === 'violated');
  const violation =
    violationOf(model.spec, verdict, verified, reproduce) ??
    (ownBroken && violationOf(model.spec, withOwn(verdict, ownBroken), verified, reproduce));
  return ok({
    verdict: verdict.conformance.verdict,
    properties,
    violated: violation?.property.name ?? null,
    violation,
    violations: violationsOf(verdict, properties),
    open: [...open.value, ...openOf(verdict, properties)],
  });
}

/** What Quint could not be asked. */
async function agreement(oracle: Oracle, spec: WatchedSpec, named: NamedTrace): Promise<Result<string[]>> {
  const { model, invariants, texts } = spec.opened;
  const wanted = spec.target.invariants.length > 0 ? invariants : [];
  const plain = resultOf(model, spec.target, [named], false);
  const asked = await askQuint({ ...oracle, ...(texts && { texts }) }, model, wanted, [named], plain);
  if (!asked.ok) {
    const [first] = asked.errors;
    return first?.code === 'AUR753' ? ok([first.message]) : asked;
  }
  const [differs] = asked.value.disagreements;
  if (differs === undefined) return ok([]);
  const { invariant, builtin, quint, step } = differs;
  return fail(
    auraError(
      'AUR469',
      `the engine says that ${invariant} is ${builtin} on ${named.trace}, Quint says ${quint}${step === null ? '' : ` at state ${step}`}`,
      { hint: 'one of the two is wrong: please report it with the spec and the trace' },
    ),
  );
}

function propertiesOf(model: Model, { invariants, temporal }: TraceVerdict): RunProperty[] {
  const known = [...model.invariants, ...model.temporalProperties];
  const shown = (kind: 'invariant' | 'temporal') => (verdict: PropertyVerdict) => ({
    name: verdict.name,
    class: known.find(({ name }) => name === verdict.name)?.propertyClass ?? null,
    kind,
    verdict: verdict.verdict,
    step: verdict.step,
    reason: verdict.reason,
  });
  return [...invariants.map(shown('invariant')), ...temporal.map(shown('temporal'))];
}

/** What a checker of the user's own found, as the verdict on an invariant. */
function withOwn(verdict: TraceVerdict, { name, step }: RunProperty): TraceVerdict {
  const found = plainVerdict({ text: name, location: undefined }, 'violated', { step });
  return { ...verdict, invariants: [found], temporal: [] };
}

function violationsOf({ trace, conformance }: TraceVerdict, properties: readonly RunProperty[]): string[] {
  const { rejection, step } = conformance;
  const rejected =
    rejection === null
      ? []
      : [`${trace} is no behaviour of the spec from state ${step} on (${rejection.action ?? 'no action'})`];
  const violated = properties
    .filter(({ verdict }) => verdict === 'violated')
    .map(
      ({ name, step: at, kind }) =>
        `${name} is violated${at === null ? '' : ` at state ${at}`} of ${trace}${kind === 'own' ? ', says the property checker' : ''}`,
    );
  return [...violated, ...rejected];
}

function openOf({ trace, conformance }: TraceVerdict, properties: readonly RunProperty[]): string[] {
  const gaveUp =
    conformance.verdict === 'gaveUp'
      ? [`whether ${trace} is a behaviour of the spec is not known: ${conformance.reason}`]
      : [];
  const undecided = properties
    .filter(({ verdict }) => verdict === 'inconclusive' || verdict === 'presumablyViolated')
    .map(({ name, verdict, reason }) =>
      verdict === 'inconclusive'
        ? `${name} is not decided by ${trace}: ${reason}`
        : `${name} is presumably violated: ${trace} ends without what it asks for`,
    );
  return [...gaveUp, ...undecided];
}
