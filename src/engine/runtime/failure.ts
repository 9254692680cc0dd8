// How emitted code stops. Inside one evaluation an error of the spec travels as an exception, because checking a
// result after every operator would cost more than the operators themselves. The exception never leaves the
// engine: run.ts turns it into a Result. It is not an Error, so that no stack trace is taken.

/** An error that Quint's own evaluator would report, or a budget that ran out. `at` is an IR id, 0 if unknown. */
export class EvalFailure {
  constructor(
    /** Quint's code, such as `QNT507`, or `budget` when aura stops what Quint would not finish. */
    readonly code: string,
    readonly message: string,
    public at: number,
  ) {}
}

export function failEval(code: string, message: string, at: number): never {
  throw new EvalFailure(code, message, at);
}

/** Elements that one set may be expanded to. */
export const SET_ITEMS_MAX = 2_000_000;

/** Elements that one evaluation or one step may visit in all, which bounds its time to some seconds. */
export const FUEL = 100_000_000;

const tank = { fuel: FUEL };

/** Starts a new evaluation with a full budget. */
export function refuel(): void {
  tank.fuel = FUEL;
}

/** Takes `n` visited elements from the budget of the evaluation that runs. */
export function spend(n: number, at: number): void {
  tank.fuel -= n;
  if (tank.fuel < 0) failEval('budget', `evaluation visited more than ${FUEL} elements`, at);
}
