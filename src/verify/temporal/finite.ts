// What the end of an open trace presumes: the truth of a formula on the one state that is left, as if the trace ended
// there (FLTL of Bauer, Leucker and Schallhart, "Comparing LTL semantics for runtime verification", 2010): always and
// eventually speak of that state only. The paper has a weak and a strong next, and leaves to the author of a formula
// which one to write; Quint has one. Here a step that has not happened counts against nothing that should always hold
// and for nothing that should happen eventually: the nearest always around a `next` makes it weak, the nearest
// eventually strong. Around neither, `next` is strong and its negation weak, as in the paper.
import type { EngineState } from '../../engine/index.js';
import { Evaluation, type Exercised, type Workshop } from './evaluation.js';
import type { Literal, Modal, Quantified } from './formula.js';
import { FALSE, type Residual, TRUE } from './residual.js';

export class Finite extends Evaluation {
  /** The nearest temporal operator around what is evaluated. */
  private around: 'always' | 'eventually' | undefined;

  constructor(
    workshop: Workshop,
    private readonly last: EngineState,
    step: number,
    exercised: Exercised,
  ) {
    super(workshop, step, exercised);
  }

  readonly view = (at: number): EngineState | undefined => (at === 0 ? this.last : undefined);

  positions(at: number): Iterable<number> {
    return [at];
  }

  protected always(f: Modal, at: number): Residual {
    return this.below('always', f, at);
  }

  protected eventually(f: Modal, at: number): Residual {
    return this.below('eventually', f, at);
  }

  private below(around: 'always' | 'eventually', f: Modal, at: number): Residual {
    const before = this.around;
    this.around = around;
    const value = this.value(f.body, at);
    this.around = before;
    return value;
  }

  protected next(f: Modal): Residual {
    return this.unseen(f.weak);
  }

  protected pending(f: Literal | Quantified): Residual {
    return this.unseen(f.kind === 'literal' ? f.negated : f.kind === 'all');
  }

  private unseen(weak: boolean): Residual {
    if (this.around !== undefined) return this.around === 'always' ? TRUE : FALSE;
    return weak ? TRUE : FALSE;
  }
}
