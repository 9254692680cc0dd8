// The verdicts on traces that leave something open, against a search that lists every behaviour of a small spec one by
// one: no memo, no target, no graph.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMachine } from '../../src/engine/index.js';
import { buildModel } from '../../src/model/build-model.js';
import type { State } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { prepareVerification } from '../../src/verify/verify.js';
import { type VerifyTarget, verifyTrace } from '../../src/verify/verify-trace.js';
import { stateText } from '../engine/quint-oracle.js';
import { compileText } from '../engine/support.js';
import { unwrap } from '../quint.js';
import { observed } from './support.js';

const TEXT = `module ring {
  var x: int
  var y: int
  var z: bool
  action init = { nondet n = Set(0, 1).oneOf() all { x' = n, y' = 0, z' = false } }
  action up = all { x < 2, x' = x + 1, y' = y, z' = z }
  action move = all { x > 0, y < 2, x' = x - 1, y' = y + 1, z' = not(z) }
  action drop = all { z, x' = x, y' = 0, z' = false }
  action step = any { up, move, drop }
  val I1 = x + y < 3
  val I2 = not(z and y == 1)
  val I3 = x != 1
  val I4 = y < 2
}`;

const INVARIANTS = ['I1', 'I2', 'I3', 'I4'];
const NAMES = ['x', 'y', 'z'];

let target: VerifyTarget;
const starts: State[] = [];
const next = new Map<string, State[]>();
const holds = new Map<string, boolean[]>();

beforeAll(async () => {
  const compiled = await compileText(TEXT, 'ring');
  const model = buildModel(compiled.spec);
  target = unwrap(
    prepareVerification(model, {
      invariants: INVARIANTS.map(name => ({ name, text: name })),
      temporal: [],
      conformance: { init: 'init', step: 'step' },
      traceEnd: 'open',
      budget: 1_000_000,
    }),
  );
  const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step' }));
  unwrap(machine.initialStates(({ state }) => void starts.push(state)));
  const open = [...starts];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const key = stateText(state);
    if (next.has(key)) continue;
    const found: State[] = [state];
    unwrap(machine.successors(state, step => void found.push(step.state)));
    next.set(key, found);
    holds.set(
      key,
      target.invariants.map(invariant => unwrap(invariant.holds(must(state, 'state'))) === true),
    );
    open.push(...found);
  }
}, 120_000);

/** Every behaviour that agrees with the moments, a state for each. */
function behaviours(moments: readonly State[]): State[][] {
  const agrees = (state: State, moment: State) =>
    [...moment].every(([name, value]) => state.get(name) === value);
  let paths = starts.filter(state => agrees(state, must(moments[0], 'moment'))).map(state => [state]);
  for (const moment of moments.slice(1))
    paths = paths.flatMap(path =>
      must(next.get(stateText(must(path.at(-1), 'state'))), 'successors')
        .filter(state => agrees(state, moment))
        .map(state => [...path, state]),
    );
  return paths;
}

/** A walk along the spec with parts hidden, and now and then a value that is wrong. */
const moments = fc
  .array(fc.record({ way: fc.nat(5), shown: fc.subarray(NAMES), wrong: fc.nat(11) }), {
    minLength: 1,
    maxLength: 7,
  })
  .map(choices => {
    let state = must(starts[(choices[0]?.way ?? 0) % starts.length], 'state');
    return choices.map(({ way, shown, wrong }, i): State => {
      if (i > 0) {
        const ways = must(next.get(stateText(state)), 'ways');
        state = must(ways[way % ways.length], 'state');
      }
      const known = [...state].filter(([name]) => shown.includes(name));
      return new Map(
        known.map(([name, value]) => [name, wrong === 0 && typeof value === 'bigint' ? value + 1n : value]),
      );
    });
  });

describe('open traces against brute force', { timeout: 120_000 }, () => {
  it('agree on conformance and on every invariant', async () => {
    const seen = { conforms: 0, rejected: 0, violated: 0, satisfied: 0, inconclusive: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.constant(undefined).chain(() => moments),
        async trace => {
          const all = behaviours(trace);
          const { verdict } = unwrap(
            await verifyTrace(
              target,
              observed(
                trace.map(state => ({ state })),
                { mayLoop: false },
              ),
            ),
          );
          const conformance = all.length > 0 ? 'conforms' : 'rejected';
          expect(verdict.conformance).toMatchObject({ verdict: conformance, exhaustive: true });
          seen[conformance]++;
          if (conformance === 'rejected') return;
          const distinct = new Set(all.flatMap(path => path.map((state, i) => `${i} ${stateText(state)}`)));
          expect(verdict.conformance.consistentStates).toBe(distinct.size);
          for (const [i, { verdict: found }] of verdict.invariants.entries()) {
            const broken = all.filter(path => path.some(state => holds.get(stateText(state))?.[i] === false));
            const expected =
              broken.length === 0 ? 'satisfied' : broken.length === all.length ? 'violated' : 'inconclusive';
            expect(found, INVARIANTS[i]).toBe(expected);
            seen[expected]++;
          }
        },
      ),
      { numRuns: 600, seed: 99 },
    );
    // Every answer was given often, or the property would say little.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(40);
  });
});
