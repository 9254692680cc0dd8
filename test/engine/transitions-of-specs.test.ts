// Every spec and every twin: in each state that is looked at, the ways to take a step are the same in Quint's evaluator,
// driven through all of its choices, as in our enumeration: the same actions with the same picks to the same states.
// The states are all within some depth, and then some met by random walks. So all states within that depth and one
// step more are proved to be the same on both sides; of the farther ones, a sample, only the steps that leave them
// are. AURA_STATES=1000 looks at that many states of each spec.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/util/random.js';
import { addFarStates, nearStates, openSpec, SPECS, statesWanted, TWINS } from './specs-of-project.js';
import { expectSameWays } from './ways.js';

describe('transitions', { timeout: 300_000 }, () => {
  it.each([...SPECS, ...TWINS])('%s', async file => {
    const { machine, quint } = await openSpec(file);
    const wanted = statesWanted(60);
    const { states, depth } = nearStates(machine, (wanted * 2) / 3);
    expect(depth).toBeGreaterThanOrEqual(2);
    addFarStates(machine, states, wanted, createRandom(file));
    expect(states.size).toBe(wanted);
    for (const state of [undefined, ...states.values()]) expectSameWays(machine, quint, state);
  });
});
