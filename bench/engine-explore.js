// Exploration with the engine, one invariant checked in every state: distinct states a second and a second of CPU time
// (threads that collect garbage included), best of some rounds after one to warm up, and bytes a state
// (engine-memory.js). There is no peer to take turns with, so on a busy machine the second figure says more.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { explore } from '../dist/src/engine/index.js';
import { LARGE, machineOf, must, SMALL } from './engine-specs.js';
import { seconds } from './measure.js';
import { measureAlone, ROOT } from './programs.js';
import { rounded, row } from './table.js';

export const MAX_STATES = 300_000;

const ROUNDS = 3;
const SMALL_LEAST = 50_000;

export const title = 'exploration';

export async function run() {
  const rows = [];
  for (const name of [...SMALL, ...LARGE]) {
    const { distinctStates, complete, depth, rate, cpuRate } = await measureAlone('engine-explore', name);
    const bytes = bytesAState(name);
    const size = `${rounded(distinctStates)} states${complete ? '' : ' of more'}, depth ${depth}`;
    const ours = `${size}, ${rounded(cpuRate)} a CPU second, ${rounded(bytes)} bytes a state`;
    const least = SMALL.includes(name) ? SMALL_LEAST : undefined;
    rows.push(row({ work: 'exploration', spec: name, ours, ratio: rate, least, unit: 'states/s' }));
  }
  return rows;
}

export function measure(spec) {
  const explored = () => must(explore(machineOf(spec), { maxStates: MAX_STATES }));
  const { distinctStates, complete, depth } = explored();
  let rate = 0;
  let cpuRate = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    rate = Math.max(rate, distinctStates / seconds(explored));
    const { user, system } = process.cpuUsage(before);
    cpuRate = Math.max(cpuRate, (1e6 * distinctStates) / (user + system));
  }
  return { distinctStates, complete, depth, rate, cpuRate };
}

function bytesAState(name) {
  const script = path.join(ROOT, 'bench', 'engine-memory.js');
  const printed = (...args) =>
    execFileSync(process.execPath, ['--expose-gc', script, ...args], { encoding: 'utf8' });
  return Number(printed(name, printed(name).trim()));
}
