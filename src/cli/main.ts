#!/usr/bin/env node
// The entry of the program and the only place that ends the process.
import { CommanderError } from 'commander';
import { auraError, showError } from '../util/errors.js';
import { systemReason } from '../util/files.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { createProgram } from './program.js';
import { Runner } from './session.js';
import { openTerminal } from './terminal.js';

/** After Ctrl-C a command has this long to clean up. */
const GRACE_MS = 3_000;

async function main(): Promise<ExitCode> {
  const interrupt = new AbortController();
  const stop = () => {
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
    setTimeout(() => process.exit(EXIT.interrupted), GRACE_MS).unref();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const runner = new Runner(interrupt.signal);
  try {
    const program = await createProgram(runner, process.argv.slice(2));
    await program.parseAsync(process.argv);
    return interrupt.signal.aborted ? EXIT.interrupted : runner.exitCode;
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    if (error instanceof CommanderError) return usageExit(error);
    process.stderr.write(`aura has a bug: ${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT.internal;
  }
}

// Commander throws also after --help and --version, which are no errors.
function usageExit(error: CommanderError): ExitCode {
  if (error.exitCode === 0) return EXIT.ok;
  if (error.code === 'commander.help') return EXIT.usage;
  const code = error.code === 'commander.invalidArgument' ? 'AUR002' : 'AUR001';
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const hint = rest.join(' ').replace(/[()]/g, '').trim() || 'see --help';
  const problem = auraError(code, message.replace(/\.$/, ''), { hint });
  const terminal = openTerminal(process.argv.includes('--json'));
  if (terminal.json) terminal.document({ format: 'aura-errors', version: 1, errors: [problem] });
  process.stderr.write(`${showError(problem)}\n`);
  return EXIT.usage;
}

/** What became of standard output; a reader that went away (`aura ... | head`) is no failure of ours. */
function watchOutput(): () => Promise<Error | undefined> {
  let failure: Error | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failure ??= error;
  });
  process.stderr.on('error', () => undefined);
  return async () => {
    await new Promise<void>(resolve => void process.stdout.write('', () => resolve()));
    return failure;
  };
}

const outputFailure = watchOutput();
const code = await main();
const failure = await outputFailure();
if (failure === undefined) process.exit(code);
const lost = `cannot write to standard output: ${systemReason(failure)}`;
process.stderr.write(`${showError(auraError('AUR006', lost))}\n`);
process.exit(EXIT.usage);
