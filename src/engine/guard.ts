// The border between emitted code, which throws, and everybody else, who gets a Result. Errors of the spec come out
// with Quint's code and message and the place in the .qnt file.
import type { SourceSpan } from '../model/ir.js';
import { type AuraError, auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import { EvalFailure, refuel } from './runtime/failure.js';

/** Runs emitted code. `at` is where an error is put that knows no place of its own. */
export function guarded<T>(spans: ReadonlyMap<number, SourceSpan>, at: number, run: () => T): Result<T> {
  refuel();
  try {
    return ok(run());
  } catch (error) {
    return fail(errorOf(spans, at, error));
  }
}

function errorOf(spans: ReadonlyMap<number, SourceSpan>, at: number, error: unknown): AuraError {
  if (error instanceof EvalFailure) {
    const location = spans.get(error.at) ?? spans.get(at);
    if (error.code === 'budget') return auraError('AUR602', error.message, location ? { location } : {});
    return auraError('AUR601', error.message, { origin: error.code, ...(location ? { location } : {}) });
  }
  if (error instanceof RangeError) {
    const location = spans.get(at);
    return auraError('AUR603', `evaluation stopped: ${error.message}`, location ? { location } : {});
  }
  throw error;
}
