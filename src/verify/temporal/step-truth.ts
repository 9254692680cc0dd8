// The truth of what is about one state or one step: literals, and formulas without always and eventually. Evaluation
// that fails throws what the engine throws. The environment, which holds the values that quantifiers bind, is one array
// that the caller fills; a place in it belongs to one quantifier at a time.
import {
  type EngineState,
  elementsOf,
  lacksVariable,
  type RtValue,
  refuseUnset,
  sameResult,
  type Terms,
} from '../../engine/index.js';
import { InternalError, must } from '../../util/assert.js';
import type { Atom, Formula, Literal, Term, TermArg } from './formula.js';

/** The states around a position; undefined where the trace has none. */
export type View = (at: number) => EngineState | undefined;

const NO_ARGS: readonly unknown[] = [];

/** Whether the steps for which a formula is true can be enumerated, or it does not depend on the next state. */
export function canGenerate(f: Formula): boolean {
  return !isOfStep(f) || (!f.isTemporal && generates(f));
}

function generates(f: Formula): boolean {
  switch (f.kind) {
    case 'literal':
      return f.atom.kind === 'action' && !f.negated;
    case 'and':
      // Where no action restricts the next state, something can always change.
      return f.parts.some(generates) || f.parts.every(part => !isOfStep(part) || isChange(part));
    case 'or':
      return f.parts.every(generates);
    case 'some':
      return !f.ofStep && generates(f.body);
    default:
      return false;
  }
}

function isChange(f: Formula): boolean {
  return f.kind === 'literal' && f.atom.kind === 'changed' && !f.negated;
}

export class StepTruth {
  /** Values of quantified names, by place. */
  readonly env: (RtValue | undefined)[] = [];

  constructor(readonly terms: Terms) {}

  literal(f: Literal, at: number, view: View): boolean {
    return this.atom(f.atom, f.expr, at, view) !== f.negated;
  }

  /** The elements that a quantifier runs over. */
  elements(set: Term, at: number, view: View): readonly RtValue[] {
    return elementsOf(this.term(set, at, view), set.expr);
  }

  private atom(atom: Atom, expr: number, at: number, view: View): boolean {
    switch (atom.kind) {
      case 'term':
        return this.term(atom.term, at, view) === true;
      case 'slot':
        return this.env[atom.slot.at] === true;
      case 'action':
        return this.isStepOf(atom.term, at, view);
      case 'changed':
        return atom.parts.some(part => this.changes(part, at, view));
      case 'enabled':
        return this.enabled(atom.action, at, view, expr);
    }
  }

  private term(term: Term, at: number, view: View): unknown {
    const state = must(view(at), 'the state of a term');
    return this.terms.call(term.root, state, this.args(term, at, view));
  }

  private args(term: Term, at: number, view: View): readonly unknown[] {
    return term.args.length === 0 ? NO_ARGS : term.args.map(arg => this.arg(arg, at, view));
  }

  private arg(arg: TermArg, at: number, view: View): unknown {
    switch (arg.kind) {
      case 'slot':
        return this.env[arg.slot.at];
      case 'lazy':
        return () => this.term(arg.term, at, view);
      case 'operator':
        return this.term(arg.term, at, view);
      case 'part':
        return (...values: RtValue[]) => {
          for (const [i, { at: place }] of arg.names.entries()) this.env[place] = values[i];
          if (arg.part.kind === 'enabled')
            return this.enabled(arg.part.action, at, view, arg.part.action.expr);
          return this.term(arg.part.term, arg.part.kind === 'next' ? at + 1 : at, view);
        };
    }
  }

  private isStepOf(action: Term, at: number, view: View): boolean {
    const [from, to] = [must(view(at), 'state'), must(view(at + 1), 'next state')];
    if (to.includes(undefined)) refuseUnset(action.expr);
    return this.terms.leads(action.root, from, to, this.args(action, at, view), () => true);
  }

  // A variable that an action leaves open may take another value.
  private changes(part: Term, at: number, view: View): boolean {
    const before = this.term(part, at, view);
    try {
      return !sameResult(before, this.term(part, at + 1, view));
    } catch (error) {
      if (lacksVariable(error) && view(at + 1) !== undefined && this.open) return true;
      throw error;
    }
  }

  /** Whether the next state is one that an enumerated action leads to, in which variables may be open. */
  private open = false;

  /** Whether some step from the state at `at` makes the formula true. */
  enabled(f: Formula, at: number, view: View, expr: number): boolean {
    const from = must(view(at), 'state');
    if (from.includes(undefined)) refuseUnset(expr);
    return this.generate(f, from, () => true);
  }

  private generate(
    f: Formula,
    from: EngineState,
    accept: (next: EngineState | undefined) => boolean,
  ): boolean {
    switch (f.kind) {
      case 'constant':
        return f.value && accept(undefined);
      case 'or':
        return f.parts.some(part => this.generate(part, from, accept));
      case 'some':
        return this.elements(f.set, 0, () => from).some(element => {
          this.env[f.slot.at] = element;
          return this.generate(f.body, from, accept);
        });
      case 'and':
        return this.generateAll(f.parts, from, accept);
      case 'literal':
        if (!f.ofStep) return this.literal(f, 0, () => from) && accept(undefined);
        if (f.atom.kind !== 'action') throw new InternalError('cannot enumerate this literal');
        return this.terms.leads(
          f.atom.term.root,
          from,
          undefined,
          this.args(f.atom.term, 0, () => from),
          accept,
        );
      default:
        throw new InternalError(`cannot enumerate ${f.kind}`);
    }
  }

  private generateAll(
    parts: readonly Formula[],
    from: EngineState,
    accept: (next: EngineState | undefined) => boolean,
  ): boolean {
    const ofState = parts.filter(part => !isOfStep(part));
    if (!ofState.every(part => this.holds(part, 0, () => from))) return false;
    const source = parts.find(generates);
    if (source === undefined) return accept(undefined);
    const others = parts.filter(part => part !== source && isOfStep(part));
    return this.generate(source, from, next => {
      if (next === undefined) return accept(next);
      const view: View = at => (at === 0 ? from : next);
      return this.within(() => others.every(other => this.holds(other, 0, view))) && accept(next);
    });
  }

  private within(run: () => boolean): boolean {
    const before = this.open;
    this.open = true;
    try {
      return run();
    } finally {
      this.open = before;
    }
  }

  /** The truth of a formula about one step. */
  private holds(f: Formula, at: number, view: View): boolean {
    switch (f.kind) {
      case 'constant':
        return f.value;
      case 'literal':
        return this.literal(f, at, view);
      case 'and':
        return f.parts.every(part => this.holds(part, at, view));
      case 'or':
        return f.parts.some(part => this.holds(part, at, view));
      case 'all':
      case 'some': {
        const test = (element: RtValue): boolean => {
          this.env[f.slot.at] = element;
          return this.holds(f.body, at, view);
        };
        const elements = this.elements(f.set, at, view);
        return f.kind === 'all' ? elements.every(test) : elements.some(test);
      }
      case 'next':
        return this.holds(f.body, at + 1, view);
      default:
        throw new InternalError(`not about one step: ${f.kind}`);
    }
  }
}

function isOfStep(f: Formula): boolean {
  switch (f.kind) {
    case 'constant':
      return false;
    case 'literal':
      return f.ofStep;
    case 'and':
    case 'or':
      return f.parts.some(isOfStep);
    case 'all':
    case 'some':
      return f.ofStep || isOfStep(f.body);
    default:
      return true;
  }
}
