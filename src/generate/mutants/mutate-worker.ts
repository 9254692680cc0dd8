// The inside of a worker: judges a share of the mutants, and tells of each as it is judged, so that an interruption
// loses only the one that is being judged.
import { BroadcastChannel } from 'node:worker_threads';
import { answerWith } from '../../util/worker.js';
import { judgeShare, type MutateTask, type Mutation } from './mutate-task.js';

export interface MutateWork {
  readonly task: MutateTask;
  readonly share: number;
  readonly of: number;
  /** Name of the channel on which reports are told. */
  readonly channel: string;
}

answerWith<MutateWork, Mutation>(({ task, share, of, channel }) => {
  const told = new BroadcastChannel(channel);
  const result = judgeShare(task, share, of, report => told.postMessage(JSON.stringify(report)));
  told.close();
  return result;
});
