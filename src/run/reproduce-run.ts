// The command line that makes a run again: what the run is a function of, and what was checked of it.
import { quoted, singleQuoted } from '../util/shell.js';
import type { RunJob } from './run-job.js';

/** Seconds of wall clock that the command line gives a run. */
export const DEFAULT_TIMEOUT_S = 600;

/** Options that have their default are left out, but for the seed and the driver; the timeout only counts where it cut the run. */
export function reproduceRun({ scenario, file, seed, driver, options }: RunJob, isCut = false): string {
  const words = ['aura scenarios run', quoted(file), '--scenario', quoted(scenario.name)];
  words.push('--seed', seed, '--driver', driver.kind);
  if (driver.kind === 'simulated' && driver.bug !== undefined) words.push('--plant', quoted(driver.bug));
  if (driver.kind === 'module') words.push('--driver-file', quoted(driver.file));
  if (driver.kind === 'process') words.push('--command', quoted(driver.command.map(singleQuoted).join(' ')));
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
  const { timeoutMs } = options;
  const isOther = timeoutMs !== undefined && timeoutMs !== DEFAULT_TIMEOUT_S * 1000;
  if (isCut && isOther) words.push('--timeout', String(Math.max(1, Math.ceil(timeoutMs / 1000))));
  return [...words, ...(options.alsoGiven ?? [])].join(' ');
}
