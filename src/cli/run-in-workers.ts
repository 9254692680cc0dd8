// Runs side by side in threads, with results in the order of the jobs whatever their number. Ctrl-C asks the threads to
// stop and waits for them, so that nothing that they have started is left running. Modules of the user's run in these
// threads: one that ends its thread, or never gives up its turn, costs its own run and no other.
import path from 'node:path';
import { Piscina } from 'piscina';
import { removeLeftFolders } from '../run/run-folder.js';
import type { RunJob, RunRecord } from '../run/run-job.js';
import { LIMITS } from '../util/limits.js';
import { fail, type Result } from '../util/result.js';
import { CutOff, deadWorker, JobLimit } from './run-limits.js';
import type { RunSpecOptions } from './run-specs.js';
import type { WorkerTask, WorkerWord } from './run-worker.js';

export interface WorkerOptions extends RunSpecOptions {
  /** File of assertions of the user's own. */
  readonly assertions?: string;
  /** Most milliseconds that a program may take for one answer. */
  readonly answerMs: number;
  /** Whether the standard error of the program of a driver is told. */
  readonly tellsStderr: boolean;
}

export interface Running {
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Told of each result, in the order of the jobs; false to run no more. */
  onRecord(index: number, record: Result<RunRecord>): boolean;
  /** Told now and then of the steps of specs that a run has made. */
  onSteps(index: number, steps: number): void;
  /** Told of the lines of the standard error of a driver's program, where they are wanted. */
  onStderr(index: number, line: string): void;
}

/**
 * Performs the jobs; those that were not begun when no more are wanted are left out. A job whose thread dies fails with
 * AUR452, AUR463 or AUR467 by whose module it was, or AUR603 for memory, and one that does not end in time with AUR454.
 */
export async function runInWorkers(
  jobs: readonly RunJob[],
  options: WorkerOptions,
  running: Running,
): Promise<void> {
  const outputs = new Set(jobs.map(job => path.resolve(job.options.output)));
  for (const output of outputs) await removeLeftFolders(output);
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const limits = new Map<number, JobLimit>();
  let patience: NodeJS.Timeout | undefined;
  const halt = () => {
    Atomics.store(stop, 0, 1);
    // A thread that does not look up is ended.
    patience = setTimeout(() => {
      for (const limit of limits.values()) limit.cut();
    }, LIMITS.runStopMs);
  };
  running.signal.addEventListener('abort', halt, { once: true });
  const pool = new Piscina({
    filename: new URL('./run-worker.js', import.meta.url).href,
    minThreads: 1,
    maxThreads: Math.min(running.jobs, jobs.length),
    idleTimeout: 60_000,
    resourceLimits: { maxOldGenerationSizeMb: LIMITS.workerMegabytes },
  });
  pool.on('message', (word: WorkerWord) => {
    if ('steps' in word) running.onSteps(word.number, word.steps);
    else if ('stderr' in word) running.onStderr(word.number, word.stderr);
    else limits.get(word.number)?.runs(word.runs);
  });
  // The death of a thread that has nothing to do matters to nobody.
  pool.on('error', () => undefined);
  const perform = async (number: number, job: RunJob): Promise<Result<RunRecord>> => {
    const limit = new JobLimit(job);
    limits.set(number, limit);
    const task: WorkerTask = { number, job, options, stop };
    try {
      return await pool.run(task, { signal: limit.signal });
    } catch (error) {
      const dead = limit.signal.aborted ? new CutOff(limit.ms) : error;
      return fail(deadWorker(dead, job, options.assertions));
    } finally {
      limit.runs(false);
      limits.delete(number);
    }
  };
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
      records.set(number, await perform(number, job));
      tell();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(running.jobs, jobs.length) }, work));
  } finally {
    clearTimeout(patience);
    running.signal.removeEventListener('abort', halt);
    await pool.destroy();
    for (const output of outputs) await removeLeftFolders(output);
  }
}
