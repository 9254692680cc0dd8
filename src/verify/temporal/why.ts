// Which part of a formula decided, and where: from the whole down to the literal that failed, the eventuality that was
// never met, or the alternatives that all failed. Runs once per verdict, on an evaluation that gave the verdict.
import { modelValue } from '../../engine/index.js';
import type { Value } from '../../model/value.js';
import type { Evaluation, Workshop } from './evaluation.js';
import type { Formula, Quantified, Slot } from './formula.js';
import { FALSE, type Residual } from './residual.js';

/** A part of a formula and a step of the trace. */
export interface Deciding {
  readonly step: number;
  /** Id of the expression; its place is in the `spans` of the spec. */
  readonly expr: number;
  /** Values of the names that quantifiers bind around it. */
  readonly bindings: readonly { readonly id: number; readonly name: string; readonly value: Value }[];
}

export class Why {
  constructor(
    private readonly workshop: Workshop,
    private readonly evaluation: Evaluation,
    /** By id of a residual, the step at which it arose; of what waits since then. */
    private readonly since: ReadonlyMap<number, number> = new Map(),
  ) {}

  /** Of a residual that is false at the evaluation's first position. */
  isFalse(residual: Residual): Deciding | undefined {
    switch (residual.kind) {
      case 'instance':
        this.workshop.table.enter(residual);
        return this.formula(residual.formula, 0, this.since.get(residual.id));
      case 'and': {
        // What waits longest comes before what asks for it in every state.
        const failed = residual.parts.filter(one => this.evaluation.residual(one, 0) === FALSE);
        const [part] = failed.sort((a, b) => compareNumbers(this.age(a), this.age(b)));
        return part && this.isFalse(part);
      }
      case 'or': {
        // Of alternatives that all failed the last one says most: a conclusion stands after its premise.
        const part = residual.parts.at(-1);
        return part && this.isFalse(part);
      }
      default:
        return undefined;
    }
  }

  private age({ id }: Residual): number {
    return this.since.get(id) ?? Number.POSITIVE_INFINITY;
  }

  /** Of a residual that is true there. */
  isTrue(residual: Residual): Deciding | undefined {
    return this.isFalse(this.workshop.table.dual(residual));
  }

  private formula(f: Formula, at: number, since?: number): Deciding {
    const { evaluation } = this;
    switch (f.kind) {
      case 'and': {
        const part = f.parts.find(one => evaluation.value(one, at) === FALSE);
        return part === undefined ? this.here(f, at) : this.formula(part, at);
      }
      case 'or': {
        const part = f.parts.findLast(one => one.isTemporal);
        return part === undefined ? this.here(f, at) : this.formula(part, at);
      }
      case 'all':
        return this.element(f, at) ?? this.here(f, at);
      case 'always':
        for (const position of evaluation.positions(at))
          if (evaluation.value(f.body, position) === FALSE) return this.formula(f.body, position);
        return this.here(f, at);
      case 'eventually':
        return { ...this.here(f.body, at), ...(since !== undefined && { step: since }) };
      case 'next':
        return evaluation.view(at + 1) === undefined ? this.here(f, at) : this.formula(f.body, at + 1);
      default:
        return this.here(f, at);
    }
  }

  private element(f: Quantified, at: number): Deciding | undefined {
    const { truth } = this.workshop;
    if (f.ofStep && this.evaluation.view(at + 1) === undefined) return undefined;
    const elements = truth.terms.attempt(f.set.expr, () => truth.elements(f.set, at, this.evaluation.view));
    if (!elements.ok) return undefined;
    for (const element of elements.value)
      if (this.evaluation.element(f, element, at) === FALSE) {
        truth.env[f.slot.at] = element;
        return this.formula(f.body, at);
      }
    return undefined;
  }

  private here(f: Formula, at: number): Deciding {
    return { step: this.evaluation.stepAt(at), expr: f.expr, bindings: this.bindings(f.slots) };
  }

  private bindings(slots: readonly Slot[]): Deciding['bindings'] {
    return slots.flatMap(({ at, id, name }) => {
      const value = this.workshop.truth.env[at];
      return value === undefined ? [] : [{ id, name, value: modelValue(value) }];
    });
  }
}

// Infinities have no difference.
function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
