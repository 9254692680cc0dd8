// What the trace tests share: streams from text or bytes with chosen chunk boundaries, whole traces from streams,
// and the errors of bad ones.
import type { ItfTrace } from '../../src/trace/itf.js';
import { type ItfStream, streamItfBytes } from '../../src/trace/itf-reader.js';
import type { ItfTypes } from '../../src/trace/itf-typed.js';
import type { AuraError } from '../../src/util/errors.js';
import { ok, type Result } from '../../src/util/result.js';

/** The content in chunks that end at the given offsets, which need no order. */
export async function* inChunks(
  content: string | Uint8Array,
  cuts: readonly number[] = [],
): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  let from = 0;
  for (const cut of [...cuts, bytes.length].sort((a, b) => a - b)) {
    const until = Math.min(cut, bytes.length);
    if (until > from) yield bytes.subarray(from, until);
    from = Math.max(from, until);
  }
}

export async function readWhole(stream: ItfStream): Promise<Result<ItfTrace>> {
  const states = [];
  for await (const state of stream) {
    if (!state.ok) return state;
    states.push(state.value);
  }
  return ok({ ...stream.frame(), states });
}

export function readContent(
  content: string | Uint8Array,
  types?: ItfTypes,
  cuts?: readonly number[],
): Promise<Result<ItfTrace>> {
  return readWhole(streamItfBytes(inChunks(content, cuts), 'trace.json', types));
}

export async function traceOf(content: string | Uint8Array, types?: ItfTypes): Promise<ItfTrace> {
  return valueIn(await readContent(content, types));
}

/** The only error of content that is bad. */
export async function errorOf(content: string | Uint8Array, types?: ItfTypes): Promise<AuraError> {
  const result = await readContent(content, types);
  if (result.ok || result.errors.length !== 1)
    throw new Error(`expected one error of ${String(content).slice(0, 200)}`);
  const [error] = result.errors;
  if (!error) throw new Error('no error');
  return error;
}

export function valueIn<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.errors.map(error => `${error.code} ${error.message}`).join('\n'));
  return result.value;
}
