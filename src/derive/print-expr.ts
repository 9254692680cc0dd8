// Expressions of the spec as Quint text that means the same in another module: names are written as that module sees
// them, parameters as what stands for them. Only operators that are safe to evaluate anywhere are written, unless the
// caller says that keys are known; the rest gives nothing rather than something that may fail.
import type { IrExpr, IrLookup } from '../model/ir.js';
import type { Sights } from './sights.js';

export interface PrintOptions {
  readonly sights: Sights;
  readonly instances: readonly string[];
  /** What is written for parameters, by their ids. */
  readonly parameters: ReadonlyMap<number, string>;
  /** Whether `get` may be written. */
  readonly partial: boolean;
}

const INFIX: Readonly<Record<string, string>> = { iadd: '+', isub: '-', imul: '*' };

/** Operators that have a value for all arguments, in dot notation. */
const METHODS: ReadonlySet<string> = new Set([
  ...['size', 'length', 'keys', 'union', 'intersect', 'exclude', 'to', 'flatten', 'indices'],
]);
const CALLS: ReadonlySet<string> = new Set(['Set', 'List', 'Tup']);

/** The text, or undefined where it cannot be written or its evaluation might fail. */
export function printExpr(expr: IrExpr, options: PrintOptions): string | undefined {
  switch (expr.kind) {
    case 'bool':
      return String(expr.value);
    case 'int':
      return expr.value < 0n ? `(${expr.value})` : String(expr.value);
    case 'str':
      return `"${expr.value}"`;
    case 'name':
      return printName(expr.id, options);
    case 'app':
      return options.sights.spec.ir.table.has(expr.id)
        ? undefined
        : printBuiltin(expr.opcode, expr.args, options);
    default:
      return undefined;
  }
}

function printName(id: number, { sights, instances, parameters }: PrintOptions): string | undefined {
  const entry: IrLookup | undefined = sights.spec.ir.table.get(id);
  if (entry === undefined) return undefined;
  const given = parameters.get(entry.id);
  if (given !== undefined) return given;
  const isState = entry.kind === 'var' || entry.kind === 'const';
  const isPlain = entry.kind === 'def' && (entry.qualifier === 'pureval' || entry.expr.kind === 'str');
  const isVariant = entry.kind === 'def' && entry.expr.kind === 'app' && entry.expr.opcode === 'variant';
  return isState || isPlain || isVariant ? sights.nameOf(entry.id, instances) : undefined;
}

function printBuiltin(opcode: string, args: readonly IrExpr[], options: PrintOptions): string | undefined {
  const texts = args.map(arg => printExpr(arg, options));
  const all = texts.flatMap(text => (text === undefined ? [] : [text]));
  if (all.length < texts.length && opcode !== 'field' && opcode !== 'item') return undefined;
  const [first = '', second = ''] = all;
  const infix = INFIX[opcode];
  if (infix !== undefined) return `(${first} ${infix} ${second})`;
  if (METHODS.has(opcode)) return `${first}.${opcode}(${all.slice(1).join(', ')})`;
  if (CALLS.has(opcode)) return opcode === 'List' ? `[${all.join(', ')}]` : `${opcode}(${all.join(', ')})`;
  if (opcode === 'get' && options.partial) return `${first}.get(${second})`;
  if (opcode === 'field' && args[1]?.kind === 'str' && texts[0] !== undefined)
    return `${texts[0]}.${args[1].value}`;
  if (opcode === 'item' && args[1]?.kind === 'int' && texts[0] !== undefined)
    return `${texts[0]}._${args[1].value}`;
  return undefined;
}
