// How far a state is from falsifying a formula: an integer expression of the IR, so that the engine evaluates it like
// any other. It is 0 exactly where the formula is false, and sums up the connectives and comparisons that stand in the
// way. It never asks for a value that the formula would not have: parts that the formula skips are looked at only
// where they have a value.
//
// Branch distance of search-based testing: Korel 1990; Tracey, Clark, Mander, McDermid 1998; McMinn, "Search-based
// software test data generation: a survey", 2004. Normalised as in Arcuri, "It does matter how you normalise the branch
// distance in search based software testing", 2010.
import type { IrApp, IrExpr, IrLambda, QuintIr } from '../model/ir.js';
import type { Table } from '../model/unfold.js';
import { definedness } from './search/defined.js';
import { IrBuilder } from './search/ir-builder.js';

/** The distance of one plain condition that does not hold; margins of comparisons lie between a half of it and it. */
export const UNIT = 1000;

/** Definitions are opened this deep; below, a call is a plain condition. */
const UNFOLDING_MAX = 20;

/** How many elements a quantifier is taken to run over where there are none to look at. */
const TYPICAL_ELEMENTS = 2;

export interface Distances {
  /** In the order of the formulas; each has the free names of its formula. */
  readonly exprs: readonly IrExpr[];
  /** The table of the IR with the names that the distances bind: they mean something only together with it. */
  readonly table: Table;
}

/**
 * Distances to the falsity of formulas. Of a temporal formula, to a state in which it is at stake: the premise holds
 * and what must come has not.
 */
export function distancesTo(
  formulas: readonly IrExpr[],
  ir: Pick<QuintIr, 'table' | 'types' | 'spans'>,
): Distances {
  const builder = new IrBuilder(ir);
  const distances = new DistanceBuilder(builder, ir.types);
  const exprs = formulas.map(formula => distances.far(formula, false, { depth: 0, skipped: false }).expr);
  return { exprs, table: builder.table };
}

/** A distance, and about the most that it can be. */
interface Far {
  readonly expr: IrExpr;
  readonly most: number;
}

interface Context {
  readonly depth: number;
  /** Whether the formula might not have looked at this part. */
  readonly skipped: boolean;
}

const FAIRNESS: ReadonlySet<string> = new Set(['weakFair', 'strongFair']);
const OPPOSITE: Readonly<Record<string, string>> = { ilt: 'igte', ilte: 'igt', igt: 'ilte', igte: 'ilt' };
/** What is no formula over one state; a condition that speaks of these counts as out of reach. */
const OF_STEPS: ReadonlySet<string> = new Set([
  ...['next', 'orKeep', 'mustChange', 'enabled', 'weakFair', 'strongFair', 'always', 'eventually', 'leadsTo'],
]);
/** Temporal operators that are looked into. */
const LOOKED_INTO: ReadonlySet<string> = new Set(['always', 'eventually', 'leadsTo']);

class DistanceBuilder {
  /** How many parts were left out, because nobody knows whether they have a value. */
  private unknown = 0;

  constructor(
    private readonly builder: IrBuilder,
    private readonly types: QuintIr['types'],
  ) {}

  /** The distance to the truth of `formula`, or to its falsity. */
  far(formula: IrExpr, wanted: boolean, context: Context): Far {
    switch (formula.kind) {
      case 'bool':
        return formula.value === wanted ? this.constant(0) : this.constant(UNIT);
      case 'let': {
        const fresh = this.builder.freshLet(formula);
        const { expr, most } = this.far(fresh.expr, wanted, context);
        return { expr: { ...fresh, expr }, most };
      }
      case 'name':
      case 'app': {
        if (!this.builder.table.has(formula.id))
          return formula.kind === 'app'
            ? this.builtin(formula, wanted, context)
            : this.plain(formula, wanted, context);
        const opened = context.depth < UNFOLDING_MAX ? this.builder.opened(formula) : undefined;
        return opened === undefined
          ? this.plain(formula, wanted, context)
          : this.far(opened, wanted, { ...context, depth: context.depth + 1 });
      }
      default:
        return this.plain(formula, wanted, context);
    }
  }

  private builtin(app: IrApp, wanted: boolean, context: Context): Far {
    const { opcode, args } = app;
    const [first, second, third] = args;
    if (opcode === 'and')
      return wanted
        ? this.sum(args, true, context)
        : this.least(
            args.map(arg => [arg, false]),
            context,
          );
    if (opcode === 'or')
      return wanted
        ? this.least(
            args.map(arg => [arg, true]),
            context,
          )
        : this.sum(args, false, context);
    if (OF_STEPS.has(opcode) && !LOOKED_INTO.has(opcode)) return this.constant(UNIT);
    if (first === undefined) return this.plain(app, wanted, context);
    if (opcode === 'not') return this.far(first, !wanted, context);
    if (opcode === 'always' || opcode === 'eventually') return this.far(first, wanted, context);
    if (opcode === 'matchVariant') return this.match(app, wanted, context);
    if (second === undefined) return this.plain(app, wanted, context);
    if (opcode === 'implies' || opcode === 'leadsTo') return this.implication(first, second, wanted, context);
    if (opcode === 'ite' && third !== undefined) return this.choice(first, second, third, wanted, context);
    if ((opcode === 'forall' || opcode === 'exists') && second.kind === 'lambda')
      return this.quantifier(opcode, first, second, wanted, context);
    if (opcode in OPPOSITE) return this.guarded(app, this.comparison(app, wanted), context);
    if (opcode === 'eq' || opcode === 'neq' || opcode === 'iff')
      return this.equality(app, first, second, wanted, context);
    if (opcode === 'subseteq' && wanted)
      return this.guarded(app, this.margin(this.sizeOfExcess(first, second), 'igt'), context);
    return this.plain(app, wanted, context);
  }

  // Fairness is an assumption on the scheduler: what it promises is what is at stake.
  private implication(left: IrExpr, right: IrExpr, wanted: boolean, context: Context): Far {
    if (this.isFairness(left)) return this.far(right, wanted, context);
    if (wanted)
      return this.least(
        [
          [left, false],
          [right, true],
        ],
        context,
      );
    return this.after(this.far(left, true, context), right, false, context);
  }

  private isFairness(formula: IrExpr): boolean {
    if (formula.kind === 'lambda') return this.isFairness(formula.expr);
    if (formula.kind !== 'name' && formula.kind !== 'app') return false;
    const entry = this.builder.table.get(formula.id);
    if (entry !== undefined) return entry.kind === 'def' && this.isFairness(entry.expr);
    if (formula.kind !== 'app') return false;
    const { opcode, args } = formula;
    if (opcode === 'and') return args.every(arg => this.isFairness(arg));
    return FAIRNESS.has(opcode) || (opcode === 'forall' && args[1] !== undefined && this.isFairness(args[1]));
  }

  // All parts have to be as wanted.
  private sum(args: readonly IrExpr[], wanted: boolean, context: Context): Far {
    const [head, ...rest] = args;
    if (head === undefined) return this.constant(0);
    return rest.reduce((all, arg) => this.after(all, arg, wanted, context), this.far(head, wanted, context));
  }

  // The formula looks at a part only where the ones before it are as wanted. So does the distance where it cannot tell
  // otherwise whether the part has a value.
  private after(before: Far, formula: IrExpr, wanted: boolean, context: Context): Far {
    const skipped = this.skippable(context, inner => this.far(formula, wanted, inner));
    if (skipped !== undefined) return this.added(before, skipped);
    const { builder } = this;
    const { expr, most } = this.far(formula, wanted, context);
    return {
      expr: builder.bound('d', before.expr, d =>
        builder.app('ite', this.isZero(d()), expr, builder.app('iadd', d(), builder.int(most))),
      ),
      most: before.most + most,
    };
  }

  /** A part that may be skipped; undefined where it has to be, because nobody knows whether it has a value. */
  private skippable(context: Context, build: (inner: Context) => Far): Far | undefined {
    const before = this.unknown;
    const far = build({ ...context, skipped: true });
    if (this.unknown === before || context.skipped) return far;
    this.unknown = before;
    return undefined;
  }

  private added(left: Far, right: Far): Far {
    if (left.most === 0) return right;
    if (right.most === 0) return left;
    return { expr: this.builder.app('iadd', left.expr, right.expr), most: left.most + right.most };
  }

  // One part has to be as wanted; what comes after it does not matter.
  private least(parts: readonly (readonly [IrExpr, boolean])[], context: Context): Far {
    const [head, ...rest] = parts;
    if (head === undefined) return this.constant(UNIT);
    const first = this.far(head[0], head[1], context);
    if (rest.length === 0 || first.most === 0) return first;
    const others = this.least(rest, context);
    const expr = this.builder.bound('d', first.expr, d =>
      this.builder.app('ite', this.isZero(d()), this.builder.int(0), this.smaller(d, others.expr)),
    );
    return { expr, most: Math.min(first.most, others.most) };
  }

  private smaller(d: () => IrExpr, other: IrExpr): IrExpr {
    return this.builder.bound('e', other, e =>
      this.builder.app('ite', this.builder.app('ilt', e(), d()), e(), d()),
    );
  }

  private isZero(distance: IrExpr): IrExpr {
    return this.builder.app('eq', distance, this.builder.int(0));
  }

  // The branch that is taken; which one is taken is not looked into.
  private choice(condition: IrExpr, yes: IrExpr, no: IrExpr, wanted: boolean, context: Context): Far {
    const [left, right] = [this.far(yes, wanted, context), this.far(no, wanted, context)];
    const expr = this.builder.app('ite', this.builder.again(condition), left.expr, right.expr);
    return this.guarded(condition, { expr, most: Math.max(left.most, right.most) }, context);
  }

  private match(app: IrApp, wanted: boolean, context: Context): Far {
    let most = 0;
    const args = app.args.map((arg): IrExpr => {
      if (arg.kind !== 'lambda') return this.builder.again(arg);
      const lambda = this.builder.freshLambda(arg);
      const body = this.far(lambda.expr, wanted, context);
      most = Math.max(most, body.most);
      return { ...lambda, expr: body.expr };
    });
    const [subject] = app.args;
    const far = { expr: this.builder.app('matchVariant', ...args), most };
    return subject === undefined ? this.plain(app, wanted, context) : this.guarded(subject, far, context);
  }

  // Some element has to be as wanted, or all of them. Without an element, one has to come first.
  private quantifier(
    opcode: string,
    set: IrExpr,
    predicate: IrLambda,
    wanted: boolean,
    context: Context,
  ): Far {
    const { builder } = this;
    const lambda = builder.freshLambda(predicate);
    if ((opcode === 'exists') !== wanted) return this.overAll(set, lambda, wanted, context);
    const body = this.far(lambda.expr, wanted, context);
    const none = body.most + UNIT;
    const take = builder.withParam('acc', lambda.params, acc =>
      builder.app('ite', this.isZero(acc()), builder.int(0), this.smaller(acc, body.expr)),
    );
    const expr = builder.app('fold', builder.again(set), builder.int(none), take);
    return this.guarded(set, { expr, most: none }, context);
  }

  // After an element that is not as wanted, the formula looks at no other.
  private overAll(set: IrExpr, lambda: IrLambda, wanted: boolean, context: Context): Far {
    const { builder } = this;
    const build = (inner: Context) => this.far(lambda.expr, wanted, inner);
    const skipped = this.skippable(context, build);
    const body = skipped ?? build(context);
    const add = builder.withParam('acc', lambda.params, acc => {
      const looked = builder.app('iadd', acc(), body.expr);
      if (skipped !== undefined) return looked;
      return builder.app(
        'ite',
        this.isZero(acc()),
        looked,
        builder.app('iadd', acc(), builder.int(body.most)),
      );
    });
    const expr = builder.app('fold', builder.again(set), builder.int(0), add);
    return this.guarded(set, { expr, most: TYPICAL_ELEMENTS * body.most }, context);
  }

  private comparison(app: IrApp, wanted: boolean): Far {
    const opcode = wanted ? app.opcode : (OPPOSITE[app.opcode] ?? app.opcode);
    const [left, right] = app.args;
    if (left === undefined || right === undefined) return this.constant(UNIT);
    const [a, b] = opcode === 'ilt' || opcode === 'ilte' ? [left, right] : [right, left];
    const strict = opcode === 'ilt' || opcode === 'igt';
    // Holds while the margin is not above 0, or is below 0.
    return this.margin(this.difference(a, b), strict ? 'igte' : 'igt');
  }

  /** 0 unless `amount` is above 0 (or not below it), then the more the larger it is, and at most a unit. */
  private margin(amount: IrExpr, exceeds: 'igt' | 'igte'): Far {
    const { builder } = this;
    const expr = builder.bound('m', amount, m => {
      const scaled = builder.app('idiv', builder.int(UNIT), builder.app('iadd', m(), builder.int(2)));
      const distance = builder.app('isub', builder.int(UNIT), scaled);
      return builder.app('ite', builder.app(exceeds, m(), builder.int(0)), distance, builder.int(0));
    });
    return { expr, most: UNIT };
  }

  private equality(app: IrApp, left: IrExpr, right: IrExpr, wanted: boolean, context: Context): Far {
    const { builder } = this;
    const alike = (app.opcode === 'neq') !== wanted;
    const type = this.typeOf(left) ?? this.typeOf(right);
    if (type === 'bool' || app.opcode === 'iff') return this.sameTruth(left, right, alike, context);
    if (alike && type === 'int') {
      const size = builder.bound('m', this.difference(left, right), m =>
        builder.app('ite', builder.app('igt', m(), builder.int(0)), m(), builder.app('iuminus', m())),
      );
      return this.guarded(app, this.margin(size, 'igt'), context);
    }
    if (alike && type === 'set') {
      const excess = builder.app('iadd', this.sizeOfExcess(left, right), this.sizeOfExcess(right, left));
      return this.guarded(app, this.margin(excess, 'igt'), context);
    }
    return this.plain(app, wanted, context);
  }

  // One of the two has to change.
  private sameTruth(left: IrExpr, right: IrExpr, same: boolean, context: Context): Far {
    const { builder } = this;
    const flipped = (side: IrExpr): Far => {
      const [off, on] = [this.far(side, false, context), this.far(side, true, context)];
      return {
        expr: builder.app('ite', builder.again(side), off.expr, on.expr),
        most: Math.max(off.most, on.most),
      };
    };
    const [a, b] = [flipped(left), flipped(right)];
    const nearer = builder.bound('d', a.expr, d => this.smaller(d, b.expr));
    const isSame = builder.app('iff', builder.again(left), builder.again(right));
    const expr = same
      ? builder.app('ite', isSame, builder.int(0), nearer)
      : builder.app('ite', isSame, nearer, builder.int(0));
    return this.guarded(isSame, { expr, most: Math.min(a.most, b.most) }, context);
  }

  private sizeOfExcess(set: IrExpr, allowed: IrExpr): IrExpr {
    const { builder } = this;
    return builder.app('size', builder.app('exclude', builder.again(set), builder.again(allowed)));
  }

  private difference(a: IrExpr, b: IrExpr): IrExpr {
    return this.builder.app('isub', this.builder.again(a), this.builder.again(b));
  }

  private plain(formula: IrExpr, wanted: boolean, context: Context): Far {
    const { builder } = this;
    const [yes, no] = wanted ? [0, UNIT] : [UNIT, 0];
    const far = {
      expr: builder.app('ite', builder.again(formula), builder.int(yes), builder.int(no)),
      most: UNIT,
    };
    return this.guarded(formula, far, context);
  }

  // Where the formula might have skipped this part, it is looked at only if it has a value.
  private guarded(looksAt: IrExpr, far: Far, context: Context): Far {
    if (!isOverOneState(looksAt, this.builder.table)) return this.constant(UNIT);
    if (!context.skipped) return far;
    const defined = definedness(looksAt, this.builder);
    if (defined === 'always') return far;
    if (defined === 'unknown') {
      this.unknown++;
      return this.constant(far.most);
    }
    return { ...far, expr: this.builder.app('ite', defined, far.expr, this.builder.int(far.most)) };
  }

  private constant(value: number): Far {
    return { expr: this.builder.int(value), most: value };
  }

  private typeOf(expr: IrExpr): string | undefined {
    const known = this.types.get(this.builder.originalOf(expr.id))?.type.kind;
    return known ?? (expr.kind === 'int' || expr.kind === 'bool' ? expr.kind : undefined);
  }
}

/** Whether a formula says something of a single state: it has no temporal operator, nor do the definitions it uses. */
export function isOverOneState(formula: IrExpr, table: Table, depth = 0): boolean {
  const again = (part: IrExpr) => isOverOneState(part, table, depth);
  switch (formula.kind) {
    case 'name':
    case 'app': {
      const entry = table.get(formula.id);
      if (entry === undefined && formula.kind === 'app' && OF_STEPS.has(formula.opcode)) return false;
      const opened = entry?.kind === 'def' && depth < UNFOLDING_MAX;
      if (opened && !isOverOneState(entry.expr, table, depth + 1)) return false;
      return formula.kind === 'name' || formula.args.every(again);
    }
    case 'lambda':
      return again(formula.expr);
    case 'let':
      return again(formula.opdef.expr) && again(formula.expr);
    default:
      return true;
  }
}
