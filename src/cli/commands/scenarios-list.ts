// aura scenarios list: which scenarios are there, and what each is about.
import type { Command } from 'commander';
import type { ListResult } from '../../../generated/list-result.js';
import { type LoadedScenario, loadScenarios } from '../../scenario/load.js';
import { ok } from '../../util/result.js';
import { EXIT } from '../exit-codes.js';
import type { Runner, Session } from '../session.js';

interface Options {
  json?: boolean;
}

export function registerList(parent: Command, runner: Runner): void {
  parent
    .command('list <path>')
    .description('list the scenarios of a file, or of a folder and those below it')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  aura scenarios list scenarios/\n')
    .action((path: string, options: Options) => runner.run(options, session => list(session, path)));
}

async function list({ terminal }: Session, path: string) {
  const loaded = await loadScenarios(path);
  if (!loaded.ok) return loaded;
  terminal.document(documentOf(loaded.value));
  let file = '';
  for (const entry of loaded.value) {
    if (entry.file !== file) terminal.print(terminal.colour.bold(entry.file));
    file = entry.file;
    terminal.print(`  ${entry.scenario.name}`);
    terminal.print(terminal.colour.dim(`      ${summaryOf(entry)}`));
  }
  terminal.print(`${loaded.value.length} scenarios`);
  return ok(EXIT.ok);
}

function summaryOf({ scenario }: LoadedScenario): string {
  const { setup, byzantine, steps, phases } = scenario;
  const parts = [
    `${setup.threshold} of ${setup.participants} participants`,
    ...(byzantine.participants.length > 0 ? [`${byzantine.participants.length} byzantine`] : []),
    ...(steps.length > 0 ? [`${steps.length} steps`] : []),
    ...(phases.length > 0 ? [`${phases.length} phases`] : []),
    `expects ${scenario.expected_outcome}`,
  ];
  return parts.join(', ');
}

function documentOf(loaded: readonly LoadedScenario[]): ListResult {
  return {
    format: 'aura-list-result',
    version: 1,
    scenarios: loaded.map(({ scenario, file, line }) => ({
      name: scenario.name,
      description: scenario.description,
      file,
      line,
      expected_outcome: scenario.expected_outcome,
      participants: scenario.setup.participants,
      byzantine: scenario.byzantine.participants.length,
      steps: scenario.steps.length,
      phases: scenario.phases.length,
      property: scenario.quint_source?.property ?? null,
    })),
  };
}
