// The judging of mutants shared out among workers, with the same result whatever their number.
import { BroadcastChannel } from 'node:worker_threads';
import { guardsOf } from '../../model/guards.js';
import { collect, ok, type Result } from '../../util/result.js';
import { runWorker } from '../../util/worker.js';
import type { MutantReport, MutateTask, Mutation } from './mutate-task.js';
import type { MutateWork } from './mutate-worker.js';

const WORKER = new URL('./mutate-worker.js', import.meta.url);

/**
 * The mutants in the order of the spec. `onMutant` is told of each as it is judged, in any order. Errors: those of the
 * spec and of {@link runWorker}.
 */
export async function mutateInWorkers(
  task: MutateTask,
  jobs: number,
  signal: AbortSignal,
  onMutant: (report: MutantReport) => void,
): Promise<Result<Mutation>> {
  const name = `aura mutants ${nextChannel++}`;
  const channel = new BroadcastChannel(name);
  channel.onmessage = message => reportsIn(message).forEach(onMutant);
  // The guards are dealt out: a worker without one would only look for the states of the spec.
  const of = Math.max(1, Math.min(jobs, guardsOf(task.model).length));
  const shares = Array.from({ length: of }, (_, share): MutateWork => ({ task, share, of, channel: name }));
  const done = collect(await Promise.all(shares.map(work => runWorker<Mutation>(WORKER, work, signal))));
  channel.close();
  if (!done.ok) return done;
  const mutants = done.value.flatMap(one => one.mutants).sort((a, b) => a.number - b.number);
  const [first] = done.value;
  return ok({ ...(first ?? NOTHING), mutants });
}

const NOTHING: Mutation = { states: 0, depth: 0, complete: true, violated: [], mutants: [] };

let nextChannel = 0;

function reportsIn(message: unknown): MutantReport[] {
  const data =
    typeof message === 'object' && message !== null && 'data' in message ? message.data : undefined;
  if (typeof data !== 'string') return [];
  const report: MutantReport = JSON.parse(data);
  return [report];
}
