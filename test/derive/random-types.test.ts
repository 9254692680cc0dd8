// Domains of any type: a spec of random variables and of actions with random parameters is derived, Quint type-checks the
// text, and every argument that a step takes is a value of the type of its parameter.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveText, expectValuesOfTypes } from './support.js';

const SCALARS = ['bool', 'int', 'str', 'Name', 'Id', 'Level', 'Cargo'];

const { type } = fc.letrec<{ type: string }>(tie => ({
  type: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom(...SCALARS),
    tie('type').map(elem => `Set[${elem}]`),
    tie('type').map(elem => `List[${elem}]`),
    fc.tuple(tie('type'), tie('type')).map(([a, b]) => `(${a}, ${b})`),
    fc.tuple(tie('type'), tie('type')).map(([a, b]) => `{ one: ${a}, two: ${b} }`),
    fc.tuple(fc.constantFrom('Name', 'Level'), tie('type')).map(([key, value]) => `${key} -> ${value}`),
  ),
}));

function specOf(variables: readonly string[], parameters: readonly string[]): string {
  const frame = variables.map((_, i) => `v${i}' = v${i}`).join(', ');
  return `module random {
    type Name = str
    type Id = int
    type Level = Low | Middle | High
    type Cargo = Nothing | Box({ size: int, owner: Name })
    pure val NAMES: Set[Name] = Set("x", "y")
    ${variables.map((text, i) => `var v${i}: ${text}`).join('\n    ')}
    ${parameters.map((text, i) => `action act${i}(arg: ${text}): bool = all { ${frame} }`).join('\n    ')}
  }`;
}

describe('a spec of random types', () => {
  it('is derived to something that Quint accepts, with values of the types', async () => {
    const property = fc.asyncProperty(
      fc.array(type, { minLength: 2, maxLength: 4 }),
      fc.array(type, { minLength: 8, maxLength: 8 }),
      async (variables, parameters) => {
        const derived = await deriveText(specOf(variables, parameters));
        const driven = derived.domains.length + derived.undriven.length;
        expect(driven).toBe(parameters.length);
        expectValuesOfTypes(derived);
      },
    );
    await fc.assert(property, { numRuns: 3 });
  }, 120_000);
});
