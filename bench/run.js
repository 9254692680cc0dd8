// Runs the benchmarks named on the command line, or all. Each prints ratios against a peer that runs in the same
// process tree at the same time: absolute times of a shared machine say little.
import * as engineExplore from './engine-explore.js';
import * as engineSimulate from './engine-simulate.js';
import * as engineStart from './engine-start.js';
import * as engineWorkers from './engine-workers.js';
import * as generate from './generate.js';

const BENCHMARKS = {
  generate,
  'engine-simulate': engineSimulate,
  'engine-explore': engineExplore,
  'engine-start': engineStart,
  'engine-workers': engineWorkers,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !(name in BENCHMARKS));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}: there are ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHMARKS)) {
  const { title, run } = BENCHMARKS[name];
  console.log(`## ${title}`);
  await run();
}
