// Random choice. The order in which Quint tries things is kept: `any` shuffles its branches; a `nondet` whose body
// was false takes the next element, round and round, when every bound is small. Elements are in canonical order here,
// in hash order in Quint, so single picks differ though the policy is the same.

import { must } from '../../util/assert.js';
import type { Random } from '../../util/random.js';
import { failEval } from './failure.js';
import { type Int, iadd, toInt } from './integers.js';
import { Interval, Powerset } from './lazy-sets.js';
import { FSet, item, type RtValue, type SetBase } from './values.js';

/** A function of emitted code; `twin` enumerates where the function itself picks at random. */
export type EmittedFunction = ((...args: readonly unknown[]) => unknown) & { twin?: EmittedFunction };

/** Below this bound a `nondet` is retried; Quint's default of QUINT_RETRY_NONDET_SMALLER_THAN. */
export const RETRY_BELOW = 100;

const dice: { random: Random | undefined; retryBelow: number } = {
  random: undefined,
  retryBelow: RETRY_BELOW,
};

/** Sets the stream that the next random steps draw from. Retrying is off when `retryBelow` is 0. */
export function useRandom(random: Random, retryBelow: number = RETRY_BELOW): void {
  dice.random = random;
  dice.retryBelow = retryBelow;
  reserve.range = 1;
}

function random(): Random {
  return must(dice.random, 'a stream of random numbers');
}

/** What is left of the last number drawn: uniform below `range`. */
const reserve = { value: 0, range: 1 };
const RESERVE_RANGE = 2 ** 30;
/** Choices of at most so many are paid from the reserve. */
const SMALL_MAX = 2 ** 16;

/**
 * Uniform below a small `bound`. Most choices are among a few, and one number of the stream serves several of them: it
 * is split into its remainder, which is the choice, and its quotient, which is kept. What would not divide evenly is
 * not used for the choice, so that it is exactly uniform.
 */
function belowSmall(bound: number): number {
  for (;;) {
    if (reserve.range < bound * 1024) {
      reserve.value = random().below(RESERVE_RANGE);
      reserve.range = RESERVE_RANGE;
    }
    const { value, range } = reserve;
    const quotients = (range / bound) | 0;
    const even = quotients * bound;
    if (value < even) {
      const quotient = (value / bound) | 0;
      reserve.value = quotient;
      reserve.range = quotients;
      return value - quotient * bound;
    }
    reserve.value = value - even;
    reserve.range = range - even;
  }
}

/** The numbers below `n`, to be taken in random order by {@link drawn}. */
export function shuffled(n: number): number[] {
  const order: number[] = [];
  for (let i = 0; i < n; i++) order.push(i);
  return order;
}

/** Takes one of the first `left` numbers of `order` at random and puts the last of them in its place. */
export function drawn(order: number[], left: number): number {
  const i = left === 1 ? 0 : belowSmall(left);
  const number = item(order, i);
  order[i] = item(order, left - 1);
  return number;
}

/** Uniform below `bound`, however large. */
export function below(bound: Int): Int {
  if (bound <= SMALL_MAX) return belowSmall(Number(bound));
  if (bound <= 2 ** 48) return random().below(Number(bound));
  const bits = (BigInt(bound) - 1n).toString(2).length;
  for (;;) {
    let value = 0n;
    for (let got = 0; got < bits; got += 32) value = (value << 32n) | BigInt(random().below(2 ** 32));
    value &= (1n << BigInt(bits)) - 1n;
    if (value < bound) return toInt(value);
  }
}

/** A choice from a set that can be repeated with the next element. */
export interface Picker {
  value(): RtValue;
  /** Moves to the next element; false when all have been tried, or when large sets are not tried again. */
  advance(): boolean;
}

/** Starts a choice from `set`; undefined when it is empty. */
export function picker(set: SetBase, at: number): Picker | undefined {
  if (set instanceof FSet) return set.items.length === 0 ? undefined : new ListedPicker(set.items);
  const size = set.size();
  if (size === 0) return undefined;
  if (set instanceof Interval && size !== undefined && size <= 256) return new ListedPicker(set.list(at));
  if (set instanceof Powerset && (set.size() ?? 0) > 2 ** 48) return new CoinPicker(set.base.list(at));
  return new LazyPicker(set);
}

class ListedPicker implements Picker {
  private readonly start: number;
  private i: number;
  constructor(private readonly items: readonly RtValue[]) {
    this.start = items.length === 1 ? 0 : Number(below(items.length));
    this.i = this.start;
  }
  value(): RtValue {
    return item(this.items, this.i);
  }
  advance(): boolean {
    if (this.items.length >= dice.retryBelow) return false;
    this.i = this.i + 1 === this.items.length ? 0 : this.i + 1;
    return this.i !== this.start;
  }
}

// One coin an element: an index into the subsets would need as many bits, and lose those that a number cannot hold.
class CoinPicker implements Picker {
  constructor(private readonly base: readonly RtValue[]) {}
  value(): RtValue {
    return new FSet(this.base.filter(() => belowSmall(2) === 1));
  }
  advance(): boolean {
    return false;
  }
}

class LazyPicker implements Picker {
  private readonly bounds: readonly (Int | undefined)[];
  private readonly start: readonly Int[];
  private positions: Int[];
  constructor(private readonly set: SetBase) {
    this.bounds = set.bounds();
    // From an infinite set, an integer of 256 bits.
    this.start = this.bounds.map(bound =>
      bound === undefined ? iadd(below(2n ** 256n), -(2n ** 255n)) : below(bound),
    );
    this.positions = this.start.slice();
  }
  value(): RtValue {
    return this.set.pick(this.positions, { next: 0 });
  }
  advance(): boolean {
    if (this.bounds.some(bound => bound === undefined || bound >= dice.retryBelow)) return false;
    for (let i = this.positions.length - 1; i >= 0; i--) {
      const bound = item(this.bounds, i) ?? failEval('QNT501', 'Index out of bounds', 0);
      const position = iadd(item(this.positions, i), 1);
      this.positions[i] = position < bound ? position : 0;
      if (position < bound) break;
    }
    return this.positions.some((position, i) => position !== item(this.start, i));
  }
}
