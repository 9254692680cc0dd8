// The command line that makes a run again: what the run is a function of, and what was checked of it.
import { quoted } from '../util/shell.js';
import type { RunJob } from './run-job.js';

/** Options that have their default are left out, but for the seed and the driver. */
export function reproduceRun({ scenario, file, seed, driver, options }: RunJob): string {
  const words = ['aura scenarios run', quoted(file), '--scenario', quoted(scenario.name)];
  words.push('--seed', seed, '--driver', driver.kind);
  if (driver.kind === 'simulated' && driver.bug !== undefined) words.push('--plant', quoted(driver.bug));
  if (driver.kind === 'module') words.push('--driver-file', quoted(driver.file));
  if (driver.kind === 'process') words.push('--command', quoted(driver.command.map(quoted).join(' ')));
  const { conformance, invariants, temporal, checker, strictFaults, checkpointEvery, trace } = options;
  if (!(conformance && invariants && temporal)) {
    if (conformance) words.push('--verify-properties');
    if (invariants) words.push('--check-invariants');
    if (temporal) words.push('--check-temporal');
  }
  if (checker !== 'builtin')
    words.push('--property-checker', quoted(checker === 'quint' ? checker : checker.file));
  if (strictFaults) words.push('--strict-faults');
  if (checkpointEvery !== undefined) words.push('--checkpoint-every', String(checkpointEvery));
  if (trace !== 'steps') words.push('--trace-level', trace);
  return [...words, ...(options.alsoGiven ?? [])].join(' ');
}
