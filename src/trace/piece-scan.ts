// Finds where one JSON value ends in bytes that arrive in chunks. Strings are skipped and brackets counted, not
// matched: what is wrong inside a value is for its decoder to find. Every byte of a trace passes through here, so
// that a byte which means nothing to the scan costs one look into a table.
import { BYTE } from './json-cursor.js';
import type { PlaceCounter } from './place.js';

const PLAIN = 0;
const SPACE = 1;
const NEWLINE = 2;
const QUOTE = 3;
const BACKSLASH = 4;
const OPEN = 5;
const CLOSE = 6;
const COMMA = 7;
const BEYOND_ASCII = 8;

const CLASS = Uint8Array.from({ length: 256 }, (_, byte) => classOf(byte));

function classOf(byte: number): number {
  if (byte === 0x20 || byte === 0x09 || byte === 0x0d) return SPACE;
  if (byte === 0x0a) return NEWLINE;
  if (byte === BYTE.quote) return QUOTE;
  if (byte === BYTE.backslash) return BACKSLASH;
  if (byte === BYTE.openBrace || byte === BYTE.openBracket) return OPEN;
  if (byte === BYTE.closeBrace || byte === BYTE.closeBracket) return CLOSE;
  if (byte === BYTE.comma) return COMMA;
  return byte >= 0x80 ? BEYOND_ASCII : PLAIN;
}

export class PieceScan {
  /** Brackets open now. */
  depth = 0;
  private inText = false;
  private escaped = false;

  /** The scan gives up, in mid-chunk, on more than `depthMax` open brackets. */
  constructor(
    private readonly places: PlaceCounter,
    private readonly depthMax: number,
  ) {}

  /** Before the first byte of a value. */
  start(): void {
    this.depth = 0;
    this.inText = false;
    this.escaped = false;
  }

  /** The index after the value; undefined when it goes on after this chunk. */
  endIn(chunk: Uint8Array, from: number): number | undefined {
    let { depth, inText, escaped } = this;
    let end = -1;
    for (let i = from; i < chunk.length && end < 0; i++) {
      const kind = CLASS[chunk[i] ?? 0] ?? PLAIN;
      if (kind === PLAIN && !escaped) continue;
      if (kind === BEYOND_ASCII) this.places.beyondAscii(chunk[i] ?? 0);
      else if (kind === NEWLINE && (inText || depth > 0)) this.places.newline(i);
      if (escaped) escaped = false;
      else if (inText) {
        if (kind === BACKSLASH) escaped = true;
        else if (kind === QUOTE) {
          inText = false;
          if (depth === 0) end = i + 1;
        }
      } else if (kind === QUOTE) inText = true;
      else if (kind === OPEN) {
        if (++depth > this.depthMax) break;
      } else if (depth > 0) {
        if (kind === CLOSE && --depth === 0) end = i + 1;
      } else if (kind === CLOSE || kind === COMMA || kind === SPACE || kind === NEWLINE) end = i;
    }
    this.depth = depth;
    this.inText = inText;
    this.escaped = escaped;
    return end < 0 ? undefined : end;
  }
}
