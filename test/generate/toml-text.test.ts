import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tomlKey, tomlText } from '../../src/generate/toml-text.js';
import { parseToml } from '../../src/util/toml.js';
import { unwrap } from '../quint.js';

const text = fc.string({ unit: 'binary' }).map(s => s.toWellFormed());
const value = fc.letrec(tie => ({
  any: fc.oneof(
    text,
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    tie('list'),
    tie('table'),
  ),
  list: fc.array(text, { maxLength: 4 }),
  table: fc.dictionary(text, fc.oneof(text, fc.boolean()), { maxKeys: 4 }),
})).any;

it('every value and key survives being written as TOML', () => {
  fc.assert(
    fc.property(fc.dictionary(text, value, { maxKeys: 5 }), data => {
      const lines = Object.entries(data).map(([key, each]) => `${tomlKey(key)} = ${tomlText(each)}`);
      const read = unwrap(parseToml(lines.join('\n'), 'test.toml', 'AUR401'));
      expect(JSON.stringify(sorted(read.data))).toBe(JSON.stringify(sorted(data)));
    }),
    { numRuns: 500 },
  );
});

// TOML has no -0 and JSON.stringify writes none either.
function sorted(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  return Object.entries(json)
    .map(([key, each]) => [key, sorted(each)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
