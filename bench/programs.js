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

/** What the script prints to standard output; rejects, with what it prints to standard error, when it does not end with 0. */
export function runScript(script, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args.map(String)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: ROOT,
      env: { ...process.env, ...env },
    });
    const printed = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', text => {
      printed.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', text => {
      printed.err += text;
    });
    child.once('error', reject);
    child.once('close', code => {
      if (code === 0) resolve(printed.out);
      else reject(new Error(`${script} ${args[0]} ended with ${code}\n${printed.err}`));
    });
  });
}

/** What `measure` of a benchmark gives for one spec, in a process of its own: see alone.js. */
export async function measureAlone(benchmark, name) {
  return JSON.parse(await runScript(path.join(ROOT, 'bench', 'alone.js'), [benchmark, name]));
}
