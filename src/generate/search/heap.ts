// A priority queue: the first of its items by a given order, found again in logarithmic time.
import { must } from '../../util/assert.js';

export class Heap<T> {
  private readonly items: T[] = [];

  /** `before` says whether the first comes out before the second; it must be a strict order. */
  constructor(private readonly before: (a: T, b: T) => boolean) {}

  get size(): number {
    return this.items.length;
  }

  push(item: T): void {
    let hole = this.items.length;
    this.items.push(item);
    while (hole > 0) {
      const up = (hole - 1) >> 1;
      const parent = this.at(up);
      if (!this.before(item, parent)) break;
      this.items[hole] = parent;
      hole = up;
    }
    this.items[hole] = item;
  }

  /** Takes the first item out; undefined when there is none. */
  pop(): T | undefined {
    const first = this.items[0];
    const last = this.items.pop();
    if (last !== undefined && this.items.length > 0) this.sink(last);
    return first;
  }

  private sink(item: T): void {
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= this.items.length) break;
      if (child + 1 < this.items.length && this.before(this.at(child + 1), this.at(child))) child++;
      if (!this.before(this.at(child), item)) break;
      this.items[hole] = this.at(child);
      hole = child;
    }
    this.items[hole] = item;
  }

  private at(index: number): T {
    return must(this.items[index], 'an item of the heap');
  }
}
