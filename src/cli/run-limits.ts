// How long the main thread waits for a run in a thread, and what it says of a thread that did not come back. The run has
// a clock of its own; this one is for modules of the user's that never give up their turn or never answer.
import type { RunJob } from '../run/run-job.js';
import { stopwatch } from '../util/clock.js';
import { type AuraError, auraError } from '../util/errors.js';
import { LIMITS } from '../util/limits.js';

/** Counts the time that a job runs, without that in which its specs are opened, and cuts it off after too much. */
export class JobLimit {
  readonly ms: number | undefined;
  private readonly controller = new AbortController();
  private left: number | undefined;
  private seconds: (() => number) | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor({ driver, options: { timeoutMs, checker } }: RunJob) {
    // What may be made a second time may take its time twice.
    const times = driver.kind === 'simulated' || driver.kind === 'model' ? 2 : 1;
    const quintMs = checker === 'quint' ? LIMITS.quintMs : 0;
    if (timeoutMs !== undefined) this.ms = timeoutMs * times + quintMs + LIMITS.runGraceMs;
    this.left = this.ms;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Told when the run begins or goes on, and when it waits for others. */
  runs(goesOn: boolean): void {
    clearTimeout(this.timer);
    if (this.left === undefined) return;
    if (this.seconds !== undefined) this.left -= this.seconds() * 1000;
    this.seconds = goesOn ? stopwatch() : undefined;
    if (goesOn) this.timer = setTimeout(() => this.cut(), Math.min(MOST_MS, Math.max(0, this.left)));
  }

  cut(): void {
    this.controller.abort();
  }
}

/** What a timer takes. */
const MOST_MS = 2 ** 31 - 1;

/** Instead of what a thread says that was ended from outside. */
export class CutOff {
  constructor(readonly ms: number | undefined) {}
}

/** The error of a job whose thread died. Throws on what is a bug of ours, as no code of the user's was in it. */
export function deadWorker(error: unknown, job: RunJob, assertions: string | undefined): AuraError {
  const { scenario, seed, file, line } = job;
  const run = `the run of "${scenario.name}" with seed ${seed}`;
  const location = { file, line, column: 1 };
  const modules = modulesOf(job, assertions);
  if (error instanceof CutOff) {
    const after = error.ms === undefined ? 'when it was told to' : `within ${error.ms / 1000} s`;
    const hint = `what may never come back is in ${modules.map(({ name }) => name).join(' or ')}`;
    return auraError('AUR454', `${run} did not end ${after} and was cut off`, {
      location,
      ...(modules.length > 0 && { hint }),
    });
  }
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return auraError('AUR603', `${run} needs more than ${LIMITS.workerMegabytes} MB of memory`, { location });
  const [first] = modules;
  if (first === undefined) throw error;
  const said = error instanceof Error ? error.message : String(error);
  const names = modules.map(({ name }) => name).join(' or ');
  const message = `${names} ended the thread of ${run}: ${said.trim().split('\n', 1).join()}`;
  return auraError(first.code, message, { location });
}

interface UserModule {
  readonly code: 'AUR452' | 'AUR463' | 'AUR467';
  readonly name: string;
}

function modulesOf({ driver, options }: RunJob, assertions: string | undefined): readonly UserModule[] {
  const { checker } = options;
  return [
    ...(driver.kind === 'module' ? [{ code: 'AUR452', name: driver.file } as const] : []),
    ...(typeof checker === 'object' ? [{ code: 'AUR463', name: checker.file } as const] : []),
    ...(assertions === undefined ? [] : [{ code: 'AUR467', name: assertions } as const]),
  ];
}
