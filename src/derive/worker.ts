// The inside of a worker: surveys the one spec that it is given and answers with its result.
import { compileSpec } from '../engine/index.js';
import { buildModel } from '../model/build-model.js';
import type { Classification } from '../model/classify.js';
import type { Spec } from '../model/spec.js';
import { answerWith } from '../util/worker.js';
import { type SurveyOptions, survey } from './survey.js';

/** What the worker is given. */
export interface SurveyJob {
  readonly spec: Spec;
  readonly classification: Classification;
  readonly options: SurveyOptions;
}

answerWith(({ spec, classification, options }: SurveyJob) => {
  const compiled = compileSpec(spec);
  return compiled.ok ? survey(compiled.value, buildModel(spec, classification, options), options) : compiled;
});
