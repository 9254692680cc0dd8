// Two workers in one process against two processes with one worker each, at the same time: traces a second of the work
// alone, as the commands report it.
import path from 'node:path';
import { median } from './measure.js';
import { AURA, ROOT, runScript } from './programs.js';

const SAMPLES = 40_000;

export const title = 'two workers in one process against two processes';

export async function run({ rounds = 3, specs = ['counter', 'recovery'] } = {}) {
  for (const name of specs) {
    const simulate = async (samples, jobs) => {
      const spec = path.join(ROOT, 'specs', `${name}.qnt`);
      const args = ['quint', 'simulate', '--spec', spec, '--samples', samples, '--jobs', jobs, '--json'];
      return JSON.parse(await runScript(AURA, args)).timing.tracesPerSecond;
    };
    await simulate(64, 1);
    const ratios = [];
    for (let round = 0; round < rounds; round++) {
      const [one, other] = await Promise.all([simulate(SAMPLES / 2, 1), simulate(SAMPLES / 2, 1)]);
      ratios.push((await simulate(SAMPLES, 2)) / (one + other));
    }
    console.log(
      `${name.padEnd(24)} ${(median(ratios) * 100).toFixed(0)} % of their sum (median of ${rounds} rounds)`,
    );
  }
}
