// Work in a thread that can be ended, with a bound on its memory. The module of the worker waits for one message, the
// work, and answers with one, the result. Starting a thread and loading its module takes as long as a short piece of
// work, so a worker can be started while the work is still being prepared.
import { getMaxListeners, setMaxListeners } from 'node:events';
import { parentPort, Worker } from 'node:worker_threads';
import { auraError } from './errors.js';
import { LIMITS } from './limits.js';
import { fail, type Result } from './result.js';

export interface StartedWorker<T> {
  /**
   * The result of the work, which is given once. Rejects only on a bug of ours.
   *
   * Errors: those of the work, AUR603 when it needs too much memory, AUR607 when the signal ends it.
   */
  run(work: unknown): Promise<Result<T>>;
  /** Ends a worker that gets no work. */
  drop(): void;
}

export function startWorker<T>(module: URL, signal?: AbortSignal): StartedWorker<T> {
  const worker = new Worker(module, { resourceLimits: { maxOldGenerationSizeMb: LIMITS.workerMegabytes } });
  const outcome = outcomeOf<T>(worker, signal);
  return {
    run: work => {
      worker.postMessage(work);
      return outcome;
    },
    drop: () => void worker.terminate(),
  };
}

/** Starts a worker for `work` and gives its result, as {@link StartedWorker.run} does. */
export function runWorker<T>(module: URL, work: unknown, signal?: AbortSignal): Promise<Result<T>> {
  return startWorker<T>(module, signal).run(work);
}

function outcomeOf<T>(worker: Worker, signal: AbortSignal | undefined): Promise<Result<T>> {
  return new Promise((resolve, reject) => {
    const cancel = () =>
      void worker.terminate().then(() => resolve(fail(auraError('AUR607', 'the work was interrupted'))));
    const forget = signal === undefined ? () => undefined : onAbort(signal, cancel);
    if (signal?.aborted) cancel();
    const settle = (action: () => void) => {
      forget();
      action();
    };
    // Also of a worker that gets no work.
    worker.once('exit', forget);
    worker.once('message', (result: Result<T>) => settle(() => resolve(result)));
    worker.once('error', (error: Error & { code?: string }) =>
      settle(() => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve(fail(tooMuchMemory()));
        else reject(error);
      }),
    );
  });
}

/** Listens until the returned function is called. There may be many workers, and each is meant: none is a leak. */
function onAbort(signal: AbortSignal, listener: () => void): () => void {
  setMaxListeners(getMaxListeners(signal) + 1, signal);
  signal.addEventListener('abort', listener, { once: true });
  let listening = true;
  return () => {
    if (!listening) return;
    listening = false;
    signal.removeEventListener('abort', listener);
    setMaxListeners(getMaxListeners(signal) - 1, signal);
  };
}

/** What the module of a worker does: `perform` with the work that comes. */
export function answerWith<W, T>(perform: (work: W) => Result<T> | Promise<Result<T>>): void {
  parentPort?.once('message', async (work: W) => parentPort?.postMessage(await perform(work)));
}

function tooMuchMemory() {
  return auraError('AUR603', `the spec needs more than ${LIMITS.workerMegabytes} MB of memory`, {
    hint: 'bound the depth or the number of states',
  });
}
