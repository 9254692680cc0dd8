// Runs one program to its end with bounds on time and output, and leaves nothing behind when it is cut short.
import { spawn } from 'node:child_process';
import { LIMITS } from '../util/limits.js';

export interface ProgramResult {
  readonly outcome: 'exited' | 'timedOut' | 'notStarted' | 'outputTooLarge' | 'cancelled';
  /** Undefined when a signal ended the program or it never started. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
  /** Aborting it kills the program. */
  readonly signal?: AbortSignal | undefined;
}

/** Never rejects: every way to fail is an outcome. Standard input is closed. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[], bytes: 0 };
    let cut: 'timedOut' | 'outputTooLarge' | 'cancelled' | undefined;
    const end = (why: typeof cut) => {
      cut ??= why;
      killGroup(child.pid);
    };
    const timer = setTimeout(() => end('timedOut'), options.timeoutMs);
    const onAbort = () => end('cancelled');
    options.signal?.addEventListener('abort', onAbort, { once: true });
    if (options.signal?.aborted) onAbort();
    const onExit = () => killGroup(child.pid);
    process.once('exit', onExit);
    const collect = (sink: Buffer[]) => (chunk: Buffer) => {
      output.bytes += chunk.length;
      if (output.bytes > LIMITS.quintOutputBytes) end('outputTooLarge');
      else sink.push(chunk);
    };
    child.stdout.on('data', collect(output.stdout));
    child.stderr.on('data', collect(output.stderr));
    const finish = (outcome: ProgramResult['outcome'], exitCode: number | undefined, extra = '') => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      process.removeListener('exit', onExit);
      const stderr = Buffer.concat(output.stderr).toString('utf8') + extra;
      resolve({ outcome, exitCode, stdout: Buffer.concat(output.stdout).toString('utf8'), stderr });
    };
    child.once('error', error => finish('notStarted', undefined, error.message));
    child.once('close', code => finish(cut ?? 'exited', code ?? undefined));
  });
}

// Quint may start children of its own (Java, the Rust evaluator): the whole group goes.
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
