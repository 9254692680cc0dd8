// The same transitions as Quint's evaluator, both ways: from every state within some steps, all ways to go on in Quint
// (its choices played through one by one) and in ours, and every invariant in every state.
import { describe, expect, it } from 'vitest';
import { type CompiledSpec, createMachine, evaluate } from '../../src/engine/index.js';
import type { State } from '../../src/model/value.js';
import { unwrap } from '../quint.js';
import { oracleOf, stateText } from './quint-oracle.js';
import { SMALL_SPECS } from './small-specs.js';
import { compileFile, specFile } from './support.js';
import { expectSameWays } from './ways.js';

/** All states within `depth` steps, at most `most`, breadth first, each checked against Quint. */
async function compare(
  file: string,
  main: string,
  depth: number,
  most: number,
  invariants: readonly string[],
) {
  const compiled: CompiledSpec = await compileFile(file, main);
  const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step' }));
  const quint = oracleOf(file, main);
  const seen = new Map<string, State>();
  let frontier = expectSameWays(machine, quint);
  for (const state of frontier) seen.set(stateText(state), state);
  for (let level = 0; level < depth; level++) {
    const next: State[] = [];
    for (const state of frontier) {
      for (const name of invariants) {
        const answer = quint.evaluate(name, state);
        expect(unwrap(evaluate(compiled, name, state))).toEqual(
          'value' in answer ? answer.value : answer.error,
        );
      }
      for (const successor of expectSameWays(machine, quint, state)) {
        const text = stateText(successor);
        if (seen.has(text) || seen.size >= most) continue;
        seen.set(text, successor);
        next.push(successor);
      }
    }
    frontier = next;
  }
  return seen.size;
}

describe('transitions', { timeout: 300_000 }, () => {
  it.each(SMALL_SPECS)('$name', async ({ text, main, depth, most, invariants, states }) => {
    expect(await compare(await specFile(text), main, depth, most, invariants)).toBe(states);
  });
});
