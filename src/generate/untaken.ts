// Actions that no schedule takes, each with what keeps it from being taken: nothing that could not be covered is hidden.

import { readSpecTexts } from '../bridge/load-spec.js';
import type { ActionSurvey } from '../derive/survey.js';
import { surveyInWorker } from '../derive/survey-in-worker.js';
import { spanText } from '../derive/text-edits.js';
import { showLocation } from '../util/errors.js';
import { ok, type Result } from '../util/result.js';
import type { GenerateInput, GenerateOptions } from './generate.js';
import type { Goal } from './judge.js';

export interface UntakenAction {
  readonly action: string;
  /** In words. */
  readonly reason: string;
  /** Of the guard that is in the way: file, line and column. */
  readonly place?: string;
}

/** States in which the actions are looked at that no schedule takes. */
const STATES = 20_000;

/** Errors: those of evaluating the spec. */
export async function findUntaken(
  { bridge, model, derived }: Pick<GenerateInput, 'bridge' | 'model' | 'derived'>,
  seen: readonly Goal[],
  { classification, seed }: Pick<GenerateOptions, 'classification' | 'seed'>,
): Promise<Result<UntakenAction[]>> {
  const taken = new Set(seen.flatMap(({ kind, name }) => (kind === 'action' ? [name] : [])));
  const missing = model.actions.filter(({ name }) => !taken.has(name)).map(({ name }) => name);
  if (missing.length === 0) return ok([]);
  const { spec, entry } = model;
  const options = { ...entry, maxStates: STATES, seed };
  const surveyed = await surveyInWorker({ spec, classification, options }, bridge.signal);
  if (!surveyed.ok) return surveyed;
  const texts = derived?.texts ?? (await readSpecTexts(spec));
  const { actions, states } = surveyed.value;
  return ok(
    missing.map(name => {
      const found = actions.find(action => action.name === name);
      return { action: name, ...reasonFor(found, states, texts, spec.file) };
    }),
  );
}

function reasonFor(
  found: ActionSurvey | undefined,
  states: number,
  texts: ReadonlyMap<string, string>,
  file: string,
): Omit<UntakenAction, 'action'> {
  if (found !== undefined && found.enabledIn > 0)
    return { reason: 'it is possible, but in no schedule that was tried; more or longer ones may take it' };
  const where = `in ${states} states`;
  if (found?.blocker === undefined) return { reason: `it is never possible ${where}` };
  const { kind, span } = found.blocker;
  if (kind === 'empty domain') return { reason: `there is nothing to draw its parameters from ${where}` };
  const guard = span && spanText(span, file, texts);
  const held = kind === 'never true' ? 'never holds' : 'holds in none where the others do';
  return {
    reason: `${guard === undefined ? 'a guard' : `\`${guard}\``} ${held} ${where}`,
    ...(span && { place: showLocation(span) }),
  };
}
