// Runs that belong together: those of one file, those of one scenario with its seeds, and those of one scenario that
// came to the same for the same reasons, which a reader wants to be told once. Groups are in the order of their first
// run, never empty.
import type { RunResult } from '../../../generated/run-result.js';
import { atMost, shown } from '../text.js';

/** The first run, which speaks for the group, and all of them. */
export interface RunGroup {
  readonly first: RunResult;
  readonly runs: readonly RunResult[];
}

export function byFile(runs: readonly RunResult[]): RunGroup[] {
  return groupsBy(runs, ({ file }) => [file]);
}

export function byScenario(runs: readonly RunResult[]): RunGroup[] {
  return groupsBy(runs, scenarioKey);
}

export function byReasons(runs: readonly RunResult[]): RunGroup[] {
  return groupsBy(runs, run => [...scenarioKey(run), run.result, run.outcome, ...run.reasons]);
}

/** Such as `seeds 1, 2, 3, and 7 more`. */
export function seedsOf({ runs }: RunGroup): string {
  const seeds = [...new Set(runs.map(({ seed }) => seed))].map(seed => shown(seed, 20));
  return `${seeds.length === 1 ? 'seed' : 'seeds'} ${atMost(seeds, 3).join(', ')}`;
}

function scenarioKey({ file, line, scenario, driver }: RunResult): readonly unknown[] {
  return [file, line, scenario, driver.kind, driver.detail];
}

function groupsBy(runs: readonly RunResult[], keyOf: (run: RunResult) => readonly unknown[]): RunGroup[] {
  const groups = new Map<string, { first: RunResult; runs: RunResult[] }>();
  for (const run of runs) {
    const key = JSON.stringify(keyOf(run));
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { first: run, runs: [run] });
    else known.runs.push(run);
  }
  return [...groups.values()];
}
