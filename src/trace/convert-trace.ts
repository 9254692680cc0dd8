// From one kind of trace to the other, moment by moment: what is written says all that was read, so that converting back
// gives the same observations.
import { auraError } from '../util/errors.js';
import { type Failure, fail, ok, type Result } from '../util/result.js';
import { isDocument, writeExecutionTrace } from './execution-writer.js';
import type { ItfState } from './itf.js';
import { writeItfStates } from './itf-writer.js';
import type { Observation, ObservedTrace } from './observation.js';
import { ExecutionEvents, executionHeaderOf } from './observations-execution.js';
import { ItfStates, itfFrameOf, tellsActions } from './observations-itf.js';
import type { SpecTypes } from './spec-types.js';

export interface Converted {
  readonly moments: number;
  /** Variables that are not known in some moment, with the number of those moments. */
  readonly unobserved: ReadonlyMap<string, number>;
  /** Moments that say what was done. */
  readonly withActions: number;
}

/** Counts what goes by. */
class Tally implements Converted {
  moments = 0;
  withActions = 0;
  readonly unobserved = new Map<string, number>();

  constructor(private readonly variables: readonly string[]) {}

  note({ known, actions }: Observation): void {
    this.moments++;
    if (actions !== undefined) this.withActions++;
    if (known.size === this.variables.length) return;
    for (const name of this.variables)
      if (!known.has(name)) this.unobserved.set(name, (this.unobserved.get(name) ?? 0) + 1);
  }
}

/**
 * Writes a trace as ITF; `source` says in it where it comes from. Errors are those of the trace, then nothing is
 * written, and AUR006.
 */
export async function convertToItf(
  trace: ObservedTrace,
  types: SpecTypes,
  output: string,
  source: string,
): Promise<Result<Converted>> {
  const tally = new Tally([...types.vars.keys()]);
  const moments = trace[Symbol.asyncIterator]();
  try {
    // The first moments tell what has to stand before all states.
    const { first, tells } = await tellsActions(moments);
    const states = itfStates([...first], moments, new ItfStates(types, tells), tally);
    const frame = itfFrameOf(trace.frame(), types, source, tells);
    const written = await writeItfStates(output, frame, states, () => trace.frame().loop);
    return written.ok ? ok(tally) : written;
  } finally {
    await moments.return?.();
  }
}

async function* itfStates(
  first: readonly Result<Observation>[],
  rest: AsyncIterator<Result<Observation>>,
  states: ItfStates,
  tally: Tally,
): AsyncGenerator<Result<ItfState>, void> {
  for await (const moment of chained(first, rest)) {
    if (!moment.ok) return yield moment;
    tally.note(moment.value);
    yield ok(states.next(moment.value));
  }
}

async function* chained<T>(first: readonly T[], rest: AsyncIterator<T>): AsyncGenerator<T, void> {
  yield* first;
  for (;;) {
    const { done, value } = await rest.next();
    if (done) return;
    yield value;
  }
}

/**
 * Writes a trace as an execution trace in the words of the spec: as one document where the name ends in `.json`,
 * otherwise as JSON Lines. Errors are those of the trace, then nothing is written, and AUR006.
 */
export async function convertToExecution(trace: ObservedTrace, output: string): Promise<Result<Converted>> {
  const tally = new Tally([]);
  const moments = trace[Symbol.asyncIterator]();
  try {
    const { value, done } = await moments.next();
    const first = done ? [] : [value];
    const events = new ExecutionEvents(trace.frame().interleaved);
    const texts = eventTexts(first, moments, events, tally, () =>
      trace.frame().loop === undefined || isDocument(output) ? undefined : LOOP_IN_LINES,
    );
    const written = await writeExecutionTrace(output, executionHeaderOf(trace.frame()), texts, () => {
      const { loop } = trace.frame();
      return loop === undefined ? {} : { loop };
    });
    return written.ok ? ok(tally) : written;
  } finally {
    await moments.return?.();
  }
}

const LOOP_IN_LINES = fail(
  auraError('AUR321', 'the trace loops, which JSON Lines can only say before the events', {
    hint: 'give the output a name that ends in .json',
  }),
);

async function* eventTexts(
  first: readonly Result<Observation>[],
  rest: AsyncIterator<Result<Observation>>,
  events: ExecutionEvents,
  tally: Tally,
  faultAtEnd: () => Failure | undefined,
): AsyncGenerator<Result<string>, void> {
  for await (const moment of chained(first, rest)) {
    if (!moment.ok) return yield moment;
    tally.note(moment.value);
    yield ok(events.next(moment.value));
  }
  const fault = faultAtEnd();
  if (fault) yield fault;
}
