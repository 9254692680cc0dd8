// The evaluation of formulas at a position of a trace, as far as it does not depend on how the trace goes on: literals,
// connectives and quantifiers. What always, eventually and next mean where the rest is unknown, loops or ends is for
// the four kinds of evaluation to say: progress.ts, lasso.ts and finite.ts.
import type { RtValue } from '../../engine/index.js';
import type { Formula, Junction, Literal, Modal, Quantified } from './formula.js';
import { FALSE, type Residual, type ResidualTable, TRUE } from './residual.js';
import type { StepTruth, View } from './step-truth.js';

/** What every evaluation of one property works with. */
export interface Workshop {
  readonly truth: StepTruth;
  readonly table: ResidualTable;
}

/** Told which implications had a true premise and which quantifiers something to run over, by id of the formula. */
export type Exercised = Set<number>;

export abstract class Evaluation {
  constructor(
    protected readonly workshop: Workshop,
    /** The step of the trace that position 0 stands for. */
    protected base: number,
    protected readonly exercised: Exercised,
  ) {}

  abstract readonly view: View;

  /** The positions that always and eventually look at, from `at` on, as far as they are decided here. */
  abstract positions(at: number): Iterable<number>;

  protected abstract always(f: Modal, at: number): Residual;
  protected abstract eventually(f: Modal, at: number): Residual;
  protected abstract next(f: Modal, at: number): Residual;
  /** A literal, or a quantifier, that needs the state after the last one. */
  protected abstract pending(f: Literal | Quantified): Residual;

  stepAt(at: number): number {
    return this.base + at;
  }

  /** The formula at a position, with its names as they are in the environment. */
  value(f: Formula, at: number): Residual {
    switch (f.kind) {
      case 'constant':
        return f.value ? TRUE : FALSE;
      case 'literal':
        return this.literal(f, at);
      case 'and':
      case 'or':
        return this.junction(f, at);
      case 'all':
      case 'some':
        return this.quantified(f, at);
      case 'always':
        return this.always(f, at);
      case 'eventually':
        return this.eventually(f, at);
      case 'next':
        return this.next(f, at);
    }
  }

  /** What a residual that speaks of this position is there. */
  residual(residual: Residual, at: number): Residual {
    switch (residual.kind) {
      case 'instance':
        this.workshop.table.enter(residual);
        return this.value(residual.formula, at);
      case 'and':
      case 'or':
        return this.joined(residual, at);
      default:
        return residual;
    }
  }

  private joined(residual: Extract<Residual, { kind: 'and' | 'or' }>, at: number): Residual {
    const zero = residual.kind === 'and' ? FALSE : TRUE;
    let same = true;
    const parts: Residual[] = [];
    for (const part of residual.parts) {
      const value = this.residual(part, at);
      if (value === zero) return zero;
      if (value !== part) same = false;
      parts.push(value);
    }
    return same ? residual : this.workshop.table.join(residual.kind, parts);
  }

  private literal(f: Literal, at: number): Residual {
    if (f.ofStep && this.view(at + 1) === undefined) return this.pending(f);
    const { terms } = this.workshop.truth;
    const result = terms.attempt(f.expr, () => this.workshop.truth.literal(f, at, this.view));
    if (!result.ok) return this.workshop.table.unknown(result, f.expr, this.stepAt(at));
    return result.value ? TRUE : FALSE;
  }

  private junction(f: Junction, at: number): Residual {
    const asksPremise = f.implies && !this.exercised.has(f.id);
    if (f.whole !== undefined && !asksPremise) return this.literal(f.whole, at);
    const zero = f.kind === 'and' ? FALSE : TRUE;
    const unit = f.kind === 'and' ? TRUE : FALSE;
    let rest: Residual[] | undefined;
    let single: Residual = unit;
    for (const part of f.parts) {
      const value = this.value(part, at);
      if (value === zero) return zero;
      if (asksPremise && part === f.parts[0]) this.exercised.add(f.id);
      if (value === unit) continue;
      if (single === unit) single = value;
      else if (rest === undefined) rest = [single, value];
      else rest.push(value);
    }
    return rest === undefined ? single : this.workshop.table.join(f.kind, rest);
  }

  private quantified(f: Quantified, at: number): Residual {
    if (f.ofStep && this.view(at + 1) === undefined) return this.pending(f);
    const { truth, table } = this.workshop;
    const elements = truth.terms.attempt(f.set.expr, () => truth.elements(f.set, at, this.view));
    if (!elements.ok) return table.unknown(elements, f.set.expr, this.stepAt(at));
    if (elements.value.length > 0) this.exercised.add(f.id);
    const zero = f.kind === 'all' ? FALSE : TRUE;
    const rest: Residual[] = [];
    for (const element of elements.value) {
      const value = this.element(f, element, at);
      if (value === zero) return zero;
      if (value.kind !== 'true' && value.kind !== 'false') rest.push(value);
    }
    return table.join(f.kind === 'all' ? 'and' : 'or', rest);
  }

  /** The body of a quantifier for one element. */
  element(f: Quantified, element: RtValue, at: number): Residual {
    this.workshop.truth.env[f.slot.at] = element;
    return this.value(f.body, at);
  }
}
