// Where a byte of a file is, for people. Traces are often one long line, so that columns are counted while bytes run
// by and not looked up later: a line's start is moved on by each byte that is not a UTF-16 unit of its own. A place
// within a piece is found only when there is an error to show.

/** Bytes from 0, lines from 1, columns from 1 in UTF-16 units. */
export interface Place {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

export class PlaceCounter {
  private line = 1;
  /** Where the line would begin if each of its UTF-16 units took one byte. */
  private lineStart = 0;
  /** Offset of the current chunk in the file. */
  private base = 0;

  at(i: number): Place {
    const offset = this.base + i;
    return { offset, line: this.line, column: offset - this.lineStart + 1 };
  }

  nextChunk(length: number): void {
    this.base += length;
  }

  /** The byte at `i` of the chunk is a line break. */
  newline(i: number): void {
    this.line++;
    this.lineStart = this.base + i + 1;
  }

  /** A byte beyond ASCII: of its sequence the first counts one column, of a sequence of four bytes two. */
  beyondAscii(byte: number): void {
    if (byte < 0xc0) this.lineStart++;
    else if (byte >= 0xf0) this.lineStart--;
  }

  /** A byte that takes no column, such as those of a byte order mark. */
  invisible(): void {
    this.lineStart++;
  }
}

/** The place of `bytes[offset]` where `bytes[0]` is at `start`. */
export function placeWithin(start: Place, bytes: Uint8Array, offset: number): Place {
  let { line, column } = start;
  for (const byte of bytes.subarray(0, offset)) {
    if (byte === 0x0a) {
      line++;
      column = 1;
    } else if (byte < 0x80 || byte >= 0xc0) column += byte >= 0xf0 ? 2 : 1;
  }
  return { offset: start.offset + offset, line, column };
}
