// Runs a task in a worker that can be ended, with a bound on its memory.
import { Worker } from 'node:worker_threads';
import { auraError } from '../util/errors.js';
import { LIMITS } from '../util/limits.js';
import { fail, type Result } from '../util/result.js';
import type { Outcomes, Task } from './task.js';

/**
 * The outcome of the task. Rejects only on a bug of ours.
 *
 * Errors: those of the task, AUR603 when it needs too much memory, AUR607 when `signal` ends it.
 */
export function runInWorker<K extends keyof Outcomes>(
  task: Extract<Task, { kind: K }>,
  signal?: AbortSignal,
): Promise<Result<Outcomes[K]>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: LIMITS.workerMegabytes },
    });
    const cancel = () =>
      void worker.terminate().then(() => resolve(fail(auraError('AUR607', 'the work was interrupted'))));
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    const settle = (action: () => void) => {
      signal?.removeEventListener('abort', cancel);
      action();
    };
    worker.once('message', (result: Result<Outcomes[K]>) => settle(() => resolve(result)));
    worker.once('error', (error: Error & { code?: string }) =>
      settle(() => {
        if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') reject(error);
        else
          resolve(
            fail(
              auraError('AUR603', `the spec needs more than ${LIMITS.workerMegabytes} MB of memory`, {
                hint: 'bound the depth or the number of states',
              }),
            ),
          );
      }),
    );
  });
}
