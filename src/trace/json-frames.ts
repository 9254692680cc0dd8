// Cuts a JSON document that arrives in chunks into the members of its top-level object, and one member, an array,
// into its elements, so that a file of any size is read in the memory of its largest piece. It looks only at what
// separates pieces; what is inside them is for the decoders. Bad input ends it with one failure, never a throw.
import { isAscii } from 'node:buffer';
import type { ErrorCode } from '../util/error-codes.js';
import { LIMITS } from '../util/limits.js';
import { BYTE, JsonCursor } from './json-cursor.js';
import { PieceScan } from './piece-scan.js';
import { type Place, PlaceCounter } from './place.js';

/** A member of the top-level object, or with `index` an element of the array that is cut. */
export interface Piece {
  readonly key: string;
  readonly index?: number;
  readonly bytes: Buffer;
  readonly place: Place;
}

export interface FrameFailure {
  readonly kind: 'failure';
  readonly code: ErrorCode;
  readonly message: string;
  readonly place: Place;
  /** The piece in which the document ended or grew too large, as far as it came. */
  readonly partial?: Piece;
}

export type FrameEvent = { readonly kind: 'piece'; readonly piece: Piece } | FrameFailure;

/** What may come next, for people. */
const EXPECTED = {
  object: '"{"',
  keyOrEnd: 'a key in quotes or "}"',
  key: 'a key in quotes',
  colon: '":"',
  value: 'a value',
  memberEnd: '"," or "}"',
  elementOrEnd: 'a value or "]"',
  element: 'a value',
  elementEnd: '"," or "]"',
  nothing: 'nothing more',
} as const;

type Expected = keyof typeof EXPECTED;

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
/** Brackets that a piece may have open: each level of the deepest value takes two, as in `{"#set":[`. */
const DEPTH_MAX = 2 * LIMITS.valueDepth + 8;

/**
 * A quicker way than counting brackets to find where the element ends that starts at `start`: reading it. Undefined when
 * it is not all there, or not as it should be, and has to be looked at in the careful way.
 */
export type EndOfElement = (chunk: Buffer, start: number, index: number) => number | undefined;

export class FrameScanner {
  private expected: Expected = 'object';
  private readonly places = new PlaceCounter();
  private readonly scan = new PieceScan(this.places, DEPTH_MAX);
  private readonly cursor = new JsonCursor();
  private readonly keys = new Set<string>();
  private key = '';
  private elements = 0;
  private failed = false;
  private bytesSeen = 0;
  /** Of all members but the one that is cut: their readers keep them. */
  private memberBytes = 0;
  /** Parts of the piece that is being read; undefined between pieces. */
  private parts: Buffer[] | undefined;
  private partBytes = 0;
  private pieceStart = this.places.at(0);

  /** Whether the chunk has a byte that takes no column of its own. */
  private isUneven = false;
  /** The first line break in the chunk that is not behind what was read ahead. */
  private lineBreak = -1;

  /** `cutKey` is the member whose elements come one by one, if it is an array. */
  constructor(
    private readonly cutKey: string,
    private readonly endOf?: EndOfElement,
  ) {}

  /** The pieces that end in this chunk, which must not be changed afterwards: pieces may be views of it. */
  push(chunk: Buffer): FrameEvent[] {
    const events: FrameEvent[] = [];
    this.isUneven = this.endOf !== undefined && !isAscii(chunk);
    this.lineBreak = -1;
    let i = 0;
    while (i < chunk.length && !this.failed)
      i = this.parts ? this.continuePiece(chunk, i, this.parts, events) : this.step(chunk, i, events);
    this.bytesSeen += chunk.length;
    this.places.nextChunk(chunk.length);
    return events;
  }

  /** What is wrong with a document that ends here; nothing when it is complete. */
  finish(): FrameFailure | undefined {
    if (this.failed || this.expected === 'nothing') return undefined;
    if (this.parts)
      return this.failure(
        `the file ends within ${this.pieceName()}`,
        this.places.at(0),
        'AUR301',
        this.parts,
      );
    const message =
      this.bytesSeen === 0
        ? 'the file is empty'
        : `the file ends where ${EXPECTED[this.expected]} should follow`;
    return this.failure(message, this.places.at(0));
  }

  /** Whether a member of that name has begun. */
  has(key: string): boolean {
    return this.keys.has(key);
  }

  private failure(
    message: string,
    place: Place,
    code: ErrorCode = 'AUR301',
    parts?: readonly Buffer[],
  ): FrameFailure {
    this.failed = true;
    const failure = { kind: 'failure', code, message, place } as const;
    return parts ? { ...failure, partial: this.pieceOf(parts) } : failure;
  }

  /** One byte between pieces; gives the index of the byte to look at next. */
  private step(chunk: Buffer, i: number, events: FrameEvent[]): number {
    const byte = chunk[i] ?? 0;
    if (byte === 0x0a) this.places.newline(i);
    if (byte === 0x0a || byte === 0x20 || byte === 0x09 || byte === 0x0d || this.isByteOrderMark(byte, i))
      return i + 1;
    const next = this.afterPunctuation(byte);
    if (next) {
      this.expected = next;
      return i + 1;
    }
    if (this.mayStartPiece(byte)) {
      this.pieceStart = this.places.at(i);
      const end = this.isInElement() ? this.endAhead(chunk, i) : undefined;
      if (end !== undefined) {
        this.deliver(this.pieceOf([chunk.subarray(i, end)]), events);
        return end;
      }
      this.parts = [];
      this.partBytes = 0;
      this.scan.start();
      return i;
    }
    events.push(this.failure(`expected ${EXPECTED[this.expected]}${this.after()}`, this.places.at(i)));
    return i;
  }

  /** Where the element that starts at `i` ends, if it can be read from this chunk as it is. */
  private endAhead(chunk: Buffer, i: number): number | undefined {
    const end = this.isUneven ? undefined : this.endOf?.(chunk, i, this.elements);
    if (end === undefined) return undefined;
    if (this.lineBreak < i) this.lineBreak = lineBreakFrom(chunk, i);
    for (; this.lineBreak < end; this.lineBreak = lineBreakFrom(chunk, this.lineBreak + 1))
      this.places.newline(this.lineBreak);
    return end;
  }

  private isByteOrderMark(byte: number, i: number): boolean {
    const { offset, line, column } = this.places.at(i);
    const isMark =
      offset < BYTE_ORDER_MARK.length && byte === BYTE_ORDER_MARK[offset] && line === 1 && column === 1;
    if (isMark) this.places.invisible();
    return isMark;
  }

  /** What is expected after `byte`, if that is punctuation which may stand here. */
  private afterPunctuation(byte: number): Expected | undefined {
    switch (this.expected) {
      case 'object':
        return byte === BYTE.openBrace ? 'keyOrEnd' : undefined;
      case 'keyOrEnd':
        return byte === BYTE.closeBrace ? 'nothing' : undefined;
      case 'colon':
        return byte === BYTE.colon ? 'value' : undefined;
      case 'value':
        return byte === BYTE.openBracket && this.key === this.cutKey ? 'elementOrEnd' : undefined;
      case 'memberEnd':
        return byte === BYTE.comma ? 'key' : byte === BYTE.closeBrace ? 'nothing' : undefined;
      case 'elementOrEnd':
        return byte === BYTE.closeBracket ? 'memberEnd' : undefined;
      case 'elementEnd':
        return byte === BYTE.comma ? 'element' : byte === BYTE.closeBracket ? 'memberEnd' : undefined;
      default:
        return undefined;
    }
  }

  private mayStartPiece(byte: number): boolean {
    if (this.expected === 'key' || this.expected === 'keyOrEnd') return byte === BYTE.quote;
    if (this.expected !== 'value' && !this.isInElement()) return false;
    return (
      byte !== BYTE.closeBrace && byte !== BYTE.closeBracket && byte !== BYTE.comma && byte !== BYTE.colon
    );
  }

  private isInElement(): boolean {
    return this.expected === 'element' || this.expected === 'elementOrEnd';
  }

  private after(): string {
    if (this.expected === 'elementEnd') return ` after ${this.key}[${this.elements - 1}]`;
    return this.expected === 'memberEnd' || this.expected === 'colon'
      ? ` after ${JSON.stringify(this.key)}`
      : '';
  }

  private pieceName(): string {
    if (this.isInElement()) return `${this.key}[${this.elements}]`;
    return this.expected === 'value' ? JSON.stringify(this.key) : 'a key';
  }

  private continuePiece(chunk: Buffer, from: number, parts: Buffer[], events: FrameEvent[]): number {
    const end = this.scan.endIn(chunk, from);
    const until = end ?? chunk.length;
    parts.push(chunk.subarray(from, until));
    this.partBytes += until - from;
    const excess = this.excess();
    if (excess) events.push(this.failure(excess, this.pieceStart, 'AUR304', parts));
    else if (end !== undefined) this.deliver(this.pieceOf(parts), events);
    return until;
  }

  /** Which limit the piece has passed. */
  private excess(): string | undefined {
    if (this.scan.depth > DEPTH_MAX) return `${this.pieceName()} is nested deeper than ${LIMITS.valueDepth}`;
    const isElement = this.isInElement();
    const bytes = isElement ? this.partBytes : this.memberBytes + this.partBytes;
    const limit = isElement ? LIMITS.traceStateBytes : LIMITS.traceFrameBytes;
    if (bytes <= limit) return undefined;
    return `${isElement ? this.pieceName() : `all but "${this.cutKey}"`} takes more than ${limit} bytes`;
  }

  private pieceOf(parts: readonly Buffer[]): Piece {
    const [first] = parts;
    const bytes = first && parts.length === 1 ? first : Buffer.concat(parts);
    const { key, pieceStart: place } = this;
    return this.isInElement() ? { key, bytes, place, index: this.elements } : { key, bytes, place };
  }

  private deliver(piece: Piece, events: FrameEvent[]): void {
    this.parts = undefined;
    if (this.isInElement()) {
      this.elements++;
      this.expected = 'elementEnd';
      events.push({ kind: 'piece', piece });
      return;
    }
    this.memberBytes += piece.bytes.length;
    if (this.expected === 'value') {
      this.expected = 'memberEnd';
      events.push({ kind: 'piece', piece });
      return;
    }
    const failure = this.takeKey(piece);
    if (failure) events.push(failure);
  }

  private takeKey({ bytes, place }: Piece): FrameFailure | undefined {
    this.cursor.load(bytes);
    const key = this.cursor.text();
    if (key === undefined)
      return this.failure(
        this.cursor.failure?.message ?? 'a key is not a string',
        place,
        this.cursor.failure?.code,
      );
    if (this.keys.has(key)) return this.failure(`the key ${JSON.stringify(key)} is repeated`, place);
    this.keys.add(key);
    this.key = key;
    this.expected = 'colon';
    return undefined;
  }
}

function lineBreakFrom(chunk: Buffer, from: number): number {
  const found = chunk.indexOf(0x0a, from);
  return found < 0 ? chunk.length : found;
}
