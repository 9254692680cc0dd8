// The command tree. Each command registers itself; this file only puts them under their parents.
import { Command } from 'commander';
import { registerDoctor } from './commands/doctor.js';
import { registerCheckTypes } from './commands/quint-check-types.js';
import { registerEval } from './commands/quint-eval.js';
import { registerExplore } from './commands/quint-explore.js';
import { registerMapProperties } from './commands/quint-map-properties.js';
import { registerSimulate } from './commands/quint-simulate.js';
import { registerTest } from './commands/quint-test.js';
import { registerTraceConvert } from './commands/quint-trace-convert.js';
import { registerValidateTrace } from './commands/quint-validate-trace.js';
import { registerVerify } from './commands/quint-verify.js';
import { registerGenerate } from './commands/scenarios-generate.js';
import { registerList } from './commands/scenarios-list.js';
import { registerValidate } from './commands/scenarios-validate.js';
import { registerVerifySuite } from './commands/verify.js';
import type { Runner } from './session.js';
import { packageVersion } from './version.js';

export function createProgram(runner: Runner): Command {
  const program = configured(new Command('aura'));
  program
    .description('Chaos scenarios from formal specs written in Quint, and evidence from traces.')
    .version(packageVersion())
    .addHelpText(
      'after',
      '\nExample:\n  aura scenarios generate --spec specs/threshold_signing.qnt --output out --chaos-enabled\n' +
        '\nExit codes: 0 all holds, 1 something is violated or invalid, 2 bad usage or input,\n' +
        '            3 undecided or nothing checked, 70 a bug in aura, 130 interrupted.\n',
    );
  const scenarios = configured(program.command('scenarios').description('make, check and list scenarios'));
  registerGenerate(scenarios, runner);
  registerValidate(scenarios, runner);
  registerList(scenarios, runner);
  const quint = configured(program.command('quint').description('evaluate, run, explore and test a spec'));
  registerEval(quint, runner);
  registerSimulate(quint, runner);
  registerExplore(quint, runner);
  registerTest(quint, runner);
  registerTraceConvert(quint, runner);
  registerValidateTrace(quint, runner);
  registerMapProperties(quint, runner);
  registerVerify(quint, runner);
  registerCheckTypes(quint, runner);
  registerVerifySuite(program, runner);
  registerDoctor(program, runner);
  for (const command of everyCommand(program)) configured(command);
  return program;
}

// Errors are ours to print: main.ts turns them into codes.
function configured(command: Command): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({ outputError: () => undefined, writeErr: text => void process.stderr.write(text) })
    .helpCommand(false);
}

function everyCommand(command: Command): Command[] {
  return command.commands.flatMap(child => [child, ...everyCommand(child)]);
}
