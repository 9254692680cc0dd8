// Cuts JSON Lines that arrive in chunks into lines, in the memory of the longest one. Blank lines are passed over.
// Whether a line is JSON is for its decoder; one that is not leaves the others what they are.
import { LIMITS } from '../util/limits.js';
import type { FrameFailure } from './json-frames.js';
import type { Place } from './place.js';

export interface Line {
  readonly kind: 'line';
  readonly bytes: Buffer;
  readonly place: Place;
}

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

export class LineScanner {
  private line = 1;
  /** Offset of the line in the file. */
  private offset = 0;
  private parts: Buffer[] = [];
  private partBytes = 0;
  private failed = false;

  /** The lines that end in this chunk, which must not be changed afterwards: lines may be views of it. */
  *push(chunk: Buffer): Generator<Line | FrameFailure, void> {
    let from = 0;
    while (from < chunk.length && !this.failed) {
      const end = chunk.indexOf(NEWLINE, from);
      this.add(chunk.subarray(from, end < 0 ? chunk.length : end));
      if (this.partBytes > LIMITS.traceStateBytes) {
        this.failed = true;
        const message = `the line has more than ${LIMITS.traceStateBytes} bytes`;
        yield { kind: 'failure', code: 'AUR304', message, place: this.place() };
      } else if (end >= 0) {
        const line = this.take();
        if (line) yield line;
        from = end + 1;
      } else return;
    }
  }

  /** The last line, if no line break ends it. */
  finish(): Line | undefined {
    return this.failed ? undefined : this.take();
  }

  private add(part: Buffer): void {
    this.parts.push(part);
    this.partBytes += part.length;
  }

  private place(): Place {
    return { offset: this.offset, line: this.line, column: 1 };
  }

  private take(): Line | undefined {
    const [first] = this.parts;
    const whole = first && this.parts.length === 1 ? first : Buffer.concat(this.parts);
    const marked = this.offset === 0 && whole.subarray(0, 3).equals(BYTE_ORDER_MARK);
    const bytes = marked ? whole.subarray(3) : whole;
    const place = this.place();
    this.line++;
    this.offset += whole.length + 1;
    this.parts = [];
    this.partBytes = 0;
    return isBlank(bytes) ? undefined : { kind: 'line', bytes, place };
  }
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  return true;
}
