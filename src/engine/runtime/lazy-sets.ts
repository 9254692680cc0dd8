// Sets that are not listed until somebody asks for all their elements: intervals, powersets, cross products, sets
// of maps, Int and Nat. Membership, size and choosing one element never list them.
import { failEval } from './failure.js';
import { type Int, iadd, isub, toInt } from './integers.js';
import { checkListable, compare, FSet, item, MapVal, type RtValue, SetBase, Tup } from './values.js';

type Cursor = { next: number };

function take(positions: readonly Int[], cursor: Cursor): Int {
  return positions[cursor.next++] ?? failEval('QNT501', 'Index out of bounds', 0);
}

/** The integers from `first` to `last`, both included; empty when `last` is smaller. */
export class Interval extends SetBase {
  private items: readonly RtValue[] | undefined;
  constructor(
    readonly first: Int,
    readonly last: Int,
  ) {
    super();
  }
  size(): Int {
    return this.last < this.first ? 0 : iadd(isub(this.last, this.first), 1);
  }
  has(value: RtValue): boolean {
    return (
      (typeof value === 'number' || typeof value === 'bigint') && value >= this.first && value <= this.last
    );
  }
  list(at: number): readonly RtValue[] {
    if (this.items === undefined) {
      const items: RtValue[] = [];
      const size = checkListable(this, at);
      for (let i = 0; i < size; i++) items.push(iadd(this.first, i));
      this.items = items;
    }
    return this.items;
  }
  bounds(): readonly Int[] {
    return [this.size()];
  }
  pick(positions: readonly Int[], cursor: Cursor): RtValue {
    return iadd(this.first, take(positions, cursor));
  }
  describe(): string {
    return `${this.first}.to(${this.last})`;
  }
}

/** All subsets of `base`. */
export class Powerset extends SetBase {
  private items: readonly RtValue[] | undefined;
  constructor(readonly base: SetBase) {
    super();
  }
  size(): Int | undefined {
    const size = this.base.size();
    if (size === undefined) return undefined;
    return size < 53 ? 2 ** Number(size) : size < 1_000_000 ? toInt(1n << BigInt(size)) : 1n << 1_000_000n;
  }
  has(value: RtValue): boolean {
    if (!(value instanceof SetBase) || value.size() === undefined) return false;
    return value.list(0).every(item => this.base.has(item));
  }
  list(at: number): readonly RtValue[] {
    if (this.items === undefined) {
      checkListable(this, at);
      const base = this.base.list(at);
      // By size and then element by element is the canonical order, so subsets of each size in lexicographic
      // order come out sorted.
      const items: RtValue[] = [];
      for (let size = 0; size <= base.length; size++) pushCombinations(base, size, items);
      this.items = items;
    }
    return this.items;
  }
  bounds(): readonly (Int | undefined)[] {
    return [this.size()];
  }
  pick(positions: readonly Int[], cursor: Cursor): RtValue {
    const index = BigInt(take(positions, cursor));
    return new FSet(this.base.list(0).filter((_, i) => (index >> BigInt(i)) % 2n === 1n));
  }
  describe(): string {
    return `the powerset of ${this.base.describe()}`;
  }
}

function pushCombinations(base: readonly RtValue[], size: number, into: RtValue[]): void {
  const chosen: RtValue[] = [];
  const extend = (from: number): void => {
    if (chosen.length === size) {
      into.push(new FSet(chosen.slice()));
      return;
    }
    for (let i = from; i <= base.length - (size - chosen.length); i++) {
      chosen.push(item(base, i));
      extend(i + 1);
      chosen.pop();
    }
  };
  extend(0);
}

/** The product of one size per factor, `undefined` if infinite, 0 as soon as one factor is empty. */
function product(sizes: readonly (Int | undefined)[]): Int | undefined {
  if (sizes.some(size => size === 0)) return 0;
  let total = 1n;
  for (const size of sizes) {
    if (size === undefined) return undefined;
    total *= BigInt(size);
  }
  return toInt(total);
}

/** All tuples with one element of each of `sets`. */
export class CrossProduct extends SetBase {
  private items: readonly RtValue[] | undefined;
  constructor(readonly sets: readonly SetBase[]) {
    super();
  }
  size(): Int | undefined {
    return product(this.sets.map(set => set.size()));
  }
  has(value: RtValue): boolean {
    if (!(value instanceof Tup) || value.items.length !== this.sets.length) return false;
    return this.sets.every((set, i) => set.has(item(value.items, i)));
  }
  list(at: number): readonly RtValue[] {
    if (this.items === undefined) {
      const size = checkListable(this, at);
      // An empty factor makes the product empty even when another factor is infinite.
      this.items = size === 0 ? [] : tuplesOf(this.sets.map(set => set.list(at)));
    }
    return this.items;
  }
  bounds(): readonly (Int | undefined)[] {
    return this.sets.flatMap(set => set.bounds());
  }
  pick(positions: readonly Int[], cursor: Cursor): RtValue {
    return new Tup(this.sets.map(set => set.pick(positions, cursor)));
  }
  describe(): string {
    return `the product of ${this.sets.map(set => set.describe()).join(' and ')}`;
  }
}

function tuplesOf(factors: readonly (readonly RtValue[])[]): Tup[] {
  const tuples: Tup[] = [];
  const row: RtValue[] = [];
  const extend = (from: number): void => {
    if (from === factors.length) {
      tuples.push(new Tup(row.slice()));
      return;
    }
    for (const value of item(factors, from)) {
      row[from] = value;
      extend(from + 1);
    }
  };
  extend(0);
  return tuples;
}

/** All maps from `domain` to `range`. */
export class MapSet extends SetBase {
  private items: readonly RtValue[] | undefined;
  constructor(
    readonly domain: SetBase,
    readonly range: SetBase,
  ) {
    super();
  }
  size(): Int | undefined {
    const keys = this.domain.size();
    const values = this.range.size();
    if (keys === 0) return 1;
    if (values === 0 || values === 1) return values;
    if (keys === undefined || values === undefined) return undefined;
    // Beyond any listable size the exact number only costs memory.
    return keys > 100_000 ? 1n << 1_000_000n : toInt(BigInt(values) ** BigInt(keys));
  }
  has(value: RtValue): boolean {
    if (!(value instanceof MapVal)) return false;
    return compare(new FSet(value.keys), this.domain) === 0 && value.vals.every(item => this.range.has(item));
  }
  list(at: number): readonly RtValue[] {
    if (this.items === undefined) {
      const size = checkListable(this, at);
      const keys = this.domain.list(at);
      const range = size === 0 || keys.length === 0 ? [] : this.range.list(at);
      this.items = tuplesOf(keys.map(() => range)).map(row => new MapVal(keys, row.items));
    }
    return this.items;
  }
  bounds(): readonly (Int | undefined)[] {
    const range = this.range.bounds();
    return this.domain.list(0).flatMap(() => range);
  }
  pick(positions: readonly Int[], cursor: Cursor): RtValue {
    const keys = this.domain.list(0);
    return new MapVal(
      keys,
      keys.map(() => this.range.pick(positions, cursor)),
    );
  }
  describe(): string {
    return `the set of maps from ${this.domain.describe()} to ${this.range.describe()}`;
  }
}

/** `Int` or `Nat`. */
export class InfiniteSet extends SetBase {
  constructor(readonly name: 'Int' | 'Nat') {
    super();
  }
  size(): undefined {
    return undefined;
  }
  has(value: RtValue): boolean {
    return (typeof value === 'number' || typeof value === 'bigint') && (this.name === 'Int' || value >= 0);
  }
  list(at: number): readonly RtValue[] {
    return failEval('QNT501', `Infinite set ${this.name} is non-enumerable`, at);
  }
  bounds(): readonly undefined[] {
    return [undefined];
  }
  pick(positions: readonly Int[], cursor: Cursor): RtValue {
    const position = take(positions, cursor);
    return this.name === 'Nat' && position < 0 ? isub(0, position) : position;
  }
  describe(): string {
    return this.name;
  }
}

export const INT_SET = new InfiniteSet('Int');
export const NAT_SET = new InfiniteSet('Nat');
export const BOOL_SET = new FSet([false, true]);

/** A listed set equal to `set`. */
export function listed(set: SetBase, at: number): FSet {
  return set instanceof FSet ? set : new FSet(set.list(at));
}
