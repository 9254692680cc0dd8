// Types that are the same are found to be the same however Rust writes them; and one place that differs is found, at
// that place and nowhere else.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRandom } from '../../src/util/random.js';
import { unwrap } from '../quint.js';
import { definitionsArbitrary, modelOf, mutantsOf, rustText } from './random-types.js';
import { compareModel } from './support.js';

const NAMES = ['Ballot', 'Vote', 'Message', 'Quorum'];
const seed = fc.nat().map(String);

it('random types match however Rust writes them', async () => {
  await fc.assert(
    fc.asyncProperty(definitionsArbitrary, seed, async (definitions, ways) => {
      const rust = rustText(definitions, createRandom(ways));
      const { matched, mismatches, skipped } = unwrap(
        await compareModel(modelOf(definitions), { types: rust }),
      );
      expect({ mismatches, skipped }, rust).toEqual({ mismatches: [], skipped: [] });
      expect(matched.map(({ spec, rule, outcome }) => [spec, rule, outcome])).toEqual(
        NAMES.map(name => [name, 'name', 'agrees']),
      );
    }),
    { numRuns: 200 },
  );
});

it('one place that differs is found there and nowhere else', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(definitionsArbitrary, seed, fc.nat(), async (definitions, ways, choice) => {
      const mutants = mutantsOf(definitions);
      const mutant = mutants[choice % mutants.length];
      fc.pre(mutant !== undefined);
      const rust = rustText(mutant.definitions, createRandom(ways));
      const { mismatches } = unwrap(await compareModel(modelOf(definitions), { types: rust }));
      expect(
        mismatches.map(({ path, kind }) => ({ path, kind })),
        rust,
      ).toEqual([{ path: mutant.path, kind: mutant.kind }]);
      seen.add(mutant.kind);
    }),
    { numRuns: 700 },
  );
  expect([...seen].sort()).toEqual([
    'extra field',
    'extra variant',
    'length',
    'missing field',
    'missing variant',
    'name',
    'type',
  ]);
});
