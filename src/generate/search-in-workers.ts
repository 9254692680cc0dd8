// One search shared out among workers, with the same result whatever their number.
import { collect, type Result } from '../util/result.js';
import { runWorker } from '../util/worker.js';
import type { FoundSchedules, SearchedPart, SearchTask } from './search-task.js';

const WORKER = new URL('./search-worker.js', import.meta.url);

/** The parts in their order. Errors: of the first part that has one, and those of {@link runWorker}. */
export async function searchInWorkers(
  task: SearchTask,
  jobs: number,
  signal?: AbortSignal,
): Promise<Result<FoundSchedules[]>> {
  const shares = Array.from({ length: jobs }, (_, share) =>
    runWorker<SearchedPart[]>(WORKER, { task, share, of: jobs }, signal),
  );
  const searched = collect(await Promise.all(shares));
  if (!searched.ok) return searched;
  const parts = searched.value.flat().sort((a, b) => a.number - b.number);
  const broken = parts.find(({ found }) => !found.ok);
  return collect(broken ? [broken.found] : parts.map(({ found }) => found));
}
