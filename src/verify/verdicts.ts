// A verdict on a property with nothing to explain, to which those who decided add what they know.
import type { PropertyVerdict } from '../../generated/verify-result.js';
import type { Location } from '../util/errors.js';

export function plainVerdict(
  { text, location }: { readonly text: string; readonly location: Location | undefined },
  verdict: PropertyVerdict['verdict'],
  more: Partial<PropertyVerdict> = {},
): PropertyVerdict {
  return {
    name: text,
    verdict,
    step: null,
    reason: null,
    location: location ? { file: location.file, line: location.line, column: location.column } : null,
    conjunct: null,
    because: null,
    differences: [],
    loop: null,
    vacuous: false,
    checkedBy: 'builtin',
    ...more,
  };
}
