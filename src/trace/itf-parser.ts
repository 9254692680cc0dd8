// From the chunks of an ITF file to its states, without any I/O and without keeping the states. Every state is
// checked as it comes; what can only be known at the end (`vars`, `params` and `loop` may stand after the states) is
// checked there. It brings the parts together and turns their failures into errors with a place.
import { type AuraError, auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import type { ItfFrame, ItfState } from './itf.js';
import { FrameCollector } from './itf-frame.js';
import type { ItfTypes } from './itf-typed.js';
import type { CursorFailure } from './json-cursor.js';
import { type FrameFailure, FrameScanner, type Piece } from './json-frames.js';
import { type Place, placeWithin } from './place.js';
import { StateDecoder } from './state-decoder.js';
import { VariableCheck, type VariableFault } from './variable-check.js';

export class ItfParser {
  private readonly frameCollector = new FrameCollector();
  private readonly scanner = new FrameScanner('states', (chunk, start, index) =>
    this.readAhead(chunk, start, index),
  );
  /** States that were read when their end was looked for, by index. */
  private readonly ahead = new Map<number, ItfState>();
  private readonly decoder: StateDecoder;
  private readonly variables = new VariableCheck();
  private count = 0;

  /** `file` stands for the source in errors. */
  constructor(
    private readonly file: string,
    types?: ItfTypes,
  ) {
    this.decoder = new StateDecoder(types);
  }

  /** What has been read so far of what surrounds the states. */
  frame(): ItfFrame {
    return this.frameCollector.frame();
  }

  /** The states that end in this chunk; a failure is the last thing that the parser gives. */
  *push(chunk: Buffer): Generator<Result<ItfState>, void> {
    for (const event of this.scanner.push(chunk)) {
      const result = event.kind === 'failure' ? fail(this.frameError(event)) : this.take(event.piece);
      if (result) yield result;
      if (result && !result.ok) return;
    }
  }

  private readAhead(chunk: Buffer, start: number, index: number): number | undefined {
    const read = this.decoder.decodeAhead(chunk, start);
    if (read !== undefined) this.ahead.set(index, read.state);
    return read?.end;
  }

  private decode({ bytes, index }: Piece): ItfState | CursorFailure {
    return this.decoder.decode(bytes, `states[${index}]`);
  }

  /** A state, or nothing for another piece that is as it should be. */
  private take(piece: Piece): Result<ItfState> | undefined {
    if (piece.index === undefined) {
      const failure = this.frameCollector.take(piece);
      return failure && fail(this.pieceError(piece, failure));
    }
    const state = this.ahead.get(piece.index) ?? this.decode(piece);
    this.ahead.delete(piece.index);
    if ('offset' in state) return fail(this.pieceError(piece, state));
    this.count++;
    const isNews = this.variables.note(state.values, piece.index, piece.place);
    const fault = isNews ? this.variableFault(false) : undefined;
    return fault ? fail(this.error(fault.code, fault.message, fault.place)) : ok(state);
  }

  /** `atEnd` tells that no `params` will come any more. */
  private variableFault(atEnd: boolean): VariableFault | undefined {
    const { vars, params } = this.frameCollector;
    const fault = this.variables.tooMany() ?? (vars && this.variables.missing(vars));
    if (fault || !vars || !(params || atEnd)) return fault;
    return this.variables.unknown(new Set([...vars, ...(params ?? [])]));
  }

  /** What is wrong with a trace that ends here. */
  finish(): AuraError | undefined {
    const failure = this.scanner.finish();
    if (failure) return this.frameError(failure);
    for (const key of ['vars', 'states'])
      if (!this.scanner.has(key))
        return auraError('AUR302', `${this.file} is not an ITF trace: it has no "${key}"`);
    const fault = this.variableFault(true);
    if (fault) return this.error(fault.code, fault.message, fault.place);
    const loop = this.frameCollector.loopBeyond(this.count);
    return loop && this.error('AUR302', `"loop" is not the index of one of the ${this.count} states`, loop);
  }

  /** A missing bracket swallows all that follows, so what is wrong may be earlier than where the document broke. */
  private frameError(failure: FrameFailure): AuraError {
    const { partial } = failure;
    const inside = partial && this.failureWithin(partial);
    if (inside && inside.offset < partial.bytes.length) return this.pieceError(partial, inside);
    return this.error(failure.code, failure.message, failure.place);
  }

  private failureWithin(piece: Piece): CursorFailure | undefined {
    if (piece.index === undefined) return new FrameCollector().take(piece);
    const state = this.decode(piece);
    return 'offset' in state ? state : undefined;
  }

  private pieceError(piece: Piece, failure: CursorFailure): AuraError {
    return this.error(failure.code, failure.message, placeWithin(piece.place, piece.bytes, failure.offset));
  }

  private error(code: AuraError['code'], message: string, { offset, line, column }: Place): AuraError {
    return auraError(code, `${message} (byte ${offset})`, { location: { file: this.file, line, column } });
  }
}
