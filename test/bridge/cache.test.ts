import { mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheFolder, openCache } from '../../src/bridge/cache.js';
import { sha256 } from '../../src/util/files.js';

function freshFolder(): string {
  return mkdtempSync(path.join(os.tmpdir(), 'aura-cache-'));
}

function onlyFile(folder: string): string {
  const [file] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.json'),
  );
  return path.join(folder, file ?? '');
}

describe('the cache', () => {
  it('gives back what was written', async () => {
    const cache = openCache(freshFolder());
    await fc.assert(
      fc.asyncProperty(fc.string(), async content => {
        const key = sha256(content);
        await cache.write(key, content);
        expect(await cache.read(key)).toBe(content.toWellFormed());
      }),
      { numRuns: 50 },
    );
  });

  it('takes a torn entry for a miss and forgets it', async () => {
    const folder = freshFolder();
    const cache = openCache(folder);
    await cache.write('abcd', 'the content');
    truncateSync(onlyFile(folder), 70);
    expect(await cache.read('abcd')).toBeUndefined();
    await cache.write('abcd', 'again');
    expect(await cache.read('abcd')).toBe('again');
  });

  it('takes a foreign file for a miss', async () => {
    const folder = freshFolder();
    const cache = openCache(folder);
    await cache.write('abcd', 'x');
    writeFileSync(onlyFile(folder), 'something else entirely');
    expect(await cache.read('abcd')).toBeUndefined();
  });

  it('survives many writers of one key and leaves no temporary files', async () => {
    const folder = freshFolder();
    const caches = Array.from({ length: 20 }, () => openCache(folder));
    await Promise.all(caches.map(cache => cache.write('abcd', 'y'.repeat(100_000))));
    expect(await openCache(folder).read('abcd')).toBe('y'.repeat(100_000));
    expect(
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.includes('.tmp')),
    ).toEqual([]);
  });

  it('is no error when it cannot be written', async () => {
    const file = path.join(freshFolder(), 'file');
    writeFileSync(file, '');
    const cache = openCache(path.join(file, 'below'));
    await cache.write('abcd', 'x');
    expect(await cache.read('abcd')).toBeUndefined();
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('lies where the environment says', () => {
    expect(cacheFolder({ AURA_CACHE_DIR: '/somewhere' })).toBe(path.resolve('/somewhere'));
    expect(cacheFolder({ XDG_CACHE_HOME: '/xdg' })).toBe(path.join('/xdg', 'aura-quint'));
  });
});
