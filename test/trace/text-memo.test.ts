// What is remembered of a trace must not show: states of the same few parts, in other company, under any layout and
// damaged too, are read together as each is read alone, and byte by byte as at once.
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { parseItf } from '../../src/trace/itf-reader.js';
import { randomDamage } from './damage.js';
import { readContent } from './support.js';

vi.setConfig({ testTimeout: 120_000 });

// Few different leaves and shapes, so that texts repeat; brackets, quotes and backslashes stand in strings too.
const TEXTS = ['a', 'b', '', '{', ']', '"', '\\', '\\"}', 'é', '#set'];
const { value: randomValue } = fc.letrec<{ value: unknown }>(tie => {
  const part = tie('value');
  const parts = fc.array(part, { maxLength: 4 });
  return {
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...TEXTS, true, 1, 2, 12, { '#bigint': '1' }, { '#bigint': '123456789012345678901' }),
      parts,
      parts.map(items => ({ '#set': items })),
      parts.map(items => ({ '#tup': items })),
      fc
        .uniqueArray(fc.constantFrom(...TEXTS))
        .chain(keys =>
          fc
            .array(part, { minLength: keys.length, maxLength: keys.length })
            .map(values => ({ '#map': keys.map((key, i) => [key, values[i]]) })),
        ),
      fc.tuple(fc.constantFrom('A', 'B'), part).map(([tag, value]) => ({ tag, value })),
      fc.record({ x: part, y: part }, { requiredKeys: ['x'] }),
    ),
  };
});

const randomStates = fc.array(randomValue, { minLength: 1, maxLength: 4 }).chain(pool =>
  fc.array(fc.record({ v: fc.constantFrom(...pool), w: fc.constantFrom(...pool) }), {
    minLength: 1,
    maxLength: 8,
  }),
);

const randomLayout = fc.constantFrom<[string | undefined, string]>(
  [undefined, ''],
  [undefined, '\n'],
  ['  ', '\n'],
);

function textOf(states: readonly unknown[], [indent, between]: [string | undefined, string]): string {
  const texts = states.map(state => JSON.stringify(state, undefined, indent));
  return `{"vars":["v","w"],"states":[${texts.join(`,${between}`)}]}`;
}

describe('parts that were met before', () => {
  it('are read as if they were new', () => {
    fc.assert(
      fc.property(randomStates, randomLayout, (states, layout) => {
        const together = parseItf(textOf(states, layout));
        const alone = states.map(state => parseItf(textOf([state], layout)));
        const read = alone.map(one => (one.ok ? one.value.states[0] : undefined));
        expect(together.ok).toBe(alone.every(one => one.ok));
        if (together.ok) expect(together.value.states).toEqual(read);
      }),
      { numRuns: 2000 },
    );
  });

  it('are read at once as byte by byte, what is wrong included', async () => {
    const damages = fc.array(randomDamage, { maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(randomStates, randomLayout, damages, async (states, layout, damage) => {
        const text = Buffer.from(textOf(states, layout));
        const bytes = damage.reduce<Buffer>((damaged, one) => one(damaged), text);
        const cuts = Array.from(bytes.keys());
        expect(await readContent(bytes)).toEqual(await readContent(bytes, undefined, cuts));
      }),
      { numRuns: 500 },
    );
  });
});
