// Surveys a spec in a worker, so that it can be ended and has a bound on its memory.
import type { Result } from '../util/result.js';
import { runWorker } from '../util/worker.js';
import type { Survey } from './survey.js';
import type { SurveyJob } from './worker.js';

/** Errors: those of evaluating the spec, and of {@link runWorker}. */
export function surveyInWorker(job: SurveyJob, signal?: AbortSignal): Promise<Result<Survey>> {
  return runWorker(new URL('./worker.js', import.meta.url), job, signal);
}
