// Real traces with random damage: whatever comes of it is a trace or an error of our own with a place, the same in
// one chunk and in many, never an exception.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { BALLOT_TYPES } from './ballot-types.js';
import { randomDamage } from './damage.js';
import { readContent } from './support.js';

// The slowest take seconds of computing, and far more where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

const FIXTURES = path.join(import.meta.dirname, '../fixtures/itf');
const sources = ['ballot', 'apalache', 'adr'].map(name =>
  readFileSync(path.join(FIXTURES, `${name}.itf.json`)),
);

const PLACE = { file: 'trace.json', line: expect.any(Number), column: expect.any(Number) };

describe('a damaged trace', () => {
  it('gives a trace or one error of ours', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sources),
        fc.array(randomDamage, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(25_000), { maxLength: 10 }),
        fc.constantFrom(undefined, BALLOT_TYPES),
        async (source, damages, cuts, types) => {
          const bytes = damages.reduce<Buffer>((damaged, damage) => damage(damaged), source);
          const result = await readContent(bytes, types, cuts);
          expect(await readContent(bytes, types)).toEqual(result);
          if (result.ok) return;
          const [error, ...others] = result.errors;
          expect(others).toEqual([]);
          expect(error?.code).toMatch(/^AUR(004|30[1-4])$/);
          expect(error?.location ?? error?.message).toEqual(
            error?.location ? PLACE : expect.stringMatching(/it has no "(vars|states)"$/),
          );
        },
      ),
      { numRuns: 3000 },
    );
  });
});
