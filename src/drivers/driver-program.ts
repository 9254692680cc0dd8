// A user's program as long as it runs: lines in, lines out, and its end. It has a process group of its own, so that what it
// has started goes with it. A watcher in that group waits at a pipe that only we hold open: when we die, however that
// happens, it ends the group. Knows nothing of what the lines mean.
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { auraError } from '../util/errors.js';
import { systemReason } from '../util/files.js';
import { LIMITS } from '../util/limits.js';
import { fail, ok, type Result } from '../util/result.js';

export interface ProgramEvents {
  /** A line of standard output, without its end; undefined for one that is too long, after which nothing is read. */
  onLine(line: string | undefined): void;
  /** A line of standard error, while they are not too much. */
  onStderr(line: string): void;
  /** The program has ended, and all that it printed was told. */
  onEnd(how: string): void;
}

/** File descriptor 3 is the pipe to us. `exec` makes the shell the program itself. */
const WATCHED = `
{ trap '' TERM; read -r _; sleep ${LIMITS.driverEndMs / 1000}; kill -TERM 0; sleep ${LIMITS.driverEndMs / 1000}; kill -KILL 0; } <&3 >/dev/null 2>&1 &
exec "$@" 3<&-`;

/** Milliseconds in which what an ended program printed arrives, if something that it started keeps its output open. */
const SETTLE_MS = 200;
/** Lines of standard error that are kept for errors. */
const KEPT_LINES = 5;

export class DriverProgram {
  private readonly lastStderr: string[] = [];
  private hasEnded = false;
  private ending: Promise<void> | undefined;
  private readonly exited: Promise<void>;
  private readonly onOurExit = () => this.signal('SIGKILL');

  private constructor(
    private readonly child: ChildProcess,
    events: ProgramEvents,
  ) {
    process.once('exit', this.onOurExit);
    // A program that has ended breaks the pipes; its end is told elsewhere.
    for (const stream of child.stdio) stream?.on('error', () => undefined);
    let stderrBytes = 0;
    this.readLines(child.stderr, line => {
      stderrBytes += line === undefined ? LIMITS.driverStderrBytes : line.length + 1;
      if (line === undefined || stderrBytes > LIMITS.driverStderrBytes) return;
      this.lastStderr.push(line);
      if (this.lastStderr.length > KEPT_LINES) this.lastStderr.shift();
      events.onStderr(line);
    });
    this.readLines(child.stdout, line => events.onLine(line));
    this.exited = new Promise(resolve => {
      child.once('exit', (code, signal) => {
        this.hasEnded = true;
        resolve();
        const told = once(() => events.onEnd(signal === null ? `with code ${code}` : `by ${signal}`));
        child.once('close', told);
        setTimeout(told, SETTLE_MS);
      });
    });
  }

  /** Errors: AUR455 for a program that is not there or may not be run. */
  static async start(
    command: readonly string[],
    cwd: string | undefined,
    events: ProgramEvents,
  ): Promise<Result<DriverProgram>> {
    const [name = ''] = command;
    const found = await findProgram(name, cwd);
    if (!found.ok) return found;
    return new Promise(resolve => {
      const child = spawn('/bin/sh', ['-c', WATCHED, 'sh', ...command], {
        ...(cwd !== undefined && { cwd }),
        stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
        detached: true,
      });
      child.once('error', error => resolve(fail(notStarted(name, systemReason(error)))));
      child.once('spawn', () => resolve(ok(new DriverProgram(child, events))));
    });
  }

  send(line: string): void {
    if (this.child.stdin?.writable) this.child.stdin.write(`${line}\n`);
  }

  /** What it printed last on standard error; undefined for nothing. */
  get lastWords(): string | undefined {
    return this.lastStderr.length === 0 ? undefined : this.lastStderr.join('\n');
  }

  /** Closes its standard input, and where that does not end it in time, ends it and all that it has started. */
  end(): Promise<void> {
    this.ending ??= this.endNow();
    return this.ending;
  }

  private async endNow(): Promise<void> {
    this.child.stdin?.end();
    if (!(await this.endsWithin(LIMITS.driverEndMs))) {
      this.signal('SIGTERM');
      await this.endsWithin(LIMITS.driverEndMs);
    }
    // The watcher is left even of a program that has ended, and perhaps what that has started.
    this.signal('SIGKILL');
    await this.exited;
    process.removeListener('exit', this.onOurExit);
    for (const stream of this.child.stdio) stream?.destroy();
  }

  private async endsWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([this.exited, late]);
    clearTimeout(timer);
    return this.hasEnded;
  }

  private signal(signal: NodeJS.Signals): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, signal);
    } catch {
      // Nothing of the group is left.
    }
  }

  private readLines(stream: Readable | null, onLine: (line: string | undefined) => void): void {
    let pieces: Buffer[] = [];
    let size = 0;
    let isOver = false;
    const add = (piece: Buffer): void => {
      pieces.push(piece);
      size += piece.length;
      if (size <= LIMITS.driverLineBytes) return;
      isOver = true;
      onLine(undefined);
    };
    const finish = (): void => {
      onLine(Buffer.concat(pieces).toString('utf8').replace(/\r$/, ''));
      pieces = [];
      size = 0;
    };
    stream?.on('data', (chunk: Buffer) => {
      for (let from = 0; from < chunk.length && !isOver; ) {
        const end = chunk.indexOf(0x0a, from);
        add(chunk.subarray(from, end < 0 ? chunk.length : end));
        if (end >= 0 && !isOver) finish();
        from = end < 0 ? chunk.length : end + 1;
      }
    });
    stream?.once('end', () => {
      if (size > 0 && !isOver) finish();
    });
  }
}

function once(call: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    call();
  };
}

/** Whether the shell will find it: then the code that it ends with is its own. */
async function findProgram(name: string, cwd: string | undefined): Promise<Result<void>> {
  const folders = name.includes('/') ? [cwd ?? '.'] : (process.env.PATH ?? '').split(path.delimiter);
  let reason = 'no such program';
  for (const folder of folders) {
    const file = path.resolve(cwd ?? '.', folder, name);
    try {
      await access(file, constants.X_OK);
      return ok(undefined);
    } catch (error) {
      if (name.includes('/')) reason = systemReason(error);
    }
  }
  return fail(notStarted(name, reason));
}

function notStarted(name: string, reason: string) {
  return auraError('AUR455', `the driver's program ${name} cannot be started: ${reason}`);
}
