// Packs the package and uses it as a user would: installed into an empty folder, and globally under a prefix of its
// own. Fails when a command does.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'aura pack '));

function run(command, args, cwd) {
  console.log(`$ ${[path.basename(command), ...args].join(' ')}`);
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function check(condition, message) {
  if (!condition) throw new Error(message);
}

function use(aura, folder) {
  const report = JSON.parse(run(aura, ['doctor', '--json'], folder));
  check(
    report.quint.found && report.quint.origin === 'bundled',
    'aura doctor does not find the bundled Quint',
  );
  cpSync(path.join(root, 'specs', 'threshold_signing.qnt'), path.join(folder, 'my spec.qnt'));
  run(
    aura,
    [
      'scenarios',
      'generate',
      '--spec',
      'my spec.qnt',
      '--module',
      'threshold_signing',
      '--output',
      'out',
      '--scenario-count',
      '3',
      '--traces',
      '20',
    ],
    folder,
  );
  check(readdirSync(path.join(folder, 'out')).includes('manifest.json'), 'no manifest was written');
  run(aura, ['scenarios', 'validate', 'out'], folder);
  run(aura, ['scenarios', 'run', 'out'], folder);
  check(readdirSync(path.join(folder, 'runs')).length === 3, 'not every scenario has its run');
}

try {
  const packed = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch], root),
  );
  const tarball = path.join(scratch, packed[0].filename);
  const local = path.join(scratch, 'an empty folder');
  mkdirSync(local);
  writeFileSync(path.join(local, 'package.json'), '{ "private": true }\n');
  run('npm', ['install', '--no-audit', '--no-fund', tarball], local);
  use(path.join(local, 'node_modules', '.bin', 'aura'), local);
  const prefix = path.join(scratch, 'prefix');
  const global = path.join(scratch, 'another folder');
  mkdirSync(global);
  run('npm', ['install', '-g', '--prefix', prefix, '--no-audit', '--no-fund', tarball], global);
  use(path.join(prefix, 'bin', 'aura'), global);
  console.log('the packed tarball works');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
