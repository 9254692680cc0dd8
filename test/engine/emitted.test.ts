// The JavaScript that is emitted for three small specs, kept to be read in review: both programs of each, the one that
// picks at random and the one that enumerates. A change here must be meant.
import { describe, expect, it } from 'vitest';
import { compileSpec, createMachine } from '../../src/engine/index.js';
import { loadText, unwrap } from '../quint.js';

const SPECS = {
  'a counter': `module counter {
    var n: int
    action init = n' = 0
    action up(by: int): bool = all { n + by <= 3, n' = n + by }
    action step = any { { nondet by = 1.to(2).oneOf() up(by) }, n' = 0 }
    val Bounded = n <= 3
  }`,
  'votes in a map': `module votes {
    const VOTERS: Set[str]
    type Vote = Yes | No
    var votes: str -> Set[Vote]
    action init = votes' = VOTERS.mapBy(_ => Set())
    action cast(voter: str, vote: Vote): bool = all {
      votes.get(voter) == Set(),
      votes' = votes.setBy(voter, old => old.union(Set(vote))),
    }
    action step = {
      nondet voter = VOTERS.oneOf()
      nondet vote = Set(Yes, No).oneOf()
      cast(voter, vote)
    }
    val Single = VOTERS.forall(v => votes.get(v).size() <= 1)
  }
  module election { import votes(VOTERS = Set("a", "b")).* }`,
  'hostile names and strings': `module hostile {
    var constructor: { __proto__: str, class: int }
    pure def eval(x) = x + 1
    action init = constructor' = { __proto__: "'); throw 1; //", class: 0 }
    action step = constructor' = constructor.with("class", eval(constructor.class))
    val await = constructor.class >= 0
  }`,
} as const;

const INVARIANT: Record<keyof typeof SPECS, [main: string, invariant: string]> = {
  'a counter': ['counter', 'Bounded'],
  'votes in a map': ['election', 'Single'],
  'hostile names and strings': ['hostile', 'await'],
};

describe('what is emitted for', () => {
  it.each(Object.keys(INVARIANT) as (keyof typeof SPECS)[])('%s', async name => {
    const [main, invariant] = INVARIANT[name];
    const compiled = unwrap(compileSpec(await loadText(SPECS[name], main)));
    const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step', invariants: [invariant] }));
    expect(machine.picking().program.text()).toMatchSnapshot('at random');
    expect(machine.enumerating().program.text()).toMatchSnapshot('enumerating');
  });
});
