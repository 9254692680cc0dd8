// A cursor over JSON in UTF-8 bytes. It reads bytes and not a string because decoding is what takes the time when
// a trace is verified: no copy is made, and a name that comes in every state is one string object, found by its
// hash. A method that finds bad input notes the first failure and gives undefined; it never throws.
import type { ErrorCode } from '../util/error-codes.js';
import { LIMITS } from '../util/limits.js';

/** ASCII codes of JSON's punctuation. */
export const BYTE = {
  quote: 0x22,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  dot: 0x2e,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  e: 0x65,
  f: 0x66,
  n: 0x6e,
  t: 0x74,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

export interface CursorFailure {
  readonly code: ErrorCode;
  readonly message: string;
  /** Byte offset in the bytes loaded; their length when they ended too early. */
  readonly offset: number;
}

const INTERN_SLOTS = 2048;
const INTERN_BYTES = 64;
const SMALL_INT_MIN = -256;
const SMALL_INTS = Array.from({ length: 2048 }, (_, i) => BigInt(i + SMALL_INT_MIN));
/** Integers of so many digits are exact in a double. */
const EXACT_DIGITS = 15;

export class JsonCursor {
  /** Offset of the next byte. */
  at = 0;
  bytes: Buffer = Buffer.alloc(0);
  failure: CursorFailure | undefined;
  // One string a slot, two slots for each hash, replaced on a clash: bounded however many names a file has.
  private readonly interned: (string | undefined)[] = new Array<string | undefined>(INTERN_SLOTS).fill(
    undefined,
  );
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  /** Starts over on other bytes. */
  load(bytes: Buffer, at = 0): void {
    this.bytes = bytes;
    this.at = at;
    this.failure = undefined;
  }

  fail(message: string, offset = this.at, code: ErrorCode = 'AUR301'): undefined {
    this.failure ??= { code, message, offset };
    return undefined;
  }

  /** The next byte that is not white space, not consumed; 0 at the end. */
  peek(): number {
    const bytes = this.bytes;
    let byte = bytes[this.at] ?? 0;
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++this.at] ?? 0;
    return byte;
  }

  /** Consumes a comma (true) or the closing bracket (false) after an item. */
  more(close: number): boolean | undefined {
    const byte = this.peek();
    if (byte !== BYTE.comma && byte !== close)
      return this.fail(`expected "," or "${String.fromCharCode(close)}"`);
    this.at++;
    return byte === BYTE.comma;
  }

  /** Nothing but white space may follow. */
  end(): boolean {
    this.peek();
    if (this.at === this.bytes.length) return true;
    this.fail('there is more text after the value');
    return false;
  }

  /** A key and the colon after it. */
  key(): string | undefined {
    if (this.peek() !== BYTE.quote) return this.fail('expected a key in quotes');
    const key = this.text();
    if (key === undefined) return undefined;
    if (this.peek() !== BYTE.colon) return this.fail('expected ":" after the key');
    this.at++;
    return key;
  }

  /** One of the words true, false and null, as `value`. */
  word<T>(word: string, value: T): T | undefined {
    for (let i = 0; i < word.length; i++)
      if (this.bytes[this.at + i] !== word.charCodeAt(i))
        return this.fail('expected a value', Math.min(this.at + i, this.bytes.length));
    this.at += word.length;
    return value;
  }

  /** Digits with an optional minus before them. Leading zeros are taken: JSON's rule on them is the caller's. */
  integer(): bigint | undefined {
    const bytes = this.bytes;
    const start = this.at;
    const negative = bytes[start] === BYTE.minus;
    const first = negative ? start + 1 : start;
    let i = first;
    let small = 0;
    for (; ; i++) {
      const digit = (bytes[i] ?? 0) - BYTE.zero;
      if (digit < 0 || digit > 9) break;
      small = small * 10 + digit;
    }
    if (i === first) return this.fail('expected a digit', i);
    if (i - first > LIMITS.traceIntDigits)
      return this.fail(`an integer has more than ${LIMITS.traceIntDigits} digits`, start, 'AUR304');
    this.at = i;
    if (i - first > EXACT_DIGITS) return BigInt(bytes.toString('latin1', start, i));
    const exact = negative ? -small : small;
    return SMALL_INTS[exact - SMALL_INT_MIN] ?? BigInt(exact);
  }

  /** A string; the cursor stands on its opening quote. */
  text(): string | undefined {
    const bytes = this.bytes;
    const start = this.at + 1;
    let hash = 0;
    let i = start;
    for (; ; i++) {
      const byte = bytes[i] ?? 0;
      if (byte === BYTE.quote) break;
      if (byte < 0x20 || byte >= 0x80 || byte === BYTE.backslash) return this.unusualText();
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    this.at = i + 1;
    if (i - start > INTERN_BYTES) return bytes.toString('latin1', start, i);
    const slot = (hash ^ (hash >>> 11)) & (INTERN_SLOTS - 1);
    const known = this.internedAt(slot, start, i) ?? this.internedAt(slot ^ 1, start, i);
    if (known !== undefined) return known;
    const text = bytes.toString('latin1', start, i);
    this.interned[this.interned[slot] === undefined ? slot : slot ^ 1] = text;
    return text;
  }

  private internedAt(slot: number, start: number, end: number): string | undefined {
    const known = this.interned[slot];
    return known !== undefined && known.length === end - start && this.holds(known, start)
      ? known
      : undefined;
  }

  private holds(text: string, start: number): boolean {
    for (let i = 0; i < text.length; i++) if (this.bytes[start + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** A string with escapes or characters beyond ASCII. */
  private unusualText(): string | undefined {
    const start = this.at;
    let i = start + 1;
    let escapes = false;
    for (; this.bytes[i] !== BYTE.quote; i++) {
      if (i >= this.bytes.length) return this.fail('the text ends inside a string', this.bytes.length);
      if ((this.bytes[i] ?? 0) < 0x20) return this.fail('a string holds a control character', i);
      if (this.bytes[i] === BYTE.backslash) {
        escapes = true;
        i++;
      }
    }
    try {
      const quoted = this.utf8.decode(this.bytes.subarray(start, i + 1));
      this.at = i + 1;
      return escapes
        ? (unescaped(quoted) ?? this.fail('a string holds an escape that JSON does not know', start))
        : quoted.slice(1, -1);
    } catch {
      return this.fail('a string is not valid UTF-8', start, 'AUR004');
    }
  }
}

function unescaped(quoted: string): string | undefined {
  try {
    const text: unknown = JSON.parse(quoted);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
