// Distinct states, small: each value of each variable is kept once and numbered, a state is a row of such numbers in
// one typed array, and a hash table over the rows finds it again. Numbers show in no result.
import type { RtState } from './program.js';
import { mix } from './runtime/hash.js';
import { item } from './runtime/values.js';
import { ValueNumbers } from './value-numbers.js';

export class StateStore {
  private readonly values: readonly ValueNumbers[];
  private rows = new Int32Array(1024);
  private slots = new Int32Array(1024);
  private readonly row: Int32Array;
  private count = 0;
  private got = -1;

  constructor(private readonly width: number) {
    this.values = Array.from({ length: width }, () => new ValueNumbers());
    this.row = new Int32Array(width);
  }

  get size(): number {
    return this.count;
  }

  /**
   * The number of the state, from 0; a number equal to the former {@link size} says that it is new. What `state` has
   * in common with the state that was got last is not looked up.
   */
  add(state: RtState): number {
    for (let i = 0; i < this.width; i++) {
      const same =
        this.got >= 0 && state[i] === this.values[i]?.value(this.rows[this.got * this.width + i] ?? 0);
      this.row[i] = same
        ? (this.rows[this.got * this.width + i] ?? 0)
        : item(this.values, i).number(state[i]);
    }
    const mask = this.slots.length - 1;
    for (let i = hashRow(this.row, 0, this.width) & mask; ; i = (i + 1) & mask) {
      const found = (this.slots[i] ?? 0) - 1;
      if (found < 0) return this.insert(i);
      if (this.isRow(found)) return found;
    }
  }

  /** The state with this number, its values shared with all states that have them. */
  get(number: number): RtState {
    this.got = number;
    return this.values.map((values, i) => values.value(this.rows[number * this.width + i] ?? 0));
  }

  private isRow(number: number): boolean {
    const from = number * this.width;
    for (let i = 0; i < this.width; i++) if (this.rows[from + i] !== this.row[i]) return false;
    return true;
  }

  private insert(slot: number): number {
    const number = this.count++;
    this.slots[slot] = number + 1;
    const from = number * this.width;
    if (from + this.width > this.rows.length) {
      const larger = new Int32Array(this.rows.length * 2);
      larger.set(this.rows);
      this.rows = larger;
    }
    this.rows.set(this.row, from);
    if (this.count * 2 > this.slots.length) this.grow();
    return number;
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let number = 0; number < this.count; number++) {
      let i = hashRow(this.rows, number * this.width, this.width) & mask;
      while (this.slots[i] !== 0) i = (i + 1) & mask;
      this.slots[i] = number + 1;
    }
  }
}

function hashRow(rows: Int32Array, from: number, width: number): number {
  let hash = 0x165667b1;
  for (let i = from; i < from + width; i++) hash = mix(hash, rows[i] ?? 0);
  return hash;
}
