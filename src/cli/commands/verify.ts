// aura verify: the suite of the configuration, which guards a merge. Entries are verified side by side in workers; the
// verdicts come in the order of the configuration whatever the number of workers.
import path from 'node:path';
import type { Command } from 'commander';
import { glob } from 'tinyglobby';
import type { VerifyEntry } from '../../../generated/aura-config.js';
import type { SuiteResult } from '../../../generated/suite-result.js';
import type { VerifyResult } from '../../../generated/verify-result.js';
import { auraError } from '../../util/errors.js';
import { compareText } from '../../util/order.js';
import { fail, ok, type Result } from '../../util/result.js';
import { verifyInWorkers } from '../../verify/in-workers.js';
import type { Verified, VerifyJob } from '../../verify/job.js';
import { DEFAULT_BUDGET } from '../../verify/verify.js';
import { type LoadedConfig, loadConfig } from '../config.js';
import { driveSpec, drivingActions, NO_ACTIONS } from '../driven-spec.js';
import { openSpec } from '../open-spec.js';
import { integerIn } from '../options.js';
import { parseReportOptions } from '../report-options.js';
import { conclude, type ReportOptions, withReportOptions } from '../reports.js';
import { reproducing } from '../reproduce.js';
import type { Runner, Session } from '../session.js';
import { readingOptions } from '../trace-reading.js';
import { wantedProperties } from '../wanted-properties.js';

interface Options extends ReportOptions {
  config?: string;
  cache?: boolean;
  json?: boolean;
  jobs: number;
}

export function registerVerifySuite(parent: Command, runner: Runner): void {
  const command = parent
    .command('verify')
    .description('verify the suite of the configuration: every trace against its spec')
    .option('--config <file>', 'configuration (default: aura-config.toml)')
    .option('--no-cache', 'ask Quint again even if the answer is known')
    .option('--jobs <n>', 'specs verified at the same time', integerIn(1, 256), 2)
    .option('--json', 'print one JSON document');
  withReportOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  aura verify --report junit=out/junit.xml --report sarif=out/aura.sarif\n' +
        '\nThe suite is in aura-config.toml:\n\n  [[verify]]\n  spec = "specs/counter.qnt"\n' +
        '  traces = ["traces/counter/*.jsonl"]\n  min_coverage = 0.8\n' +
        '\nExit codes: 0 all hold, 1 rejected or violated, 2 bad input, 3 undecided or nothing checked.\n',
    )
    .action((options: Options) => runner.run(options, session => run(session, options)));
}

async function run(session: Session, options: Options) {
  const requests = parseReportOptions(options.report ?? [], {
    json: options.json === true,
    env: process.env,
  });
  if (!requests.ok) return requests;
  const config = await loadConfig(options.config);
  if (!config.ok) return config;
  const entries = config.value.data.verify ?? [];
  if (entries.length === 0)
    return fail(
      auraError('AUR214', 'there is nothing to verify: no configuration with [[verify]] was found', {
        hint: 'add a [[verify]] table with spec and traces to aura-config.toml, or use aura quint verify',
      }),
    );
  const jobs: VerifyJob[] = [];
  for (const entry of entries) {
    const job = await jobOf(session, config.value, entry, options);
    if (!job.ok) return job;
    jobs.push(job.value);
  }
  session.terminal.progress(`verifying ${entries.length} specs`);
  const verified = await verifyInWorkers(jobs, options.jobs, session.signal);
  if (!verified.ok) return verified;
  const results = verified.value.map(({ result }, i) => withGoal(result, entries[i]?.min_coverage ?? 0));
  const suite: SuiteResult = {
    format: 'aura-suite-result',
    version: 1,
    results: results.map(result => ({ ...result })),
  };
  session.terminal.document(suite);
  const violations = verified.value.flatMap((one: Verified) => one.violations);
  return conclude(session.terminal, { results, violations }, requests.value, options);
}

async function jobOf(
  session: Session,
  config: LoadedConfig,
  entry: VerifyEntry,
  options: Options,
): Promise<Result<VerifyJob>> {
  const spec = config.pathOf(entry.spec);
  const opened = await openSpec(session, {
    spec,
    ...(entry.module !== undefined && { module: entry.module }),
    ...(options.config !== undefined && { config: options.config }),
    ...(options.cache !== undefined && { cache: options.cache }),
  });
  if (!opened.ok) return opened;
  const conforming = entry.conformance !== false;
  const driven = await driveSpec(session, opened.value, {}, conforming ? undefined : NO_ACTIONS);
  if (!driven.ok) return driven;
  const wanted = await wantedProperties(driven.value, config, entry.invariants, entry.temporal);
  if (!wanted.ok) return wanted;
  const traces = await matching(config, entry);
  if (!traces.ok) return traces;
  const reading = readingOptions(config, {});
  if (!reading.ok) return reading;
  const { model, invariants, temporal } = wanted.value;
  const again = {
    spec,
    module: entry.module,
    config: options.config,
    invariant: entry.invariants,
    temporal: entry.temporal,
    conformance: entry.conformance,
    traceEnd: entry.trace_end,
    budget: entry.budget,
    ...(options.strict && { strict: true }),
  };
  return ok({
    model,
    options: {
      invariants,
      temporal,
      conformance: conforming ? drivingActions(driven.value) : undefined,
      traceEnd: entry.trace_end ?? 'open',
      budget: entry.budget ?? DEFAULT_BUDGET,
    },
    traces: traces.value.map(file => ({ file, reproduce: reproducing(file, again) })),
    reading: reading.value,
    guards: false,
  });
}

/** Files of the entry's patterns, each once, by name. */
async function matching(config: LoadedConfig, entry: VerifyEntry): Promise<Result<string[]>> {
  const found = new Set<string>();
  const folder = path.dirname(config.file ?? '.');
  for (const pattern of entry.traces) {
    const files = await glob(pattern, { cwd: folder, dot: true });
    if (files.length === 0)
      return fail(
        auraError('AUR215', `${pattern} matches no trace`, {
          location: { file: config.file ?? 'aura-config.toml', line: 1, column: 1 },
        }),
      );
    for (const file of files) found.add(path.join(folder, file));
  }
  return ok([...found].sort(compareText));
}

function withGoal(result: VerifyResult, minActionShare: number): VerifyResult {
  const missed = result.coverage.actionShare < minActionShare;
  return {
    ...result,
    coverage: { ...result.coverage, minActionShare },
    verdict: missed ? 'failed' : result.verdict,
  };
}
