// Runs side by side in threads, with results in the order of the jobs whatever their number. Ctrl-C asks the threads to
// stop and waits for them, so that nothing that they have started is left running.
import { Piscina } from 'piscina';
import type { RunJob, RunRecord } from '../run/run-job.js';
import { LIMITS } from '../util/limits.js';
import type { Result } from '../util/result.js';
import type { RunSpecOptions } from './run-specs.js';
import type { WorkerTask } from './run-worker.js';

export interface WorkerOptions extends RunSpecOptions {
  /** File of assertions of the user's own. */
  readonly assertions?: string;
  /** Most milliseconds that a program may take for one answer. */
  readonly answerMs: number;
}

export interface Running {
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Told of each result, in the order of the jobs; false to run no more. */
  onRecord(index: number, record: Result<RunRecord>): boolean;
  /** Told now and then of the steps of specs that a run has made. */
  onSteps(index: number, steps: number): void;
}

/** Performs the jobs; those that were not begun when no more are wanted are left out. */
export async function runInWorkers(
  jobs: readonly RunJob[],
  options: WorkerOptions,
  running: Running,
): Promise<void> {
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const halt = () => void Atomics.store(stop, 0, 1);
  running.signal.addEventListener('abort', halt, { once: true });
  const pool = new Piscina({
    filename: new URL('./run-worker.js', import.meta.url).href,
    minThreads: 1,
    maxThreads: Math.min(running.jobs, jobs.length),
    idleTimeout: 60_000,
    resourceLimits: { maxOldGenerationSizeMb: LIMITS.workerMegabytes },
  });
  pool.on('message', ({ number, steps }: { number: number; steps: number }) =>
    running.onSteps(number, steps),
  );
  let next = 0;
  let wanted = true;
  const records = new Map<number, Result<RunRecord>>();
  let told = 0;
  const tell = () => {
    for (let record = records.get(told); record !== undefined && wanted; record = records.get(told)) {
      records.delete(told);
      wanted = running.onRecord(told++, record);
    }
  };
  const work = async (): Promise<void> => {
    for (let number = next++; wanted && !running.signal.aborted; number = next++) {
      const job = jobs[number];
      if (job === undefined) return;
      const task: WorkerTask = { number, job, options, stop };
      const record: Result<RunRecord> = await pool.run(task);
      records.set(number, record);
      tell();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(running.jobs, jobs.length) }, work));
  } finally {
    running.signal.removeEventListener('abort', halt);
    await pool.destroy();
  }
}
