// Temporal formulas after Quint's operators have been opened: literals over a state or a step, the connectives, and
// always, eventually and next, in negation normal form. Equal formulas are one object, and each knows its dual (its
// negation), so that comparing and negating are cheap. Data only: progress.ts, lasso.ts and finite.ts evaluate them.
import { must } from '../../util/assert.js';

/** A name that a quantifier binds to a value: `at` is its place in the environment of an evaluation. */
export interface Slot {
  readonly at: number;
  readonly id: number;
  readonly name: string;
}

/** An expression of Quint that is evaluated in one state, or in one and the next. */
export interface Term {
  /** Number among the expressions of the property's program. */
  readonly root: number;
  /** Id of the expression, to which errors point. */
  readonly expr: number;
  readonly args: readonly TermArg[];
  /** Names bound around it that its value depends on. */
  readonly slots: readonly Slot[];
  /** Equal for terms that mean the same. */
  readonly key: string;
}

/** What a term is given for what its expression does not hold itself. */
export type TermArg =
  | { readonly kind: 'slot'; readonly slot: Slot }
  /** A parameter of an operator that was opened: the argument, evaluated where and when it is read. */
  | { readonly kind: 'lazy'; readonly term: Term }
  /** The same for an operator that is passed on. */
  | { readonly kind: 'operator'; readonly term: Term }
  /** A part that needs another state, under the names bound around it inside the term. */
  | { readonly kind: 'part'; readonly names: readonly Slot[]; readonly part: Part };

export type Part =
  | { readonly kind: 'next' | 'here'; readonly term: Term }
  | { readonly kind: 'enabled'; readonly action: Formula };

/** What is true or false of a state, or of a step. */
export type Atom =
  | { readonly kind: 'term'; readonly term: Term }
  | { readonly kind: 'slot'; readonly slot: Slot }
  /** The step is one of this action. */
  | { readonly kind: 'action'; readonly term: Term }
  /** Some part has another value in the next state. */
  | { readonly kind: 'changed'; readonly parts: readonly Term[] }
  /** A step is possible for which this formula over steps is true. */
  | { readonly kind: 'enabled'; readonly action: Formula };

interface Base {
  /** Unique within its table. */
  readonly id: number;
  /** Id of the expression that it comes from. */
  readonly expr: number;
  /** Names bound around it that it depends on, by place. */
  readonly slots: readonly Slot[];
  /** Whether it talks of more than one step: holds always or eventually. */
  readonly isTemporal: boolean;
}

export interface Constant extends Base {
  readonly kind: 'constant';
  readonly value: boolean;
}

export interface Literal extends Base {
  readonly kind: 'literal';
  readonly atom: Atom;
  readonly negated: boolean;
  /** Whether it needs the next state. */
  readonly ofStep: boolean;
  /** Whether it depends on a state at all. */
  readonly isFlexible: boolean;
}

export interface Junction extends Base {
  readonly kind: 'and' | 'or';
  readonly parts: readonly Formula[];
  /** The same as one literal, where it is about a single state: cheaper to evaluate. */
  readonly whole: Literal | undefined;
  /** Whether it was written as an implication: then the first part is the negated premise. */
  readonly implies: boolean;
}

/** For all, or some, elements of a set. */
export interface Quantified extends Base {
  readonly kind: 'all' | 'some';
  readonly set: Term;
  /** Whether the set depends on the next state. */
  readonly ofStep: boolean;
  /** Whether the set depends on a state at all. */
  readonly isFlexible: boolean;
  readonly slot: Slot;
  readonly body: Formula;
}

export interface Modal extends Base {
  readonly kind: 'always' | 'eventually' | 'next';
  readonly body: Formula;
  /** Of `next`: whether it came from a negated one, so that it counts as true where nothing follows. */
  readonly weak: boolean;
}

export type Formula = Constant | Literal | Junction | Quantified | Modal;

const DUAL = {
  and: 'or',
  or: 'and',
  all: 'some',
  some: 'all',
  always: 'eventually',
  eventually: 'always',
  next: 'next',
} as const;

export class FormulaTable {
  private readonly known = new Map<string, Formula>();
  private readonly duals = new Map<Formula, Formula>();

  constant(value: boolean, expr: number): Formula {
    return this.make(`${value}`, id => ({
      kind: 'constant',
      id,
      expr,
      slots: [],
      isTemporal: false,
      value,
    }));
  }

  literal(
    atom: Atom,
    expr: number,
    traits: { readonly ofStep: boolean; readonly isFlexible: boolean },
  ): Literal {
    return this.literalOf(atom, false, expr, traits);
  }

  private literalOf(
    atom: Atom,
    negated: boolean,
    expr: number,
    { ofStep, isFlexible }: { readonly ofStep: boolean; readonly isFlexible: boolean },
  ): Literal {
    const made = this.make(`${negated ? '-' : '+'}${atomKey(atom)}`, id => ({
      kind: 'literal',
      id,
      expr,
      slots: atomSlots(atom),
      isTemporal: false,
      atom,
      negated,
      ofStep,
      isFlexible,
    }));
    return must(made.kind === 'literal' ? made : undefined, 'a literal');
  }

  and(parts: readonly Formula[], expr: number, whole?: Literal): Formula {
    return this.junction('and', parts, expr, whole, false);
  }

  or(parts: readonly Formula[], expr: number, whole?: Literal): Formula {
    return this.junction('or', parts, expr, whole, false);
  }

  implies(premise: Formula, conclusion: Formula, expr: number, whole?: Literal): Formula {
    return this.junction('or', [this.dual(premise), conclusion], expr, whole, true);
  }

  private junction(
    kind: 'and' | 'or',
    parts: readonly Formula[],
    expr: number,
    whole: Literal | undefined,
    implies: boolean,
  ): Formula {
    const unit = kind === 'and';
    if (parts.some(part => part.kind === 'constant' && part.value !== unit))
      return this.constant(!unit, expr);
    const rest = parts.filter(part => part.kind !== 'constant');
    const [only] = rest;
    if (only === undefined) return this.constant(unit, expr);
    if (rest.length === 1) return only;
    return this.make(`${kind}${implies ? '>' : ''}(${rest.map(part => part.id).join()})`, id => ({
      kind,
      id,
      expr,
      slots: joinSlots(rest.map(part => part.slots)),
      isTemporal: rest.some(part => part.isTemporal),
      parts: rest,
      whole,
      implies,
    }));
  }

  quantified(
    kind: 'all' | 'some',
    over: Pick<Quantified, 'set' | 'ofStep' | 'isFlexible' | 'slot' | 'body'>,
    expr: number,
  ): Formula {
    const { set, ofStep, isFlexible, slot, body } = over;
    return this.make(`${kind}${slot.at}(${set.key},${body.id})`, id => ({
      kind,
      id,
      expr,
      slots: joinSlots([set.slots, body.slots.filter(({ at }) => at !== slot.at)]),
      isTemporal: body.isTemporal,
      set,
      ofStep,
      isFlexible,
      slot,
      body,
    }));
  }

  modal(kind: Modal['kind'], body: Formula, expr: number, weak = false): Formula {
    if (body.kind === 'constant') return body;
    if (kind === body.kind && kind !== 'next') return body;
    return this.make(`${kind}${weak ? '~' : ''}(${body.id})`, id => ({
      kind,
      id,
      expr,
      slots: body.slots,
      isTemporal: kind !== 'next' || body.isTemporal,
      body,
      weak,
    }));
  }

  /** The negation. */
  dual(formula: Formula): Formula {
    let dual = this.duals.get(formula);
    if (dual === undefined) {
      dual = this.makeDual(formula);
      this.duals.set(formula, dual);
      this.duals.set(dual, formula);
    }
    return dual;
  }

  private makeDual(f: Formula): Formula {
    switch (f.kind) {
      case 'constant':
        return this.constant(!f.value, f.expr);
      case 'literal':
        return this.literalOf(f.atom, !f.negated, f.expr, f);
      case 'and':
      case 'or': {
        const whole = f.whole && this.literalOf(f.whole.atom, !f.whole.negated, f.whole.expr, f.whole);
        const parts = f.parts.map(part => this.dual(part));
        return this.junction(DUAL[f.kind], parts, f.expr, whole, false);
      }
      case 'all':
      case 'some':
        return this.quantified(DUAL[f.kind], { ...f, body: this.dual(f.body) }, f.expr);
      default:
        return this.modal(DUAL[f.kind], this.dual(f.body), f.expr, f.kind === 'next' && !f.weak);
    }
  }

  private make(key: string, create: (id: number) => Formula): Formula {
    let formula = this.known.get(key);
    if (formula === undefined) {
      formula = create(this.known.size);
      this.known.set(key, formula);
    }
    return formula;
  }
}

function atomKey(atom: Atom): string {
  switch (atom.kind) {
    case 'slot':
      return `slot ${atom.slot.at}`;
    case 'changed':
      return `changed ${atom.parts.map(part => part.key).join()}`;
    case 'enabled':
      return `enabled ${atom.action.id}`;
    default:
      return `${atom.kind} ${atom.term.key}`;
  }
}

function atomSlots(atom: Atom): readonly Slot[] {
  switch (atom.kind) {
    case 'slot':
      return [atom.slot];
    case 'changed':
      return joinSlots(atom.parts.map(part => part.slots));
    case 'enabled':
      return atom.action.slots;
    default:
      return atom.term.slots;
  }
}

/** All of them, each once, by place. */
export function joinSlots(lists: readonly (readonly Slot[])[]): readonly Slot[] {
  const all = new Map(lists.flat().map(slot => [slot.at, slot]));
  return [...all.values()].sort((a, b) => a.at - b.at);
}
