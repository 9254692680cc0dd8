// Exact truth on the loop of a lasso. Every position of the loop is reached again and again from every other, so always
// is the conjunction over all of them and eventually the disjunction, whatever the position: the least and greatest
// fixpoints of their definitions need no iteration. Each subformula is evaluated once.
import type { EngineState } from '../../engine/index.js';
import { InternalError } from '../../util/assert.js';
import { Evaluation, type Exercised, type Workshop } from './evaluation.js';
import type { Modal } from './formula.js';
import { FALSE, type Residual, TRUE } from './residual.js';

export class Lasso extends Evaluation {
  private readonly known = new Map<Residual, Residual>();

  /** `states` are those of the loop, of which the first is the step `base` of the trace. */
  constructor(
    workshop: Workshop,
    private readonly states: readonly EngineState[],
    base: number,
    exercised: Exercised,
  ) {
    super(workshop, base, exercised);
  }

  readonly view = (at: number): EngineState | undefined => this.states[at % this.states.length];

  override stepAt(at: number): number {
    return this.base + (at % this.states.length);
  }

  *positions(at: number): Iterable<number> {
    for (let i = 0; i < this.states.length; i++) yield (at + i) % this.states.length;
  }

  protected always(f: Modal, _at: number): Residual {
    return this.everywhere(f, 'and');
  }

  protected eventually(f: Modal, _at: number): Residual {
    return this.everywhere(f, 'or');
  }

  protected next(f: Modal, at: number): Residual {
    return this.value(f.body, (at + 1) % this.states.length);
  }

  protected pending(): Residual {
    throw new InternalError('a loop has no last state');
  }

  private everywhere(f: Modal, kind: 'and' | 'or'): Residual {
    const { table } = this.workshop;
    const instance = table.instance(f);
    let value = this.known.get(instance);
    if (value === undefined) {
      value = this.search(f, instance, kind);
      this.known.set(instance, value);
    }
    if (instance.kind === 'instance') table.enter(instance);
    return value;
  }

  private search(f: Modal, instance: Residual, kind: 'and' | 'or'): Residual {
    const { table } = this.workshop;
    const [unit, zero] = kind === 'and' ? [TRUE, FALSE] : [FALSE, TRUE];
    let value: Residual = unit;
    for (let at = 0; at < this.states.length; at++) {
      if (instance.kind === 'instance') table.enter(instance);
      const here = this.value(f.body, at);
      if (here === zero) return zero;
      if (here !== unit && value === unit) value = here;
    }
    return value;
  }
}
