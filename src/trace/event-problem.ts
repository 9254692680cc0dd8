// What is wrong with one event, before it is known where the event stands.
import type { ErrorCode } from '../util/error-codes.js';
import { type Misfits, misfitPointer, pointerTo } from './misfits.js';

export interface EventProblem {
  readonly code: ErrorCode;
  /** With the JSON Pointer to what is meant, where there is one. */
  readonly message: string;
  readonly hint?: string;
}

/** A problem with what stands at a path of the event. */
export function problemAt(
  code: ErrorCode,
  path: readonly string[],
  { message, hint }: { readonly message: string; readonly hint?: string },
): EventProblem {
  const text = path.length === 0 ? message : `${pointerTo(path)}: ${message}`;
  return { code, message: text, ...(hint !== undefined && { hint }) };
}

/** Values below a path that do not fit their types. */
export function problemsOf(path: readonly string[], misfits: Misfits): EventProblem[] {
  return misfits.found.map(found => {
    const pointer = misfitPointer(path, found);
    return { code: 'AUR303', message: pointer === '' ? found.reason : `${pointer}: ${found.reason}` };
  });
}

/** A message about an event: `event 17, /state/x: ...` where it begins with a pointer, otherwise `event 17: ...`. */
export function inEvent(index: number, message: string): string {
  return `event ${index}${message.startsWith('/') ? ', ' : ': '}${message}`;
}
