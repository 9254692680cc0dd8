// Expressions and actions over several states at once, which temporal formulas need: one emitted module, loaded once
// for each state that takes part, so that what a module has cached for its state survives while another is asked.
// Knows nothing of formulas; what a failed evaluation means is for the caller to say.
import type { State, Value } from '../model/value.js';
import { must } from '../util/assert.js';
import type { Result } from '../util/result.js';
import type { CompiledSpec } from './compiled-spec.js';
import { fromRt, stateToRt } from './convert.js';
import { guarded } from './guard.js';
import type { Loaded, Program, Root, RtState } from './program.js';
import { EvalFailure, failEval } from './runtime/failure.js';
import { eq, isRtValue, type RtValue, SetBase } from './runtime/values.js';

/** Thrown through emitted code by a visitor that has heard enough. */
class Enough {}

/** An emitted module and the state in it. */
interface Seat {
  readonly loaded: Loaded;
  state: RtState | undefined;
  /** How many of its functions are running: their state must stay. */
  running: number;
  /** When it was used last. */
  used: number;
}

/** Seats that are kept for states that may come back. */
const SEATS = 3;

export class Terms {
  private readonly program: Program;
  private readonly seats: Seat[] = [];
  private uses = 0;

  constructor(private readonly compiled: CompiledSpec) {
    this.program = compiled.newProgram();
  }

  /** Adds an expression or an action, before the first call; returns its number. */
  add(root: Root): number {
    return this.program.addRoot(root);
  }

  stateOf(state: State | RtState): RtState {
    return 'length' in state ? state : stateToRt(state, this.compiled.variables);
  }

  /** The value of an expression, or a function where it is a lambda. Throws where it has none. */
  call(root: number, state: RtState, args: readonly unknown[]): unknown {
    const seat = this.seatOf(state);
    seat.running++;
    try {
      return must(seat.loaded.roots[root], 'root')(...args);
    } finally {
      seat.running--;
    }
  }

  /**
   * Enumerates what an action leads to, within `to` where that is given; ends with true as soon as `accept` takes a
   * state. Variables that the action does not assign are undefined in it.
   */
  leads(
    root: number,
    from: RtState,
    to: RtState | undefined,
    args: readonly unknown[],
    accept: (next: RtState) => boolean,
  ): boolean {
    const seat = this.seatOf(from);
    const { loaded } = seat;
    seat.running++;
    loaded.target(to);
    loaded.force([]);
    loaded.clear();
    try {
      must(loaded.roots[root], 'root')(...args, () => {
        if (accept(loaded.next())) throw new Enough();
      });
      return false;
    } catch (error) {
      if (error instanceof Enough) return true;
      throw error;
    } finally {
      loaded.target(undefined);
      seat.running--;
    }
  }

  /** Runs what evaluates; errors of the spec are AUR601 to AUR603, `at` is where one is put that knows no place. */
  attempt<T>(at: number, run: () => T): Result<T> {
    return guarded(this.compiled.spec.ir.spans, at, run);
  }

  // The seat of the state, or the one that was used longest ago of those whose state may go.
  private seatOf(state: RtState): Seat {
    let oldest: Seat | undefined;
    for (const seat of this.seats) {
      if (seat.state === state) {
        seat.used = ++this.uses;
        return seat;
      }
      if (seat.running === 0 && (oldest === undefined || seat.used < oldest.used)) oldest = seat;
    }
    const seat = oldest === undefined || this.seats.length < SEATS ? this.newSeat() : oldest;
    seat.loaded.load(state);
    seat.state = state;
    seat.used = ++this.uses;
    return seat;
  }

  private newSeat(): Seat {
    const seat = { loaded: this.program.load(), state: undefined, running: 0, used: 0 };
    this.seats.push(seat);
    return seat;
  }
}

/** The elements of a set in canonical order; throws for what is no set or has too many. */
export function elementsOf(value: unknown, at: number): readonly RtValue[] {
  return value instanceof SetBase ? value.list(at) : failEval('QNT501', 'Expected a set', at);
}

/** Whether two results of {@link Terms.call} are equal. */
export function sameResult(a: unknown, b: unknown): boolean {
  return isRtValue(a) && isRtValue(b) && eq(a, b);
}

/** The value for people and for other stages. */
export function modelValue(value: RtValue): Value {
  return fromRt(value);
}

/** Whether evaluation failed because a variable has no value in its state. */
export function lacksVariable(error: unknown): boolean {
  return error instanceof EvalFailure && error.code === 'QNT502';
}

/** Fails as the reading of a variable without a value does. */
export function refuseUnset(at: number): never {
  return failEval('QNT502', 'A variable is not set', at);
}
