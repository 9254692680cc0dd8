// One step of progression: what a formula about the trace from here on becomes, once this state has been seen, about
// the trace from the next one on. Where the trace ends so far, the last state is unrolled instead: what it decides is
// decided, and the rest is said of the states to come, kept apart by `later`.
import type { EngineState } from '../../engine/index.js';
import { Evaluation, type Exercised, type Workshop } from './evaluation.js';
import type { Formula, Literal, Modal, Quantified } from './formula.js';
import { FALSE, type Residual, TRUE } from './residual.js';

export class Progress extends Evaluation {
  private state: EngineState | undefined;
  private following: EngineState | undefined;

  constructor(workshop: Workshop, exercised: Exercised) {
    super(workshop, 0, exercised);
  }

  /** The residual after `state`, which `following` comes after if that is needed. */
  step(residual: Residual, state: EngineState, following: EngineState | undefined, step: number): Residual {
    this.seat(state, following, step);
    return this.residual(residual, 0);
  }

  /** Sets the states that are looked at. */
  seat(state: EngineState, following: EngineState | undefined, step: number): void {
    this.state = state;
    this.following = following;
    this.base = step;
  }

  readonly view = (at: number): EngineState | undefined =>
    at === 0 ? this.state : at === 1 ? this.following : undefined;

  positions(at: number): Iterable<number> {
    return [at];
  }

  // What holds infinitely often, or from some time on, does not depend on any one state.
  protected always(f: Modal, at: number): Residual {
    if (f.body.kind === 'eventually') return this.afterwards(f);
    const now = this.value(f.body, at);
    if (now === TRUE) return this.afterwards(f);
    return now === FALSE ? FALSE : this.workshop.table.join('and', [now, this.afterwards(f)]);
  }

  protected eventually(f: Modal, at: number): Residual {
    if (f.body.kind === 'always') return this.afterwards(f);
    const now = this.value(f.body, at);
    if (now === FALSE) return this.afterwards(f);
    return now === TRUE ? TRUE : this.workshop.table.join('or', [now, this.afterwards(f)]);
  }

  protected next(f: Modal, _at: number): Residual {
    return this.afterwards(f.body);
  }

  protected pending(f: Literal | Quantified): Residual {
    return this.workshop.table.instance(f);
  }

  /** The formula, said of the next state on. */
  protected afterwards(f: Formula): Residual {
    return this.workshop.table.instance(f);
  }
}

/** For the last state of a trace that may go on. */
export class Unrolling extends Progress {
  protected override afterwards(f: Formula): Residual {
    const { table } = this.workshop;
    return table.later(table.instance(f));
  }
}
