// The inside of a worker: does the one task that it was started with and answers with its result.
import { parentPort, workerData } from 'node:worker_threads';
import { perform, type Task } from './task.js';

const task: Task = workerData;
parentPort?.postMessage(perform(task));
