// Exploration with the engine, one invariant checked in every state: distinct states a second and a second of CPU time
// (threads that collect garbage included), best of some rounds after one to warm up, and bytes a state
// (engine-memory.js). There is no peer to take turns with, so on a busy machine the second figure says more.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { explore } from '../dist/src/engine/index.js';
import { LARGE, machineOf, must, openSpecs, SMALL } from './engine-specs.js';
import { seconds } from './measure.js';
import { ROOT } from './programs.js';
import { rounded, row } from './table.js';

export const MAX_STATES = 300_000;

const SMALL_LEAST = 50_000;

export const title = 'exploration';

export async function run({ rounds = 3 } = {}) {
  const rows = [];
  for (const spec of await openSpecs([...SMALL, ...LARGE])) {
    const explored = () => must(explore(machineOf(spec), { maxStates: MAX_STATES }));
    const { distinctStates, complete, depth } = explored();
    let rate = 0;
    let cpuRate = 0;
    for (let round = 0; round < rounds; round++) {
      const before = process.cpuUsage();
      rate = Math.max(rate, distinctStates / seconds(explored));
      const { user, system } = process.cpuUsage(before);
      cpuRate = Math.max(cpuRate, (1e6 * distinctStates) / (user + system));
    }
    const bytes = measured(spec.name, measured(spec.name));
    const size = `${rounded(distinctStates)} states${complete ? '' : ' of more'}, depth ${depth}`;
    const ours = `${size}, ${rounded(cpuRate)} a CPU second, ${rounded(bytes)} bytes a state`;
    const least = SMALL.includes(spec.name) ? SMALL_LEAST : undefined;
    rows.push(row({ work: 'exploration', spec: spec.name, ours, ratio: rate, least, unit: 'states/s' }));
  }
  return rows;
}

/** What engine-memory.js prints. */
function measured(...args) {
  const script = path.join(ROOT, 'bench', 'engine-memory.js');
  return Number(execFileSync(process.execPath, ['--expose-gc', script, ...args.map(String)]));
}
