// How often random choice leads where. Without retrying (Quint's environment variable on one side, an option on the
// other) the engine is held against Quint's evaluator: how often each action is taken, and each invariant violated.
// With retrying Quint's choices depend on the order in which its hash tables yield a set, so the engine is held
// against the exact distribution of the policy in docs/engine.md; where that order is known, `quint run` is too.
// A run counts once in every comparison, since the steps of one run depend on each other.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { newRng } from '@informalsystems/quint/dist/src/rng.js';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type CompiledSpec,
  compileExprs,
  createMachine,
  findOp,
  type Step,
  simulate,
} from '../../src/engine/index.js';
import type { Value } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { testBridge, unwrap } from '../quint.js';
import { exactly, POLICY_SPEC } from './policy-cases.js';
import { type Oracle, oracleOf } from './quint-oracle.js';
import { SMALL_SPECS } from './small-specs.js';
import { openSpec, SPECS } from './specs-of-project.js';
import { type Counts, chiSquareTail, fitOf, likenessOf, SIGNIFICANCE } from './statistics.js';
import { compileFile, specFile } from './support.js';

/** Of each thing that is counted, how many runs had which outcome. */
type Tally = Map<string, Map<string, number>>;

interface Runs {
  readonly count: number;
  readonly maxSteps: number;
  /** Names of the booleans that are looked at, in every state of a run or, which is cheaper, in its last one. */
  readonly booleans: readonly string[];
  readonly everywhere: boolean;
}

// The action is noted for the first steps and then for ever fewer.
const NOTED: readonly number[] = [1, 2, 3, 5, 8, 12];

function note(tally: Tally, actions: readonly string[], violated: ReadonlySet<string>, runs: Runs): void {
  const add = (what: string, outcome: string): void => {
    const outcomes = tally.get(what) ?? new Map<string, number>();
    tally.set(what, outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1));
  };
  for (const step of NOTED.filter(number => number <= runs.maxSteps))
    add(`step ${step}`, actions[step] ?? '(ended)');
  for (const name of runs.booleans) add(name, violated.has(name) ? 'violated' : 'kept');
}

function ourRuns(compiled: CompiledSpec, runs: Runs): Tally {
  const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step', retryBelow: 0 }));
  const ops = runs.booleans.map(name => unwrap(findOp(compiled, name)));
  const evaluators = compileExprs(
    compiled,
    ops.map(op => ({ expr: op.def.expr, site: op })),
  );
  const tally: Tally = new Map();
  const onTrace = (trace: readonly Step[]): undefined => {
    const states = runs.everywhere ? trace : trace.slice(-1);
    const fails = (i: number) =>
      states.some(({ state }) => unwrap(must(evaluators[i], 'one')(state)) === false);
    const violated = new Set(runs.booleans.filter((_, i) => fails(i)));
    const actions = trace.map(({ action }) => action ?? '');
    note(tally, actions, violated, runs);
  };
  unwrap(simulate(machine, { seed: 'distributions', samples: runs.count, maxSteps: runs.maxSteps, onTrace }));
  return tally;
}

function theirRuns(quint: Oracle, runs: Runs): Tally {
  const rng = newRng(2026n);
  const tally: Tally = new Map();
  for (let i = 0; i < runs.count; i++) {
    const actions: string[] = [];
    const violated = new Set<string>();
    const look = (): void => {
      for (const name of runs.booleans) {
        const answer = quint.here(name);
        if (!('value' in answer)) throw new Error(`${name}: ${answer.error}`);
        if (answer.value === false) violated.add(name);
      }
    };
    const visit = (action: string): void => {
      actions.push(action);
      if (runs.everywhere) look();
    };
    quint.simulate(rng, { init: 'init', step: 'step', maxSteps: runs.maxSteps, visit });
    if (!runs.everywhere) look();
    note(tally, actions, violated, runs);
  }
  return tally;
}

let comparisons = 0;

function expectAlike(ours: Tally, theirs: Tally): void {
  expect([...ours.keys()]).toEqual([...theirs.keys()]);
  for (const [what, counts] of ours) {
    const others = must(theirs.get(what), what);
    comparisons++;
    const about = `${what}: ${show(counts)} against ${show(others)}`;
    expect(likenessOf(counts, others), about).toBeGreaterThan(SIGNIFICANCE);
  }
}

function expectFit(counts: Counts, exact: Counts): void {
  comparisons++;
  expect(fitOf(counts, exact), show(counts)).toBeGreaterThan(SIGNIFICANCE);
}

function show(counts: Counts): string {
  return [...counts]
    .map(([outcome, count]) => `${outcome} ${count}`)
    .sort()
    .join(', ');
}

// Quantiles from the usual tables.
it.each([
  [3.841, 1, 0.05],
  [10.828, 1, 0.001],
  [24.322, 7, 0.001],
  [18.307, 10, 0.05],
  [45.315, 20, 0.001],
])(
  'a chi-square variable exceeds %f with %i degrees of freedom as often as tables say',
  (x, degrees, tail) => {
    expect(chiSquareTail(x, degrees) / tail).toBeCloseTo(1, 2);
  },
);

describe('without retrying, as often as in Quint', { timeout: 300_000 }, () => {
  it.each(SMALL_SPECS)('$name', async ({ text, main, invariants }) => {
    const file = await specFile(text);
    const booleans = [...invariants, ...(main === 'two_phase' ? ['nobodyCommits'] : [])];
    const runs: Runs = { count: 600, maxSteps: 12, booleans, everywhere: true };
    expectAlike(ourRuns(await compileFile(file, main), runs), theirRuns(oracleOf(file, main), runs));
  });

  it.each(SPECS)('%s', async file => {
    const { model, compiled, quint } = await openSpec(file);
    const booleans = [...model.invariants, ...model.candidates].map(property => property.name);
    const count = Number(process.env.AURA_RUNS ?? 100);
    const runs: Runs = { count, maxSteps: 12, booleans, everywhere: false };
    expectAlike(ourRuns(compiled, runs), theirRuns(quint, runs));
  });
});

function outcomeOf(number: Value | undefined, x: Value | undefined): string {
  return `${number} ${x === 0n ? 'none' : x}`;
}

async function ourOutcomes(retryBelow: number): Promise<Counts> {
  const compiled = await compileFile(await specFile(POLICY_SPEC));
  const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step', retryBelow }));
  const counts = new Map<string, number>();
  const onTrace = (trace: readonly Step[]): undefined => {
    const last = trace.at(-1)?.state;
    const outcome = outcomeOf(last?.get('which'), last?.get('x'));
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  };
  unwrap(simulate(machine, { seed: 'policy', samples: 35_000, maxSteps: 1, onTrace }));
  return counts;
}

describe('exactly as often as the policy says', { timeout: 300_000 }, () => {
  it.each([
    { how: 'with retrying', retryBelow: 100 },
    { how: 'without retrying', retryBelow: 0 },
  ])('the engine $how', async ({ retryBelow }) => {
    const counts = await ourOutcomes(retryBelow);
    expectFit(counts, exactly(retryBelow > 0));
    // What is not so would be seen.
    expect(fitOf(counts, exactly(retryBelow === 0))).toBeLessThan(SIGNIFICANCE);
  });

  it('Quint without retrying', async () => {
    const quint = oracleOf(await specFile(POLICY_SPEC), 'policy');
    const rng = newRng(5n);
    const counts = new Map<string, number>();
    const value = (name: string): Value | undefined => {
      const answer = quint.here(name);
      return 'value' in answer ? answer.value : undefined;
    };
    for (let i = 0; i < 5_000; i++) {
      quint.simulate(rng, { init: 'init', step: 'step', maxSteps: 1, visit: () => undefined });
      const outcome = outcomeOf(value('which'), value('x'));
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
    expectFit(counts, exactly(false));
    expect(likenessOf(counts, await ourOutcomes(100))).toBeLessThan(SIGNIFICANCE);
  });

  it('Quint with retrying', async () => {
    const exact = exactly(true);
    expectFit(await witnessed(await specFile(POLICY_SPEC), [...exact.keys()], 14_000), exact);
  });
});

/** How often `quint run` meets the outcomes. It tells nothing of runs that end early: they are what is left. */
async function witnessed(file: string, outcomes: readonly string[], samples: number): Promise<Counts> {
  const ended = outcomes.filter(what => what.endsWith(' none'));
  expect(ended).toHaveLength(1);
  const met = outcomes.filter(what => !ended.includes(what));
  const conditions = met.map(what => what.replace(/(.+) (.+)/, 'which == $1 and x == $2'));
  const { quint } = await testBridge();
  const options = [`--max-samples=${samples}`, '--max-steps=1', '--seed=271828', '--backend=typescript'];
  const args = [...quint.args, 'run', file, ...options, '--verbosity=1', '--witnesses', ...conditions];
  const { stdout } = await promisify(execFile)(quint.command, args);
  const counts = met.map((what, i): [string, number] => {
    const line = stdout.split('\n').find(text => text.startsWith(`${conditions[i]} was witnessed in `));
    return [what, Number(/witnessed in (\d+) trace/.exec(line ?? '')?.[1])];
  });
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  return new Map([...counts, [must(ended[0], 'outcome'), samples - all]]);
}

afterAll(() => {
  expect(comparisons * SIGNIFICANCE).toBeLessThan(1e-6);
});
