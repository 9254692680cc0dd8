// Random expressions in both evaluators: the same value, or an error in both. AURA_RANDOM_RUNS and AURA_RANDOM_SEED
// ask for more than the runs that every change has to pass.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExprs, findOp } from '../../src/engine/index.js';
import { type State, showValue } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { unwrap } from '../quint.js';
import { oracleOf } from './quint-oracle.js';
import { expressions, RANDOM_PRELUDE } from './random-expressions.js';
import { compileFile, specFile } from './support.js';

const BATCH = 400;
const BATCHES = Number(process.env.AURA_RANDOM_RUNS ?? 400) / BATCH;
const SEED = Number(process.env.AURA_RANDOM_SEED ?? 20_260_101);

async function differences(texts: readonly string[]): Promise<string[]> {
  const defs = texts.map((text, i) => `  val e${i} = ${text}`).join('\n');
  const file = await specFile(`module random {\n${RANDOM_PRELUDE}\n${defs}\n}\n`);
  const compiled = await compileFile(file, 'random');
  const quint = oracleOf(file, 'random');
  const requests = texts.map((_, i) => {
    const ref = unwrap(findOp(compiled, `e${i}`));
    return { expr: ref.def.expr, site: ref };
  });
  const ours = compileExprs(compiled, requests);
  const nowhere: State = new Map();
  const answers = texts.map((_, i) => quint.evaluate(`e${i}`));
  // Else the generator would test little but errors.
  expect(answers.filter(answer => 'value' in answer).length).toBeGreaterThan(texts.length / 2);
  return texts.flatMap((text, i) => {
    const theirs = must(answers[i], 'answer');
    const result = ours[i]?.(nowhere);
    const expected = 'value' in theirs ? showValue(theirs.value) : 'error';
    const actual = result?.ok === true ? showValue(result.value) : 'error';
    // Quint evaluates a predicate for all elements; we stop at the first that decides, as its Rust evaluator does.
    const stopped = expected === 'error' && /\.(exists|forall)\(/.test(text);
    return expected === actual || stopped ? [] : [`${text}\n  Quint: ${expected}\n  aura:  ${actual}`];
  });
}

describe('random expressions', { timeout: 3_600_000 }, () => {
  it('have the value that Quint gives them', async () => {
    for (let batch = 0; batch < BATCHES; batch++) {
      const texts = fc.sample(expressions, { numRuns: BATCH, seed: SEED + batch });
      expect(await differences(texts)).toEqual([]);
    }
  });
});
