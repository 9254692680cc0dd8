// Puts the events of a trace in order. A trace that is in order as it comes goes through as it comes: whether it is, is
// told by its first events, and one that turns out to be in disorder later is an error that says what to do. A trace
// that has to be sorted is kept, as bytes, within limits.
import { type AuraError, auraError } from '../util/errors.js';
import { LIMITS } from '../util/limits.js';
import { fail, ok, type Result } from '../util/result.js';
import { causalOrder, compareEvents, type OrderInput, timesOf } from './causal-order.js';
import type { ReadEvent } from './event.js';
import type { EventRole } from './event-mapper.js';
import type { EventAt } from './execution-parser.js';
import type { Place } from './place.js';

/** `file` is the order in which the events stand there. */
export type TraceOrder = 'causal' | 'time' | 'seq' | 'file';

/** An event that is not passed over. */
export interface OrderedEvent {
  readonly at: EventAt;
  readonly role: EventRole;
  /** Positions, among the events that are not passed over, of those right before it; absent for the one before. */
  readonly after: readonly number[] | undefined;
}

/** Events by which it is decided how a trace is ordered. */
const WINDOW = 1_000;

/** What is kept of an event until all are there. */
interface Kept extends OrderInput {
  readonly role: EventRole;
  readonly place: Place;
  readonly bytes: Buffer;
}

interface Options {
  /** Absent where the trace is to tell. */
  readonly order: TraceOrder | undefined;
  /** What the header of the trace says, which is known once there is an event. */
  told(): TraceOrder | undefined;
  readonly file: string;
  roleOf(event: ReadEvent): EventRole;
  /** Reads an event again. */
  reread(index: number, bytes: Buffer, place: Place): Result<EventAt>;
}

export class EventOrder {
  private chosen: TraceOrder | undefined;
  /** Whether the order is no guess, so that the events need not bear it out. */
  private isGiven: boolean;
  private window: EventAt[] | undefined;
  private kept: Kept[] | undefined;
  private keptBytes = 0;
  private partial = false;
  private readonly nodes = new Set<string | undefined>();
  /** Whether the file's order must agree with times or numbers. */
  private follows: 'time' | 'seq' | undefined;
  private last: ReadEvent | undefined;

  constructor(private readonly options: Options) {
    this.chosen = options.order;
    this.isGiven = options.order !== undefined;
    if (this.chosen === undefined) this.window = [];
    else if (this.chosen !== 'file') this.kept = [];
  }

  /** Undefined until it is decided. */
  get order(): TraceOrder | undefined {
    return this.chosen;
  }

  /** Whether several orders are possible. Certain once there is an event. */
  get isPartial(): boolean {
    return this.partial;
  }

  /** The events that come next. */
  push(at: EventAt): Result<OrderedEvent>[] {
    if (this.window !== undefined && this.options.told() === 'file') {
      this.window = undefined;
      this.chosen = 'file';
      this.isGiven = true;
    }
    if (this.window !== undefined) {
      this.window.push(at);
      return this.window.length < WINDOW ? [] : this.decide(this.window);
    }
    return this.kept === undefined ? this.pass(at) : this.keep(this.kept, at);
  }

  *finish(): Generator<Result<OrderedEvent>, void> {
    if (this.window !== undefined) yield* this.decide(this.window);
    const { kept } = this;
    if (kept === undefined) return;
    const sorted = this.sort(kept);
    if (!sorted.ok) return yield sorted;
    for (const [i, position] of sorted.value.sequence.entries()) {
      const one = kept[position];
      if (one === undefined || !one.kept) continue;
      const at = this.options.reread(one.index, one.bytes, one.place);
      yield at.ok ? ok({ at: at.value, role: one.role, after: sorted.value.before?.[i] }) : at;
    }
  }

  private decide(window: readonly EventAt[]): Result<OrderedEvent>[] {
    this.window = undefined;
    const events = window.map(({ event }) => event);
    for (const { node } of events) this.nodes.add(node);
    const isCausal = events.some(event => this.needsCausality(event));
    const byTime = events.some(({ time }) => time !== undefined);
    const seqs = events.map(({ seq }) => seq);
    const isNumbered = new Set(seqs).size === seqs.length && !seqs.includes(undefined);
    this.follows = byTime ? 'time' : isNumbered ? 'seq' : undefined;
    const inOrder = events.every(event => this.isInOrder(event));
    this.last = undefined;
    this.chosen = isCausal ? 'causal' : inOrder ? 'file' : this.follows;
    if (isCausal || !inOrder) this.kept = [];
    return window.flatMap(at => this.push(at));
  }

  private needsCausality({ clock, message, after }: ReadEvent): boolean {
    return after !== undefined || (this.nodes.size > 1 && (clock !== undefined || message !== undefined));
  }

  /** Whether an event comes in its turn after those before it. */
  private isInOrder(event: ReadEvent): boolean {
    const { last, follows } = this;
    this.last = event;
    if (last === undefined || follows === undefined) return true;
    const [before, now] = [last[follows], event[follows]];
    if (now === undefined && before !== undefined) this.last = { ...event, [follows]: before };
    return before === undefined || now === undefined || before <= now;
  }

  private pass(at: EventAt): Result<OrderedEvent>[] {
    const { event } = at;
    if (!this.isGiven) {
      this.nodes.add(event.node);
      if (this.needsCausality(event))
        return [
          this.late(at, 'it has a clock or a message, unlike all events of other nodes before', 'causal'),
        ];
      if (!this.isInOrder(event))
        return [this.late(at, `its ${this.follows} is less than that of an event before it`, this.follows)];
    }
    const role = this.options.roleOf(event);
    return role === 'none' ? [] : [ok({ at, role, after: undefined })];
  }

  private late(at: EventAt, message: string, order: TraceOrder | undefined): Result<OrderedEvent> {
    const hint = `--order ${order} sorts the events, --order file takes them as they come`;
    return fail(this.error('AUR318', at, message, hint));
  }

  private keep(kept: Kept[], at: EventAt): Result<OrderedEvent>[] {
    const { index, event, place, bytes } = at;
    this.keptBytes += bytes.length;
    const { order } = this;
    if (kept.length >= LIMITS.orderedEvents || this.keptBytes > LIMITS.orderedBytes) {
      const message = `more than ${LIMITS.orderedEvents} events or ${LIMITS.orderedBytes} bytes cannot be put in ${order} order`;
      return [fail(this.error('AUR304', at, message, '--order file takes the events as they come'))];
    }
    if ((order === 'time' || order === 'seq') && this.options.order === order && event[order] === undefined)
      return [fail(this.error('AUR318', at, `it has no ${order}`, 'choose another --order'))];
    const role = this.options.roleOf(event);
    const { node, seq, time, clock, message, after } = event;
    const flags = { role, kept: role !== 'none', initial: role === 'initial' };
    kept.push({ index, node, seq, time, clock, message, after, ...flags, place, bytes });
    return [];
  }

  private sort(kept: readonly Kept[]) {
    if (this.chosen !== 'causal') return ok({ sequence: this.sorted(kept), before: undefined });
    const sorted = causalOrder(kept);
    if ('code' in sorted) {
      const { code, message, at } = sorted;
      const hint = '--order file takes the events as they come';
      const event = kept[at];
      return fail(event ? this.error(code, event, message, hint) : auraError(code, message, { hint }));
    }
    this.partial = sorted.before !== undefined;
    return ok(sorted);
  }

  /** Positions of the kept events by time or number. */
  private sorted(kept: readonly Kept[]): number[] {
    const positions = kept.flatMap((event, i) => (event.kept ? [i] : []));
    const bySeq = this.chosen === 'seq';
    const compare = compareEvents(bySeq ? kept.map(({ seq }) => seq ?? 0) : timesOf(kept));
    return positions.sort((a, b) => compare(kept, a, b));
  }

  private error(
    code: AuraError['code'],
    { index, place }: { readonly index: number; readonly place: Place },
    message: string,
    hint: string,
  ): AuraError {
    const location = { file: this.options.file, line: place.line, column: place.column };
    return auraError(code, `event ${index}: ${message}`, { location, hint });
  }
}
