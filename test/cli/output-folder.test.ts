// What becomes of an output folder when scenarios are written into it again: ours is replaced, what is not ours stays,
// and a folder that cannot be moved is filled where it is. In no case may there be anything beside it
// afterwards.
import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { GOOD } from './bad-input-cases.js';
import { contentsOf, newFolder, pathsIn } from './folders.js';
import { expectRefusal } from './refusal.js';
import { runAura } from './run-aura.js';

describe('an output folder of ours', () => {
  const args = [
    'scenarios',
    'generate',
    '--spec',
    'good.qnt',
    '--output',
    'out',
    '--traces',
    '4',
    '--scenario-count',
    '2',
  ];

  async function generated(): Promise<string> {
    const folder = await newFolder(GOOD);
    expect(await runAura(args, { cwd: folder })).toMatchObject({ exitCode: 0 });
    return folder;
  }

  it('in which a file was changed needs --force', async () => {
    const folder = await generated();
    const written = await contentsOf(path.join(folder, 'out'));
    const [name = ''] = [...written.keys()].filter(file => file.endsWith('.toml'));
    await writeFile(path.join(folder, 'out', name), '# edited by hand\n');
    const refused = await runAura([...args, '--json'], { cwd: folder });
    expectRefusal(refused, 'AUR007', [name, 'changed', '--force']);
    expect(await readFile(path.join(folder, 'out', name), 'utf8')).toBe('# edited by hand\n');
    expect(await runAura([...args, '--force'], { cwd: folder })).toMatchObject({ exitCode: 0 });
    expect(await contentsOf(path.join(folder, 'out'))).toEqual(written);
  });

  it('keeps the files of others, also with --force', async () => {
    const folder = await generated();
    const written = await contentsOf(path.join(folder, 'out'));
    await mkdir(path.join(folder, 'out', 'notes'));
    await writeFile(path.join(folder, 'out', 'notes', 'mine.txt'), 'mine');
    const refused = await runAura([...args, '--json'], { cwd: folder });
    expectRefusal(refused, 'AUR007', ['notes']);
    expect(await runAura([...args, '--force'], { cwd: folder })).toMatchObject({ exitCode: 0 });
    const expected = new Map([...written, [path.join('notes', 'mine.txt'), 'mine']]);
    expect(await contentsOf(path.join(folder, 'out'))).toEqual(expected);
    expect(await pathsIn(folder)).toEqual(expect.arrayContaining(['out', 'good.qnt']));
    expect((await pathsIn(folder)).filter(name => /\.(new|old|tmp)$/.test(name))).toEqual([]);
  });

  it('behind a symbolic link is replaced, and the link stays', async () => {
    const folder = await newFolder(GOOD);
    await mkdir(path.join(folder, 'real'));
    await symlink('real', path.join(folder, 'out'));
    for (let i = 0; i < 2; i++) expect(await runAura(args, { cwd: folder })).toMatchObject({ exitCode: 0 });
    const real = await contentsOf(path.join(folder, 'real'));
    expect([...real.keys()]).toContain('manifest.json');
    expect(await contentsOf(path.join(folder, 'out'))).toEqual(real);
    expect((await pathsIn(folder)).filter(name => !name.includes(path.sep))).toEqual([
      'good.qnt',
      'out',
      'real',
    ]);
  });
});

describe('an output folder in which the user stands', () => {
  it('is filled where it is', async () => {
    const folder = await newFolder({ ...GOOD, 'out/.keep': '' });
    const cwd = path.join(folder, 'out');
    const { ino } = await stat(cwd);
    const run = (count: string) =>
      runAura(
        `scenarios generate --spec ../good.qnt --output . --traces 20 --force --scenario-count ${count}`.split(
          ' ',
        ),
        { cwd },
      );
    expect(await run('3')).toMatchObject({ exitCode: 0 });
    expect(await pathsIn(cwd)).toEqual(expect.arrayContaining(['.keep', '003-1.itf.json', 'manifest.json']));
    expect(await run('1')).toMatchObject({ exitCode: 0 });
    expect(await pathsIn(cwd)).toEqual(['.keep', '001-1.itf.json', '001-small.toml', 'manifest.json']);
    expect((await stat(cwd)).ino).toBe(ino);
    expect(await pathsIn(folder)).toHaveLength(6);
  });
});
