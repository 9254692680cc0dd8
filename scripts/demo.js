// The demonstration of the README: generates scenarios from a spec of specs/ and shows them.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const aura = path.join(root, 'dist', 'src', 'cli', 'main.js');

function run(...args) {
  console.log(`\n$ aura ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [aura, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

run(
  'scenarios',
  'generate',
  '--spec',
  'specs/threshold_signing.qnt',
  '--output',
  'out/demo',
  '--scenario-count',
  '9',
  '--chaos-enabled',
  '--byzantine-ratio',
  '0.4',
  '--seed',
  '7',
);
run('scenarios', 'list', 'out/demo');
