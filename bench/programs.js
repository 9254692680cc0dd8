// The programs that benchmarks run as processes: aura as it was built, and the Quint that it comes with.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const AURA = path.join(ROOT, 'dist', 'src', 'cli', 'main.js');
export const QUINT = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@informalsystems/quint/package.json')),
  'dist',
  'src',
  'cli.js',
);

/** What the script prints to standard output; rejects when it ends with anything but 0. */
export function runScript(script, args, env = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', 'inherit'];
    const child = spawn(process.execPath, [script, ...args.map(String)], {
      stdio,
      env: { ...process.env, ...env },
    });
    const chunks = [];
    child.stdout.on('data', chunk => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', code =>
      code === 0
        ? resolve(Buffer.concat(chunks).toString('utf8'))
        : reject(new Error(`${script} ${args[0]} ended with ${code}`)),
    );
  });
}
