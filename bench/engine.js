// All that the engine promises of its speed, in one table.
import * as explore from './engine-explore.js';
import * as invariants from './engine-invariants.js';
import * as simulate from './engine-simulate.js';
import { describeSpecs, LARGE, openSpecs, SMALL } from './engine-specs.js';
import * as start from './engine-start.js';
import * as workers from './engine-workers.js';

export const title = 'the engine';

export async function run() {
  describeSpecs(await openSpecs([...SMALL, ...LARGE]));
  const rows = [];
  for (const { title: part, run: runPart } of [simulate, invariants, explore, workers, start]) {
    console.error(`measuring: ${part}`);
    rows.push(...(await runPart()));
  }
  return rows;
}
