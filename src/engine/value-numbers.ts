// Values by number: equal values have one number, and the value is found by it. States and residual formulas are
// told apart by such numbers instead of by comparing what they hold. Numbers depend on what came before, so they must
// not show in any result.
import { must } from '../util/assert.js';
import { hashOf } from './runtime/hash.js';
import { eq, type RtValue } from './runtime/values.js';

/** Distinct values, numbered from 1 in the order in which they came; 0 stands for no value. */
export class ValueNumbers {
  private readonly list: (RtValue | undefined)[] = [undefined];
  private slots = new Int32Array(64);

  number(value: RtValue | undefined): number {
    if (value === undefined) return 0;
    const hash = hashOf(value);
    for (let i = hash & (this.slots.length - 1); ; i = (i + 1) & (this.slots.length - 1)) {
      const number = this.slots[i] ?? 0;
      if (number === 0) return this.add(value, i);
      if (eq(must(this.list[number], 'value'), value)) return number;
    }
  }

  value(number: number): RtValue | undefined {
    return this.list[number];
  }

  private add(value: RtValue, slot: number): number {
    const number = this.list.push(value) - 1;
    this.slots[slot] = number;
    if (this.list.length * 2 > this.slots.length) this.grow();
    return number;
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let number = 1; number < this.list.length; number++) {
      let i = hashOf(must(this.list[number], 'value')) & mask;
      while (this.slots[i] !== 0) i = (i + 1) & mask;
      this.slots[i] = number;
    }
  }
}
