// The JavaScript that is emitted for three small specs, kept to be read in review: both programs of each, the one that
// picks at random and the one that enumerates. A change here must be meant. docs/engine.md says how to read it.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMachine } from '../../src/engine/index.js';
import { unwrap } from '../quint.js';
import { compileText } from './support.js';

/** Main modules, each with the invariant that is emitted too. */
const SPECS: readonly { main: string; invariant: string; text: string }[] = [
  {
    main: 'turns',
    invariant: 'bounded',
    text: `module turns {
      var n: int
      action init = n' = 0
      action add(by) = all { n + by <= 3, n' = n + by }
      action step = any { { nondet k = 1.to(2).oneOf() add(k) }, all { n > 1, n' = 0 } }
      val bounded = n <= 3
    }`,
  },
  {
    main: 'votes',
    invariant: 'low',
    text: `module votes {
      type Vote = Yes | No
      type Cast = { round: int, vote: Vote }
      pure val NODES = Set("a", "b")
      var cast: str -> Cast
      action init = cast' = NODES.mapBy(_ => { round: 0, vote: No })
      action step = {
        nondet node = NODES.oneOf()
        val mine = cast.get(node)
        match mine.vote {
          | Yes => cast' = cast.put(node, { round: mine.round, vote: No })
          | No => all { mine.round < 2, cast' = cast.set(node, { ...mine, round: mine.round + 1 }) }
        }
      }
      val low = tuples(NODES, NODES).forall(((a, b)) => cast.get(a).round <= cast.get(b).round + 2)
    }`,
  },
  {
    main: 'cells',
    invariant: 'inside',
    text: `module cell {
      const N: int
      var v: int
      action start = v' = N
      action bump(by: int): bool = all { v + by <= 2 * N, v' = v + by }
      val inside = v <= 2 * N
    }
    module cells {
      import cell(N = 1) as one
      import cell(N = 2) as two
      action init = all { one::start, two::start }
      action step = {
        nondet by = 1.to(2).oneOf()
        nondet twice = Set(true, false).oneOf()
        any { all { one::bump(by), two::bump(by) }, all { twice, one::bump(1), two::bump(2) } }
      }
      val inside = one::inside and two::inside
    }`,
  },
];

describe('what is emitted for', () => {
  it.each(SPECS)('$main', async ({ main, invariant, text }) => {
    const compiled = await compileText(text, main);
    const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step', invariants: [invariant] }));
    const random = `// Picking at random.\n${machine.picking().program.text()}`;
    const enumerating = `// Enumerating.\n${machine.enumerating().program.text()}`;
    await expect(`${random}\n${enumerating}`).toMatchFileSnapshot(
      path.join(import.meta.dirname, 'emitted', `${main}.js.snap`),
    );
  });
});
