// One search shared out among workers, with the same result whatever their number.
import { collect, ok, type Result } from '../util/result.js';
import { runWorker } from '../util/worker.js';
import type { SearchedPart, SearchTask } from './search-task.js';

const WORKER = new URL('./search-worker.js', import.meta.url);

/** More would hardly have a part each, and every worker compiles the spec, also for none. */
const MOST_WORKERS = 32;

/** The parts in their order. Errors: those of compiling the spec, and those of {@link runWorker}. */
export async function searchInWorkers(
  task: SearchTask,
  jobs: number,
  signal?: AbortSignal,
): Promise<Result<SearchedPart[]>> {
  const of = Math.min(jobs, MOST_WORKERS);
  const shares = Array.from({ length: of }, (_, share) =>
    runWorker<SearchedPart[]>(WORKER, { task, share, of }, signal),
  );
  const [first = ok([]), ...others] = await Promise.all(shares);
  // Each share would say the same of a spec that cannot be compiled.
  const searched = first.ok ? collect([first, ...others]) : first;
  return searched.ok ? ok(searched.value.flat().sort((a, b) => a.number - b.number)) : searched;
}
