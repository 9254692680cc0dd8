// The queue of a world against sorting: whatever is put in and taken out in whatever order.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Due, filterDue, popDue, pushDue } from '../../src/simulate/queue.js';

const times = fc.array(fc.oneof(fc.nat(5), fc.constant(undefined)), { maxLength: 60 });

function sorted(items: readonly Due[]): Due[] {
  return [...items].sort((a, b) => a.at - b.at || a.order - b.order);
}

describe('the queue', () => {
  it('gives what is due first, and of what is due at one time what was put in first', () => {
    fc.assert(
      fc.property(times, given => {
        const heap: Due[] = [];
        let model: Due[] = [];
        for (const [order, at] of given.entries()) {
          if (at === undefined) {
            const [first, ...rest] = sorted(model);
            expect(popDue(heap)).toEqual(first);
            model = rest;
          } else {
            pushDue(heap, { at, order });
            model.push({ at, order });
          }
        }
        expect(Array.from({ length: model.length }, () => popDue(heap))).toEqual(sorted(model));
        expect(popDue(heap)).toBeUndefined();
      }),
    );
  });

  it('keeps its order when items are taken out of its middle', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 40 }), fc.nat(9), (given, out) => {
        const heap: Due[] = [];
        for (const [order, at] of given.entries()) pushDue(heap, { at, order });
        filterDue(heap, ({ at }) => at !== out);
        const left = given.map((at, order) => ({ at, order })).filter(({ at }) => at !== out);
        expect(left.map(() => popDue(heap))).toEqual(sorted(left));
      }),
    );
  });
});
