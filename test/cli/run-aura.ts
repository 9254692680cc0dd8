// Runs the built program the way a user does: as a process of its own, from a folder, with an environment. No shell
// and nothing of the test's own environment but where programs are, so that a developer's settings change nothing.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
export const AURA = path.join(PROJECT, 'dist', 'src', 'cli', 'main.js');

export interface AuraOptions {
  /** Default: the project's folder. */
  readonly cwd?: string;
  /** On top of a bare environment; `undefined` takes a variable away. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: closed. */
  readonly stdin?: string;
}

export interface AuraRun {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedAura {
  readonly child: ChildProcess;
  readonly finished: Promise<AuraRun>;
}

export function runAura(args: readonly string[], options: AuraOptions = {}): Promise<AuraRun> {
  return startAura(args, options).finished;
}

/** Rejects, in `finished`, only when Node itself cannot be started. */
export function startAura(args: readonly string[], options: AuraOptions = {}): StartedAura {
  if (!existsSync(AURA)) throw new Error(`${AURA} is missing: run \`npm run build\` before these tests`);
  const child = spawn(process.execPath, [AURA, ...args], {
    cwd: options.cwd ?? PROJECT,
    env: auraEnvironment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on('data', (chunk: Buffer) => output.stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.stderr.push(chunk));
  // A program that ends without reading its input breaks the pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8');
  const finished = new Promise<AuraRun>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code =>
      resolve({ exitCode: code ?? undefined, stdout: text(output.stdout), stderr: text(output.stderr) }),
    );
  });
  return { child, finished };
}

/** A bare environment with a home and a cache in the scratch folder. */
export function auraEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const scratch = inject('scratch');
  const home = path.join(scratch, 'home');
  mkdirSync(home, { recursive: true });
  return {
    PATH: process.env.PATH,
    HOME: home,
    TMPDIR: os.tmpdir(),
    AURA_CACHE_DIR: path.join(scratch, 'cache'),
    ...extra,
  };
}
