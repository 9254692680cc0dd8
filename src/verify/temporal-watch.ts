// Temporal properties of one trace as the result document has them: along the states where all are known, and along
// every behaviour where the trace leaves something open.
import type { PropertyVerdict } from '../../generated/verify-result.js';
import type { CompiledSpec, OpRef } from '../engine/index.js';
import { operatorSymbol } from '../model/operator-symbols.js';
import { showValue } from '../model/value.js';
import { type Location, showError } from '../util/errors.js';
import { ok, type Result } from '../util/result.js';
import type { Behaviours } from './behaviours.js';
import { booleanOp, locationOf, type WantedProperty } from './property.js';
import { placeOf } from './reason.js';
import type { Node } from './search.js';
import {
  compileTemporal,
  isDecided,
  type Residual,
  type TemporalProperty,
  type TemporalVerdict,
  type TraceEnd,
} from './temporal/index.js';
import { plainVerdict } from './verdicts.js';

export interface TemporalWanted {
  readonly text: string;
  readonly ref: OpRef;
  readonly location: Location | undefined;
  readonly property: TemporalProperty;
}

/** Errors: AUR604 and AUR605 for what is no formula of the spec, AUR701 for one that cannot be evaluated on a trace. */
export function prepareTemporal(
  compiled: CompiledSpec,
  wanted: readonly WantedProperty[],
): Result<TemporalWanted[]> {
  const prepared: TemporalWanted[] = [];
  for (const one of wanted) {
    const ref = booleanOp(compiled, one.name, one.text);
    if (!ref.ok) return ref;
    const property = compileTemporal(compiled, { expr: ref.value.def.expr, site: ref.value });
    if (!property.ok) return property;
    prepared.push({
      text: one.text,
      ref: ref.value,
      location: locationOf(compiled, one, ref.value),
      property: property.value,
    });
  }
  return ok(prepared);
}

const PRESUMED = 'the trace is open: how it goes on decides';

/** The verdict in the words of the document. */
export function temporalVerdict(
  compiled: CompiledSpec,
  wanted: TemporalWanted,
  verdict: TemporalVerdict,
): PropertyVerdict {
  const { deciding, error, loop, vacuous } = verdict;
  // An expression of the command line stands in no file.
  const inFile = deciding !== undefined && wanted.location !== undefined;
  const place = inFile ? placeOf(compiled.spec.ir.spans.get(deciding.expr)) : null;
  const presumed = verdict.verdict.startsWith('presumably');
  const decided = deciding !== undefined && verdict.verdict !== 'inconclusive';
  return plainVerdict(wanted, verdict.verdict, {
    step: deciding?.step ?? null,
    reason: error ? showError(error) : presumed ? PRESUMED : null,
    conjunct: place,
    because: decided
      ? {
          what: nameOf(compiled, deciding.expr),
          value: String(/satisfied/i.test(verdict.verdict)),
          location: place,
          bindings: deciding.bindings.map(({ name, value }) => ({ name, value: showValue(value) })),
          because: [],
        }
      : null,
    loop: verdict.verdict === 'violated' ? (loop ?? null) : null,
    vacuous: vacuous === true,
  });
}

function nameOf(compiled: CompiledSpec, id: number): string {
  const expr = compiled.exprAt(id)?.expr;
  return expr?.kind === 'app' ? operatorSymbol(expr.opcode) : expr?.kind === 'name' ? expr.name : 'formula';
}

/** Residuals at nodes that are followed in all. */
const RESIDUALS_MAX = 500_000;

/**
 * What all behaviours say of a property that asks `start` of them. Their verdicts are taken together: a verdict that
 * all have, a presumption where they agree but for certainty, inconclusive otherwise.
 */
export function judgeTemporal(
  property: TemporalProperty,
  behaviours: Behaviours,
  start: Residual,
  end: TraceEnd,
): TemporalVerdict | 'tooMany' | 'differ' {
  const asked = new Map<Node, Map<number, Residual>>();
  let followed = 0;
  const ask = (node: Node, residual: Residual): void => {
    const known = asked.get(node) ?? new Map<number, Residual>();
    if (!known.has(residual.id)) followed++;
    asked.set(node, known.set(residual.id, residual));
  };
  // How the last of the behaviours that were decided on the way came to its verdict.
  const lastDecided = new Map<Residual, TemporalVerdict>();
  const step = (residual: Residual, { state, depth }: Node, next: Node): Residual => {
    if (isDecided(residual)) return residual;
    const after = property.step(residual, state, next.state, depth - 1);
    if (isDecided(after))
      lastDecided.set(after, property.decidedVerdict(residual, after, state, next.state, depth - 1));
    return after;
  };
  for (const node of behaviours.starts) ask(node, start);
  for (const node of behaviours.nodes)
    for (const residual of asked.get(node)?.values() ?? []) {
      if (followed > RESIDUALS_MAX) return 'tooMany';
      for (const next of node.next) if (behaviours.previous.has(next)) ask(next, step(residual, node, next));
    }
  const verdicts: TemporalVerdict[] = [];
  for (const node of behaviours.ends)
    for (const residual of asked.get(node)?.values() ?? [])
      verdicts.push(
        lastDecided.get(residual) ??
          property.finish(residual, node.state, end === 'stutter' ? 'stutter' : 'open', node.depth - 1),
      );
  return together(verdicts);
}

function together(verdicts: readonly TemporalVerdict[]): TemporalVerdict | 'differ' {
  const all = (...kinds: readonly TemporalVerdict['verdict'][]) =>
    verdicts.every(({ verdict }) => kinds.includes(verdict));
  const [first] = verdicts;
  if (first === undefined) return 'differ';
  if (all(first.verdict)) return first;
  const weaker = (kind: TemporalVerdict['verdict']) =>
    verdicts.find(({ verdict }) => verdict === kind) ?? first;
  if (all('satisfied', 'presumablySatisfied')) return weaker('presumablySatisfied');
  if (all('violated', 'presumablyViolated')) return weaker('presumablyViolated');
  return 'differ';
}
