// What every command gets, and the one way in which a command runs: with a terminal, a signal for Ctrl-C, and a
// place for its exit code.

import { type AuraError, excerptAt } from '../util/errors.js';
import { readText } from '../util/files.js';
import { LIMITS } from '../util/limits.js';
import type { Result } from '../util/result.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { openTerminal, type Terminal } from './terminal.js';

export interface Session {
  readonly terminal: Terminal;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
}

export class Runner {
  exitCode: ExitCode = EXIT.ok;

  constructor(readonly signal: AbortSignal) {}

  /** Runs the body of a command. Its errors are shown, and end in exit code 2, unless Ctrl-C is what caused them. */
  async run(
    options: { readonly json?: boolean },
    body: (session: Session) => Promise<Result<ExitCode>>,
  ): Promise<void> {
    const terminal = openTerminal(options.json === true);
    const result = await body({ terminal, signal: this.signal });
    terminal.done();
    if (this.signal.aborted) terminal.note('interrupted');
    else if (result.ok) this.exitCode = result.value;
    else this.exitCode = await showFailure(terminal, result.errors);
  }
}

/** Errors to standard error, and with --json also as a document. */
async function showFailure(terminal: Terminal, found: readonly AuraError[]): Promise<ExitCode> {
  const errors = await Promise.all(found.map(withExcerpt));
  terminal.errors(errors);
  terminal.document({ format: 'aura-errors', version: 1, errors });
  return EXIT.usage;
}

/** Adds the source line to an error that knows its place only, as those of evaluation do. */
async function withExcerpt(error: AuraError): Promise<AuraError> {
  const { location, excerpt } = error;
  if (location === undefined || excerpt !== undefined || location.line === 1) return error;
  const text = await readText(location.file, LIMITS.specBytes);
  return text.ok ? { ...error, excerpt: excerptAt(text.value, location) } : error;
}
