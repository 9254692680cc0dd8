// From the chunks of an execution trace to its events, without any I/O and without keeping the events: as JSON Lines or
// as one document, which differ only in how they are cut. An event that is not as it should be is a failure with its
// place; the events behind it can still be read, unless the document itself is broken.
import type { ErrorCode } from '../util/error-codes.js';
import { type AuraError, auraError } from '../util/errors.js';
import type { Json } from '../util/json.js';
import { type Failure, fail, ok, type Result } from '../util/result.js';
import { checkEvent, type ReadEvent, showMisfits } from './event.js';
import { EventDecoder } from './event-decoder.js';
import { inEvent } from './event-problem.js';
import {
  type ExecutionHeader,
  type HeaderFault,
  isHeaderFault,
  mayFollowEvents,
  readHeader,
} from './execution-header.js';
import type { JsonObject } from './itf.js';
import { type CursorFailure, JsonCursor } from './json-cursor.js';
import { type FrameEvent, type FrameFailure, FrameScanner, type Piece } from './json-frames.js';
import { readJson, readJsonObject } from './json-value.js';
import { type Line, LineScanner } from './line-scanner.js';
import { Misfits } from './misfits.js';
import { type Place, placeWithin } from './place.js';
import { EXECUTION_TRACE } from './trace-format.js';

/** An event where it stands in the file. */
export interface EventAt {
  /** From 0, in the order of the file. */
  readonly index: number;
  readonly event: ReadEvent;
  readonly place: Place;
  /** What it was read from. */
  readonly bytes: Buffer;
}

/** `event 17, line 18`. */
export function showEventPlace({ index, place }: Pick<EventAt, 'index' | 'place'>): string {
  return `event ${index}, line ${place.line}`;
}

export class ExecutionParser {
  private readonly decoder = new EventDecoder();
  private readonly scanner: FrameScanner | undefined;
  private readonly lines: LineScanner | undefined;
  private readonly members: JsonObject = Object.create(null);
  private known: ExecutionHeader | undefined;
  private count = 0;
  private isOver = false;

  /** `file` stands for the source in errors; at most `misfitsMost` misfits of one event are told. */
  constructor(
    private readonly file: string,
    format: 'document' | 'lines',
    private readonly misfitsMost = 1,
  ) {
    if (format === 'document') this.scanner = new FrameScanner('events');
    else this.lines = new LineScanner();
  }

  /** What has been read so far of it: of JSON Lines all, once there is an event. */
  get header(): ExecutionHeader {
    return this.known ?? {};
  }

  /** Whether no event can come any more, because what surrounds the events is broken. */
  get over(): boolean {
    return this.isOver;
  }

  /** The events that end in this chunk. After a failure there may be more, unless it is `over`. */
  *push(chunk: Buffer): Generator<Result<EventAt>, void> {
    const pieces: Iterable<FrameEvent | Line | FrameFailure> =
      this.scanner?.push(chunk) ?? this.lines?.push(chunk) ?? [];
    for (const piece of pieces) {
      if (this.isOver) return;
      const result = this.take(piece);
      if (result) yield result;
    }
  }

  /** What is wrong with a trace that ends here, or its last event. */
  finish(): Result<EventAt> | undefined {
    if (this.isOver) return undefined;
    const last = this.lines?.finish();
    const result = last && this.take(last);
    if (result) return result;
    const broken = this.scanner?.finish();
    if (broken) return this.end(this.frameError(broken));
    if (this.isOver) return undefined;
    const header = readHeader(this.members);
    if (isHeaderFault(header)) return this.end(this.headerError(header));
    if (this.count > 0) return undefined;
    return this.end(
      auraError('AUR313', `${this.file} has no events`, { hint: 'was the system traced at all?' }),
    );
  }

  /** The event that these bytes are. */
  eventOf(index: number, bytes: Buffer, place: Place): Result<EventAt> {
    const json = this.decoder.decode(bytes);
    if (json === undefined) {
      const { failure } = this.decoder;
      return this.at(index, bytes, place, failure.offset, failure.code, [failure.message]);
    }
    const misfits = new Misfits(this.misfitsMost);
    const event = checkEvent(json, misfits);
    if (misfits.found.length > 0) return this.at(index, bytes, place, 0, 'AUR311', showMisfits(misfits));
    return ok({ index, event, place, bytes });
  }

  private at(
    index: number,
    bytes: Buffer,
    place: Place,
    offset: number,
    code: ErrorCode,
    messages: readonly string[],
  ): Failure {
    const { line, column } = placeWithin(place, bytes, offset);
    const location = { file: this.file, line, column };
    return fail(...messages.map(message => auraError(code, inEvent(index, message), { location })));
  }

  private take(piece: FrameEvent | Line): Result<EventAt> | undefined {
    if (piece.kind === 'failure') return this.end(this.frameError(piece));
    if (piece.kind === 'line')
      return this.known === undefined ? this.takeFirstLine(piece) : this.takeEvent(piece.bytes, piece.place);
    const { bytes, place, index } = piece.piece;
    if (index === undefined) return this.takeMember(piece.piece);
    if (index > 0) return this.takeEvent(bytes, place);
    // The first event: what stands before it says how to read it.
    return this.takeHeader({}, place) ?? this.takeEvent(bytes, place);
  }

  private takeEvent(bytes: Buffer, place: Place): Result<EventAt> {
    return this.eventOf(this.count++, bytes, place);
  }

  private takeFirstLine({ bytes, place }: Line): Failure | undefined {
    const json = this.jsonOf(bytes, place, cursor => readJsonObject(cursor, 'the first line'));
    return json.ok ? this.takeHeader(json.value, place) : json;
  }

  /** A member of the document other than its events. */
  private takeMember({ key, bytes, place }: Piece): Failure | undefined {
    const json = this.jsonOf(bytes, place, readJson);
    if (!json.ok) return json;
    if (key === 'events') return this.end(this.error('AUR311', '"events" must be an array', place));
    if (this.known === undefined) this.members[key] = json.value;
    else if (mayFollowEvents(key)) return this.takeHeader({ [key]: json.value }, place);
    else
      return this.end(this.error('AUR311', `"${key}" must stand before the events that it is about`, place));
    return undefined;
  }

  private takeHeader(more: JsonObject, place: Place): Failure | undefined {
    Object.assign(this.members, more);
    // Of a document the format may come last: that it comes at all is checked at the end.
    const assumed = this.scanner ? { format: EXECUTION_TRACE, version: 1 } : {};
    const header = readHeader({ ...assumed, ...this.members });
    if (isHeaderFault(header)) return this.end(this.headerError(header, place));
    this.known = header;
    return undefined;
  }

  private jsonOf<T extends Json>(
    bytes: Buffer,
    place: Place,
    read: (cursor: JsonCursor) => T | undefined,
  ): Result<T> {
    const cursor = new JsonCursor();
    cursor.load(bytes);
    const json = read(cursor);
    if (json !== undefined && cursor.end()) return ok(json);
    const failure = cursor.failure ?? { code: 'AUR301', message: 'not JSON', offset: 0 };
    return this.end(this.failureAt(place, bytes, failure));
  }

  private headerError({ code, message, hint }: HeaderFault, place?: Place): AuraError {
    const location = { file: this.file, line: place?.line ?? 1, column: place?.column ?? 1 };
    return auraError(code, message, { location, ...(hint !== undefined && { hint }) });
  }

  private end(error: AuraError): Failure {
    this.isOver = true;
    return fail(error);
  }

  /** A missing bracket swallows all that follows, so what is wrong may be earlier than where the document broke. */
  private frameError(failure: FrameFailure): AuraError {
    const { partial } = failure;
    if (partial?.index !== undefined) {
      const decoder = new EventDecoder();
      const inside = decoder.decode(partial.bytes) === undefined ? decoder.failure : undefined;
      if (inside && inside.offset < partial.bytes.length)
        return this.failureAt(partial.place, partial.bytes, inside);
    }
    return this.error(failure.code, failure.message, failure.place);
  }

  private failureAt(place: Place, bytes: Buffer, { code, message, offset }: CursorFailure): AuraError {
    return this.error(code, message, placeWithin(place, bytes, offset));
  }

  private error(code: ErrorCode, message: string, { line, column }: Place): AuraError {
    return auraError(code, message, { location: { file: this.file, line, column } });
  }
}
