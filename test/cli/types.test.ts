// aura quint types: the file is that of the library, the document tells what is in it, and bad input writes nothing.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder, pathsIn } from './folders.js';

import { PROJECT, runAura } from './run-aura.js';

const SPEC = path.join(PROJECT, 'examples', 'box-office', 'box_office.qnt');

describe('aura quint types', () => {
  it('writes the types of a spec', async () => {
    const cwd = await newFolder();
    const run = await runAura(['quint', 'types', '--spec', SPEC, '--output', 'a/types.ts', '--json'], {
      cwd,
    });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toEqual({
      format: 'aura-types-result',
      version: 1,
      spec: SPEC,
      module: 'box_office',
      output: 'a/types.ts',
      variables: ['seats', 'tickets'],
      actions: ['hold', 'pay', 'release'],
    });
    const example = path.join(PROJECT, 'examples', 'ticket-module', 'box-office-types.ts');
    expect(await readFile(path.join(cwd, 'a', 'types.ts'), 'utf8')).toBe(await readFile(example, 'utf8'));
  });

  it.each([
    [['--spec', SPEC], "error AUR001: required option '--output <file>' not specified"],
    [['--spec', SPEC, '--output', 'types.js'], 'error AUR001: --output types.js is not a .ts file'],
    [['--spec', 'none.qnt', '--output', 'types.ts'], 'error AUR003: '],
    [['--spec', SPEC, '--output', '/proc/types.ts'], 'error AUR006: cannot write /proc/types.ts: '],
  ])('refuses %j', async (args, message) => {
    const cwd = await newFolder();
    const run = await runAura(['quint', 'types', ...args], { cwd });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(await pathsIn(cwd)).toEqual([]);
  });
});
