// An expression of the IR as the text of Quint that means it, for what has no place in a file: mutated guards. The
// text is one line, and Quint reads it back where the names of the expression are known.
import type { IrExpr } from '../../model/ir.js';
import { operatorSymbol } from '../../model/operator-symbols.js';

/** Operators between their operands; each operand that is one of them too is put in parentheses. */
const INFIX = new Set([
  'eq',
  'neq',
  'ilt',
  'ilte',
  'igt',
  'igte',
  'iadd',
  'isub',
  'imul',
  'idiv',
  'imod',
  'ipow',
  'implies',
  'iff',
  'and',
  'or',
]);

/** Builtin operators that people write behind their first operand. */
const METHODS = new Set([
  ...[
    'in',
    'contains',
    'subseteq',
    'union',
    'intersect',
    'exclude',
    'map',
    'filter',
    'fold',
    'flatten',
    'size',
  ],
  ...['exists', 'forall', 'get', 'set', 'setBy', 'put', 'keys', 'mapBy', 'setToMap', 'setOfMaps', 'powerset'],
  ...[
    'oneOf',
    'nth',
    'append',
    'concat',
    'head',
    'tail',
    'length',
    'indices',
    'replaceAt',
    'slice',
    'select',
  ],
  ...['foldl', 'to', 'getOnlyElement', 'chooseSome'],
]);

export function exprText(expr: IrExpr): string {
  switch (expr.kind) {
    case 'name':
      return expr.name;
    case 'bool':
      return String(expr.value);
    case 'int':
      return String(expr.value);
    case 'str':
      return JSON.stringify(expr.value);
    case 'lambda':
      return lambdaText(expr);
    case 'let': {
      const { name, qualifier, expr: value } = expr.opdef;
      const keyword = qualifier === 'pureval' ? 'pure val' : qualifier === 'puredef' ? 'pure def' : qualifier;
      const params = value.kind === 'lambda' ? `(${value.params.map(param => param.name).join(', ')})` : '';
      const body = exprText(value.kind === 'lambda' ? value.expr : value);
      return `{ ${keyword} ${name}${params} = ${body} ${exprText(expr.expr)} }`;
    }
    case 'app':
      return appText(expr.opcode, expr.args);
  }
}

function lambdaText({ params, expr }: Extract<IrExpr, { kind: 'lambda' }>): string {
  const names = params.map(param => param.name);
  return `${names.length === 1 ? names[0] : `(${names.join(', ')})`} => ${exprText(expr)}`;
}

function appText(opcode: string, args: readonly IrExpr[]): string {
  const texts = args.map(exprText);
  const [first, second, third] = args;
  if (INFIX.has(opcode) && args.length > 1) return args.map(operand).join(` ${operatorSymbol(opcode)} `);
  if (opcode === 'iuminus' && first) return `-${operand(first)}`;
  if (opcode === 'ite' && first && second && third)
    return `if (${texts[0]}) ${operand(second)} else ${operand(third)}`;
  if (opcode === 'Rec') return `{ ${pairs(args, ': ').join(', ')} }`;
  if (opcode === 'Tup') return `(${texts.join(', ')})`;
  if (opcode === 'field' && first && second?.kind === 'str') return `${operand(first)}.${second.value}`;
  if (opcode === 'item' && first && second?.kind === 'int') return `${operand(first)}._${second.value}`;
  if (opcode === 'matchVariant' && first) return `match ${operand(first)} { ${cases(args)} }`;
  if (opcode === 'with' && first && second?.kind === 'str' && third)
    return `{ ...${operand(first)}, ${second.value}: ${texts[2]} }`;
  if (opcode === 'actionAll') return `all { ${texts.join(', ')} }`;
  if (METHODS.has(opcode) && first) return `${operand(first)}.${opcode}(${texts.slice(1).join(', ')})`;
  return `${opcode}(${texts.join(', ')})`;
}

/** The text in parentheses where another operator could take part of it. */
function operand(expr: IrExpr): string {
  const text = exprText(expr);
  const isOpen =
    expr.kind === 'lambda' ||
    (expr.kind === 'app' && (INFIX.has(expr.opcode) || expr.opcode === 'ite' || expr.opcode === 'iuminus'));
  return isOpen ? `(${text})` : text;
}

function pairs(args: readonly IrExpr[], between: string): string[] {
  return args.flatMap((arg, i) => {
    const value = args[i + 1];
    return i % 2 === 0 && arg.kind === 'str' && value ? [`${arg.value}${between}${exprText(value)}`] : [];
  });
}

function cases(args: readonly IrExpr[]): string {
  return args
    .flatMap((arg, i) => {
      const label = args[i - 1];
      if (i === 0 || label?.kind !== 'str' || arg.kind !== 'lambda') return [];
      const param = label.value === '_' ? '' : `(${arg.params.map(({ name }) => name).join(', ')})`;
      return [`| ${label.value}${param} => ${exprText(arg.expr)}`];
    })
    .join(' ');
}
