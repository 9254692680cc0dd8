// The inside of a worker: does the one task that it is given and answers with its result.
import { answerWith } from '../util/worker.js';
import { perform } from './task.js';

answerWith(perform);
