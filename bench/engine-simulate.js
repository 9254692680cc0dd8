// Random simulation with the engine against `quint run`: 20 steps, one invariant, one thread each, traces a second
// after start-up. Each round runs both in turn on one spec, and the ratio is taken round by round, so that a slow
// minute of the machine hits both.
import { execFileSync } from 'node:child_process';
import { findBackends } from '../dist/src/bridge/environment.js';
import { simulate } from '../dist/src/engine/index.js';
import { LARGE, machineOf, must, openSpecs, SMALL } from './engine-specs.js';
import { geometricMean, median, seconds } from './measure.js';
import { QUINT, ROOT } from './programs.js';
import { rounded, row } from './table.js';

const STEPS = 20;
/** Traces of Quint a round: some seconds of work. */
const QUINT_TRACES = 300;
/** Seconds of ours a round. */
const OURS = 2;

const SMALL_LEAST = 100;
const LARGE_LEAST = 30;

export const title = 'simulation against quint run';

export async function run({ rounds = 3 } = {}) {
  const rust = (await findBackends('')).find(({ name }) => name === 'Rust evaluator');
  const rows = [];
  for (const backend of ['typescript', ...(rust.available ? ['rust'] : [])])
    rows.push(...(await against(backend, rounds)));
  if (!rust.available) rows.push(row({ work: workOf('rust'), spec: '', absent: `absent: ${rust.detail}` }));
  return rows;
}

function workOf(backend) {
  return `simulation against quint run --backend=${backend}`;
}

async function against(backend, rounds) {
  const work = workOf(backend);
  const isPeer = backend === 'typescript';
  const rows = [];
  const smallRatios = [];
  for (const spec of await openSpecs([...SMALL, ...LARGE])) {
    const machine = machineOf(spec);
    ours(machine, 1);
    const pairs = [];
    for (let round = 0; round < rounds; round++)
      pairs.push({ theirs: quint(backend, spec, round), ours: ours(machine, OURS) });
    const ratio = median(pairs.map(pair => pair.ours / pair.theirs));
    const isSmall = SMALL.includes(spec.name);
    if (isSmall) smallRatios.push(ratio);
    const [a, b] = [median(pairs.map(pair => pair.ours)), median(pairs.map(pair => pair.theirs))];
    const figures = { ours: `${rounded(a)} traces/s`, theirs: `${rounded(b)} traces/s`, ratio };
    rows.push(
      row({ work, spec: spec.name, ...figures, least: isPeer && !isSmall ? LARGE_LEAST : undefined }),
    );
  }
  const ratio = geometricMean(smallRatios);
  const least = isPeer ? SMALL_LEAST : undefined;
  rows.push(row({ work, spec: 'geometric mean of the small ones', ratio, least }));
  return rows;
}

function quint(backend, { file, name, invariant }, seed) {
  const args = ['run', file, `--backend=${backend}`, `--main=${name}`, `--invariant=${invariant}`];
  args.push(`--max-samples=${QUINT_TRACES}`, `--max-steps=${STEPS}`, `--seed=${seed}`);
  if (backend === 'rust') args.push('--n-threads=1');
  const printed = execFileSync(process.execPath, [QUINT, ...args], { cwd: ROOT, encoding: 'utf8' });
  return Number(/at (\d+) traces\/second/.exec(printed)[1]);
}

/** Traces a second over some seconds. */
function ours(machine, atLeast) {
  let traces = 0;
  let spent = 0;
  for (let round = 0; spent < atLeast; round++)
    spent += seconds(() => {
      traces += must(simulate(machine, { seed: `bench ${round}`, samples: 640, maxSteps: STEPS })).traces;
    });
  return traces / spent;
}
