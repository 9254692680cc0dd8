// The order of residuals that stand together: that of their formulas in the property, then that of their values. Ids
// would be cheaper to compare, but they tell what else was evaluated before, on other traces too, and a verdict must be
// a function of its trace alone.
import { modelValue } from '../../engine/index.js';
import { compareValues } from '../../model/value.js';
import type { Formula, FormulaTable } from './formula.js';
import type { Instance, Residual } from './residual.js';

const KINDS: readonly Residual['kind'][] = ['false', 'true', 'unknown', 'instance', 'later', 'and', 'or'];

export class ResidualOrder {
  /** Places of formulas, from the outside in and from left to right; a formula and its negation share one. */
  private readonly places = new Map<Formula, number>();

  constructor(
    private readonly formulas: FormulaTable,
    root: Formula,
  ) {
    this.number(root);
  }

  private number(f: Formula): void {
    if (this.places.has(f)) return;
    this.places.set(f, this.places.size);
    this.places.set(this.formulas.dual(f), this.places.size - 1);
    if ('body' in f) this.number(f.body);
    else if ('parts' in f) for (const part of f.parts) this.number(part);
  }

  sorted(parts: readonly Residual[]): readonly Residual[] {
    return [...parts].sort((a, b) => this.compare(a, b) || a.id - b.id);
  }

  private compare(a: Residual, b: Residual): number {
    if (a === b) return 0;
    const order = this.placeOf(a) - this.placeOf(b) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
    if (order !== 0) return order;
    if (a.kind === 'instance' && b.kind === 'instance') return compareInstances(a, b);
    if (a.kind === 'later' && b.kind === 'later') return this.compare(a.body, b.body);
    return 'parts' in a && 'parts' in b ? this.compareAll(a.parts, b.parts) : 0;
  }

  /** That of the first formula in it. */
  private placeOf(residual: Residual): number {
    if (residual.kind === 'instance') return this.places.get(residual.formula) ?? this.places.size;
    if (residual.kind === 'later') return this.placeOf(residual.body);
    const [first] = 'parts' in residual ? residual.parts : [];
    return first === undefined ? -1 : this.placeOf(first);
  }

  private compareAll(a: readonly Residual[], b: readonly Residual[]): number {
    for (const [i, part] of a.entries()) {
      const other = b[i];
      const order = other === undefined ? 1 : this.compare(part, other);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
}

function compareInstances(a: Instance, b: Instance): number {
  if (a.formula !== b.formula) return a.formula.id - b.formula.id;
  for (const [i, value] of a.values.entries()) {
    const other = b.values[i];
    const order = other === undefined ? 0 : compareValues(modelValue(value), modelValue(other));
    if (order !== 0) return order;
  }
  return 0;
}
