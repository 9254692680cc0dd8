// From the chunks of an execution trace to what it tells of a spec: the stages in a row, each in a file of its own:
// events are read, put in order, put into the words of the spec, and become moments.
import { type AuraError, auraError } from '../util/errors.js';
import { type Failure, fail, ok, type Result } from '../util/result.js';
import { EventMapper } from './event-mapper.js';
import { EventOrder, type OrderedEvent, type TraceOrder } from './event-order.js';
import { type EventProblem, inEvent } from './event-problem.js';
import type { Hidden, StateMode } from './execution-header.js';
import { type EventAt, ExecutionParser } from './execution-parser.js';
import { type BuiltMoment, MomentBuilder } from './moments.js';
import type { Observation, ObservedFrame } from './observation.js';
import type { SpecTypes } from './spec-types.js';
import type { TraceMapping } from './trace-mapping.js';

export interface ExecutionOptions {
  readonly types: SpecTypes;
  readonly mapping: TraceMapping;
  readonly order: TraceOrder | undefined;
  readonly stateMode: StateMode | undefined;
  readonly eventsOnly: boolean;
  /** Misfits that are told of one value; with more than one, reading goes on after a failure. */
  readonly misfitsMost: number;
}

/** What was made of a trace, for people. */
export interface ExecutionSummary {
  readonly events: number;
  /** Events that are no steps of the spec. */
  readonly passedOver: number;
  readonly order: TraceOrder | undefined;
  readonly stateMode: StateMode | undefined;
}

export class ExecutionObserver {
  private readonly parser: ExecutionParser;
  private readonly mapper: Result<EventMapper>;
  private readonly order: EventOrder;
  private readonly mayLoop: () => boolean;
  private builder: MomentBuilder | undefined;
  private hidden: Hidden = { actions: [], most: 0 };
  private events = 0;
  private kept = 0;
  private loop: number | undefined;

  /** `file` stands for the source in errors. */
  constructor(
    private readonly file: string,
    format: 'document' | 'lines',
    private readonly options: ExecutionOptions,
  ) {
    const { types, mapping } = options;
    this.parser = new ExecutionParser(file, format, options.misfitsMost);
    this.mapper = EventMapper.of(types, mapping, options);
    this.order = new EventOrder({
      file,
      order: options.order,
      told: () => this.parser.header.order,
      roleOf: event => (this.mapper.ok ? this.mapper.value.roleOf(event) : 'none'),
      reread: (index, bytes, place) => this.parser.eventOf(index, bytes, place),
    });
    // In a document the loop may be told after the events.
    this.mayLoop = () => format === 'document' || this.parser.header.loop !== undefined;
  }

  /** The moments that are complete after this chunk. After a failure there may be more. */
  *push(chunk: Buffer): Generator<Result<Observation>, void> {
    if (!this.mapper.ok) return yield this.mapper;
    for (const at of this.parser.push(chunk)) yield* this.read(at, this.mapper.value);
  }

  /** The last moments, and what is wrong with a trace that ends here. */
  *finish(): Generator<Result<Observation>, void> {
    if (!this.mapper.ok) return;
    const mapper = this.mapper.value;
    const last = this.parser.finish();
    if (last) yield* this.read(last, mapper);
    for (const event of this.order.finish()) yield* event.ok ? this.observe(event.value, mapper) : [event];
    for (const built of this.builder?.finish() ?? []) yield* this.built(built);
    if (this.events > 0 && this.builder === undefined && !this.parser.over)
      yield fail(auraError('AUR313', `none of the ${this.events} events of ${this.file} is one of the spec`));
    const loopFault = this.findLoop();
    if (loopFault) yield fail(loopFault);
  }

  frame(): ObservedFrame {
    const untold = this.builder?.stateMode === 'delta' ? 'carried' : 'unknown';
    return {
      ...(this.loop !== undefined && { loop: this.loop }),
      mayLoop: this.mayLoop(),
      interleaved: this.order.isPartial,
      untold,
      actions: this.parser.header.actions ?? 'certain',
      hidden: this.hidden,
    };
  }

  summary(): ExecutionSummary {
    return {
      events: this.events,
      passedOver: this.events - this.kept,
      order: this.order.order,
      stateMode: this.builder?.stateMode,
    };
  }

  private *read(at: Result<EventAt>, mapper: EventMapper): Generator<Result<Observation>, void> {
    if (!at.ok) return yield at;
    this.events++;
    for (const event of this.order.push(at.value))
      yield* event.ok ? this.observe(event.value, mapper) : [event];
  }

  private *observe(
    { at, role, after }: OrderedEvent,
    mapper: EventMapper,
  ): Generator<Result<Observation>, void> {
    if (this.builder === undefined) {
      const begun = this.begin(mapper);
      if (!begun.ok) return yield begun;
      this.builder = begun.value;
    }
    this.kept++;
    const problems: EventProblem[] = [];
    const mapped = mapper.map(at.event, problems);
    const isBad = problems.length > 0;
    if (isBad) yield this.failure(at, problems);
    for (const built of this.builder.add({ at, role, mapped, after, isBad })) yield* this.built(built);
  }

  private *built({ moment, at, isBad, problems }: BuiltMoment): Generator<Result<Observation>, void> {
    if (problems.length > 0) yield this.failure(at, problems);
    else if (!isBad) yield ok(moment);
  }

  private begin(mapper: EventMapper): Result<MomentBuilder> {
    const { header } = this.parser;
    const { mapping, stateMode } = this.options;
    const hidden = mapper.hidden(mapping.hidden ?? header.hidden ?? this.hidden);
    if (!hidden.ok) return hidden;
    this.hidden = hidden.value;
    const mode = stateMode ?? mapping.stateMode ?? header.stateMode;
    const remember = { positions: this.order.isPartial, events: this.mayLoop() };
    return ok(new MomentBuilder(mapper, mode, remember));
  }

  private failure({ index, place }: EventAt, problems: readonly EventProblem[]): Failure {
    const location = { file: this.file, line: place.line, column: place.column };
    const errors = problems.map(({ code, message, hint }) =>
      auraError(code, inEvent(index, message), { location, ...(hint !== undefined && { hint }) }),
    );
    return fail(...errors.slice(0, this.options.misfitsMost));
  }

  private findLoop(): AuraError | undefined {
    const { loop } = this.parser.header;
    if (loop === undefined || this.builder === undefined) return undefined;
    const refuse = (message: string) => auraError('AUR321', `"loop" of ${this.file} ${message}`);
    if (loop >= this.events) return refuse(`is ${loop}, but there are ${this.events} events`);
    this.loop = this.builder.momentOfEvent(loop);
    if (this.loop === undefined) return refuse(`is event ${loop}, which is not one of the spec`);
    return this.order.isPartial ? refuse('needs events in one certain order') : undefined;
  }
}
