import { describe, expect, it } from 'vitest';
import { type AssumptionScope, faultBound, holdsAssumption } from '../../src/generate/assumption.js';

const integers = new Map([
  ['THRESHOLD', 3],
  ['zero', 0],
]);
const scopeFor = (byzantine: number): AssumptionScope => ({
  integer: name => (name === 'byzantine' ? byzantine : integers.get(name)),
  sizeOf: name => (name === 'NODES' ? 7 : name === 'BYZANTINE' ? byzantine : undefined),
});

describe('assumptions', () => {
  it.each([
    ['byzantine < THRESHOLD', 2],
    ['byzantine <= THRESHOLD - 1', 2],
    ['3 * BYZANTINE.size() < NODES.size()', 2],
    ['byzantine < size(NODES) / 3', 1],
    ['byzantine <= (NODES.size() - 1) / 3', 2],
    ['2 * THRESHOLD > NODES.size() - byzantine', 7],
    ['byzantine == 0 and THRESHOLD > 1', 0],
    ['byzantine < 0', -1],
  ])('%s bounds the faults to %i of 7', (text, bound) => {
    expect(faultBound(text, 7, scopeFor)).toBe(bound);
  });

  it.each([
    '',
    'byzantine',
    'byzantine < UNKNOWN',
    'byzantine < NODES',
    'byzantine < 3 )',
    'byzantine / zero < 3',
    'always(x)',
    '1 < 2 < 3',
  ])('%j is not understood', text => {
    expect(holdsAssumption(text, scopeFor(1))).toBeUndefined();
    expect(faultBound(text, 7, scopeFor)).toBeUndefined();
  });
});
