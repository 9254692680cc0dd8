// Runs the benchmarks named on the command line, or all. Each compares with a peer that runs in the same process tree
// at the same time: absolute times of a shared machine say little. Ends with 1 when a target was missed.
import * as engine from './engine.js';
import * as engineExplore from './engine-explore.js';
import * as engineInvariants from './engine-invariants.js';
import * as engineSimulate from './engine-simulate.js';
import * as engineStart from './engine-start.js';
import * as engineWorkers from './engine-workers.js';
import * as generate from './generate.js';
import * as runner from './runner.js';
import * as simulate from './simulate.js';
import * as strategies from './strategies.js';
import { printTable } from './table.js';
import * as verify from './verify.js';

const BENCHMARKS = {
  generate,
  engine,
  verify,
  strategies,
  simulate,
  runner,
  'engine-simulate': engineSimulate,
  'engine-invariants': engineInvariants,
  'engine-explore': engineExplore,
  'engine-workers': engineWorkers,
  'engine-start': engineStart,
};
/** The others are parts of `engine`. */
const ALL = ['generate', 'engine', 'verify', 'strategies', 'simulate', 'runner'];

const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !(name in BENCHMARKS));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}: there are ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : ALL) {
  const { title, run } = BENCHMARKS[name];
  console.log(`## ${title}`);
  const rows = await run();
  if (rows !== undefined && !printTable(rows)) process.exitCode = 1;
}
