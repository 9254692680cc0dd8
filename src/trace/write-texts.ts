// Writes a file from texts that come one by one, as traces do: it is there complete or not at all, also when what the
// texts are made from turns out to be bad.
import { auraError } from '../util/errors.js';
import { systemReason, writeAtomically } from '../util/files.js';
import { type Failure, fail, ok, type Result } from '../util/result.js';

/** Characters that are handed to the file at once. */
const PIECE_LENGTH = 1 << 16;

/** When the texts end in a failure, that is the result and no file is written. Error of its own: AUR006. */
export async function writeTexts(path: string, texts: AsyncIterable<Result<string>>): Promise<Result<void>> {
  try {
    await writeAtomically(path, inPieces(texts));
    return ok(undefined);
  } catch (error) {
    if (error instanceof SourceFailed) return error.failure;
    if (error instanceof Error && 'syscall' in error)
      return fail(auraError('AUR006', `cannot write ${path}: ${systemReason(error)}`));
    throw error;
  }
}

/** Carries the failure of the source through the write that it ends. */
class SourceFailed extends Error {
  constructor(readonly failure: Failure) {
    super('the texts ended in a failure');
  }
}

async function* inPieces(texts: AsyncIterable<Result<string>>): AsyncGenerator<string> {
  let piece = '';
  for await (const text of texts) {
    if (!text.ok) throw new SourceFailed(text);
    piece += text.value;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
