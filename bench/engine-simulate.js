// Random simulation with the engine against `quint run --backend=typescript`: 20 steps, one invariant, one thread
// each, traces a second after start-up. Each round runs the two in turn on every spec, and the ratio is taken round
// by round, so that a slow minute of the machine hits both.
import { execFileSync } from 'node:child_process';
import { compileSpec, createMachine, simulate } from '../dist/src/engine/index.js';
import { loadForBench } from './engine-specs.js';
import { median, seconds } from './measure.js';
import { QUINT, ROOT } from './programs.js';

const STEPS = 20;
/** Traces of Quint a round: some seconds of work. */
const QUINT_TRACES = 300;
/** Seconds of ours a round. */
const OURS = 3;

export const title = 'simulation against quint run --backend=typescript';

export async function run({ rounds = 3 } = {}) {
  const ratios = [];
  for (const { name, file, spec, invariant } of await loadForBench()) {
    const machine = must(
      createMachine(must(compileSpec(spec)), { init: 'init', step: 'step', invariants: [invariant] }),
    );
    await ours(machine, 1);
    const pairs = [];
    for (let round = 0; round < rounds; round++)
      pairs.push({ quint: quint(file, name, invariant, round), ours: await ours(machine, OURS) });
    const ratio = median(pairs.map(pair => pair.ours / pair.quint));
    ratios.push(ratio);
    const [theirs, mine] = [median(pairs.map(pair => pair.quint)), median(pairs.map(pair => pair.ours))];
    console.log(
      `${name.padEnd(24)} quint ${theirs.toFixed(0).padStart(6)}/s   aura ${mine.toFixed(0).padStart(8)}/s   ${ratio.toFixed(0).padStart(5)} times`,
    );
  }
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  console.log(`geometric mean ${mean.toFixed(0)} times`);
}

function quint(file, name, invariant, seed) {
  const args = ['run', file, '--backend=typescript', `--main=${name}`, `--invariant=${invariant}`];
  args.push(`--max-samples=${QUINT_TRACES}`, `--max-steps=${STEPS}`, `--seed=${seed}`);
  const printed = execFileSync(process.execPath, [QUINT, ...args], { cwd: ROOT, encoding: 'utf8' });
  return Number(/at (\d+) traces\/second/.exec(printed)?.[1]);
}

async function ours(machine, atLeast) {
  let traces = 0;
  let spent = 0;
  for (let round = 0; spent < atLeast; round++)
    spent += await seconds(() => {
      const found = must(simulate(machine, { seed: `bench ${round}`, samples: 640, maxSteps: STEPS }));
      traces += found.traces;
    });
  return traces / spent;
}

function must(result) {
  if (!result.ok) throw new Error(result.errors.map(error => error.message).join('\n'));
  return result.value;
}
