// Everything that is wrong with a trace, not only the first thing.
import type { AuraError } from '../util/errors.js';
import { LIMITS } from '../util/limits.js';
import { fail, ok, type Result } from '../util/result.js';
import { type OpenedTrace, type OpenTraceOptions, openTrace } from './open-trace.js';

export interface TraceMisfits {
  readonly kind: OpenedTrace['kind'];
  /** Moments that could be read. */
  readonly moments: number;
  /** In the order of the trace, up to a limit. */
  readonly misfits: readonly AuraError[];
  /** Misfits beyond the limit. */
  readonly more: number;
}

/** Codes that say nothing of the trace: the file cannot be read, or the mapping does not fit the spec. */
const NO_VERDICT: ReadonlySet<string> = new Set(['AUR003', 'AUR317']);

/** Reads a trace to its end. Errors are AUR003 and AUR317 only: all others are misfits. */
export async function validateTrace(path: string, options: OpenTraceOptions): Promise<Result<TraceMisfits>> {
  const trace = openTrace(path, { ...options, misfitsMost: LIMITS.traceMisfits });
  const misfits: AuraError[] = [];
  let moments = 0;
  let more = 0;
  for await (const moment of trace) {
    if (moment.ok) moments++;
    else {
      const fatal = moment.errors.filter(({ code }) => NO_VERDICT.has(code));
      if (fatal.length > 0) return fail(...fatal);
      const taken = moment.errors.slice(0, LIMITS.traceMisfits - misfits.length);
      misfits.push(...taken);
      more += moment.errors.length - taken.length;
    }
  }
  // Events are put in order in between, so that what reading them tells comes before what their values tell.
  const byLine = misfits.sort((a, b) => (a.location?.line ?? 0) - (b.location?.line ?? 0));
  return ok({ kind: trace.kind, moments, misfits: byLine, more });
}
