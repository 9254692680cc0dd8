// What `aura scenarios generate` costs beside the bare `quint run` that it needs: the same number of traces of the same
// length from as many processes at the same time. Cold asks Quint about the spec as well, warm has the answer in its
// cache. Each round runs the three in turn; the ratios are taken round by round, so that a slow minute of the machine
// hits all three.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { median, seconds } from './measure.js';
import { AURA, QUINT, ROOT, runScript } from './programs.js';

const TRACES = 200;
const STEPS = 20;
const PROCESSES = 2;

export const title = 'generate against the bare quint run';

export async function run({ rounds = 5, specs = ['threshold_signing', 'counter'] } = {}) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'aura-bench-'));
  try {
    for (const name of specs) await compare(name, rounds, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function compare(name, rounds, scratch) {
  const spec = path.join(ROOT, 'specs', `${name}.qnt`);
  const cache = { AURA_CACHE_DIR: path.join(scratch, 'cache') };
  const sizes = ['--traces', TRACES, '--max-length', STEPS, '--scenario-count', 10];
  const args = ['scenarios', 'generate', '--spec', spec, '--output', path.join(scratch, 'out'), ...sizes];
  const generate =
    (...more) =>
    () =>
      runScript(AURA, [...args, ...more], cache);
  const kinds = {
    bare: () => Promise.all(Array.from({ length: PROCESSES }, (_, i) => quintRun(spec, name, i, scratch))),
    cold: generate('--engine', 'quint', '--no-cache'),
    warm: generate('--engine', 'quint'),
    builtin: generate('--engine', 'builtin'),
  };
  await kinds.warm();
  const times = { bare: [], cold: [], warm: [], builtin: [] };
  for (let round = 0; round < rounds; round++) {
    for (const [kind, work] of Object.entries(kinds)) times[kind].push(await seconds(work));
  }
  const ratio = kind => median(times[kind].map((time, i) => time / times.bare[i])).toFixed(2);
  const bare = median(times.bare).toFixed(2);
  console.log(
    `${name.padEnd(24)} quint run ${bare} s; drawn by Quint: cold ${ratio('cold')}, warm ${ratio('warm')} times that; by aura, warm: ${ratio('builtin')} times`,
  );
}

function quintRun(spec, name, i, scratch) {
  const share = TRACES / PROCESSES;
  const numbers = [
    `--seed=${(i + 1) * 1_000_003}`,
    `--max-samples=${share}`,
    `--n-traces=${share}`,
    `--max-steps=${STEPS}`,
  ];
  const files = [
    `--out=${path.join(scratch, `run-${i}.json`)}`,
    `--out-itf=${path.join(scratch, `run-${i}-{seq}.itf.json`)}`,
  ];
  return runScript(QUINT, [
    'run',
    spec,
    '--backend=typescript',
    '--mbt',
    '--verbosity=0',
    `--main=${name}`,
    ...numbers,
    ...files,
  ]);
}
