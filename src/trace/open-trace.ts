// The door to traces: whatever the file is, ITF or an execution trace, compressed or not, what comes out are
// observations in the words of the spec. The kind is told by the content.
import { auraError } from '../util/errors.js';
import { LIMITS } from '../util/limits.js';
import { fail, ok, type Result } from '../util/result.js';
import type { TraceOrder } from './event-order.js';
import type { StateMode } from './execution-header.js';
import { ExecutionObserver, type ExecutionSummary } from './execution-observer.js';
import type { ItfState } from './itf.js';
import { ItfCheck } from './itf-check.js';
import { asWritten, ItfObserver, typesByTraceName } from './itf-observer.js';
import { ItfParser } from './itf-parser.js';
import type { Observation, ObservedFrame, ObservedTrace } from './observation.js';
import { FOREIGN_FRAME } from './observation-meta.js';
import type { SpecTypes } from './spec-types.js';
import { nextChunk, traceBytes } from './trace-bytes.js';
import { traceFormat } from './trace-format.js';
import { NO_MAPPING, type TraceMapping } from './trace-mapping.js';

export interface OpenTraceOptions {
  /** Without them only an ITF trace can be read, and its names and values are taken as they are. */
  readonly types?: SpecTypes;
  /** How the words of a log become those of the spec; a trace in ITF needs none. */
  readonly mapping?: TraceMapping;
  /** Absent where the events are to tell. */
  readonly order?: TraceOrder;
  /** Absent where the mapping, the trace or its first state is to tell. */
  readonly stateMode?: StateMode;
  /** Whether to ignore states. */
  readonly eventsOnly?: boolean;
  /** Misfits to tell of one value, default 1; with more, failures do not end the trace, but it is not one any more. */
  readonly misfitsMost?: number;
}

/** A trace that can also say what kind of file it is, once it has been read. */
export interface OpenedTrace extends ObservedTrace {
  readonly kind: 'itf' | 'execution' | undefined;
  /** Of an execution trace. */
  readonly summary: ExecutionSummary | undefined;
}

/**
 * The trace in a file, or of standard input for `-`. It is opened when it is iterated.
 *
 * Errors: AUR003 and AUR004 for the file, AUR301 to AUR304 and AUR310 to AUR321 for its content and for a mapping that
 * does not fit the spec.
 */
export function openTrace(path: string, options: OpenTraceOptions = {}): OpenedTrace {
  return observeBytes(traceBytes(path), path === '-' ? 'standard input' : path, options);
}

/** As {@link openTrace} of bytes that `name` stands for in errors. The chunks must not be changed afterwards. */
export function observeBytes(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  options: OpenTraceOptions = {},
): OpenedTrace {
  return new Trace(bytes, name, options);
}

/** What turns the bytes of one kind of trace into observations. */
interface Reader {
  push(chunk: Buffer): Iterable<Result<Observation>>;
  finish(): Iterable<Result<Observation>>;
  frame(): ObservedFrame;
  summary(): ExecutionSummary | undefined;
}

class Trace implements OpenedTrace {
  kind: 'itf' | 'execution' | undefined;
  private reader: Reader | undefined;

  constructor(
    private readonly bytes: AsyncIterable<Uint8Array>,
    private readonly name: string,
    private readonly options: OpenTraceOptions,
  ) {}

  get summary(): ExecutionSummary | undefined {
    return this.reader?.summary();
  }

  frame(): ObservedFrame {
    return this.reader?.frame() ?? FOREIGN_FRAME;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Result<Observation>, void> {
    const goesOn = (this.options.misfitsMost ?? 1) > 1;
    for await (const observations of this.batches())
      for (const observation of observations) {
        yield observation;
        if (!observation.ok && !goesOn) return;
      }
  }

  /** What comes of each chunk: one turn of the event loop for a chunk and not for each moment. */
  private async *batches(): AsyncGenerator<Iterable<Result<Observation>>, void> {
    const chunks = this.bytes[Symbol.asyncIterator]();
    let head: Buffer = Buffer.alloc(0);
    try {
      for (;;) {
        const chunk = await nextChunk(chunks, this.name);
        if (!chunk.ok) return yield [chunk];
        const isEnd = chunk.value === undefined;
        if (this.reader === undefined) {
          head = chunk.value === undefined ? head : Buffer.concat([head, chunk.value]);
          const begun = this.begin(head, isEnd);
          if (!begun.ok) return yield [begun];
          this.reader = begun.value;
          if (begun.value) yield begun.value.push(head);
        } else if (chunk.value !== undefined) yield this.reader.push(chunk.value);
        if (isEnd) break;
      }
      if (this.reader) yield this.reader.finish();
    } finally {
      await chunks.return?.();
    }
  }

  /** Chooses the reader once it is clear which kind of trace this is. */
  private begin(head: Buffer, isEnd: boolean): Result<Reader | undefined> {
    const refuse = (why: string) => fail(auraError('AUR310', `${this.name} is ${why}`));
    if (isEnd && head.length === 0) return fail(auraError('AUR313', `${this.name} is empty`));
    const told = traceFormat(head);
    const isClear = isEnd || head.length > LIMITS.traceFrameBytes;
    const format = told === 'unclear' && isClear ? 'document' : told;
    if (format === undefined)
      return refuse('neither an ITF trace nor an execution trace: it is no JSON object');
    if (format === 'unclear') return ok(undefined);
    this.kind = format === 'itf' ? 'itf' : 'execution';
    if (format === 'itf') return ok(new ItfReader(this.name, this.options));
    const { types } = this.options;
    if (types === undefined) return refuse('an execution trace, where one in ITF is wanted');
    return ok(this.executionReader(format, types));
  }

  private executionReader(format: 'document' | 'lines', types: SpecTypes): Reader {
    const { mapping = NO_MAPPING, order, stateMode, eventsOnly = false, misfitsMost = 1 } = this.options;
    const options = { types, mapping, order, stateMode, eventsOnly, misfitsMost };
    return new ExecutionObserver(this.name, format, options);
  }
}

class ItfReader implements Reader {
  private readonly parser: ItfParser;
  private readonly observer: ItfObserver;
  /** Absent where the first misfit ends the reading. */
  private readonly check: ItfCheck | undefined;
  private failed = false;

  constructor(name: string, { types, eventsOnly = false, misfitsMost = 1 }: OpenTraceOptions) {
    const named = types && typesByTraceName(types);
    this.check = named && misfitsMost > 1 ? new ItfCheck(name, named) : undefined;
    // What is checked must not have been fitted to shapes before.
    const unfitted = named && { ...named, fitOf: () => asWritten };
    this.parser = new ItfParser(name, this.check ? unfitted : named);
    this.observer = new ItfObserver(name, types, eventsOnly);
  }

  *push(chunk: Buffer): Generator<Result<Observation>, void> {
    for (const state of this.parser.push(chunk)) {
      if (!state.ok) this.failed = true;
      yield state.ok ? this.observe(state.value) : state;
    }
  }

  *finish(): Generator<Result<Observation>, void> {
    const frame = this.parser.frame();
    const error = this.failed ? undefined : (this.parser.finish() ?? this.observer.finish(frame));
    if (error) yield fail(error);
  }

  frame(): ObservedFrame {
    return this.observer.frame(this.parser.frame());
  }

  summary(): undefined {
    return undefined;
  }

  private observe(state: ItfState): Result<Observation> {
    const misfits = this.check?.misfits(state) ?? [];
    const observed = this.observer.observe(state, this.parser.frame());
    if (misfits.length === 0) return observed;
    return fail(...misfits, ...(observed.ok ? [] : observed.errors));
  }
}
