// The inside of a worker: does the one job that it was started with and answers with its result.
import { parentPort, workerData } from 'node:worker_threads';
import { performJob, type VerifyJob } from './job.js';

const job: VerifyJob = workerData;
parentPort?.postMessage(await performJob(job));
