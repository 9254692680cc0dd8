// Explanations and differences of the engine and the model in the words of the result document: values as Quint writes
// them, places as file, line and column.
import type { Difference, Place, Reason } from '../../generated/verify-result.js';
import type { Explanation } from '../engine/index.js';
import { differences } from '../model/difference.js';
import type { SourceSpan } from '../model/ir.js';
import { equalValues, type State, showValue, type Value } from '../model/value.js';

/** Parts of an explanation that are told, from the outside in. */
const DEPTH_MAX = 12;

export function placeOf(span: SourceSpan | undefined): Place | null {
  return span === undefined ? null : { file: span.file, line: span.line, column: span.column };
}

/** Names are told where they get their value, not again below. */
export function reasonOf(explanation: Explanation, around: Explanation['bindings'] = [], depth = 0): Reason {
  const { what, value, location, bindings, because } = explanation;
  const isKnown = ([name, bound]: readonly [string, Value]) =>
    around.some(([other, outer]) => other === name && equalValues(outer, bound));
  const parts = because.filter(part => !bindings.some(([name]) => name === part.what));
  return {
    what,
    value: showValue(value),
    location: placeOf(location),
    bindings: bindingsOf(bindings.filter(binding => !isKnown(binding))),
    because: depth < DEPTH_MAX ? parts.map(part => reasonOf(part, bindings, depth + 1)) : [],
  };
}

/** The same reason without saying where its parts stand. */
export function withoutPlaces(reason: Reason): Reason {
  return { ...reason, location: null, because: reason.because.map(withoutPlaces) };
}

export function bindingsOf(pairs: readonly (readonly [string, Value])[]): { name: string; value: string }[] {
  return pairs.map(([name, value]) => ({ name, value: showValue(value) }));
}

/** The innermost boolean that decided. */
export function decidingPart(explanation: Explanation): Explanation {
  const inner = explanation.because.findLast(part => typeof part.value === 'boolean');
  return inner === undefined ? explanation : decidingPart(inner);
}

export function differencesOf(from: State, to: State): Difference[] {
  return differences(from, to).map(({ variable, path, from: before, to: after }) => ({
    variable,
    path,
    from: before === undefined ? null : showValue(before),
    to: after === undefined ? null : showValue(after),
  }));
}
