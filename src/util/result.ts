// What a stage returns when its input may be at fault. Input errors are values, so that a caller cannot forget
// them; only a bug of ours throws (see assert.ts).
import type { AuraError } from './errors.js';

/** Either a value or at least one error. */
export type Result<T> = { readonly ok: true; readonly value: T } | Failure;

export type Failure = { readonly ok: false; readonly errors: readonly AuraError[] };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(...errors: readonly AuraError[]): Failure {
  return { ok: false, errors };
}

/** All values when every result is ok, otherwise the errors of all that failed, in order. */
export function collect<T>(results: readonly Result<T>[]): Result<T[]> {
  const values: T[] = [];
  const errors: AuraError[] = [];
  for (const result of results) {
    if (result.ok) values.push(result.value);
    else errors.push(...result.errors);
  }
  return errors.length > 0 ? fail(...errors) : ok(values);
}
