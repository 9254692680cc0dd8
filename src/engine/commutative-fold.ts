// Whether a fold over a set gives the same whatever order it takes the elements in, as far as its operator shows it.
// Quint asks that of every fold over a set and checks it of none; where it does not show, the answer is no.
import type { IrApp, IrExpr, IrLookup } from '../model/ir.js';

type Table = ReadonlyMap<number, IrLookup>;

/** Steps that commute with one another: adding and taking away do, and so do all of one other kind. */
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ['iadd', 'sum'],
  ['isub', 'sum'],
  ...['imul', 'union', 'intersect', 'exclude', 'and', 'or'].map(name => [name, name] as const),
]);

const COMPARISONS = new Set(['ilt', 'ilte', 'igt', 'igte']);

/** `operator` takes the result so far and an element. */
export function isCommutativeFold(operator: IrExpr | undefined, table: Table): boolean {
  if (operator?.kind !== 'lambda') return false;
  const [accumulator] = operator.params;
  if (accumulator === undefined) return false;
  const isResult = (expr: IrExpr) => expr.kind === 'name' && table.get(expr.id)?.id === accumulator.id;
  const body = operator.expr;
  return isExtremum(body, isResult, table) || familyOf(body, isResult, table) !== undefined;
}

type IsResult = (expr: IrExpr) => boolean;

/** The family of an expression that combines the result so far with something else; `''` for the result as it is. */
function familyOf(expr: IrExpr, isResult: IsResult, table: Table): string | undefined {
  if (isResult(expr)) return '';
  if (expr.kind !== 'app' || table.has(expr.id)) return undefined;
  const { opcode, args } = expr;
  const [first, second, third] = args;
  if (opcode === 'ite' && first && second && third) {
    if (mentions(first, isResult, table)) return undefined;
    const [yes, no] = [familyOf(second, isResult, table), familyOf(third, isResult, table)];
    if (yes === undefined || no === undefined) return undefined;
    return yes === '' || yes === no ? no : no === '' ? yes : undefined;
  }
  const uses = args.filter(arg => mentions(arg, isResult, table));
  const [only] = uses;
  const own = FAMILIES.get(opcode);
  if (uses.length !== 1 || only === undefined || own === undefined) return undefined;
  // `e - result` alternates.
  if ((opcode === 'isub' || opcode === 'exclude') && only !== first) return undefined;
  const inner = familyOf(only, isResult, table);
  return inner === '' || inner === own ? own : undefined;
}

/** `if (e > result) e else result` and its like. */
function isExtremum(expr: IrExpr, isResult: IsResult, table: Table): boolean {
  if (expr.kind !== 'app' || expr.opcode !== 'ite') return false;
  const [condition, ...branches] = expr.args;
  if (condition?.kind !== 'app' || !COMPARISONS.has(condition.opcode)) return false;
  const compared = otherThan(condition.args, isResult);
  const chosen = otherThan(branches, isResult);
  if (compared === undefined || chosen === undefined || mentions(compared, isResult, table)) return false;
  return textOf(compared) === textOf(chosen);
}

function otherThan(pair: readonly IrExpr[], isResult: IsResult): IrExpr | undefined {
  const others = pair.filter(expr => !isResult(expr));
  return pair.length === 2 && others.length === 1 ? others[0] : undefined;
}

// A local definition may hide a use.
function mentions(expr: IrExpr, isResult: IsResult, table: Table): boolean {
  const within = (inner: IrExpr) => mentions(inner, isResult, table);
  switch (expr.kind) {
    case 'name':
      return isResult(expr);
    case 'app':
      return expr.args.some(within);
    case 'lambda':
      return within(expr.expr);
    case 'let':
      return within(expr.opdef.expr) || within(expr.expr);
    default:
      return false;
  }
}

function textOf(expr: IrExpr): string {
  switch (expr.kind) {
    case 'name':
      return expr.name;
    case 'app':
      return application(expr);
    case 'bool':
    case 'int':
    case 'str':
      return `${expr.kind} ${expr.value}`;
    default:
      // Names bound inside would have to be matched: such expressions equal nothing but themselves.
      return `#${expr.id}`;
  }
}

function application({ opcode, args }: IrApp): string {
  return `${opcode}(${args.map(textOf).join(', ')})`;
}
