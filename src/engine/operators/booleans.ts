// Booleans, equality and choice between values. Connectives stop at the first operand that decides, as in Quint.
import type { IrExpr } from '../../model/ir.js';
import { must } from '../../util/assert.js';
import { Code, js, rt } from '../codegen.js';
import type { Emitter } from '../emitter.js';
import type { Operator } from './operator.js';

/** Joins operands by an infix operator; `unit` when there is none. */
function infix(operands: readonly Code[], operator: Code, unit: Code): Code {
  const [first, ...rest] = operands;
  if (first === undefined) return unit;
  return rest.length === 0
    ? first
    : js`(${rest.reduce((left, right) => js`${left} ${operator} ${right}`, first)})`;
}

// Values of the types that `===` compares: by Quint's types where it gave one, by literals otherwise.
function isPlain(emitter: Emitter, e: IrExpr): boolean {
  if (e.kind === 'bool' || e.kind === 'int' || e.kind === 'str') return true;
  const kind = emitter.program.scope.ir.types.get(e.id)?.type.kind;
  return kind === 'bool' || kind === 'int' || kind === 'str';
}

function equality(emitter: Emitter, args: readonly IrExpr[], negated: boolean): Code {
  const [a, b] = [must(args[0], 'left operand'), must(args[1], 'right operand')];
  const [left, right] = [emitter.expr(a), emitter.expr(b)];
  if (isPlain(emitter, a) || isPlain(emitter, b))
    return negated ? js`(${left} !== ${right})` : js`(${left} === ${right})`;
  return negated ? js`!${rt('eq')}(${left}, ${right})` : js`${rt('eq')}(${left}, ${right})`;
}

export const BOOLEANS: readonly Operator[] = [
  {
    name: 'and',
    arity: { atLeast: 0 },
    cheap: true,
    doc: 'True when all operands are; later ones are not evaluated after a false one.',
    code: args => infix(args, new Code('&&'), js`true`),
  },
  {
    name: 'or',
    arity: { atLeast: 0 },
    cheap: true,
    doc: 'True when some operand is; later ones are not evaluated after a true one.',
    code: args => infix(args, new Code('||'), js`false`),
  },
  {
    name: 'implies',
    arity: 2,
    cheap: true,
    doc: 'False only when the left operand is true and the right one false.',
    code: ([a, b]) => js`(!${must(a, 'left')} || ${must(b, 'right')})`,
  },
  {
    name: 'iff',
    arity: 2,
    cheap: true,
    doc: 'True when both operands are equal.',
    code: ([a, b]) => js`(${must(a, 'left')} === ${must(b, 'right')})`,
  },
  { name: 'not', arity: 1, cheap: true, doc: 'Negation.', code: ([a]) => js`!${must(a, 'operand')}` },
  {
    name: 'eq',
    arity: 2,
    cheap: true,
    doc: 'Equality of two values of one type; sets and maps are equal when their elements are.',
    expr: (emitter, app) => equality(emitter, app.args, false),
  },
  {
    name: 'neq',
    arity: 2,
    cheap: true,
    doc: 'Inequality.',
    expr: (emitter, app) => equality(emitter, app.args, true),
  },
  {
    name: 'ite',
    arity: 3,
    cheap: true,
    doc: 'The second operand when the first is true, otherwise the third; the other is not evaluated.',
    code: ([condition, yes, no]) =>
      js`(${must(condition, 'condition')} ? ${must(yes, 'then')} : ${must(no, 'else')})`,
    act(emitter, app, fail) {
      const [condition, yes, no] = app.args.map(arg => arg);
      emitter.put(js`if (${emitter.expr(must(condition, 'condition'))}) {
${emitter.collect(() => emitter.act(must(yes, 'then'), fail))}
} else {
${emitter.collect(() => emitter.act(must(no, 'else'), fail))}
}`);
    },
    enumerate(emitter, app, then) {
      const k = emitter.shared(then);
      const [condition, yes, no] = app.args;
      emitter.put(js`if (${emitter.expr(must(condition, 'condition'))}) {
${emitter.collect(() => emitter.enumerate(must(yes, 'then'), k))}
} else {
${emitter.collect(() => emitter.enumerate(must(no, 'else'), k))}
}`);
    },
  },
];
