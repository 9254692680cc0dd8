// Verdicts worked out by hand. Sources: Manna and Pnueli, "The Temporal Logic of Reactive and Concurrent Systems"
// (1992), for always, eventually, next and the classes of properties; Lamport, "Specifying Systems" (2002), chapter 8,
// for actions, stuttering, leads-to and fairness; Bauer, Leucker, Schallhart, "Comparing LTL semantics for runtime
// verification" (2010), for traces that may go on; Quint's manual and its builtins for the operators.
//
// A trace is its values of x, with `/` and the value of y where that is not 0. Brackets stand around the loop; `...`
// says that the trace stutters in its last state for ever; without either it may go on in any way.
import { beforeAll, describe, expect, it } from 'vitest';
import type { State } from '../../../src/model/value.js';
import { must } from '../../../src/util/assert.js';
import type { TemporalProperty } from '../../../src/verify/temporal/index.js';
import { type End, formulasOf, verdictOf } from './support.js';

const DEFINITIONS = `
  var x: int
  var y: int
  val vars = (x, y)
  action init = all { x' = 0, y' = 0 }
  // Goes round 0, 1, 0 or leaves for 2 at 0.
  action go = all { x == 0, x' = 1, y' = y }
  action back = all { x == 1, x' = 0, y' = y }
  action leave = all { x == 0, x' = 2, y' = y }
  action inc = all { x' = x + 1, y' = y }
  action up = all { x < 3, x' = x + 1, y' = y }
  action stay = all { x' = x, y' = y }
  action jump(n) = all { x < n, x' = n, y' = y }
  action setY(n) = all { y' = n, x' = x }
  action pick = { nondet n = 1.to(3).oneOf()
    all { x' = n, y' = y } }
  action never = { nondet n = Set().oneOf()
    all { x' = n, y' = y } }
  action onlyX = x' = x + 1
  action step = any { go, back, leave, stay }
  def isAt(n) = x == n
  val atTwo = isAt(2)
  val canGo = enabled(go)
  pure def twice(n) = 2 * n
  temporal stays(p) = eventually(always(p))
  temporal each(p) = Set(1, 2).forall(n => eventually(p(n)))
  temporal fair(A) = weakFair(A, vars)
  temporal changes(v) = next(v) != v
`;

type Short = 'T' | 'F' | 'T?' | 'F?' | '?';
type Row = readonly [formula: string, trace: string, verdict: Short, step?: number, part?: string];

const TABLE: Readonly<Record<string, readonly Row[]>> = {
  'on lassos': [
    ['always(x < 3)', '0 1 (2)', 'T'],
    ['always(x < 3)', '0 (1 2 3)', 'F', 3, 'x < 3'],
    ['eventually(x == 2)', '0 1 (2)', 'T', 2, 'x == 2'],
    ['eventually(x == 3)', '0 (1 2)', 'F', 0, 'x == 3'],
    ['always(eventually(x == 1))', '0 (1 2)', 'T'],
    ['always(eventually(x == 0))', '0 (1 2)', 'F', 1, 'x == 0'],
    ['eventually(always(x == 2))', '0 1 (2)', 'T'],
    ['eventually(always(x > 0))', '0 (1 2)', 'T'],
    ['eventually(always(x == 2))', '(1 2)', 'F'],
    // Classes of Manna and Pnueli: obligation, reactivity.
    ['always(x < 3) or eventually(x == 5)', '0 (3 5)', 'T'],
    ['always(eventually(x == 1)) implies always(eventually(x == 2))', '0 (1 0)', 'F', 1, 'x == 2'],
    ['always(eventually(x == 1)) implies always(eventually(x == 2))', '0 (1 2)', 'T'],
    ['always(eventually(x == 1)) or eventually(always(x == 2))', '1 (2)', 'T'],
    ['always(x == 1 implies eventually(x == 2))', '0 (1 2)', 'T'],
    ['always(x == 1 implies eventually(x == 2))', '2 (1 0)', 'F', 1, 'x == 2'],
    ['(x == 1) leadsTo (x == 2)', '0 1 2 (0)', 'T'],
    ['(x == 1) leadsTo (x == 2)', '1 2 1 (0)', 'F', 2, 'x == 2'],
    ['(x == 1) leadsTo (x == 2)', '(0)', 'T'],
    ['next(x == 1)', '0 (1)', 'T', 1, 'x == 1'],
    ['next(x) == x', '(0 1)', 'F', 0, 'next(x) == x'],
    ['always(next(x) != x)', '(0 1 2)', 'T'],
    ['always(next(x) > x)', '0 (1 2)', 'F', 2, 'next(x) > x'],
    ['eventually(x == 2 and next(x) == 0)', '1 (0 2)', 'T', 2],
    ['always(x == 0 implies next(x == 1))', '(0 1 0 2)', 'F', 2],
    ['always(x == 0 implies next(x == 1))', '0 1 0 2 (0)', 'F', 3, 'x == 1'],
    ['always(x == 0) iff eventually(x == 1)', '(0)', 'F'],
    ['if (x == 0) always(y == 0) else eventually(y == 1)', '0 (0/1)', 'F', 1, 'y == 0'],
    ['if (x == 0) always(y == 0) else eventually(y == 1)', '1 (0/1)', 'T', 1, 'y == 1'],
    ['not(always(x == 0)) and not(eventually(x == 5))', '0 (1)', 'T'],
  ],
  'ending by stuttering': [
    ['eventually(x == 2)', '0 1 ...', 'F', 0, 'x == 2'],
    ['always(x < 2)', '0 1 ...', 'T'],
    ['always(eventually(x == 0))', '0 1 0 ...', 'T'],
    ['eventually(always(next(x) == x))', '0 1 2 ...', 'T'],
    ['always(next(x) > x)', '0 1 2 ...', 'F', 2, 'next(x) > x'],
    ['always(inc.orKeep(vars))', '0 1 2 ...', 'T'],
    ['always(inc.mustChange(vars))', '0 1 2 ...', 'F', 2],
    ['weakFair(up, vars)', '0 1 ...', 'F'],
    ['weakFair(up, vars)', '0 1 2 3 ...', 'T'],
  ],
  // Lamport's [A]_v and <A>_v: steps of actions, and steps that change nothing.
  'about steps': [
    ['always(step.orKeep(vars))', '0 1 0 2 (2)', 'T'],
    ['always(step.orKeep(vars))', '0 1 (2)', 'F', 1, 'step.orKeep(vars)'],
    ['always(any { go, back }.orKeep(vars))', '(0 1)', 'T'],
    ['always(go.orKeep(y))', '0 5 (7)', 'T'],
    ['init and always(inc.orKeep(vars))', '0 1 (1)', 'F', 0, 'init'],
    ['eventually(inc.mustChange(vars))', '0 (1)', 'T', 0],
    ['eventually(stay.mustChange(vars))', '0 (1)', 'F'],
    ['always(not(leave).orKeep(vars))', '(0 1)', 'T'],
    ['always(not(leave).orKeep(vars))', '0 1 0 (2)', 'F', 2],
    ['always(Set(1, 2).exists(n => jump(n)).orKeep(vars))', '0 2 (2)', 'T'],
    ['always(Set(1, 2).exists(n => jump(n)).orKeep(vars))', '0 3 (3)', 'F', 0],
    ['always(pick and true)', '0 (3 1 2)', 'T'],
    ['always(pick and true)', '3 1 (4)', 'F', 1, 'pick'],
    // A swap changes each of the two, though not the set of both.
    ['eventually(stay.orKeep(Set(x, y)))', '(1/2 2/1)', 'F'],
    ['always(next(x).in(Set(x, x + 1)))', '0 1 1 (2)', 'T'],
    ['always(Set(1, 2).filter(n => next(x) == n).size() <= 1)', '0 1 (2)', 'T'],
    ['always(changes(x))', '(0 1)', 'T'],
    ['always(changes(x + y))', '(1/2 2/1)', 'F', 0],
    ['always(next(enabled(go)))', '1 (0)', 'T'],
    // An action that leaves y open says nothing of it.
    ['always(onlyX.orKeep(x))', '0/1 1/5 (1)', 'T'],
  ],
  enabled: [
    ['always(enabled(go) iff x == 0)', '(0 1 2)', 'T'],
    ['always(not(enabled(never)))', '(0 1)', 'T'],
    ['enabled(pick)', '(7)', 'T'],
    ['always(canGo implies x == 0)', '(0 1)', 'T'],
    ['always(Set(1, 2).filter(n => enabled(jump(n))).size() == 2 - x)', '0 1 (2)', 'T'],
    ['eventually(enabled(up) and enabled(back))', '0 (1 2)', 'T', 1],
  ],
  // Specifying Systems 8.4 to 8.6, and the examples of Quint's manual.
  fairness: [
    ['weakFair(leave, vars)', '(0 1)', 'T'],
    ['strongFair(leave, vars)', '(0 1)', 'F'],
    ['strongFair(leave, vars)', '0 1 0 (2)', 'T'],
    ['weakFair(leave, vars)', '(0)', 'F'],
    ['weakFair(go, vars)', '(0 1)', 'T'],
    ['strongFair(go, vars)', '(0 1)', 'T'],
    ['strongFair(back, vars)', '(0)', 'T'],
    // A step that changes nothing is no step of <A>_v, and does not make it enabled.
    ['weakFair(stay, vars)', '(0)', 'T'],
    ['weakFair(setY(0), vars)', '(0)', 'T'],
    ['weakFair(setY(0), vars)', '(0/1)', 'F'],
    ['weakFair(inc, y)', '(0)', 'T'],
    ['leave.strongFair(vars) implies eventually(x == 2)', '(0 1)', 'T'],
    ['leave.weakFair(vars) implies eventually(x == 2)', '(0 1)', 'F', 0, 'x == 2'],
    ['fair(go) and fair(back) implies always(eventually(x == 1))', '(0 1)', 'T'],
    ['fair(go) and fair(back) implies always(eventually(x == 1))', '1 (0)', 'T'],
    ['Set(1, 2).forall(n => jump(n).weakFair(vars))', '0 (1)', 'F'],
    ['Set(1, 2).forall(n => jump(n).weakFair(vars))', '0 1 (2)', 'T'],
    ['Set(1, 2).exists(n => jump(n)).weakFair(vars)', '0 (1)', 'F'],
    ['Set(1, 2).exists(n => jump(n)).weakFair(vars)', '0 (2)', 'T'],
    ['(x > 2 and inc).weakFair(vars)', '(2)', 'T'],
    ['(x > 2 and inc).weakFair(vars)', '(3)', 'F'],
    ['inc.mustChange(vars).weakFair(x)', '(3)', 'F'],
  ],
  'quantifiers and definitions': [
    ['Set(1, 2).forall(n => eventually(x == n))', '0 1 (2)', 'T'],
    ['Set(1, 3).forall(n => eventually(x == n))', '0 1 (2)', 'F', 0, 'x == n'],
    ['Set(1, 3).exists(n => always(x < n))', '0 1 (2)', 'T'],
    // The set is taken in the state where the quantifier is met, the body looks at what follows.
    ['always(1.to(x).forall(n => eventually(y == n)))', '2 (0/1 0/2)', 'T'],
    ['always(1.to(x).forall(n => eventually(y == n)))', '0/1 2 (0/1)', 'F', 1, 'y == n'],
    ['eventually(1.to(x).exists(n => always(y == n)))', '0 1/1 (5/1)', 'T'],
    ['stays(x == 2)', '0 1 (2)', 'T'],
    ['stays(atTwo)', '2 (2 1)', 'F'],
    ['each(isAt)', '0 1 (2)', 'T'],
    ['each(n => x == n + 1)', '0 1 (2)', 'F', 0],
    ['stays(x == twice(1))', '0 1 (2)', 'T'],
    ['{ val z = x + y stays(z == 2) }', '0 (1/1 2/0)', 'T'],
    ['{ temporal later = eventually(x == 1) always(later) }', '(0 1)', 'T'],
    ['tuples(Set(1), Set(2)).forall(((i, j)) => eventually(x == i or y == j))', '0 (0/2)', 'T'],
    ['always(x == 1) == always(y == 0)', '(1)', 'T'],
    ['always(x == 1) != always(y == 1)', '(1)', 'T'],
  ],
  // Four verdicts: certain when every continuation agrees, presumed otherwise.
  'open traces': [
    ['always(x < 3)', '0 1 2', 'T?', 2],
    ['always(x < 3)', '0 3 1', 'F', 1, 'x < 3'],
    ['eventually(x == 2)', '0 1', 'F?', 0, 'x == 2'],
    ['eventually(x == 2)', '0 2 1', 'T', 1, 'x == 2'],
    ['always(eventually(x == 1))', '0 1', 'T?'],
    ['always(eventually(x == 1))', '1 0', 'F?', 1, 'x == 1'],
    ['eventually(always(x == 1))', '0 1', 'T?'],
    ['(x == 1) leadsTo (x == 2)', '0 1 2 0', 'T?'],
    ['(x == 1) leadsTo (x == 2)', '0 1 0 0', 'F?', 1, 'x == 2'],
    ['(x == 1) leadsTo (x == 2)', '1 2 1 0', 'F?', 2, 'x == 2'],
    ['next(x == 1)', '0', 'F?'],
    ['not(next(x == 1))', '0', 'T?'],
    ['next(x == 1)', '0 1', 'T', 1],
    ['always(next(x) >= x)', '0 1 2', 'T?'],
    ['always(next(x) >= x)', '0 2 1', 'F', 1, 'next(x) >= x'],
    ['eventually(next(x) < x)', '0 2', 'F?'],
    ['always(x == 1) or eventually(x != 1)', '0', 'T'],
    ['always(x == 1) and eventually(x == 0)', '1 1', 'F?'],
    ['always(x == 1) and eventually(not(x == 1))', '1 1', 'F'],
    ['eventually(x == 1) or always(not(x == 1))', '0', 'T'],
    ['always(x == 1 implies always(x == 1)) and eventually(x == 1) implies stays(x == 1)', '0 2', 'T'],
    ['always(eventually(x == 1)) and stays(not(x == 1))', '0', 'F'],
    ['weakFair(up, vars)', '0 1', 'F?'],
    ['weakFair(up, vars)', '2 3', 'T?'],
    ['weakFair(up, vars) implies eventually(x == 3)', '0 1', 'T?'],
    ['weakFair(up, vars) implies eventually(x == 5)', '2 3', 'F?', 0, 'x == 5'],
    ['always(1.to(x).forall(n => eventually(y == n)))', '2/0 0/1', 'F?', 0, 'y == n'],
    ['always(inc.orKeep(vars))', '0 1 2', 'T?'],
    ['always(inc.orKeep(vars))', '0 1 3', 'F', 1, 'inc.orKeep(vars)'],
  ],
  'what cannot be evaluated': [
    ['always(10 / x > 0)', '1 0 1', '?', 1, '10 / x > 0'],
    ['always(10 / x > 0 and x < 5)', '1 0 (7)', 'F', 2],
    ['eventually(10 / x > 5)', '0 (1)', 'T', 1],
    ['x == 7 or always(10 / x > 0)', '7 0 (0)', 'T', 0],
    ['always(eventually(10 / x > 2))', '0 (1)', 'T'],
    ['always(Int.forall(n => eventually(x == n)))', '(0)', '?', 0],
  ],
};

const WORDS: Readonly<Record<string, Short>> = {
  satisfied: 'T',
  violated: 'F',
  presumablySatisfied: 'T?',
  presumablyViolated: 'F?',
  inconclusive: '?',
};

function traceOf(text: string): { states: State[]; end: End } {
  const words = text.split(' ');
  const loop = words.findIndex(word => word.startsWith('('));
  const states = words
    .filter(word => word !== '...')
    .map(word => {
      const [x, y] = word.replaceAll(/[()]/g, '').split('/');
      return new Map([
        ['x', BigInt(x ?? 0)],
        ['y', BigInt(y ?? 0)],
      ]);
    });
  return { states, end: loop >= 0 ? loop : words.at(-1) === '...' ? 'stutter' : 'open' };
}

const ROWS = Object.values(TABLE).flat();
const FORMULAS = [...new Set(ROWS.map(([formula]) => formula))];
const properties = new Map<string, TemporalProperty>();
let source: (expr: number) => string;

beforeAll(async () => {
  const { compiled, properties: all } = await formulasOf(DEFINITIONS, FORMULAS);
  for (const [i, formula] of FORMULAS.entries()) properties.set(formula, must(all[i], formula));
  const lines = [
    'module formulas {',
    ...DEFINITIONS.split('\n'),
    ...FORMULAS.map((formula, i) => `  temporal formula${i} = ${formula}`),
  ];
  source = expr => {
    const span = must(compiled.spec.ir.spans.get(expr), 'a place');
    return must(lines[span.line - 1], 'a line').slice(span.column - 1, span.endColumn - 1);
  };
});

it('has at least 60 formulas', () => {
  expect(FORMULAS.length).toBeGreaterThanOrEqual(60);
});

describe.each(Object.entries(TABLE))('%s', (_, rows) => {
  it.each(rows.map(row => ({ row, title: row.slice(0, 3).join('  |  ') })))('$title', ({ row }) => {
    const [formula, trace, short, step, part] = row;
    const { states, end } = traceOf(trace);
    const verdict = verdictOf(must(properties.get(formula), formula), states, end);
    expect(WORDS[verdict.verdict]).toBe(short);
    if (step !== undefined) expect(verdict.deciding?.step).toBe(step);
    if (part !== undefined) expect(source(must(verdict.deciding, 'a part').expr)).toBe(part);
  });
});
