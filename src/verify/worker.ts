// The inside of a worker: does the one job that it is given and answers with its result.
import { answerWith } from '../util/worker.js';
import { performJob } from './job.js';

answerWith(performJob);
