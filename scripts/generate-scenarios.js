// Makes scenarios/quint_generated from the specs of this project, with the built program. Into another folder when one is
// given, which is how a test finds out whether what is committed is still what would be made.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const aura = path.join(root, 'dist', 'src', 'cli', 'main.js');
const output = path.resolve(process.argv[2] ?? path.join(root, 'scenarios', 'quint_generated'));

const specs = readdirSync(path.join(root, 'specs'))
  .filter(file => file.endsWith('.qnt'))
  .sort();
for (const file of specs) {
  const name = path.basename(file, '.qnt');
  const options = ['--scenario-count', '4', '--budget', '4000', '--chaos-enabled', '--seed', '80'];
  const folder = path.join(output, name);
  const args = ['scenarios', 'generate', '--spec', `specs/${file}`, '--output', folder, ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, [aura, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status === 0) continue;
  console.error(`${file}: exit code ${status}\n${stdout}${stderr}`);
  process.exit(1);
}
