// Integers without bound, fast: a JavaScript number within the safe range and a bigint outside it, never the other
// way round, so that `===` is equality. Every operation tries numbers first and falls back to bigints exactly.
import { failEval } from './failure.js';

export type Int = number | bigint;

const MAX = Number.MAX_SAFE_INTEGER;

/** The one representation of `value`. */
export function toInt(value: bigint): Int {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

export function iadd(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= MAX && sum >= -MAX) return sum;
  }
  return toInt(BigInt(a) + BigInt(b));
}

export function isub(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (difference <= MAX && difference >= -MAX) return difference;
  }
  return toInt(BigInt(a) - BigInt(b));
}

export function imul(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    // Adding zero turns -0, which is no integer of Quint, into 0.
    if (product <= MAX && product >= -MAX) return product + 0;
  }
  return toInt(BigInt(a) * BigInt(b));
}

/** Truncates towards zero, as Quint does. */
export function idiv(a: Int, b: Int, at: number): Int {
  if (b === 0) return failEval('QNT503', 'Division by zero', at);
  // a / b may round up to the next integer; the difference is an exact multiple.
  if (typeof a === 'number' && typeof b === 'number') return (a - (a % b)) / b + 0;
  return toInt(BigInt(a) / BigInt(b));
}

/** The remainder has the sign of the dividend, as in Quint. */
export function imod(a: Int, b: Int, at: number): Int {
  if (b === 0) return failEval('QNT501', 'Division by zero', at);
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0;
  return toInt(BigInt(a) % BigInt(b));
}

/** Bits that a power may have: beyond, Quint too would exhaust the memory. */
const POWER_BITS_MAX = 1_000_000;

export function ipow(a: Int, b: Int, at: number): Int {
  if (a === 0 && b === 0) return failEval('QNT503', '0^0 is undefined', at);
  if (b < 0) return failEval('QNT503', 'i^j is undefined for j < 0', at);
  if (a === 0 || a === 1) return a;
  if (a === -1) return BigInt(b) % 2n === 0n ? 1 : -1;
  const bits = BigInt(a).toString(2).length;
  if (BigInt(b) * BigInt(bits) > POWER_BITS_MAX)
    return failEval('budget', `${a}^${b} has more than ${POWER_BITS_MAX} bits`, at);
  return toInt(BigInt(a) ** BigInt(b));
}

export function iuminus(a: Int): Int {
  return typeof a === 'number' ? 0 - a : toInt(-a);
}
