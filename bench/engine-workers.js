// Two workers in one process against two processes with one worker each, at the same time: traces a second, as the
// commands report it. With two workers that counts their start, so the work is long enough for it not to matter.
import { specFile } from './engine-specs.js';
import { median } from './measure.js';
import { AURA, runScript } from './programs.js';
import { rounded, row } from './table.js';

/** Seconds of work of each worker, about. */
const WORK = 6;
const LEAST = 90;

export const title = 'two workers in one process against two processes';

export async function run({ rounds = 5, specs = ['ledger', 'counter'] } = {}) {
  const rows = [];
  for (const name of specs) {
    const simulate = async (samples, jobs) => {
      const sizes = ['--samples', samples, '--jobs', jobs];
      const args = ['quint', 'simulate', '--spec', specFile(name), ...sizes, '--json'];
      return JSON.parse(await runScript(AURA, args)).timing.tracesPerSecond;
    };
    const samples = Math.ceil(WORK * (await simulate(5_000, 1)));
    const pairs = [];
    for (let round = 0; round < rounds; round++) {
      const [one, other] = await Promise.all([simulate(samples, 1), simulate(samples, 1)]);
      pairs.push({ theirs: one + other, ours: await simulate(2 * samples, 2) });
    }
    const ratio = 100 * median(pairs.map(pair => pair.ours / pair.theirs));
    const [a, b] = [median(pairs.map(pair => pair.ours)), median(pairs.map(pair => pair.theirs))];
    const figures = { ours: `${rounded(a)} traces/s`, theirs: `${rounded(b)} traces/s`, ratio, least: LEAST };
    rows.push(row({ work: 'two workers against two processes', spec: name, ...figures, unit: '%' }));
  }
  return rows;
}
