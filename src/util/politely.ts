// Long work on the main thread in small pieces, so that Ctrl-C and progress get their turn.
import { setImmediate } from 'node:timers/promises';

const PIECE = 50;

/** Maps in order; when `signal` is aborted, what was mapped so far. */
export async function mapPolitely<T, R>(
  items: readonly T[],
  map: (item: T) => R,
  signal?: AbortSignal,
): Promise<R[]> {
  const results: R[] = [];
  for (const [i, item] of items.entries()) {
    if (i % PIECE === 0) await setImmediate();
    if (signal?.aborted) break;
    results.push(map(item));
  }
  return results;
}
