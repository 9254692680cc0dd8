// Every builtin, in Quint's evaluator and in ours: the same value, or both an error with the same code.
import { beforeAll, describe, expect, it } from 'vitest';
import type { CompiledSpec } from '../../src/engine/compiled-spec.js';
import { evaluate } from '../../src/engine/evaluate.js';
import { OPERATORS } from '../../src/engine/operators/table.js';
import { showValue } from '../../src/model/value.js';
import { type Oracle, oracleOf } from './quint-oracle.js';
import { compileFile, specFile } from './support.js';
import { PRELUDE, VECTORS } from './vectors.js';

const TEXT = `module vectors {\n${PRELUDE}\n${VECTORS.map((text, i) => `  val v${i} = ${text}`).join('\n')}\n}\n`;

let ours: CompiledSpec;
let quint: Oracle;

beforeAll(async () => {
  const file = await specFile(TEXT);
  ours = await compileFile(file, 'vectors');
  quint = oracleOf(file, 'vectors');
}, 120_000);

describe('vectors', () => {
  it.each(VECTORS.map((text, i) => [text, i] as const))('%s', (_, i) => {
    const expected = quint.evaluate(`v${i}`);
    const result = evaluate(ours, `v${i}`, new Map());
    const answer = result.ok ? showValue(result.value) : result.errors[0]?.origin;
    expect(answer).toBe('value' in expected ? showValue(expected.value) : expected.error);
  });

  it('use every operator of the table', () => {
    const used = new Set<string>();
    for (const entry of ours.spec.ir.modules)
      for (const def of entry.declarations) if (def.kind === 'def') collectOpcodes(def.expr, used);
    const stateful = [
      'oneOf',
      'assign',
      'actionAll',
      'actionAny',
      'then',
      'reps',
      'expect',
      'next',
      'enabled',
      'orKeep',
      'mustChange',
      'weakFair',
      'strongFair',
      'leadsTo',
    ];
    const replOnly = ['q::test', 'q::testOnce', 'apalache::generate'];
    const unused = [...OPERATORS.keys()].filter(
      name => !used.has(name) && ![...stateful, ...replOnly].includes(name),
    );
    expect(unused).toEqual([]);
  });
});

type Expr = CompiledSpec['spec']['ir']['modules'][number]['declarations'][number] extends infer D
  ? D extends { kind: 'def'; expr: infer E }
    ? E
    : never
  : never;

function collectOpcodes(expr: Expr, into: Set<string>): void {
  if (expr.kind === 'app') {
    into.add(expr.opcode);
    for (const arg of expr.args) collectOpcodes(arg, into);
  } else if (expr.kind === 'lambda') collectOpcodes(expr.expr, into);
  else if (expr.kind === 'let') {
    collectOpcodes(expr.opdef.expr, into);
    collectOpcodes(expr.expr, into);
  }
}
