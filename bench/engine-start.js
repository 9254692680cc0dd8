// From the command to the first trace: `aura quint simulate` with the checked spec in its cache against `quint run`,
// one trace of 20 steps each, start-up included.
import path from 'node:path';
import { median, seconds } from './measure.js';
import { AURA, QUINT, ROOT, runScript } from './programs.js';

export const title = 'start to the first trace against quint run';

export async function run({ rounds = 5, specs = ['dkd', 'counter', 'threshold_signing'] } = {}) {
  for (const name of specs) {
    const spec = path.join(ROOT, 'specs', `${name}.qnt`);
    const aura = () =>
      runScript(AURA, ['quint', 'simulate', '--spec', spec, '--samples', 1, '--max-steps', 20]);
    const args = [
      'run',
      spec,
      '--backend=typescript',
      `--main=${name}`,
      '--verbosity=0',
      '--max-samples=1',
      '--max-steps=20',
    ];
    const quint = () => runScript(QUINT, args);
    await aura();
    const ratios = [];
    for (let round = 0; round < rounds; round++) ratios.push((await seconds(quint)) / (await seconds(aura)));
    console.log(`${name.padEnd(24)} ${median(ratios).toFixed(1)} times sooner (median of ${rounds} rounds)`);
  }
}
