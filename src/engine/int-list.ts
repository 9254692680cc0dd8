// A list of 32-bit integers that grows: half the memory of an array of numbers, for what is kept for every state.
export class IntList {
  private items = new Int32Array(1024);
  private count = 0;

  push(value: number): void {
    if (this.count === this.items.length) {
      const larger = new Int32Array(2 * this.count);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.count++] = value;
  }

  /** The value at `i`, which must be below the number of values pushed. */
  at(i: number): number {
    return this.items[i] ?? 0;
  }

  set(i: number, value: number): void {
    this.items[i] = value;
  }
}
