// When is a property at stake? A trace can satisfy a property without ever testing it: an antecedent that never
// became true, a quantifier over an empty set, a bound that was far away. The trigger of a property is a boolean
// expression over a state that holds where the property could have gone wrong. It is built as an expression of the
// IR, so that the engine evaluates it like any other.
//
// After the idea of vacuity in model checking (Beer, Ben-David, Eisner, Rodeh, "Efficient detection of vacuity in
// temporal model checking", 2001), with a margin for comparisons.
import type { IrApp, IrExpr } from '../model/ir.js';
import { type Table, unfold } from '../model/unfold.js';

/** A compared quantity counts as at stake when it is at most this far from the bound. */
const MARGIN = 1n;

/** Nested user definitions are unfolded this deep; below, a call counts as at stake whenever it is reached. */
const MAX_UNFOLDING = 20;

/**
 * The trigger of a formula. It has the free names of the formula and no temporal operator; new nodes have negative
 * ids, which no IR of Quint uses.
 */
export function triggerOf(formula: IrExpr, table: Table): IrExpr {
  return new TriggerBuilder(table).build(formula, 0);
}

const COMPARISONS = new Set(['ilt', 'ilte', 'igt', 'igte']);
const TEMPORAL = new Set([
  'always',
  'eventually',
  'next',
  'orKeep',
  'mustChange',
  'enabled',
  'weakFair',
  'strongFair',
  'leadsTo',
]);

class TriggerBuilder {
  private nextId = -1;

  constructor(private readonly table: Table) {}

  build(formula: IrExpr, depth: number): IrExpr {
    switch (formula.kind) {
      case 'let':
        return { ...formula, id: this.nextId--, expr: this.build(formula.expr, depth) };
      case 'name':
      case 'app':
        return (
          this.unfolded(formula, depth) ??
          (formula.kind === 'app' ? this.application(formula, depth) : this.truth())
        );
      case 'bool':
        return this.bool(false);
      default:
        return this.truth();
    }
  }

  // A user definition is at stake where its body is.
  private unfolded(formula: IrApp | Extract<IrExpr, { kind: 'name' }>, depth: number): IrExpr | undefined {
    const found = this.table.get(formula.id);
    if (found?.kind !== 'def' || found.qualifier === 'nondet') return undefined;
    if (depth >= MAX_UNFOLDING) return this.truth();
    const nextId = () => this.nextId--;
    return unfold(formula, this.table, nextId, body => this.build(body, depth + 1)) ?? this.truth();
  }

  private application(formula: IrApp, depth: number): IrExpr {
    const { opcode, args } = formula;
    const [first, second] = args;
    const at = (arg: IrExpr | undefined) => (arg === undefined ? this.truth() : this.build(arg, depth));
    if (opcode === 'always') return at(first);
    if (opcode === 'eventually') return first ? this.not(first) : this.truth();
    if (opcode === 'implies' || opcode === 'leadsTo') return this.implication(first, second, depth);
    if (this.isTemporal(formula)) return this.truth();
    if (opcode === 'and' || opcode === 'actionAll') return this.app('or', args.map(at));
    if (opcode === 'or') return this.exactlyOne(args);
    if (opcode === 'not') return first ? this.negation(first, depth) : this.truth();
    if (opcode === 'forall' || opcode === 'exists') return this.quantifier(formula, depth);
    if (COMPARISONS.has(opcode) && first && second) return this.near(first, second);
    if (opcode === 'subseteq' && first) return this.app('neq', [first, this.app('Set', [])]);
    if (opcode === 'ite' && first) return this.app('ite', [first, at(args[1]), at(args[2])]);
    if (opcode === 'matchVariant') return this.match(formula, depth);
    return this.truth();
  }

  // Fairness is an assumption on the scheduler: what is at stake is what it promises.
  private implication(left: IrExpr | undefined, right: IrExpr | undefined, depth: number): IrExpr {
    if (left === undefined || right === undefined) return this.truth();
    return this.isTemporal(left) ? this.build(right, depth) : left;
  }

  private negation(inner: IrExpr, depth: number): IrExpr {
    if (inner.kind !== 'app' || this.table.has(inner.id)) return this.truth();
    const { opcode, args } = inner;
    const [first, second] = args;
    if (opcode === 'not' && first) return this.build(first, depth);
    if (opcode === 'and') return this.exactlyOne(args.map(arg => this.not(arg)));
    if (opcode === 'or')
      return this.app(
        'or',
        args.map(arg => this.build(this.not(arg), depth)),
      );
    if (opcode === 'exists' && first && second?.kind === 'lambda') {
      const body: IrExpr = { ...second, id: this.nextId--, expr: this.not(second.expr) };
      return this.build(this.app('forall', [first, body]), depth);
    }
    return COMPARISONS.has(opcode) && first && second ? this.near(first, second) : this.truth();
  }

  // For all: some element is at stake. Exists: the last witness, or none, is left.
  private quantifier(formula: IrApp, depth: number): IrExpr {
    const [set, predicate] = formula.args;
    if (set === undefined || predicate?.kind !== 'lambda') return this.truth();
    if (formula.opcode === 'forall') {
      const body: IrExpr = { ...predicate, id: this.nextId--, expr: this.build(predicate.expr, depth) };
      return this.app('exists', [set, body]);
    }
    const witnesses = this.app('size', [this.app('filter', [set, predicate])]);
    return this.app('ilte', [witnesses, this.int(MARGIN)]);
  }

  private match(formula: IrApp, depth: number): IrExpr {
    const args = formula.args.map(arg =>
      arg.kind === 'lambda' ? { ...arg, id: this.nextId--, expr: this.build(arg.expr, depth) } : arg,
    );
    return this.app('matchVariant', args);
  }

  // One disjunct alone, or none, holds the disjunction.
  private exactlyOne(args: readonly IrExpr[]): IrExpr {
    if (args.some(arg => this.isTemporal(arg))) return this.truth();
    const counts = args.map(arg => this.app('ite', [arg, this.int(1n), this.int(0n)]));
    const sum = counts.reduce((left, right) => this.app('iadd', [left, right]));
    return this.app('ilte', [sum, this.int(MARGIN)]);
  }

  private near(left: IrExpr, right: IrExpr): IrExpr {
    const below = this.app('ilte', [this.app('isub', [left, right]), this.int(MARGIN)]);
    const above = this.app('ilte', [this.app('isub', [right, left]), this.int(MARGIN)]);
    return this.app('and', [below, above]);
  }

  /** Whether a temporal operator stands in an expression or in what it calls. */
  private isTemporal(expr: IrExpr, depth = 0): boolean {
    if (depth > MAX_UNFOLDING) return true;
    const found = expr.kind === 'name' || expr.kind === 'app' ? this.table.get(expr.id) : undefined;
    if (found?.kind === 'def' && this.isTemporal(found.expr, depth + 1)) return true;
    if (expr.kind === 'app')
      return (
        (found === undefined && TEMPORAL.has(expr.opcode)) ||
        expr.args.some(arg => this.isTemporal(arg, depth))
      );
    if (expr.kind === 'let')
      return this.isTemporal(expr.opdef.expr, depth) || this.isTemporal(expr.expr, depth);
    return expr.kind === 'lambda' && this.isTemporal(expr.expr, depth);
  }

  private app(opcode: string, args: readonly IrExpr[]): IrApp {
    return { kind: 'app', id: this.nextId--, opcode, args };
  }

  private not(expr: IrExpr): IrExpr {
    return this.app('not', [expr]);
  }

  private int(value: bigint): IrExpr {
    return { kind: 'int', id: this.nextId--, value };
  }

  private bool(value: boolean): IrExpr {
    return { kind: 'bool', id: this.nextId--, value };
  }

  private truth(): IrExpr {
    return this.bool(true);
  }
}
