// A content-keyed cache of what Quint answered. Safe without locks: an entry is written under a temporary name and
// renamed, and carries a checksum, so that a torn or foreign file is a miss and never an answer.
import { readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sha256, writeAtomically } from '../util/files.js';

export interface Cache {
  /** Where entries live; undefined when caching is off. */
  readonly folder: string | undefined;
  read(key: string): Promise<string | undefined>;
  /** Failing to write is no error: the next run asks Quint again. */
  write(key: string, content: string): Promise<void>;
}

/** `AURA_CACHE_DIR`, or `aura-quint` in the platform's cache folder for the user. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.AURA_CACHE_DIR) return path.resolve(env.AURA_CACHE_DIR);
  if (env.XDG_CACHE_HOME) return path.join(env.XDG_CACHE_HOME, 'aura-quint');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'aura-quint');
  if (process.platform === 'win32' && env.LOCALAPPDATA)
    return path.join(env.LOCALAPPDATA, 'aura-quint', 'cache');
  return path.join(os.homedir(), '.cache', 'aura-quint');
}

export const NO_CACHE: Cache = {
  folder: undefined,
  read: async () => undefined,
  write: async () => undefined,
};

export function openCache(folder: string = cacheFolder()): Cache {
  const fileOf = (key: string) => path.join(folder, key.slice(0, 2), `${key}.json`);
  return {
    folder,
    async read(key) {
      const text = await readFile(fileOf(key), 'utf8').catch(() => undefined);
      if (text === undefined) return undefined;
      const content = verified(text);
      if (content === undefined) await rm(fileOf(key), { force: true }).catch(() => undefined);
      return content;
    },
    async write(key, content) {
      await writeAtomically(fileOf(key), `${sha256(content)}\n${content}`).catch(() => undefined);
    },
  };
}

function verified(text: string): string | undefined {
  const content = text.slice(65);
  return text[64] === '\n' && text.slice(0, 64) === sha256(content) ? content : undefined;
}
