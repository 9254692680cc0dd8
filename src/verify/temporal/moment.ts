// What a formula is in one state, or in one step, of a graph: literals, connectives and quantifiers are evaluated, and
// what is left speaks of always, eventually and next, from this state on. How those go on is for automaton.ts to say.
import type { EngineState } from '../../engine/index.js';
import { InternalError } from '../../util/assert.js';
import { Evaluation, type Workshop } from './evaluation.js';
import type { Literal, Modal, Quantified } from './formula.js';
import type { Instance, Residual } from './residual.js';

export class Moment extends Evaluation {
  private state: EngineState = [];
  private following: () => EngineState = () => [];
  private read = false;

  constructor(workshop: Workshop) {
    super(workshop, 0, new Set());
  }

  /** Sets the step that is looked at. The state after it is asked for only if something depends on it. */
  seat(state: EngineState, following: () => EngineState): void {
    this.state = state;
    this.following = following;
    this.read = false;
  }

  /** Whether the state after the step was looked at since the last seating. */
  get dependsOnStep(): boolean {
    return this.read;
  }

  readonly view = (at: number): EngineState | undefined => {
    if (at === 0) return this.state;
    if (at > 1) return undefined;
    this.read = true;
    return this.following();
  };

  positions(at: number): Iterable<number> {
    return [at];
  }

  /** The body of a modal formula, with the values that the residual has for its names, in this step. */
  body(residual: Instance, { body }: Modal): Residual {
    this.workshop.table.enter(residual);
    return this.value(body, 0);
  }

  protected always(f: Modal): Residual {
    return this.workshop.table.instance(f);
  }

  protected eventually(f: Modal): Residual {
    return this.workshop.table.instance(f);
  }

  protected next(f: Modal): Residual {
    return this.workshop.table.instance(f);
  }

  protected pending(f: Literal | Quantified): Residual {
    throw new InternalError(`the step that ${f.kind} ${f.id} is about has an end`);
  }
}
