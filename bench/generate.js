// What `aura scenarios generate` costs beside the bare `quint run` that it needs: the same number of traces of the same
// length from as many processes at the same time. Cold asks Quint about the spec as well, warm has the answer in its
// cache. Each round runs the three in turn; the ratios are taken round by round, so that a slow minute of the machine
// hits all three.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, seconds } from './measure.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const AURA = path.join(ROOT, 'dist', 'src', 'cli', 'main.js');
const QUINT = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@informalsystems/quint/package.json')),
  'dist',
  'src',
  'cli.js',
);
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
  const cache = path.join(scratch, 'cache');
  const generate =
    (...more) =>
    () =>
      node(
        AURA,
        [
          'scenarios',
          'generate',
          '--spec',
          spec,
          '--output',
          path.join(scratch, 'out'),
          '--traces',
          TRACES,
          '--max-length',
          STEPS,
          '--scenario-count',
          10,
          ...more,
        ],
        { AURA_CACHE_DIR: cache },
      );
  const bare = () =>
    Promise.all(Array.from({ length: PROCESSES }, (_, i) => quintRun(spec, name, i, scratch)));
  await generate()();
  const times = { bare: [], cold: [], warm: [] };
  for (let round = 0; round < rounds; round++) {
    times.bare.push(await seconds(bare));
    times.cold.push(await seconds(generate('--no-cache')));
    times.warm.push(await seconds(generate()));
  }
  const ratio = kind => median(times[kind].map((time, i) => time / times.bare[i]));
  console.log(
    `${name}: quint run ${median(times.bare).toFixed(2)} s, cold ${ratio('cold').toFixed(2)} times that, warm ${ratio('warm').toFixed(2)} times (medians of ${rounds} rounds)`,
  );
}

function quintRun(spec, name, i, scratch) {
  const share = TRACES / PROCESSES;
  const args = [
    'run',
    spec,
    '--backend=typescript',
    '--mbt',
    '--verbosity=0',
    `--main=${name}`,
    `--seed=${i + 1}`,
    `--max-samples=${share}`,
    `--n-traces=${share}`,
    `--max-steps=${STEPS}`,
  ];
  return node(
    QUINT,
    [
      ...args,
      `--out=${path.join(scratch, `run-${i}.json`)}`,
      `--out-itf=${path.join(scratch, `run-${i}-{seq}.itf.json`)}`,
    ],
    {},
  );
}

function node(script, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args.map(String)], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.once('error', reject);
    child.once('close', code =>
      code === 0 ? resolve() : reject(new Error(`${script} ${args[0]} ended with ${code}`)),
    );
  });
}
