// What remains of a formula to be true of the rest of a behaviour, once its beginning has been seen (formula
// progression: Bacchus and Kabanza, "Using temporal logics to express search control knowledge for planning", 2000).
// Equal residuals are one object with a number, so that a step that changes nothing costs nothing, and residuals can be
// keys. A table may forget what nobody holds: then only the same residual, made again, gets another number.
import { type EngineState, type RtValue, ValueNumbers } from '../../engine/index.js';
import { must } from '../../util/assert.js';
import type { AuraError } from '../../util/errors.js';
import { compareText } from '../../util/order.js';
import type { Result } from '../../util/result.js';
import type { Formula, FormulaTable, Literal, Quantified } from './formula.js';
import { ResidualOrder } from './residual-order.js';
import type { StepTruth } from './step-truth.js';

/** Equal residuals of one property have equal ids. */
export type Residual = Truth | Unknown | Instance | Joined | Later;

export interface Truth {
  readonly kind: 'true' | 'false';
  readonly id: number;
}

/** Neither, because something could not be evaluated. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly id: number;
  readonly error: AuraError;
  /** Id of the expression that failed, and where in the trace. */
  readonly expr: number;
  readonly step: number;
}

/** A formula with the values of the names around it. */
export interface Instance {
  readonly kind: 'instance';
  readonly id: number;
  readonly formula: Formula;
  /** By `formula.slots`. */
  readonly values: readonly RtValue[];
}

export interface Joined {
  readonly kind: 'and' | 'or';
  readonly id: number;
  /** In the order in which they stand in the formula. */
  readonly parts: readonly Residual[];
}

/** True when the body is in the next state. Occurs only at the end of a trace. */
export interface Later {
  readonly kind: 'later';
  readonly id: number;
  readonly body: Residual;
}

export const TRUE: Truth = { kind: 'true', id: 0 };
export const FALSE: Truth = { kind: 'false', id: 1 };

/** Parts up to which a junction is simplified. */
const SIMPLIFIED_MAX = 64;

export class ResidualTable {
  private nextId = 2;
  private size = 0;
  private numbers = new ValueNumbers();
  private instances = new Map<Formula, Map<string, Instance>>();
  private closed = new Map<Formula, Residual>();
  private joined = new Map<string, Residual>();

  private readonly order: ResidualOrder;

  constructor(
    private readonly formulas: FormulaTable,
    private readonly truth: StepTruth,
    private readonly root: Formula,
  ) {
    this.order = new ResidualOrder(formulas, root);
  }

  /** A table that remembers nothing, for residuals that nobody is to find here. */
  fresh(): ResidualTable {
    return new ResidualTable(this.formulas, this.truth, this.root);
  }

  /** The formula with the values that its names have in the environment now. */
  instance(formula: Formula): Residual {
    if (formula.slots.length > 0) return this.instantiate(formula);
    let known = this.closed.get(formula);
    if (known === undefined) {
      known = this.instantiate(formula);
      this.closed.set(formula, known);
    }
    return known;
  }

  private instantiate(f: Formula): Residual {
    switch (f.kind) {
      case 'constant':
        return f.value ? TRUE : FALSE;
      case 'and':
      case 'or':
        return this.join(
          f.kind,
          f.parts.map(part => this.instance(part)),
        );
      case 'literal':
        if (!f.isFlexible) return this.rigid(f);
        break;
      case 'all':
      case 'some':
        if (!f.isFlexible) return this.expanded(f);
    }
    const values = f.slots.map(slot => must(this.truth.env[slot.at], `the value of ${slot.name}`));
    const key = values.map(value => this.numbers.number(value)).join();
    let byValues = this.instances.get(f);
    if (byValues === undefined) {
      byValues = new Map();
      this.instances.set(f, byValues);
    }
    let known = byValues.get(key);
    if (known === undefined) {
      known = { kind: 'instance', id: this.nextId++, formula: f, values };
      byValues.set(key, known);
      this.size++;
    }
    return known;
  }

  // What depends on no state is evaluated at once, in a state without variables.
  private rigid(f: Literal): Residual {
    const result = this.truth.terms.attempt(f.expr, () => this.truth.literal(f, 0, () => NOTHING));
    return result.ok ? (result.value ? TRUE : FALSE) : this.unknown(result, f.expr, 0);
  }

  private expanded(f: Quantified): Residual {
    const elements = this.truth.terms.attempt(f.expr, () => this.truth.elements(f.set, 0, () => NOTHING));
    if (!elements.ok) return this.unknown(elements, f.set.expr, 0);
    const parts = elements.value.map(element => {
      this.truth.env[f.slot.at] = element;
      return this.instance(f.body);
    });
    return this.join(f.kind === 'all' ? 'and' : 'or', parts);
  }

  /** Puts the values of an instance into the environment. */
  enter({ formula, values }: Instance): void {
    for (const [i, slot] of formula.slots.entries()) this.truth.env[slot.at] = values[i];
  }

  unknown(failure: Result<unknown>, expr: number, step: number): Unknown {
    const error = must(failure.ok ? undefined : failure.errors[0], 'an error');
    return { kind: 'unknown', id: this.nextId++, error, expr, step };
  }

  later(body: Residual): Residual {
    if (body === TRUE || body === FALSE) return body;
    return this.shared(`>${body.id}`, id => ({ kind: 'later', id, body }));
  }

  join(kind: 'and' | 'or', parts: readonly Residual[]): Residual {
    const [unit, zero] = kind === 'and' ? [TRUE, FALSE] : [FALSE, TRUE];
    const flat = new Map<number, Residual>();
    let unknown: Unknown | undefined;
    const add = (part: Residual): void => {
      if (part.kind === kind) part.parts.forEach(add);
      else if (part.kind === 'unknown') unknown = unknown === undefined ? part : earlier(unknown, part);
      else if (part !== unit) flat.set(part.id, part);
    };
    parts.forEach(add);
    if (flat.has(zero.id)) return zero;
    if (flat.size > 1 && flat.size <= SIMPLIFIED_MAX && this.simplify(kind, flat)) return zero;
    if (unknown !== undefined) flat.set(unknown.id, unknown);
    const rest = [...flat.values()];
    const [only] = rest;
    if (only === undefined) return unit;
    if (rest.length === 1) return only;
    return this.shared(joinedKey(kind, rest), id => ({ kind, id, parts: this.order.sorted(rest) }));
  }

  // Absorption, and whether a part and its negation are both there.
  private simplify(kind: 'and' | 'or', parts: Map<number, Residual>): boolean {
    for (const part of [...parts.values()]) {
      if (part.kind === 'instance') {
        const opposite = this.opposite(part);
        if (opposite !== undefined && parts.has(opposite.id)) return true;
      } else if (part.kind !== kind && (part.kind === 'and' || part.kind === 'or'))
        if (part.parts.some(({ id }) => parts.has(id))) parts.delete(part.id);
    }
    return false;
  }

  private opposite({ formula, values }: Instance): Instance | undefined {
    const key = values.map(value => this.numbers.number(value)).join();
    return this.instances.get(this.formulas.dual(formula))?.get(key);
  }

  /** The negation. */
  dual(residual: Residual): Residual {
    switch (residual.kind) {
      case 'true':
        return FALSE;
      case 'false':
        return TRUE;
      case 'unknown':
        return residual;
      case 'instance':
        this.enter(residual);
        return this.instance(this.formulas.dual(residual.formula));
      case 'later':
        return this.later(this.dual(residual.body));
      default:
        return this.join(
          residual.kind === 'and' ? 'or' : 'and',
          residual.parts.map(part => this.dual(part)),
        );
    }
  }

  /** The same residual as this table has it. */
  adopt(residual: Residual): Residual {
    switch (residual.kind) {
      case 'instance':
        this.enter(residual);
        return this.instance(residual.formula);
      case 'later':
        return this.later(this.adopt(residual.body));
      case 'and':
      case 'or':
        return this.join(
          residual.kind,
          residual.parts.map(part => this.adopt(part)),
        );
      default:
        return residual;
    }
  }

  private shared(key: string, create: (id: number) => Residual): Residual {
    let known = this.joined.get(key);
    if (known === undefined) {
      known = create(this.nextId++);
      this.joined.set(key, known);
      this.size++;
    }
    return known;
  }

  /** How many residuals are remembered. */
  get count(): number {
    return this.size;
  }

  /** Forgets all but these and what they are made of. */
  forgetAllBut(kept: readonly Residual[]): void {
    this.size = 0;
    this.numbers = new ValueNumbers();
    this.instances = new Map();
    this.closed = new Map();
    this.joined = new Map();
    for (const residual of kept) this.remember(residual);
  }

  private remember(residual: Residual): void {
    if (residual.kind === 'instance') {
      const { formula, values } = residual;
      const key = values.map(value => this.numbers.number(value)).join();
      const byValues = this.instances.get(formula) ?? new Map<string, Instance>();
      this.instances.set(formula, byValues.set(key, residual));
      this.size++;
    } else if (residual.kind === 'and' || residual.kind === 'or') {
      for (const part of residual.parts) this.remember(part);
      this.joined.set(joinedKey(residual.kind, residual.parts), residual);
      this.size++;
    }
  }
}

const NOTHING: EngineState = [];

function joinedKey(kind: 'and' | 'or', parts: readonly Residual[]): string {
  const ids = parts.map(({ id }) => id).sort((a, b) => a - b);
  return `${kind} ${ids.join()}`;
}

// Of several failures the first is told.
function earlier(a: Unknown, b: Unknown): Unknown {
  const order = a.step - b.step || a.expr - b.expr || compareText(a.error.message, b.error.message);
  return order <= 0 ? a : b;
}
