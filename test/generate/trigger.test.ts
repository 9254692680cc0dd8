import { describe, expect, it } from 'vitest';
import { createEvaluator } from '../../src/generate/evaluator.js';
import { triggerOf } from '../../src/generate/trigger.js';
import { buildModel } from '../../src/model/build-model.js';
import { type State, setOf, type Value } from '../../src/model/value.js';
import { loadText } from '../quint.js';

// Each property, a state in which it is at stake, and one in which it is not.
const CASES: readonly (readonly [
  formula: string,
  atStake: [bigint, bigint[]],
  notAtStake: [bigint, bigint[]],
])[] = [
  ['x > 5 implies x < 100', [6n, []], [5n, []]],
  ['x < 10', [9n, []], [0n, []]],
  ['x <= 10', [11n, []], [12n, []]],
  ['not(x > 10)', [10n, []], [2n, []]],
  ['and(x > 5 implies true, x < 100)', [6n, []], [5n, []]],
  ['or(x > 5, x > 3, x < 2)', [4n, []], [6n, []]],
  ['s.forall(e => e > 5 implies e < 100)', [0n, [1n, 6n]], [0n, [1n, 5n]]],
  ['s.forall(e => e != x)', [0n, [1n]], [0n, []]],
  ['s.exists(e => e > 3)', [0n, [1n, 5n]], [0n, [4n, 5n]]],
  ['not(s.exists(e => e > 3 and e < 5))', [0n, [1n, 6n]], [0n, []]],
  ['s.subseteq(Set(1, 2))', [0n, [1n]], [0n, []]],
  ['if (x > 5) x < 8 else true', [7n, []], [3n, []]],
  ['match pick { | Big => s.size() > 0 implies x > 0 | Small => true }', [6n, [1n]], [2n, [1n]]],
  ['limit(10)', [10n, []], [5n, []]],
  ['{ val d = x + 1 d < 10 }', [8n, []], [3n, []]],
  ['always(x > 5 implies eventually(x == 0))', [6n, []], [5n, []]],
  ['(x == 6).leadsTo(x == 0)', [6n, []], [5n, []]],
  ['eventually(x == 3)', [2n, []], [3n, []]],
  ['weakFair(step, x) implies eventually(x == 3)', [2n, []], [3n, []]],
];

const SPEC = `module spec {
  type Pick = Big | Small
  var x: int
  var s: Set[int]
  val pick = if (x > 5) Big else Small
  def limit(k) = x <= k
  action init = all { x' = 0, s' = Set() }
  action step = all { x' = x, s' = s }
${CASES.map(([formula], i) => `  temporal P${i} = ${formula}`).join('\n')}
}`;

function stateOf([x, s]: [bigint, bigint[]]): State {
  return new Map<string, Value>([
    ['x', x],
    ['s', setOf(s)],
  ]);
}

describe('the trigger of a property', async () => {
  const model = buildModel(await loadText(SPEC));
  const made = createEvaluator(model);
  const triggers = model.temporalProperties.map(({ name, expr }) => ({
    expr: triggerOf(expr, model.spec.ir.table),
    at: name,
  }));
  const predicates = made.ok ? made.value.predicates(triggers) : () => [];
  it.each(CASES.map(([formula, yes, no], i) => ({ formula, yes, no, i })))('$formula', ({ yes, no, i }) => {
    expect(predicates(stateOf(yes))[i]).toBe(true);
    expect(predicates(stateOf(no))[i]).toBe(false);
  });
});
