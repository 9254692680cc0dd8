// How people write the builtin operators that have a symbol in Quint.

const SYMBOLS: ReadonlyMap<string, string> = new Map([
  ['eq', '=='],
  ['neq', '!='],
  ['ilt', '<'],
  ['ilte', '<='],
  ['igt', '>'],
  ['igte', '>='],
  ['iadd', '+'],
  ['isub', '-'],
  ['imul', '*'],
  ['idiv', '/'],
  ['imod', '%'],
  ['ipow', '^'],
  ['ite', 'if'],
  ['actionAll', 'all'],
  ['actionAny', 'any'],
  ['matchVariant', 'match'],
  ['assign', "'="],
]);

/** The symbol or keyword of a builtin operator; the name itself where it has none. */
export function operatorSymbol(opcode: string): string {
  return SYMBOLS.get(opcode) ?? opcode;
}
