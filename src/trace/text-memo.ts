// Values by their text. The states of a trace are made of few different parts: the same messages, phases and records
// come again and again, in other company. A part whose very bytes were decoded before is not decoded again, which is
// several times faster, and equal parts become the same object, which later stages profit from. One pass over a value
// finds where its parts end and hashes them all; bounded in memory, it forgets what was not met for long.
import type { Value } from '../model/value.js';
import type { Fit } from './fit.js';
import { BYTE, type JsonCursor } from './json-cursor.js';

/** Bytes of the longest text that is remembered: what is longer is rarely met twice, and its parts are remembered. */
const TEXT_BYTES = 512;
/** Texts that are remembered, a power of two: one that hashes like another takes its place. */
const SLOTS = 2048;
/** Bytes of one value whose parts are looked at; what stands behind is decoded as if it were new. */
const INDEXED_BYTES = 1 << 20;
const FACTOR = 31;
// As constants of this module they are known when the loop over all bytes is compiled.
const { openBrace: OPEN_BRACE, openBracket: OPEN_BRACKET, quote: QUOTE, backslash: BACKSLASH } = BYTE;

/** 1 for a byte that neither opens nor closes anything, where it stands outside of a string. */
const IS_PLAIN = new Uint8Array(256).fill(1);
for (const byte of [QUOTE, OPEN_BRACE, OPEN_BRACKET, BYTE.closeBrace, BYTE.closeBracket]) IS_PLAIN[byte] = 0;

/** FACTOR to the power of the index, in 32 bits. */
const POWERS = powers();

function powers(): Int32Array {
  const all = new Int32Array(TEXT_BYTES + 1);
  let power = 1;
  for (let i = 0; i <= TEXT_BYTES; i++) {
    all[i] = power;
    power = Math.imul(power, FACTOR);
  }
  return all;
}

export class TextMemo {
  /** By offset of an opening bracket from `from`: where its value ends, 0 if it does not. */
  private ends: Int32Array = new Int32Array(1024);
  /** The same for the hash of its text. */
  private hashes: Int32Array = new Int32Array(1024);
  private from = 0;
  /** Offsets of the brackets that are open, `depth` of them; of those that open too deep only the last are known. */
  private readonly open = new Int32Array(1024);
  private depth = 0;
  /** The text of each slot, of `lengths` bytes, 0 for none. */
  private readonly texts = Buffer.allocUnsafe(SLOTS * TEXT_BYTES);
  private readonly lengths = new Int16Array(SLOTS);
  private readonly values: (Value | undefined)[] = new Array<Value | undefined>(SLOTS).fill(undefined);
  /** The fit by which each value is known to be right. */
  private readonly fits: (Fit | undefined)[] = new Array<Fit | undefined>(SLOTS).fill(undefined);

  /** Looks at the value that starts at `from`; {@link find} and {@link keep} know the parts of this one only. */
  index(bytes: Buffer, from: number): void {
    const until = Math.min(bytes.length, from + INDEXED_BYTES);
    this.from = from;
    this.depth = 0;
    let hash = 0;
    for (let i = from; i < until; i++) {
      const byte = bytes[i] ?? 0;
      if (IS_PLAIN[byte] !== 1) {
        if (byte === QUOTE) {
          // Brackets in strings open nothing.
          do {
            hash = (Math.imul(hash, FACTOR) + (bytes[i] ?? 0)) | 0;
            if (bytes[i] === BACKSLASH) hash = (Math.imul(hash, FACTOR) + (bytes[++i] ?? 0)) | 0;
          } while (++i < until && bytes[i] !== QUOTE);
        } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.opened(i - from, hash);
        else if (this.closed(i + 1, (Math.imul(hash, FACTOR) + byte) | 0)) return;
      }
      hash = (Math.imul(hash, FACTOR) + byte) | 0;
    }
  }

  private opened(offset: number, hash: number): void {
    if (offset >= this.ends.length) {
      this.ends = grown(this.ends, offset);
      this.hashes = grown(this.hashes, offset);
    }
    this.ends[offset] = 0;
    this.hashes[offset] = hash;
    this.open[this.depth++] = offset;
  }

  /** Whether the bracket that closes before `end` is the last of the value. */
  private closed(end: number, hash: number): boolean {
    if (this.depth-- === 0) return true;
    const offset = this.open[this.depth] ?? 0;
    this.ends[offset] = end;
    const factor = POWERS[end - this.from - offset] ?? 0;
    this.hashes[offset] = (hash - Math.imul(this.hashes[offset] ?? 0, factor)) | 0;
    return this.depth === 0;
  }

  /** The value that was kept for the text at the cursor, which is then behind it. */
  find(cursor: JsonCursor): Value | undefined {
    const { bytes, at } = cursor;
    const length = this.lengthAt(at);
    const slot = this.slotAt(at);
    if (length === 0 || this.lengths[slot] !== length) return undefined;
    const text = slot * TEXT_BYTES;
    for (let i = 0; i < length; i++) if (this.texts[text + i] !== bytes[at + i]) return undefined;
    cursor.at = at + length;
    return this.values[slot];
  }

  /** Keeps the value that the cursor has read from `start` on. */
  keep(cursor: JsonCursor, start: number, value: Value): void {
    const length = this.lengthAt(start);
    // Of text that is not JSON the parts are not known well.
    if (length === 0 || start + length !== cursor.at) return;
    const slot = this.slotAt(start);
    cursor.bytes.copy(this.texts, slot * TEXT_BYTES, start, cursor.at);
    this.lengths[slot] = length;
    this.values[slot] = value;
    this.fits[slot] = undefined;
  }

  /** Whether {@link noteFit} was told of this value, whose text starts at `start`. */
  isFit(start: number, value: Value, fit: Fit): boolean {
    const slot = this.slotAt(start);
    return this.fits[slot] === fit && this.values[slot] === value;
  }

  /** Notes that the value whose text starts at `start` fits as it is. */
  noteFit(start: number, value: Value, fit: Fit): void {
    const slot = this.slotAt(start);
    if (this.values[slot] === value) this.fits[slot] = fit;
  }

  /** 0 for a text that is not remembered. */
  private lengthAt(start: number): number {
    const length = (this.ends[start - this.from] ?? 0) - start;
    return length > 0 && length <= TEXT_BYTES ? length : 0;
  }

  private slotAt(start: number): number {
    const hash = this.hashes[start - this.from] ?? 0;
    return (hash ^ (hash >>> 13)) & (SLOTS - 1);
  }
}

function grown(array: Int32Array, offset: number): Int32Array {
  const larger = new Int32Array(2 * offset);
  larger.set(array);
  return larger;
}
