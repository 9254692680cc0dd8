// aura doctor: what is installed, and what is missing for what.
import type { Command } from 'commander';
import type { DoctorReport } from '../../../generated/doctor-report.js';
import { cacheFolder } from '../../bridge/cache.js';
import { findBackends, type Tool } from '../../bridge/environment.js';
import { findQuint } from '../../bridge/quint-program.js';
import { pathKind } from '../../util/files.js';
import { ok } from '../../util/result.js';
import { loadConfig } from '../config.js';
import { EXIT } from '../exit-codes.js';
import type { Runner, Session } from '../session.js';
import { packageVersion } from '../version.js';

interface Options {
  json?: boolean;
  config?: string;
}

export function registerDoctor(parent: Command, runner: Runner): void {
  parent
    .command('doctor')
    .description('say which Quint and which backends are there, and what is missing for what')
    .option('--config <file>', 'configuration file (default: aura-config.toml if present)')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  aura doctor --json\n')
    .action((options: Options) => runner.run(options, session => doctor(session, options)));
}

async function doctor(session: Session, options: Options) {
  const config = await loadConfig(options.config);
  if (!config.ok) return config;
  const quint = await findQuint(config.value.pathOf(config.value.data.quint?.quint_path));
  const backends = quint.ok ? await findBackends(quint.value.version) : [];
  const folder = cacheFolder();
  const report: DoctorReport = {
    format: 'aura-doctor',
    version: 1,
    aura: packageVersion(),
    node: process.version,
    config: config.value.file ?? null,
    quint: quint.ok
      ? { found: true, version: quint.value.version, path: quint.value.path, origin: quint.value.origin }
      : { found: false },
    backends: backends
      .map(tool => ({ ...tool, needed_for: tool.neededFor }))
      .map(({ neededFor: _, ...tool }) => tool),
    cache: { folder, exists: (await pathKind(folder)) === 'folder' },
  };
  session.terminal.document(report);
  show(session, report, backends);
  if (quint.ok) return ok(EXIT.ok);
  session.terminal.errors(quint.errors);
  return ok(EXIT.usage);
}

function show({ terminal }: Session, report: DoctorReport, backends: readonly Tool[]): void {
  const { green, yellow, red, dim } = terminal.colour;
  terminal.print(`aura ${report.aura}, Node ${report.node}`);
  const { quint } = report;
  terminal.print(
    quint.found
      ? `${green('found')}    Quint ${quint.version} (${quint.origin}) ${dim(quint.path ?? '')}`
      : `${red('missing')}  Quint`,
  );
  for (const tool of backends) {
    const mark = tool.available ? green('found  ') : yellow('missing');
    terminal.print(`${mark}  ${tool.name}: ${tool.detail} ${dim(`- for ${tool.neededFor}`)}`);
  }
  terminal.print(`cache    ${report.cache.folder}${report.cache.exists ? '' : ' (not made yet)'}`);
  terminal.print(`config   ${report.config ?? 'none'}`);
}
