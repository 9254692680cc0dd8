// The thread that performs runs, one after another. It is asked to stop through a number that it shares with the main
// thread, and not ended from outside: a run that is stopped ends the programs that it has started.
import { parentPort } from 'node:worker_threads';
import { loadAssertions } from '../run/own-assertions.js';
import { performRun } from '../run/perform-run.js';
import type { RunJob, RunRecord } from '../run/run-job.js';
import { ok, type Result } from '../util/result.js';
import type { WorkerOptions } from './run-in-workers.js';
import { RunSpecs } from './run-specs.js';
import { runTools } from './run-tools.js';
import { quietTerminal } from './terminal.js';

/** How often the thread looks whether it is to stop. */
const POLL_MS = 50;

let specs: RunSpecs | undefined;

// What modules of the user's print is for people: standard output may be a document.
process.stdout.write = process.stderr.write.bind(process.stderr);

/** What the thread says of the job of a number while it works. */
export type WorkerWord =
  | { readonly number: number; readonly steps: number }
  /** A line of the standard error of a driver's program. */
  | { readonly number: number; readonly stderr: string }
  /** Whether the time of the run goes on, or it waits for a spec to be opened. */
  | { readonly number: number; readonly runs: boolean };

export interface WorkerTask {
  readonly number: number;
  readonly job: RunJob;
  readonly options: WorkerOptions;
  /** One number: other than 0 to stop. */
  readonly stop: Int32Array;
}

export default async function perform({
  number,
  job,
  options,
  stop,
}: WorkerTask): Promise<Result<RunRecord>> {
  const interrupt = new AbortController();
  const say = (word: WorkerWord): void => parentPort?.postMessage(word);
  const poll = setInterval(() => {
    if (Atomics.load(stop, 0) !== 0) interrupt.abort();
  }, POLL_MS);
  try {
    const { signal } = interrupt;
    const assertions = await loadAssertions(options.assertions);
    if (!assertions.ok) return assertions;
    specs ??= new RunSpecs({ terminal: quietTerminal(), signal: new AbortController().signal }, options);
    const bridge = job.options.checker === 'quint' ? await specs.bridge() : ok(undefined);
    if (!bridge.ok) return bridge;
    const tools = runTools(specs, job.file, {
      ...(bridge.value && { bridge: bridge.value }),
      checkAssertion: assertions.value.check,
      answerMs: options.answerMs,
      ...(options.tellsStderr && { onStderr: stderr => say({ number, stderr }) }),
      onOpening: isOpening => say({ number, runs: !isOpening }),
      onProgress: steps => say({ number, steps }),
      signal,
    });
    say({ number, runs: true });
    return await performRun(job, tools);
  } finally {
    clearInterval(poll);
  }
}
