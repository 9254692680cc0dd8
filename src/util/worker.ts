// Work in a thread that can be ended, with a bound on its memory. The module of the worker is given data and answers
// with one message, the result.
import { Worker } from 'node:worker_threads';
import { auraError } from './errors.js';
import { LIMITS } from './limits.js';
import { fail, type Result } from './result.js';

/**
 * The result that the module posts. Rejects only on a bug of ours.
 *
 * Errors: those of the work, AUR603 when it needs too much memory, AUR607 when `signal` ends it.
 */
export function runWorker<T>(module: URL, data: unknown, signal?: AbortSignal): Promise<Result<T>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(module, {
      workerData: data,
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
    worker.once('message', (result: Result<T>) => settle(() => resolve(result)));
    worker.once('error', (error: Error & { code?: string }) =>
      settle(() => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve(fail(tooMuchMemory()));
        else reject(error);
      }),
    );
  });
}

function tooMuchMemory() {
  return auraError('AUR603', `the spec needs more than ${LIMITS.workerMegabytes} MB of memory`, {
    hint: 'bound the depth or the number of states',
  });
}
