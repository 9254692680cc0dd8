// The cryptography that the simulated protocols share, on ed25519's group: hashes, signatures, secret sharing, proofs.
// It is real, so that what a protocol accepts is what its checks let through and nothing else. All values that leave here
// for a state or a message are lower-case hex, as plain data has them. Randomness comes from the caller; nothing here keeps
// a state that could change a result. Speed goes before constant time: the secrets are those of simulated participants.
import { ed25519, ed25519_hasher } from '@noble/curves/ed25519.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Random } from '../../util/random.js';

const { Point } = ed25519;
type Point = InstanceType<typeof Point>;

/** What hashes and signatures are over, after words that say what for: parts that cannot run into one another. */
type Parts = readonly (string | number)[];

/** The field of the scalars: integers modulo the order of ed25519's group. */
export const scalars = Point.Fn;

export function hexOf(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}

/** The bytes, or undefined where the text is not hex. */
export function bytesOf(hex: string): Uint8Array | undefined {
  return /^([0-9a-f]{2})*$/.test(hex) ? hexToBytes(hex) : undefined;
}

/** SHA-256. Hex. */
export function hashOf(purpose: string, ...parts: Parts): string {
  return bytesToHex(sha256(encoded(purpose, parts)));
}

/** A source of random bytes for the library. */
export function rngOf(random: Random): (length?: number) => Uint8Array {
  return (length = 32) => Uint8Array.from({ length }, () => random.below(256));
}

// ---- scalars and points ----

/** A scalar that depends on the parts alone, without bias. */
export function scalarOf(purpose: string, ...parts: Parts): bigint {
  return reduced(sha512(encoded(purpose, parts)));
}

export function randomScalar(random: Random): bigint {
  return reduced(rngOf(random)(64));
}

/** 32 bytes, the least significant first, as RFC 9591 serializes scalars. */
export function scalarHex(scalar: bigint): string {
  return bytesToHex(scalars.toBytes(scalar));
}

/** The scalar, or undefined where the text is not one in its only form. */
export function scalarFrom(hex: string): bigint | undefined {
  const bytes = bytesOf(hex);
  if (bytes?.length !== 32) return undefined;
  const scalar = numberOf(bytes);
  return scalar < scalars.ORDER ? scalar : undefined;
}

/** The scalar times the group's base point. */
export function publicOf(scalar: bigint): string {
  return pointHex(times(Point.BASE, scalar));
}

/** The sum of scalars times points; undefined where a text is not a point of the group. */
export function combinePoints(
  terms: readonly { readonly scalar: bigint; readonly point: string }[],
): string | undefined {
  let sum = Point.ZERO;
  for (const { scalar, point } of terms) {
    const parsed = pointFrom(point);
    if (parsed === undefined) return undefined;
    sum = sum.add(times(parsed, scalar));
  }
  return pointHex(sum);
}

/** A point of the group of which nobody knows the discrete logarithm (RFC 9380). */
export function hashToPoint(purpose: string, ...parts: Parts): string {
  return bytesToHex(ed25519_hasher.hashToCurve(encoded(purpose, parts)).toBytes());
}

// ---- secret sharing (Shamir, 1979) ----

/** A value of a polynomial; `x` counts from 1, the secret is the value at 0. */
export interface SharePoint {
  readonly x: number;
  readonly share: bigint;
}

/** The value at x of the polynomial with these coefficients, the constant one first. */
export function polynomialAt(coefficients: readonly bigint[], x: number): bigint {
  return coefficients.reduceRight(
    (sum, coefficient) => scalars.add(scalars.mul(sum, BigInt(x)), coefficient),
    0n,
  );
}

/** The weight of the share at x when those at `xs`, x among them, are put together. */
export function lagrange(xs: readonly number[], x: number): bigint {
  let weight = 1n;
  for (const other of xs) {
    if (other === x) continue;
    const factor = scalars.div(scalars.create(BigInt(other)), scalars.create(BigInt(other - x)));
    weight = scalars.mul(weight, factor);
  }
  return weight;
}

/** The secret, if there are enough genuine shares; otherwise some other scalar. */
export function combineShares(shares: readonly SharePoint[]): bigint {
  const xs = shares.map(({ x }) => x);
  return shares.reduce((sum, { x, share }) => scalars.add(sum, scalars.mul(lagrange(xs, x), share)), 0n);
}

// ---- signatures ----

/** A key pair for signatures that depends on the parts alone. Hex. */
export function deviceKey(...parts: Parts): { readonly secret: string; readonly public: string } {
  const secret = sha256(encoded('device key', parts));
  return { secret: bytesToHex(secret), public: bytesToHex(ed25519.getPublicKey(secret)) };
}

/** An ed25519 signature over the parts (RFC 8032). Hex. */
export function signed(secret: string, purpose: string, ...parts: Parts): string {
  return bytesToHex(ed25519.sign(encoded(purpose, parts), hexToBytes(secret)));
}

/** Whether a signature is one over the parts. Never throws. */
export function isSigned(signature: string, key: string, purpose: string, ...parts: Parts): boolean {
  return isSignature(signature, key, encoded(purpose, parts));
}

/** Whether a signature is one over the bytes. Never throws. */
export function isSignature(signature: string, key: string, message: Uint8Array): boolean {
  const [bytes, keyBytes] = [bytesOf(signature), bytesOf(key)];
  if (bytes?.length !== 64 || keyBytes?.length !== 32) return false;
  try {
    return ed25519.verify(bytes, message, keyBytes);
  } catch {
    return false; // a key that is no point
  }
}

// ---- proofs ----

/** A proof that one secret is behind two points over two bases (Chaum, Pedersen, 1992). Hex scalars. */
export type EqualityProof = { readonly challenge: string; readonly response: string };

/** `secret` times the base point, and `secret` times `base`, are of one secret. `base` has to be a point. */
export function proveEqual(secret: bigint, base: string, random: Random): EqualityProof {
  const nonce = randomScalar(random);
  const second = combinePoints([{ scalar: secret, point: base }]) ?? '';
  const commitment = combinePoints([{ scalar: nonce, point: base }]) ?? '';
  const challenge = scalarOf('equality', base, publicOf(secret), second, publicOf(nonce), commitment);
  const response = scalars.add(nonce, scalars.mul(challenge, secret));
  return { challenge: scalarHex(challenge), response: scalarHex(response) };
}

/** Whether `first` over the base point and `second` over `base` are of one secret. Never throws. */
export function provesEqual(proof: EqualityProof, base: string, first: string, second: string): boolean {
  const [challenge, response] = [scalarFrom(proof.challenge), scalarFrom(proof.response)];
  const [basePoint, firstPoint, secondPoint] = [base, first, second].map(pointFrom);
  if (challenge === undefined || response === undefined) return false;
  if (basePoint === undefined || firstPoint === undefined || secondPoint === undefined) return false;
  const a = times(Point.BASE, response).subtract(times(firstPoint, challenge));
  const b = times(basePoint, response).subtract(times(secondPoint, challenge));
  return challenge === scalarOf('equality', base, first, second, pointHex(a), pointHex(b));
}

/**
 * Remembers what a pure function of texts gave the last times: many nodes check the same message. What is remembered
 * changes no result.
 */
export function remembering<T extends string | boolean | null>(
  compute: (...texts: string[]) => T,
): (...texts: string[]) => T {
  const known = new Map<string, T>();
  return (...texts) => {
    const key = JSON.stringify(texts);
    let value = known.get(key);
    if (value === undefined) {
      value = compute(...texts);
      if (known.size >= 4096) known.clear();
      known.set(key, value);
    }
    return value;
  };
}

function encoded(purpose: string, parts: Parts): Uint8Array {
  return utf8ToBytes(JSON.stringify([purpose, ...parts]));
}

/** A 512-bit number modulo the order: near enough to uniform. */
function reduced(bytes: Uint8Array): bigint {
  return scalars.create(numberOf(bytes));
}

function numberOf(littleEndian: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(littleEndian.toReversed())}`);
}

function pointHex(point: Point): string {
  return bytesToHex(point.toBytes());
}

const known = new Map<string, Point | undefined>();

/** A point other than zero, of the group of prime order. Parsing is slow, and the same points come again and again. */
function pointFrom(hex: string): Point | undefined {
  if (known.has(hex)) return known.get(hex);
  if (known.size >= 4096) known.clear();
  const point = parsedPoint(hex);
  known.set(hex, point);
  return point;
}

function parsedPoint(hex: string): Point | undefined {
  const bytes = bytesOf(hex);
  if (bytes?.length !== 32) return undefined;
  try {
    const point = Point.fromBytes(bytes);
    return point.is0() || !point.isTorsionFree() ? undefined : point;
  } catch {
    return undefined;
  }
}

/** As the library's product, which refuses a factor of zero. */
function times(point: Point, scalar: bigint): Point {
  return scalar === 0n ? Point.ZERO : point.multiplyUnsafe(scalar);
}
