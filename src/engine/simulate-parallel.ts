// One simulation shared out among workers. Every worker takes a run of whole batches, so that each batch draws from the
// stream that it would draw from alone: the result is that of one worker, whatever their number.
import { ok, type Result } from '../util/result.js';
import { startEngine } from './in-worker.js';
import { SAMPLES_PER_STREAM } from './samples-per-stream.js';
import type { Outcomes, SimulateTask } from './task.js';

export interface StartedSimulation {
  /** Errors: the first in the order of the samples. */
  run(task: SimulateTask): Promise<Result<Outcomes['simulate']>>;
  /** Ends the workers when there is nothing to simulate. */
  drop(): void;
}

/** Starts the workers, so that they load the engine while the spec is being read. */
export function startSimulation(jobs: number, signal?: AbortSignal): StartedSimulation {
  const workers = Array.from({ length: jobs }, () => startEngine<'simulate'>(signal));
  const drop = (from = 0) => {
    for (const worker of workers.slice(from)) worker.drop();
  };
  return {
    run: task => {
      const shares = sharesOf(task, jobs);
      drop(shares.length);
      return merged(workers.flatMap((worker, i) => (shares[i] === undefined ? [] : [worker.run(shares[i])])));
    },
    drop,
  };
}

async function merged(
  parts: readonly Promise<Result<Outcomes['simulate']>>[],
): Promise<Result<Outcomes['simulate']>> {
  let sum: Outcomes['simulate'] = { traces: 0, states: 0, violation: undefined, kept: [], seconds: 0 };
  for (const part of await Promise.all(parts)) {
    if (!part.ok) return part;
    // What comes after the first violation would not have run.
    if (sum.violation !== undefined) continue;
    const { traces, states, violation, kept, seconds } = part.value;
    sum = {
      traces: sum.traces + traces,
      states: sum.states + states,
      violation,
      kept: [...sum.kept, ...kept],
      seconds: Math.max(sum.seconds, seconds),
    };
  }
  return ok(sum);
}

function sharesOf(task: SimulateTask, jobs: number): SimulateTask[] {
  const { samples } = task.options;
  const batches = Math.ceil(samples / SAMPLES_PER_STREAM);
  const perJob = Math.max(1, Math.ceil(batches / jobs)) * SAMPLES_PER_STREAM;
  const shares: SimulateTask[] = [];
  for (let first = 0; first < samples; first += perJob) {
    const options = { ...task.options, firstSample: first, samples: Math.min(perJob, samples - first) };
    shares.push({ ...task, options, keep: Math.max(0, Math.min(task.keep - first, options.samples)) });
  }
  return shares;
}
