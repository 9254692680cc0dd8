// The same invariants decided by Quint itself, as an independent oracle. Where the two differ one of them is wrong, and
// nobody should trust the verdict before it is known which.
import type {
  Disagreement,
  PropertyVerdict,
  TraceVerdict,
  VerifyResult,
} from '../../generated/verify-result.js';
import { checkStates } from '../bridge/check-states.js';
import type { Bridge } from '../bridge/load-spec.js';
import type { Model } from '../model/model.js';
import { auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import type { WantedProperty } from './property.js';
import type { NamedTrace } from './verify.js';

/** States of one trace that Quint is given at most: it takes a second for some hundreds. */
const STATES_MAX = 20_000;

/** Who asks Quint, and about what. */
export interface Oracle {
  readonly bridge: Bridge;
  /** The texts of the spec, where they are not those of its files. */
  readonly texts?: ReadonlyMap<string, string>;
}

type Untimed = Omit<VerifyResult, 'timing'>;

/**
 * The result with Quint's answer beside ours. Traces have to tell all variables of all states.
 *
 * Errors: AUR753 for a trace that Quint cannot be given, and those of calling Quint.
 */
export async function askQuint(
  { bridge, texts: sources }: Oracle,
  model: Model,
  invariants: readonly WantedProperty[],
  traces: readonly NamedTrace[],
  result: Untimed,
): Promise<Result<Untimed>> {
  const variables = model.variables.map(({ name }) => name);
  const verdicts: TraceVerdict[] = [];
  const disagreements: Disagreement[] = [];
  for (const [i, verdict] of result.traces.entries()) {
    const { moments = [], firstMoment = 0 } = traces[i]?.verified ?? {};
    const whole = moments.every(({ known }) => variables.every(name => known.has(name)));
    if (!whole || firstMoment > 0 || moments.length > STATES_MAX) {
      const why = whole ? 'it is too long' : 'it leaves variables untold';
      return fail(auraError('AUR753', `${verdict.trace} cannot be given to Quint: ${why}`));
    }
    const texts = invariants.map(({ text }) => text);
    const states = moments.map(({ known }) => known);
    const checked = await checkStates(bridge, model.spec, variables, texts, states, sources);
    if (!checked.ok) return checked;
    const both = verdict.invariants.map((property): PropertyVerdict => {
      const step = checked.value.broken.get(property.name) ?? null;
      const theirs = step === null ? 'satisfied' : 'violated';
      if (property.verdict !== theirs || property.step !== step)
        disagreements.push({
          trace: verdict.trace,
          invariant: property.name,
          builtin: property.verdict,
          quint: theirs,
          step,
        });
      return { ...property, checkedBy: 'both' };
    });
    verdicts.push({ ...verdict, invariants: both });
  }
  const failed = disagreements.length > 0;
  return ok({ ...result, traces: verdicts, disagreements, ...(failed && { verdict: 'failed' }) });
}
