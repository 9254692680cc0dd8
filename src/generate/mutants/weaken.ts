// The ways to make a condition hold more often by one small mistake: the mistakes of people who write guards. Works on
// the IR, through connectives, quantifiers and the definitions that are used, so that a bound inside a helper can be
// shifted for one guard alone. Whatever satisfies the guard satisfies each of its weaker forms.
import type { IrApp, IrExpr, IrOpDef, QuintIr } from '../../model/ir.js';
import { type Table, unfold } from '../../model/unfold.js';
import { exprText } from './expr-text.js';

export const MUTATIONS = ['without', 'conjunct', 'membership', 'comparison', 'quorum'] as const;

export type MutationKind = (typeof MUTATIONS)[number];

export interface Weakened {
  readonly kind: MutationKind;
  /** What was done, in words. */
  readonly words: string;
  readonly expr: IrExpr;
}

/** Definitions are opened this deep. */
const UNFOLDING_MAX = 3;

export interface Workshop {
  readonly table: Table;
  readonly types: QuintIr['types'];
  /** Gives ids that the IR does not use. */
  readonly nextId: () => number;
  /** Whether the body of a definition means the same where the guard stands. */
  readonly isNear: (definition: IrOpDef) => boolean;
}

/** What a guard may be weakened to, the guard left out first. */
export function weakenings(guard: IrExpr, workshop: Workshop): Weakened[] {
  const changer = new Changer(workshop);
  return distinct(guard, [changer.dropped(guard), ...changer.variants(guard, true, 0)]);
}

/** The guard with one comparison made stricter by one, so that it no longer holds at the edge. */
export function strengthenings(guard: IrExpr, workshop: Workshop): Weakened[] {
  const variants = new Changer(workshop).variants(guard, false, 0);
  return distinct(guard, variants).filter(({ kind }) => kind === 'comparison' || kind === 'quorum');
}

function distinct(guard: IrExpr, all: readonly Weakened[]): Weakened[] {
  const seen = new Set([exprText(guard)]);
  return all.filter(({ expr }) => {
    const text = exprText(expr);
    const isNew = !seen.has(text);
    seen.add(text);
    return isNew;
  });
}

/** The comparison that holds when the left side is one less, or the right side one more, than it should be. */
const RELAXED: Readonly<Record<string, string>> = { igt: 'igte', ilt: 'ilte' };
/** The comparison that no longer holds at the edge. */
const STRICT: Readonly<Record<string, string>> = { igte: 'igt', ilte: 'ilt' };

class Changer {
  private readonly table: Table;
  private readonly nextId: () => number;

  constructor(private readonly workshop: Workshop) {
    this.table = workshop.table;
    this.nextId = workshop.nextId;
  }

  dropped(guard: IrExpr): Weakened {
    const kind = isMembership(guard, this.table) ? 'membership' : 'without';
    return { kind, words: `without ${quoted(guard)}`, expr: this.truth() };
  }

  /** `expr` changed in one place so that it holds more often, or less often where `positive` is false. */
  variants(expr: IrExpr, positive: boolean, depth: number): Weakened[] {
    if (expr.kind === 'let')
      return this.around(this.variants(expr.expr, positive, depth), inner => ({
        ...expr,
        id: this.nextId(),
        expr: inner,
      }));
    if (expr.kind !== 'app' && expr.kind !== 'name') return [];
    if (this.table.has(expr.id)) return this.opened(expr, positive, depth);
    return expr.kind === 'app' ? this.builtin(expr, positive, depth) : [];
  }

  private around(variants: readonly Weakened[], rebuild: (expr: IrExpr) => IrExpr): Weakened[] {
    return variants.map(variant => ({ ...variant, expr: rebuild(variant.expr) }));
  }

  private opened(
    expr: IrApp | Extract<IrExpr, { kind: 'name' }>,
    positive: boolean,
    depth: number,
  ): Weakened[] {
    const found = this.table.get(expr.id);
    if (depth >= UNFOLDING_MAX || found?.kind !== 'def') return [];
    if (expr.kind === 'name' && (found.depth ?? 0) > 0 && found.qualifier !== 'nondet')
      return this.variants(found.expr, positive, depth + 1);
    if (!this.workshop.isNear(found)) return [];
    const inside: Weakened[] = [];
    // Opened once to see what the body offers, and once for each of that.
    unfold(expr, this.table, this.nextId, body => {
      inside.push(...this.variants(body, positive, depth + 1));
      return body;
    });
    return inside.flatMap(variant => {
      const whole = unfold(expr, this.table, this.nextId, () => variant.expr);
      return whole === undefined ? [] : [{ ...variant, expr: whole }];
    });
  }

  private builtin(expr: IrApp, positive: boolean, depth: number): Weakened[] {
    const { opcode, args } = expr;
    const [first, second] = args;
    if (opcode === 'not') return this.inside(expr, depth, [!positive]);
    if (opcode === 'implies') return this.inside(expr, depth, [!positive, positive]);
    if (opcode === 'and' || opcode === 'or') {
      const polarities = args.map(() => positive);
      const fewer = (opcode === 'and') === positive ? this.fewer(expr) : [];
      return [...fewer, ...this.inside(expr, depth, polarities)];
    }
    if (opcode === 'forall' || opcode === 'exists') return this.inside(expr, depth, [undefined, positive]);
    if (opcode === 'ite') return this.inside(expr, depth, [undefined, positive, positive]);
    if (opcode === 'matchVariant')
      return this.inside(
        expr,
        depth,
        args.map(({ kind }) => (kind === 'lambda' ? positive : undefined)),
      );
    if (first && second && /^i[gl]te?$/.test(opcode)) return [this.shifted(expr, first, second, positive)];
    if (opcode === 'eq' && positive && first && second && this.isInt(first))
      return ['ilte', 'igte'].map(looser => this.changed(expr, this.app(looser, [first, second])));
    return [];
  }

  private isInt({ id }: IrExpr): boolean {
    return this.workshop.types.get(id)?.type.kind === 'int';
  }

  /** One part changed; `polarities` says how for each, undefined for those that stay. */
  private inside(expr: IrApp, depth: number, polarities: readonly (boolean | undefined)[]): Weakened[] {
    return expr.args.flatMap((arg, i) => {
      const polarity = polarities[i];
      if (polarity === undefined) return [];
      const rebuild = (part: IrExpr): IrExpr => this.app(expr.opcode, replaced(expr.args, i, part));
      if (arg.kind !== 'lambda') return this.around(this.variants(arg, polarity, depth), rebuild);
      return this.around(this.variants(arg.expr, polarity, depth), body =>
        rebuild({ ...arg, id: this.nextId(), expr: body }),
      );
    });
  }

  private fewer({ opcode, args }: IrApp): Weakened[] {
    if (args.length < 2) return [];
    return args.map((arg, i): Weakened => {
      const rest = args.filter((_, other) => other !== i);
      const [only] = rest;
      return {
        kind: isMembership(arg, this.table) ? 'membership' : 'conjunct',
        words: `without ${quoted(arg)}`,
        expr: rest.length === 1 && only !== undefined ? only : this.app(opcode, rest),
      };
    });
  }

  private shifted(expr: IrApp, left: IrExpr, right: IrExpr, positive: boolean): Weakened {
    const { opcode } = expr;
    const simple = (positive ? RELAXED : STRICT)[opcode];
    // `a >= b` is relaxed by adding to the left, `a > b` made strict by adding to the right.
    const addLeft = (opcode === 'igte') === positive && (opcode === 'igte' || opcode === 'ilt');
    const sides = addLeft ? [this.plusOne(left), right] : [left, this.plusOne(right)];
    const mutated = simple === undefined ? this.app(opcode, sides) : this.app(simple, [left, right]);
    return this.changed(expr, mutated);
  }

  private changed(expr: IrApp, mutated: IrApp): Weakened {
    const kind = expr.args.some(arg => this.counts(arg, 0)) ? 'quorum' : 'comparison';
    return { kind, words: `${quoted(expr)} as ${quoted(mutated)}`, expr: mutated };
  }

  /** Whether an expression is the number of something. */
  private counts(expr: IrExpr, depth: number): boolean {
    if (expr.kind !== 'app' && expr.kind !== 'name') return false;
    const found = this.table.get(expr.id);
    if (found?.kind === 'def')
      return depth < UNFOLDING_MAX && found.expr.kind !== 'lambda' && this.counts(found.expr, depth + 1);
    return expr.kind === 'app' && (expr.opcode === 'size' || expr.opcode === 'length');
  }

  private plusOne(expr: IrExpr): IrExpr {
    return this.app('iadd', [expr, { kind: 'int', id: this.nextId(), value: 1n }]);
  }

  private app(opcode: string, args: readonly IrExpr[]): IrApp {
    return { kind: 'app', id: this.nextId(), opcode, args };
  }

  private truth(): IrExpr {
    return { kind: 'bool', id: this.nextId(), value: true };
  }
}

function isMembership(expr: IrExpr, table: Table): boolean {
  return expr.kind === 'app' && !table.has(expr.id) && (expr.opcode === 'in' || expr.opcode === 'contains');
}

function replaced(args: readonly IrExpr[], at: number, by: IrExpr): IrExpr[] {
  return args.map((arg, i) => (i === at ? by : arg));
}

/** Longest text of an expression in words, in characters. */
const TEXT_MAX = 90;

function quoted(expr: IrExpr): string {
  const text = exprText(expr);
  return `\`${text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 3)}...` : text}\``;
}
