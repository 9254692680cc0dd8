// A mutated trace is rejected unless it is still a behaviour, which a search of another kind decides: all successors of
// each state listed, without a target and without a memo, and compared with what follows.

import { readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Machine } from '../../src/engine/index.js';
import { equalValues, type State } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { unwrap } from '../quint.js';
import { MUTATIONS, mutant } from './mutants.js';
import { observed, type Verifier, verdictOn, verifier } from './support.js';

const SPECS = readdirSync('specs')
  .filter(file => file.endsWith('.qnt'))
  .map(file => path.basename(file, '.qnt'))
  .sort();

const TRACES = 4;
const STEPS = 14;

interface Subject extends Verifier {
  readonly machine: Machine;
  readonly traces: readonly State[][];
}

const subjects: Subject[] = [];

beforeAll(async () => {
  for (const name of SPECS) {
    const prepared = await verifier(path.join('specs', `${name}.qnt`), name);
    const machine = must(prepared.target.machine, 'a machine');
    const traces = Array.from({ length: TRACES }, (_, i) => randomTrace(machine, `${name} ${i}`));
    subjects.push({ ...prepared, machine, traces });
  }
}, 300_000);

function randomTrace(machine: Machine, seed: string): State[] {
  const random = createRandom(seed);
  let step = unwrap(machine.randomInit(random));
  const states: State[] = [];
  while (step !== undefined && states.length <= STEPS) {
    states.push(step.state);
    step = unwrap(machine.randomStep(step.state, random));
  }
  return states;
}

/** Index of the first state that does not follow from the one before; undefined for a behaviour. */
function firstWrong({ machine }: Subject, trace: readonly State[]): number | undefined {
  const same = (one: State, other: State) =>
    [...one].every(([name, value]) => equalValues(value, must(other.get(name), name)));
  for (const [i, state] of trace.entries()) {
    const before = trace[i - 1];
    if (before !== undefined && same(state, before)) continue;
    let found = false;
    const visit = (step: { readonly state: State }): boolean => {
      found = same(step.state, state);
      return !found;
    };
    unwrap(before === undefined ? machine.initialStates(visit) : machine.successors(before, visit));
    if (!found) return i;
  }
  return undefined;
}

describe('mutants', { timeout: 600_000 }, () => {
  it('are rejected at the first step that the spec does not allow, and only they', async () => {
    let rejected = 0;
    let behaviours = 0;
    const arbitrary = fc.record({
      subject: fc.nat(SPECS.length - 1),
      trace: fc.nat(TRACES - 1),
      mutation: fc.constantFrom(...MUTATIONS),
      seed: fc.nat(),
    });
    const check = async ({
      subject: s,
      trace: t,
      mutation,
      seed,
    }: {
      subject: number;
      trace: number;
      mutation: (typeof MUTATIONS)[number];
      seed: number;
    }) => {
      const subject = must(subjects[s], 'subject');
      const states = mutant(must(subject.traces[t], 'trace'), mutation, seed);
      fc.pre(states !== undefined);
      const wrong = firstWrong(subject, states);
      const { conformance } = await verdictOn(subject, observed(states.map(state => ({ state }))));
      if (wrong === undefined) behaviours++;
      else rejected++;
      expect(conformance.verdict).toBe(wrong === undefined ? 'conforms' : 'rejected');
      expect(conformance.step).toBe(wrong ?? null);
    };
    await fc.assert(fc.asyncProperty(arbitrary, check), { numRuns: 1_000, seed: 4_711, maxSkipsPerRun: 20 });
    // Else the property says little.
    expect(rejected).toBeGreaterThan(500);
    expect(behaviours).toBeGreaterThan(10);
  });
});
