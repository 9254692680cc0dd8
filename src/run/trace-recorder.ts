// Writes the trace of one protocol while it happens: each event once as a line, which is hashed, written and given to
// whoever verifies it, so that all speak of the same bytes. Nothing is kept in memory.
import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { ExecutionTraceHeader } from '../trace/execution-writer.js';
import type { NeededSpec } from './needed-specs.js';

/** Characters that are gathered before they are written. */
const PIECE = 1 << 16;

/** Lines of a file that is made from its beginning to its end. Each call may throw the error of the file system. */
export class LineWriter {
  private readonly handle: number;
  private readonly hash: Hash = createHash('sha256');
  private waiting = '';
  private digest: string | undefined;

  constructor(file: string) {
    this.handle = openSync(file, 'wx');
  }

  /** Adds a line, whose text has no line break. Gives it with its break. */
  write(text: string): string {
    const line = `${text}\n`;
    this.waiting += line;
    if (this.waiting.length >= PIECE) this.flush();
    return line;
  }

  /** Ends the file and gives the hex SHA-256 of its content; a second time only the latter. */
  close(): string {
    if (this.digest !== undefined) return this.digest;
    // What the file system refused is not tried again.
    this.digest = '';
    try {
      this.flush();
    } finally {
      closeSync(this.handle);
    }
    this.digest = this.hash.digest('hex');
    return this.digest;
  }

  private flush(): void {
    const bytes = Buffer.from(this.waiting);
    this.waiting = '';
    this.hash.update(bytes);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.handle, bytes, at);
  }
}

/** The first line of the traces of runs; `mode` says what the absence of a variable in an event means. */
export function traceHeader(
  { file, module }: Pick<NeededSpec, 'file' | 'module'>,
  mode: 'delta' | 'partial',
): ExecutionTraceHeader {
  return {
    format: 'aura-execution-trace',
    version: 1,
    spec: file,
    ...(module !== undefined && { module }),
    state_mode: mode,
    order: 'file',
  };
}
