// Jobs side by side in workers, a bounded number at a time, with results in the order of the jobs.
import { collect, type Result } from '../util/result.js';
import { runWorker } from '../util/worker.js';
import type { Verified, VerifyJob } from './job.js';

const WORKER = new URL('./worker.js', import.meta.url);

/** Errors: those of the jobs and of {@link runWorker}. */
export async function verifyInWorkers(
  jobs: readonly VerifyJob[],
  atOnce: number,
  signal: AbortSignal,
): Promise<Result<Verified[]>> {
  const results: Result<Verified>[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < jobs.length; i = next++) {
      const job = jobs[i];
      if (job !== undefined) results[i] = await runWorker(WORKER, job, signal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, jobs.length) }, work));
  return collect(results);
}
