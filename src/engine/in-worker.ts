// Runs a task in a worker, so that it can be ended and has a bound on its memory.
import type { Result } from '../util/result.js';
import { type StartedWorker, startWorker } from '../util/worker.js';
import type { Outcomes, Task } from './task.js';

/** A worker that loads the engine, ready for a task of one kind. */
export function startEngine<K extends keyof Outcomes>(signal?: AbortSignal): StartedWorker<Outcomes[K]> {
  return startWorker(new URL('./worker.js', import.meta.url), signal);
}

/** The outcome of the task. Errors: those of the task and of {@link StartedWorker.run}. */
export function runInWorker<K extends keyof Outcomes>(
  task: Extract<Task, { kind: K }>,
  signal?: AbortSignal,
): Promise<Result<Outcomes[K]>> {
  return startEngine<K>(signal).run(task);
}
