// Runs a task in a worker, so that it can be ended and has a bound on its memory.
import type { Result } from '../util/result.js';
import { runWorker } from '../util/worker.js';
import type { Outcomes, Task } from './task.js';

/** The outcome of the task. Errors: those of the task and of {@link runWorker}. */
export function runInWorker<K extends keyof Outcomes>(
  task: Extract<Task, { kind: K }>,
  signal?: AbortSignal,
): Promise<Result<Outcomes[K]>> {
  return runWorker(new URL('./worker.js', import.meta.url), task, signal);
}
