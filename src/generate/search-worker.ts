// The inside of a worker: searches its share and answers with what it kept.
import { answerWith } from '../util/worker.js';
import { type SearchTask, searchShare } from './search-task.js';

answerWith(({ task, share, of }: { task: SearchTask; share: number; of: number }) =>
  searchShare(task, share, of),
);
