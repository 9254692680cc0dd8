// From Quint to formulas. Connectives, quantifiers and temporal operators become formulas; operators are opened where
// something below them looks beyond one state; what remains are literals, as large as they can be. The meaning of each
// operator is that of Quint's manual, which is that of TLA+ (Lamport, Specifying Systems, chapters 8 and 16):
// leadsTo(p, q) is always(p implies eventually(q)), and fairness is stated of steps that change the given values.
import { type CompiledSpec, freeNames, Terms } from '../../engine/index.js';
import type { IrApp, IrExpr, IrLookup } from '../../model/ir.js';
import { must } from '../../util/assert.js';
import { type Atom, type Formula, FormulaTable, type Literal, type Slot } from './formula.js';
import { BEYOND_STATE, LEVEL, Levels } from './levels.js';
import { refuse } from './refusal.js';
import { isSlot, type Scoped, withNames } from './scoped.js';
import { canGenerate } from './step-truth.js';
import { applied, isOperator, opened, TermCompiler } from './term-compiler.js';

/** A formula and the program of its terms, whose emission begins with its first use. */
export interface Translation {
  readonly formula: Formula;
  readonly table: FormulaTable;
  readonly terms: Terms;
}

/** Throws a Refusal at what cannot be evaluated on a trace. */
export function translate(compiled: CompiledSpec, scoped: Scoped): Translation {
  const translator = new Translator(compiled);
  const formula = translator.formula(scoped, 0, false);
  return { formula, table: translator.table, terms: translator.terms };
}

class Translator {
  readonly table = new FormulaTable();
  readonly terms: Terms;
  private readonly names: ReadonlyMap<number, IrLookup>;
  private readonly levels: Levels;
  private readonly compiler: TermCompiler;

  constructor(private readonly compiled: CompiledSpec) {
    this.terms = new Terms(compiled);
    this.names = compiled.spec.ir.table;
    this.levels = new Levels(this.names, id => compiled.scope.homeOf(id) !== undefined);
    this.compiler = new TermCompiler(compiled, this.terms, this.levels, (scoped, depth) =>
      this.actionFormula(scoped, depth),
    );
  }

  /**
   * `depth` is the number of values that quantifiers around it bind; `inside` whether a literal around it already
   * evaluates the same as a whole.
   */
  formula(scoped: Scoped, depth: number, inside: boolean): Formula {
    const { expr, env } = scoped;
    const level = this.levels.of(expr, env);
    if ((level & LEVEL.action) !== 0 && this.levels.isAction(expr, env)) return this.action(scoped, depth);
    switch (expr.kind) {
      case 'bool':
        return this.table.constant(expr.value, expr.id);
      case 'name':
        return this.name(scoped, depth, inside);
      case 'let':
        if ((level & BEYOND_STATE) !== 0) return this.formula({ ...scoped, expr: expr.expr }, depth, inside);
        return this.literal(scoped, depth);
      case 'app':
        return this.names.has(expr.id)
          ? this.call(scoped, expr, depth, inside)
          : this.builtin(scoped, expr, depth, inside);
      default:
        return refuse(expr, 'a formula is expected here');
    }
  }

  private name(scoped: Scoped, depth: number, inside: boolean): Formula {
    const { expr, env, site } = scoped;
    const entry = this.names.get(expr.id);
    if (entry === undefined || expr.kind !== 'name') return this.literal(scoped, depth);
    if (entry.kind === 'param') {
      const bound = env.get(entry.id);
      if (bound !== undefined && isSlot(bound)) return this.slot(bound, expr);
      if (bound !== undefined) return this.formula(bound, depth, inside);
    }
    if (entry.kind !== 'def' || (this.levels.ofDefinition(entry, env) & BEYOND_STATE) === 0)
      return this.literal(scoped, depth);
    return this.formula(opened(this.compiled, { name: expr.name, entry, site, env }, []), depth, false);
  }

  private call(scoped: Scoped, e: IrApp, depth: number, inside: boolean): Formula {
    const { site, env } = scoped;
    const entry = must(this.names.get(e.id), 'an operator');
    const args = e.args.map(expr => ({ expr, site, env }));
    if (entry.kind === 'param') {
      const bound = env.get(entry.id);
      if (bound === undefined || isSlot(bound)) return this.literal(scoped, depth);
      return this.formula(applied(bound, args, this.names, this.compiled), depth, inside);
    }
    const beyond = e.args.some((arg, i) => {
      const level = this.levels.of(arg, env) & BEYOND_STATE;
      const isPassed = isOperator(must(args[i], 'argument'), this.names);
      return (level & (LEVEL.temporal | LEVEL.action)) !== 0 || (isPassed && level !== 0);
    });
    if (!beyond && (this.levels.ofDefinition(entry, env) & BEYOND_STATE) === 0)
      return this.literal(scoped, depth);
    return this.formula(opened(this.compiled, { name: e.opcode, entry, site, env }, args), depth, false);
  }

  private builtin(scoped: Scoped, e: IrApp, depth: number, inside: boolean): Formula {
    const { table } = this;
    const level = this.levels.of(e, scoped.env);
    const isState = (level & BEYOND_STATE) === 0;
    const whole = () => (isState && !inside ? this.literal(scoped, depth) : undefined);
    const at = (i: number): Scoped => ({ ...scoped, expr: must(e.args[i], 'operand') });
    const part = (i: number): Formula => this.formula(at(i), depth, isState);
    switch (e.opcode) {
      case 'and':
        return table.and(
          e.args.map((_, i) => part(i)),
          e.id,
          whole(),
        );
      case 'or':
        return table.or(
          e.args.map((_, i) => part(i)),
          e.id,
          whole(),
        );
      case 'not':
        return table.dual(this.formula(at(0), depth, inside));
      case 'implies':
        return table.implies(part(0), part(1), e.id, whole());
      case 'iff':
        return this.equal(part(0), part(1), e, whole());
      case 'ite':
        return this.choice(part(0), part(1), part(2), e, whole());
      case 'always':
      case 'eventually':
      case 'next':
        return table.modal(e.opcode, part(0), e.id);
      case 'leadsTo':
        return table.modal(
          'always',
          table.implies(part(0), table.modal('eventually', part(1), e.id), e.id),
          e.id,
        );
      case 'orKeep':
        return table.or([table.dual(this.changed(at(1), depth)), part(0)], e.id);
      case 'mustChange':
        return table.and([this.changed(at(1), depth), part(0)], e.id);
      case 'enabled':
        return this.enabled(this.actionFormula(at(0), depth), e.id);
      case 'weakFair':
      case 'strongFair':
        return this.fair(e, this.actionFormula(at(0), depth), this.changed(at(1), depth));
    }
    if (isState) return this.literal(scoped, depth);
    return this.mixed(scoped, e, depth, level);
  }

  // Other operators with something below them that looks beyond one state.
  private mixed(scoped: Scoped, e: IrApp, depth: number, level: number): Formula {
    const { table } = this;
    const at = (i: number): Scoped => ({ ...scoped, expr: must(e.args[i], 'operand') });
    if (e.opcode === 'forall' || e.opcode === 'exists')
      return this.quantified(at(0), at(1), depth, e.opcode === 'forall' ? 'all' : 'some', e);
    if ((e.opcode === 'eq' || e.opcode === 'neq') && (level & (LEVEL.temporal | LEVEL.action)) !== 0) {
      const same = this.equal(this.formula(at(0), depth, false), this.formula(at(1), depth, false), e);
      return e.opcode === 'eq' ? same : table.dual(same);
    }
    return this.literal(scoped, depth);
  }

  private choice(condition: Formula, yes: Formula, no: Formula, e: IrExpr, whole?: Literal): Formula {
    const { table } = this;
    const cases = [table.or([table.dual(condition), yes], e.id), table.or([condition, no], e.id)];
    return table.and(cases, e.id, whole);
  }

  private equal(a: Formula, b: Formula, e: IrExpr, whole?: Literal): Formula {
    const { table } = this;
    const both = [table.or([table.dual(a), b], e.id), table.or([a, table.dual(b)], e.id)];
    return table.and(both, e.id, whole);
  }

  private quantified(
    set: Scoped,
    predicate: Scoped,
    depth: number,
    kind: 'all' | 'some',
    e: IrExpr,
  ): Formula {
    const { expr } = predicate;
    const lambda = expr.kind === 'lambda' ? expr.params[0] : undefined;
    const slot: Slot = { at: depth, id: lambda?.id ?? expr.id, name: this.elementName(expr) };
    const level = this.levels.of(set.expr, set.env);
    const body =
      lambda !== undefined && expr.kind === 'lambda'
        ? { ...predicate, expr: expr.expr, env: withNames(predicate.env, [[slot.id, slot]]) }
        : applied(predicate, [slot], this.names, this.compiled);
    return this.table.quantified(
      kind,
      {
        set: this.compiler.value(set, depth),
        ofStep: (level & LEVEL.step) !== 0,
        isFlexible: (level & (LEVEL.state | BEYOND_STATE)) !== 0,
        slot,
        body: this.formula(body, depth + 1, false),
      },
      e.id,
    );
  }

  // Quint writes `((i, j)) => e` as a parameter with a name of its own and a local definition for each part.
  private elementName(predicate: IrExpr): string {
    const param = predicate.kind === 'lambda' ? predicate.params[0] : undefined;
    if (param === undefined || predicate.kind !== 'lambda') return 'element';
    const parts: { readonly at: bigint; readonly name: string }[] = [];
    for (let body = predicate.expr; body.kind === 'let'; body = body.expr) {
      const { expr: value, name } = body.opdef;
      const [of, at] = value.kind === 'app' && value.opcode === 'item' ? value.args : [];
      if (of !== undefined && at?.kind === 'int' && this.names.get(of.id)?.id === param.id)
        parts.push({ at: at.value, name });
    }
    if (parts.length < 2) return param.name;
    const names = parts.sort((a, b) => Number(a.at - b.at)).map(({ name }) => name);
    return `(${names.join(', ')})`;
  }

  private slot(slot: Slot, e: IrExpr): Formula {
    return this.table.literal({ kind: 'slot', slot }, e.id, { ofStep: false, isFlexible: false });
  }

  private literal(scoped: Scoped, depth: number): Literal {
    const { expr, env } = scoped;
    const level = this.levels.of(expr, env);
    const term = this.compiler.value(scoped, depth);
    return this.table.literal({ kind: 'term', term }, expr.id, {
      ofStep: (level & LEVEL.step) !== 0,
      isFlexible: (level & (LEVEL.state | BEYOND_STATE)) !== 0,
    });
  }

  private action(scoped: Scoped, depth: number): Formula {
    const { expr, env } = scoped;
    const entry = expr.kind === 'name' ? this.names.get(expr.id) : undefined;
    const bound = entry?.kind === 'param' ? env.get(entry.id) : undefined;
    if (bound !== undefined && !isSlot(bound)) return this.action(bound, depth);
    // A choice between actions of which some are arguments is split, so that each is found in its own scope.
    if (expr.kind === 'app' && expr.opcode === 'actionAny' && this.hasGivenActions(scoped))
      return this.table.or(
        expr.args.map(arg => this.formula({ ...scoped, expr: arg }, depth, false)),
        expr.id,
      );
    const atom: Atom = { kind: 'action', term: this.compiler.action(scoped, depth) };
    return this.table.literal(atom, expr.id, { ofStep: true, isFlexible: true });
  }

  private hasGivenActions({ expr, env }: Scoped): boolean {
    return freeNames(this.compiled, expr).some(({ id }) => {
      const bound = env.get(id);
      return bound !== undefined && !isSlot(bound) && this.levels.isAction(bound.expr, bound.env);
    });
  }

  // What `enabled` and fairness speak of: a formula over one step, with an action to enumerate.
  private actionFormula(scoped: Scoped, depth: number): Formula {
    const formula = this.formula(scoped, depth, false);
    if (formula.isTemporal || !canGenerate(formula))
      refuse(
        scoped.expr,
        'it cannot be told when this is enabled',
        'name an action, or join actions by or and exists, with further conditions by and',
      );
    return formula;
  }

  private enabled(action: Formula, expr: number): Formula {
    return this.table.literal({ kind: 'enabled', action }, expr, { ofStep: false, isFlexible: true });
  }

  // <A>_v is a step of A that changes v. Weak fairness: if it is enabled for ever from some time on, it happens
  // infinitely often; strong fairness: if it is enabled infinitely often (Specifying Systems, 8.4 and 8.6).
  private fair(e: IrApp, action: Formula, changed: Formula): Formula {
    const { table } = this;
    const taken = table.and([changed, action], e.id);
    const disabled = table.dual(this.enabled(taken, e.id));
    const [outer, inner] =
      e.opcode === 'weakFair' ? (['always', 'eventually'] as const) : (['eventually', 'always'] as const);
    const idle = table.modal(outer, table.modal(inner, disabled, e.id), e.id);
    const happens = table.modal('always', table.modal('eventually', taken, e.id), e.id);
    return table.or([idle, happens], e.id);
  }

  // Values written together as a tuple, set or list change when one of them does.
  private changed(scoped: Scoped, depth: number): Formula {
    const parts = this.partsOf(scoped).map(part => this.compiler.value(part, depth));
    return this.table.literal({ kind: 'changed', parts }, scoped.expr.id, {
      ofStep: true,
      isFlexible: true,
    });
  }

  private partsOf(scoped: Scoped): Scoped[] {
    const { expr, site, env } = scoped;
    const entry = expr.kind === 'name' ? this.names.get(expr.id) : undefined;
    const bound = entry?.kind === 'param' ? env.get(entry.id) : undefined;
    if (bound !== undefined && !isSlot(bound)) return this.partsOf(bound);
    if (entry?.kind === 'def' && expr.kind === 'name' && entry.expr.kind !== 'lambda')
      return this.partsOf(opened(this.compiled, { name: expr.name, entry, site, env }, []));
    const isGroup =
      expr.kind === 'app' && !this.names.has(expr.id) && ['Tup', 'Set', 'List'].includes(expr.opcode);
    return isGroup ? expr.args.flatMap(arg => this.partsOf({ ...scoped, expr: arg })) : [scoped];
  }
}
