// When an expression has a value at all: a `get` needs its key, a division its divisor. Distances look at parts of a
// formula that the formula itself would not have looked at, and ask this before they do.
import type { IrApp, IrExpr } from '../../model/ir.js';
import type { IrBuilder } from './ir-builder.js';

/** Definitions are opened this deep; below, nothing is known. */
const UNFOLDING_MAX = 12;

/** Builtin operators that have a value whenever their operands do. */
const TOTAL: ReadonlySet<string> = new Set([
  ...['eq', 'neq', 'not', 'iff', 'ilt', 'ilte', 'igt', 'igte', 'iadd', 'isub', 'imul', 'iuminus'],
  ...['Set', 'List', 'Tup', 'Rec', 'Map', 'variant', 'field', 'item', 'with', 'fieldNames', 'to', 'size'],
  ...[
    'in',
    'contains',
    'notin',
    'subseteq',
    'union',
    'intersect',
    'exclude',
    'flatten',
    'tuples',
    'powerset',
  ],
  ...['keys', 'put', 'length', 'append', 'concat', 'indices'],
]);
const OVER_ELEMENTS: ReadonlySet<string> = new Set([...['forall', 'exists', 'map', 'filter', 'mapBy']]);

/** Whether an expression has a value: always, never known, or under a condition that itself always has one. */
export type Defined = 'always' | 'unknown' | IrExpr;

/** The condition under which `expr` has a value. */
export function definedness(expr: IrExpr, builder: IrBuilder, depth = 0): Defined {
  const inner = (part: IrExpr | undefined): Defined =>
    part === undefined ? 'unknown' : definedness(part, builder, depth);
  if (depth > UNFOLDING_MAX) return 'unknown';
  switch (expr.kind) {
    case 'name': {
      const entry = builder.table.get(expr.id);
      if (entry?.kind !== 'def' || entry.qualifier === 'nondet' || entry.qualifier === 'pureval')
        return 'always';
      // A local definition is evaluated where it is used.
      return definedness(entry.expr, builder, depth + 1);
    }
    case 'let': {
      const fresh = builder.freshLet(expr);
      const body = inner(fresh.expr);
      return typeof body === 'string' ? body : { ...fresh, expr: body };
    }
    case 'lambda':
      return 'unknown';
    case 'app': {
      if (!builder.table.has(expr.id)) return ofBuiltin(expr, builder, inner);
      const opened = builder.opened(expr);
      return opened === undefined ? 'unknown' : definedness(opened, builder, depth + 1);
    }
    default:
      return 'always';
  }
}

function ofBuiltin(app: IrApp, builder: IrBuilder, inner: (part: IrExpr | undefined) => Defined): Defined {
  const { opcode, args } = app;
  const [first, second, third] = args;
  if (first === undefined) return TOTAL.has(opcode) ? 'always' : 'unknown';
  if (TOTAL.has(opcode)) return all(builder, args.map(inner));
  if (opcode === 'and' || opcode === 'or' || opcode === 'implies')
    return inOrder(builder, args, opcode === 'or', inner);
  if (opcode === 'ite' && second !== undefined && third !== undefined) {
    const [yes, no] = [inner(second), inner(third)];
    if (yes === 'unknown' || no === 'unknown') return 'unknown';
    const chosen: Defined =
      yes === 'always' && no === 'always'
        ? 'always'
        : builder.app('ite', builder.again(first), condition(builder, yes), condition(builder, no));
    return all(builder, [inner(first), chosen]);
  }
  if ((opcode === 'get' || opcode === 'setBy' || opcode === 'set') && second !== undefined)
    return all(builder, [
      ...args.filter(arg => arg.kind !== 'lambda').map(inner),
      ...(opcode === 'setBy' ? [ofSetBy(third, builder, inner)] : []),
      builder.app('in', builder.again(second), builder.app('keys', builder.again(first))),
    ]);
  if ((opcode === 'idiv' || opcode === 'imod') && second !== undefined)
    return all(builder, [...args.map(inner), builder.app('neq', builder.again(second), builder.int(0))]);
  if (OVER_ELEMENTS.has(opcode) && second?.kind === 'lambda') {
    const lambda = builder.freshLambda(second);
    const body = inner(lambda.expr);
    const each: Defined =
      typeof body === 'string'
        ? body
        : builder.app('forall', builder.again(first), { ...lambda, expr: body });
    return all(builder, [inner(first), each]);
  }
  if (opcode === 'fold' && second !== undefined && third?.kind === 'lambda')
    return inner(third.expr) === 'always' ? all(builder, [inner(first), inner(second)]) : 'unknown';
  if (opcode === 'matchVariant') {
    const cases = args.map((arg, i) => {
      if (arg.kind !== 'lambda') return i === 0 ? inner(arg) : ('always' as const);
      const lambda = builder.freshLambda(arg);
      const body = inner(lambda.expr);
      return { lambda, body };
    });
    return ofMatch(app, builder, cases);
  }
  return 'unknown';
}

function ofSetBy(
  update: IrExpr | undefined,
  builder: IrBuilder,
  inner: (part: IrExpr | undefined) => Defined,
): Defined {
  return update?.kind === 'lambda' && inner(builder.freshLambda(update).expr) === 'always'
    ? 'always'
    : 'unknown';
}

type Case = Defined | { readonly lambda: Extract<IrExpr, { kind: 'lambda' }>; readonly body: Defined };

function ofMatch(app: IrApp, builder: IrBuilder, cases: readonly Case[]): Defined {
  const [subject] = cases;
  if (subject === undefined || (typeof subject === 'object' && 'lambda' in subject)) return 'unknown';
  const bodies = cases.flatMap(one => (typeof one === 'object' && 'lambda' in one ? [one] : []));
  if (bodies.some(({ body }) => body === 'unknown')) return 'unknown';
  if (bodies.every(({ body }) => body === 'always')) return subject;
  const args = app.args.map((arg, i): IrExpr => {
    const one = cases[i];
    return typeof one === 'object' && 'lambda' in one
      ? { ...one.lambda, expr: condition(builder, one.body) }
      : builder.again(arg);
  });
  return all(builder, [subject, builder.app('matchVariant', ...args)]);
}

// Each part needs a value only where the ones before it have not decided.
function inOrder(
  builder: IrBuilder,
  args: readonly IrExpr[],
  decidedByTrue: boolean,
  inner: (part: IrExpr) => Defined,
): Defined {
  return args.reduceRight((rest: Defined, arg): Defined => {
    if (rest === 'unknown') return 'unknown';
    const later: Defined =
      rest === 'always'
        ? 'always'
        : builder.app(
            'or',
            decidedByTrue ? builder.again(arg) : builder.app('not', builder.again(arg)),
            rest,
          );
    return all(builder, [inner(arg), later]);
  }, 'always');
}

function all(builder: IrBuilder, parts: readonly Defined[]): Defined {
  if (parts.includes('unknown')) return 'unknown';
  const conditions = parts.flatMap(part => (typeof part === 'string' ? [] : [part]));
  const [only, ...more] = conditions;
  if (only === undefined) return 'always';
  return more.length === 0 ? only : builder.app('and', ...conditions);
}

function condition(builder: IrBuilder, defined: Defined): IrExpr {
  return typeof defined === 'string' ? builder.bool(defined === 'always') : defined;
}
