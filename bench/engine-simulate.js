// Random simulation with the engine against `quint run`: 20 steps, one invariant, one thread each, traces a second
// after start-up, as both programs report it. Each round runs both in turn on one spec, and the ratio is taken round by
// round, so that a slow minute of the machine hits both.
import { findBackends } from '../dist/src/bridge/environment.js';
import { LARGE, openSpecs, SMALL } from './engine-specs.js';
import { geometricMean, median } from './measure.js';
import { AURA, QUINT, runScript } from './programs.js';
import { rounded, row } from './table.js';

const STEPS = 20;
/** Traces of Quint a round: some seconds of work. */
const QUINT_TRACES = 300;
/** Seconds of ours a round, about. */
const OURS = 3;

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
    const samples = Math.ceil(OURS * (await aura(spec, 5_000, 0)));
    const pairs = [];
    for (let round = 0; round < rounds; round++)
      pairs.push({ theirs: await quint(backend, spec, round), ours: await aura(spec, samples, round) });
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

async function quint(backend, { file, name, invariant }, seed) {
  const args = ['run', file, `--backend=${backend}`, `--main=${name}`, `--invariant=${invariant}`];
  args.push(`--max-samples=${QUINT_TRACES}`, `--max-steps=${STEPS}`, `--seed=${seed}`);
  if (backend === 'rust') args.push('--n-threads=1');
  return Number(/at (\d+) traces\/second/.exec(await runScript(QUINT, args))[1]);
}

async function aura({ file, invariant }, samples, seed) {
  const args = ['quint', 'simulate', '--spec', file, '--invariant', invariant, '--json'];
  args.push('--samples', samples, '--max-steps', STEPS, '--seed', seed);
  return JSON.parse(await runScript(AURA, args)).timing.tracesPerSecond;
}
