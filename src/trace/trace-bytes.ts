// The bytes of a trace wherever it is: a file, standard input, either of them compressed with gzip. What is wrong with
// them is thrown, as by any stream, and turned into an error by the reader; nothing here looks at what they say.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { fileError } from '../util/files.js';
import { fail, ok, type Result } from '../util/result.js';

/** Bytes read at once. */
const CHUNK_BYTES = 1 << 18;

/** `-` is standard input. Gzip is told by its first two bytes, and expected of a name that ends in `.gz`. */
export async function* traceBytes(path: string): AsyncGenerator<Buffer, void> {
  const source = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES });
  try {
    const chunks: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
    const head = await headOf(chunks);
    const isGzip = (head[0] === 0x1f && head[1] === 0x8b) || path.endsWith('.gz');
    const whole = continued(head, chunks);
    yield* isGzip ? unzipped(whole) : whole;
  } finally {
    source.destroy();
  }
}

/** The first chunk, and more of them if it is too short to tell what the bytes are. */
async function headOf(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const { done, value } = await chunks.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return head;
}

async function* continued(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void> {
  if (head.length > 0) yield head;
  for (;;) {
    const { done, value } = await rest.next();
    if (done) return;
    yield value;
  }
}

async function* unzipped(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Its failure is that of `gunzip`, which the loop below meets.
  const fed = pipeline(Readable.from(compressed), gunzip).catch(() => undefined);
  try {
    for await (const chunk of gunzip) yield chunk;
  } catch (error) {
    const isZlib = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
    throw isZlib ? new Error(`its gzip data are damaged (${error.message})`) : error;
  } finally {
    gunzip.destroy();
    await fed;
  }
}

/** The next chunk, undefined at the end; `name` stands for the source in the error. Only the source can throw here, no code of ours. */
export async function nextChunk(
  chunks: AsyncIterator<Uint8Array>,
  name: string,
): Promise<Result<Buffer | undefined>> {
  try {
    const { done, value } = await chunks.next();
    return ok(done ? undefined : Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  } catch (error) {
    return fail(fileError(name, error));
  }
}
