// How large the formulas are that the search for a behaviour decides, and known theorems of temporal logic (Manna and
// Pnueli 1992, 3.5).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findOp } from '../../../src/engine/index.js';
import { must } from '../../../src/util/assert.js';
import { ResidualTable } from '../../../src/verify/temporal/residual.js';
import { isSatisfiable } from '../../../src/verify/temporal/satisfiable.js';
import { StepTruth } from '../../../src/verify/temporal/step-truth.js';
import { translate } from '../../../src/verify/temporal/translate.js';
import { compileText } from '../../engine/support.js';
import { unwrap } from '../../quint.js';

const ATOMS = ['a', 'b', 'c', 'd', 'e'];

interface Sized {
  readonly text: string;
  readonly operators: number;
}

function sized(depth: number): fc.Arbitrary<Sized> {
  const leaf = fc.constantFrom(...ATOMS).map(text => ({ text, operators: 0 }));
  if (depth === 0) return leaf;
  const below = sized(depth - 1);
  const unary = fc
    .tuple(fc.constantFrom('always', 'eventually', 'not'), below)
    .map(([op, f]) => ({ text: `${op}(${f.text})`, operators: f.operators + (op === 'not' ? 0 : 1) }));
  const binary = fc
    .tuple(fc.constantFrom('and', 'or', 'implies', 'iff', 'leadsTo'), below, below)
    .map(([op, f, g]) => ({
      text: `${op}(${f.text}, ${g.text})`,
      operators: f.operators + g.operators + (op === 'leadsTo' ? 2 : 0),
    }));
  return fc.oneof(
    { weight: 1, arbitrary: leaf },
    { weight: 5, arbitrary: unary },
    { weight: 5, arbitrary: binary },
  );
}

/** Whether each formula, and its negation, can be true. */
async function decide(formulas: readonly string[]): Promise<(readonly (boolean | undefined)[])[]> {
  const variables = ATOMS.map(atom => `  var ${atom}: bool`).join('\n');
  const named = formulas.map((text, i) => `  temporal formula${i} = ${text}`).join('\n');
  const compiled = await compileText(`module decided {\n${variables}\n${named}\n}`);
  return formulas.map((_, i) => {
    const ref = unwrap(findOp(compiled, `formula${i}`));
    const { formula, table, terms } = translate(compiled, { expr: ref.def.expr, site: ref, env: new Map() });
    const residuals = new ResidualTable(table, new StepTruth(terms), formula);
    const residual = residuals.instance(formula);
    return [isSatisfiable(residuals, residual), isSatisfiable(residuals, residuals.dual(residual))];
  });
}

it('formulas with up to 5 variables and 12 temporal operators are decided', async () => {
  const drawn = [
    ...fc.sample(sized(4), { seed: 41, numRuns: 300 }),
    ...fc.sample(sized(5), { seed: 42, numRuns: 300 }),
  ].filter(({ operators }) => operators > 0 && operators <= 12);
  expect(drawn.filter(({ operators }) => operators >= 8).length).toBeGreaterThan(30);
  const answers = await decide(drawn.map(({ text }) => text));
  const undecided = drawn.filter((_, i) => must(answers[i], 'answer').includes(undefined));
  expect(undecided).toEqual([]);
});

describe('theorems', () => {
  const THEOREMS = [
    'always(a) implies a',
    'always(a) implies next(a)',
    'always(a) implies always(always(a))',
    'always(a implies b) implies (always(a) implies always(b))',
    'not(eventually(a)) iff always(not(a))',
    'not(next(a)) iff next(not(a))',
    'always(a and b) iff (always(a) and always(b))',
    'eventually(a or b) iff (eventually(a) or eventually(b))',
    'eventually(a and b) implies (eventually(a) and eventually(b))',
    'always(eventually(a or b)) iff (always(eventually(a)) or always(eventually(b)))',
    'eventually(always(a and b)) iff (eventually(always(a)) and eventually(always(b)))',
    'always(eventually(always(eventually(a)))) iff always(eventually(a))',
    'eventually(always(a)) implies always(eventually(a))',
    '(leadsTo(a, b) and leadsTo(b, c)) implies leadsTo(a, c)',
    // Induction.
    '(a and always(a implies next(a))) implies always(a)',
  ];
  const NO_THEOREMS = [
    'always(eventually(a)) implies eventually(always(a))',
    '(eventually(a) and eventually(b)) implies eventually(a and b)',
    'always(a or b) implies (always(a) or always(b))',
    'next(a) implies a',
    'always(a implies next(a)) implies always(a)',
  ];

  it('hold on every behaviour, and what only resembles one does not', async () => {
    const answers = await decide([...THEOREMS, ...NO_THEOREMS]);
    expect(answers.slice(0, THEOREMS.length).map(([, negation]) => negation)).toEqual(
      THEOREMS.map(() => false),
    );
    expect(answers.slice(THEOREMS.length)).toEqual(NO_THEOREMS.map(() => [true, true]));
  });
});
