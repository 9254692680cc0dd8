// The command tree. Each command registers itself; this file only puts them under their parents. A command is loaded
// when it is meant: loading all of them takes longer than most of them run.
import { Command } from 'commander';
import type { Runner } from './session.js';
import { packageVersion } from './version.js';

type Register = (parent: Command, runner: Runner) => void;

interface Entry {
  /** The words of the command line that mean the command. */
  readonly words: readonly string[];
  readonly load: () => Promise<Register>;
}

/** All commands, in the order in which help lists them. */
const COMMANDS: readonly Entry[] = [
  {
    words: ['scenarios', 'generate'],
    load: async () => (await import('./commands/scenarios-generate.js')).registerGenerate,
  },
  {
    words: ['scenarios', 'run'],
    load: async () => (await import('./commands/scenarios-run.js')).registerRun,
  },
  {
    words: ['scenarios', 'validate'],
    load: async () => (await import('./commands/scenarios-validate.js')).registerValidate,
  },
  {
    words: ['scenarios', 'list'],
    load: async () => (await import('./commands/scenarios-list.js')).registerList,
  },
  {
    words: ['scenarios', 'vary'],
    load: async () => (await import('./commands/scenarios-vary.js')).registerVary,
  },
  {
    words: ['quint', 'eval'],
    load: async () => (await import('./commands/quint-eval.js')).registerEval,
  },
  {
    words: ['quint', 'simulate'],
    load: async () => (await import('./commands/quint-simulate.js')).registerSimulate,
  },
  {
    words: ['quint', 'explore'],
    load: async () => (await import('./commands/quint-explore.js')).registerExplore,
  },
  {
    words: ['quint', 'mutate'],
    load: async () => (await import('./commands/quint-mutate.js')).registerMutate,
  },
  {
    words: ['quint', 'actions'],
    load: async () => (await import('./commands/quint-actions.js')).registerActions,
  },
  {
    words: ['quint', 'test'],
    load: async () => (await import('./commands/quint-test.js')).registerTest,
  },
  {
    words: ['quint', 'trace-convert'],
    load: async () => (await import('./commands/quint-trace-convert.js')).registerTraceConvert,
  },
  {
    words: ['quint', 'validate-trace'],
    load: async () => (await import('./commands/quint-validate-trace.js')).registerValidateTrace,
  },
  {
    words: ['quint', 'map-properties'],
    load: async () => (await import('./commands/quint-map-properties.js')).registerMapProperties,
  },
  {
    words: ['quint', 'types'],
    load: async () => (await import('./commands/quint-types.js')).registerTypes,
  },
  {
    words: ['quint', 'verify'],
    load: async () => (await import('./commands/quint-verify.js')).registerVerify,
  },
  {
    words: ['quint', 'check-types'],
    load: async () => (await import('./commands/quint-check-types.js')).registerCheckTypes,
  },
  {
    words: ['verify'],
    load: async () => (await import('./commands/verify.js')).registerVerifySuite,
  },
  {
    words: ['doctor'],
    load: async () => (await import('./commands/doctor.js')).registerDoctor,
  },
];

/** The command tree for a command line: only the command that it begins with, or all of them if there is none. */
export async function createProgram(runner: Runner, args: readonly string[]): Promise<Command> {
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
  const groups = new Map([
    [
      'scenarios',
      configured(program.command('scenarios').description('make, run, check and list scenarios')),
    ],
    ['quint', configured(program.command('quint').description('evaluate, run, explore and test a spec'))],
  ]);
  const meant = COMMANDS.find(({ words }) => words.every((word, i) => args[i] === word));
  const registered = await Promise.all((meant ? [meant] : COMMANDS).map(({ load }) => load()));
  for (const [i, { words }] of (meant ? [meant] : COMMANDS).entries())
    registered[i]?.(groups.get(words[0] ?? '') ?? program, runner);
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
