// Every spec and every twin: each of its invariants, and each other boolean over its state, has the same value in
// Quint's evaluator as in the engine, in every state that is looked at: near ones and those of random walks, and
// mixtures of two of them, which no step leads to. In these the variables contradict one another, so that what holds
// in all reachable states is seen to fail too, or to end in an error. AURA_STATES=1000 looks at that many states.
import { describe, expect, it } from 'vitest';
import { compileExprs, findOp } from '../../src/engine/index.js';
import type { State } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { createRandom, type Random } from '../../src/util/random.js';
import { unwrap } from '../quint.js';
import type { Answer } from './quint-oracle.js';
import { addFarStates, nearStates, openSpec, SPECS, statesWanted, TWINS } from './specs-of-project.js';
import { originOf } from './support.js';

/** The first state with about a third of its variables taken from the second. */
function mixture(state: State, other: State, random: Random): State {
  return new Map(
    [...state].map(([name, value]) => [name, random.below(3) === 0 ? (other.get(name) ?? value) : value]),
  );
}

describe('invariants', { timeout: 300_000 }, () => {
  it.each([...SPECS, ...TWINS])('%s', async file => {
    const { model, compiled, machine, quint } = await openSpec(file);
    const names = [...model.invariants, ...model.candidates].map(property => property.name);
    expect(names.length).toBeGreaterThanOrEqual(4);
    const random = createRandom(file);
    const wanted = statesWanted(300);
    const { states: reachable } = nearStates(machine, wanted / 3);
    addFarStates(machine, reachable, (wanted * 2) / 3, random);
    expect(reachable.size).toBe((wanted * 2) / 3);
    const states = [...reachable.values()];
    const drawn = (): State => must(states[random.below(states.length)], 'state');
    for (let i = 0; i < wanted / 3; i++) states.push(mixture(drawn(), drawn(), random));

    const ops = names.map(name => unwrap(findOp(compiled, name)));
    const requests = ops.map(op => ({ expr: op.def.expr, site: op }));
    const evaluators = compileExprs(compiled, requests);
    const failing = new Set<string>();
    for (const state of states) {
      const ours = evaluators.map((evaluator): Answer => {
        const result = evaluator(state);
        return result.ok ? { value: result.value } : { error: originOf(result) };
      });
      expect(ours).toEqual(quint.evaluateAll(names, state));
      for (const [i, name] of names.entries()) if (isFalse(ours[i])) failing.add(name);
    }
    expect(failing.size).toBeGreaterThanOrEqual(2);
  });
});

function isFalse(answer: Answer | undefined): boolean {
  return answer !== undefined && 'value' in answer && answer.value === false;
}
