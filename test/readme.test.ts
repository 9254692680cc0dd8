// What README shows is what happens: every console block is run as it stands and must print what stands below it, and
// the scenario shown is the beginning of the one that is written.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './quint.js';

const AURA = path.join(ROOT, 'dist', 'src', 'cli', 'main.js');
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');

function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, body = '']) => body,
  );
}

it('the example prints what README says', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'aura-readme-'));
  for (const name of ['specs', 'examples']) symlinkSync(path.join(ROOT, name), path.join(folder, name));
  const shown = blocks('console');
  expect(shown.length).toBeGreaterThan(0);
  // `aura` as it is once the package is installed.
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'aura'), `#!/bin/sh\nexec "${process.execPath}" "${AURA}" "$@"\n`, {
    mode: 0o755,
  });
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
  for (const block of shown) {
    const [command = '', ...output] = block.split('\n');
    const { stdout } = spawnSync('sh', ['-c', command.replace(/^\$ /, '')], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(stdout).toBe(output.join('\n'));
  }
  const [scenario = ''] = blocks('toml');
  const [, file = ''] = /^ {2}(001-\S+\.toml)/m.exec(shown.join('\n')) ?? [];
  const written = readFileSync(path.join(folder, 'out', file), 'utf8');
  expect(scenario.split('\n').length).toBeGreaterThan(20);
  expect(written.startsWith(scenario)).toBe(true);
});
