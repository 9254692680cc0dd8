// From the command to the first trace: `aura quint simulate` with the checked spec in its cache against `quint run`,
// one trace of 20 steps each, start-up included.
import { LARGE, SMALL, specFile } from './engine-specs.js';
import { geometricMean, median, seconds } from './measure.js';
import { AURA, QUINT, runScript } from './programs.js';
import { rounded, row } from './table.js';

const LEAST = 5;
const WORK = 'start to the first trace';

export const title = 'start to the first trace against quint run';

export async function run({ rounds = 3 } = {}) {
  const rows = [];
  const ratios = [];
  for (const name of [...SMALL, ...LARGE]) {
    const spec = specFile(name);
    const simulate = ['quint', 'simulate', '--spec', spec, '--samples', 1, '--max-steps', 20];
    const quintRun = ['run', spec, `--main=${name}`, '--backend=typescript', '--verbosity=0'];
    const ours = () => runScript(AURA, simulate);
    const theirs = () => runScript(QUINT, [...quintRun, '--max-samples=1', '--max-steps=20']);
    await ours();
    const pairs = [];
    for (let round = 0; round < rounds; round++)
      pairs.push({ theirs: await seconds(theirs), ours: await seconds(ours) });
    const ratio = median(pairs.map(pair => pair.theirs / pair.ours));
    const [a, b] = [median(pairs.map(pair => pair.ours)), median(pairs.map(pair => pair.theirs))];
    ratios.push(ratio);
    const figures = { ours: `${rounded(a)} s`, theirs: `${rounded(b)} s`, ratio };
    rows.push(row({ work: WORK, spec: name, ...figures }));
  }
  rows.push(row({ work: WORK, spec: 'geometric mean', ratio: geometricMean(ratios), least: LEAST }));
  return rows;
}
