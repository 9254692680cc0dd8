// Reads ITF traces: of any size state by state in bounded memory, whole from a file, or whole from text. A stream is
// a valid trace only when it has ended without a failure, since some faults show only at the end of a file. Nothing
// is decoded or checked here: that is the parser's, which knows no files.
import { fail, ok, type Result } from '../util/result.js';
import type { ItfFrame, ItfState, ItfTrace } from './itf.js';
import { ItfParser } from './itf-parser.js';
import type { ItfTypes } from './itf-typed.js';
import { nextChunk, traceBytes } from './trace-bytes.js';

/** States in order; a failure, if there is one, comes last. It can be iterated once. */
export interface ItfStream extends AsyncIterable<Result<ItfState>> {
  /** What has been read so far of what surrounds the states: all of it once the iteration has ended. */
  frame(): ItfFrame;
}

/**
 * The trace in a file.
 *
 * Errors: AUR003 and AUR004 for the file, AUR301 to AUR304 for its content, with line and column.
 */
export async function readItf(path: string, types?: ItfTypes): Promise<Result<ItfTrace>> {
  const stream = streamItf(path, types);
  const states: ItfState[] = [];
  for await (const state of stream) {
    if (!state.ok) return state;
    states.push(state.value);
  }
  return ok({ ...stream.frame(), states });
}

/** The trace that a text is; `name` stands for it in errors, which are those of {@link readItf}. */
export function parseItf(text: string, name = 'trace', types?: ItfTypes): Result<ItfTrace> {
  const parser = new ItfParser(name, types);
  const states: ItfState[] = [];
  for (const state of parser.push(Buffer.from(text))) {
    if (!state.ok) return state;
    states.push(state.value);
  }
  const error = parser.finish();
  return error ? fail(error) : ok({ ...parser.frame(), states });
}

/**
 * The states of the trace in a file, one at a time; `-` is standard input, and either may be compressed with gzip. Errors
 * as of {@link readItf}.
 */
export function streamItf(path: string, types?: ItfTypes): ItfStream {
  return streamItfBytes(traceBytes(path), path, types);
}

/** As {@link streamItf} of bytes that `name` stands for in errors. The chunks must not be changed afterwards. */
export function streamItfBytes(bytes: AsyncIterable<Uint8Array>, name: string, types?: ItfTypes): ItfStream {
  const parser = new ItfParser(name, types);
  return { [Symbol.asyncIterator]: () => statesOf(bytes, name, parser), frame: () => parser.frame() };
}

async function* statesOf(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  parser: ItfParser,
): AsyncGenerator<Result<ItfState>, void> {
  const chunks = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      const chunk = await nextChunk(chunks, name);
      if (!chunk.ok) return yield chunk;
      if (chunk.value === undefined) break;
      for (const state of parser.push(chunk.value)) {
        yield state;
        if (!state.ok) return;
      }
    }
    const error = parser.finish();
    if (error) yield fail(error);
  } finally {
    await chunks.return?.();
  }
}
