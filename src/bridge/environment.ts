// What of Quint's world is there: which Quint, which of its simulators and model checkers could run. It only looks;
// it never downloads or starts a checker.
import { readdir, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { compareText } from '../util/order.js';
import { runProgram } from './run-program.js';

export interface Tool {
  readonly name: string;
  readonly available: boolean;
  /** Version and place, or why it is missing. */
  readonly detail: string;
  /** What needs it. */
  readonly neededFor: string;
}

/** The optional backends of Quint. `quintHome` is where Quint keeps its downloads (`QUINT_HOME`, or `~/.quint`). */
export async function findBackends(
  quintVersion: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Tool[]> {
  const home = env.QUINT_HOME ?? path.join(os.homedir(), '.quint');
  const downloads = (await readdir(home).catch(() => [])).sort(compareText);
  const java = await findJava();
  return [
    {
      name: 'TypeScript simulator',
      available: true,
      detail: `part of Quint ${quintVersion}`,
      neededFor: 'scenarios generate',
    },
    await findRust(home, downloads),
    java,
    checker('Apalache', java, downloads, /^apalache/i),
    checker('TLC', java, downloads, /^apalache/i),
  ];
}

async function findRust(home: string, downloads: readonly string[]): Promise<Tool> {
  const folder = downloads.filter(name => name.startsWith('rust-evaluator-')).at(-1);
  const present =
    folder !== undefined && (await stat(path.join(home, folder)).catch(() => undefined)) !== undefined;
  return {
    name: 'Rust evaluator',
    available: present,
    detail: present ? path.join(home, folder) : `not downloaded to ${home}`,
    neededFor: 'quint run --backend=rust (optional)',
  };
}

async function findJava(): Promise<Tool> {
  const result = await runProgram('java', ['-version'], { timeoutMs: 20_000 });
  const version = /"([^"]+)"/.exec(result.stderr)?.[1];
  const available = result.outcome === 'exited' && result.exitCode === 0;
  return {
    name: 'Java',
    available,
    detail: available ? (version ?? 'unknown version') : 'no java on the PATH',
    neededFor: 'Apalache and TLC (optional)',
  };
}

function checker(name: string, java: Tool, downloads: readonly string[], pattern: RegExp): Tool {
  const found = downloads.find(download => pattern.test(download));
  const missing = java.available ? 'not downloaded' : 'not downloaded, and needs Java';
  return {
    name,
    available: found !== undefined && java.available,
    detail: found ?? missing,
    neededFor: `quint verify${name === 'TLC' ? ' --backend=tlc' : ''} (optional)`,
  };
}
