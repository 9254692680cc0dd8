// Reading input files and writing output files the same careful way everywhere: bounded, UTF-8 checked, and never
// half written.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type AuraError, auraError } from './errors.js';
import { compareText } from './order.js';
import { fail, ok, type Result } from './result.js';

/** Hex SHA-256. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * The text of a file.
 *
 * Errors: AUR003 when it cannot be read, AUR005 when it is larger than `limitBytes`, AUR004 when it is not UTF-8 text.
 */
export async function readText(file: string, limitBytes: number): Promise<Result<string>> {
  const opened = await open(file).catch((error: unknown) => fileError(file, error));
  if ('code' in opened) return fail(opened);
  try {
    const { size } = await opened.stat();
    if (size > limitBytes) return fail(tooLarge(file, size, limitBytes));
    return decodeText(file, await opened.readFile());
  } catch (error) {
    return fail(fileError(file, error));
  } finally {
    await opened.close();
  }
}

function decodeText(file: string, bytes: Uint8Array): Result<string> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return ok(text);
  } catch {
    // Falls through to the same answer as for a NUL byte.
  }
  return fail(
    auraError('AUR004', `${file} is not a text file in UTF-8`, { hint: 'is this the right file?' }),
  );
}

function tooLarge(file: string, size: number, limit: number): AuraError {
  return auraError('AUR005', `${file} has ${size} bytes, the limit is ${limit}`, {
    hint: 'split it, or check that it is the right file',
  });
}

/** The error of a failed file system call on an input path. */
export function fileError(file: string, error: unknown): AuraError {
  return auraError('AUR003', `cannot read ${file}: ${systemReason(error)}`);
}

/** A few words for the reason of a failed system call. */
export function systemReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known: Record<string, string> = {
    ENOENT: 'no such file or folder',
    EACCES: 'permission denied',
    EPERM: 'not permitted',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of the path is not a folder',
    ENOSPC: 'the disk is full',
    EROFS: 'the file system is read-only',
    ENAMETOOLONG: 'the name is too long',
    EEXIST: 'it exists already',
  };
  return known[code] ?? (error instanceof Error ? error.message : String(error));
}

export type PathKind = 'file' | 'folder' | 'absent' | 'other';

export async function pathKind(file: string): Promise<PathKind> {
  const stats = await stat(file).catch(() => undefined);
  if (stats === undefined) return 'absent';
  return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
}

/** Names in a folder in code unit order, so that nothing depends on the file system's order. */
export async function listFolder(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort(compareText);
}

/**
 * Makes a folder and those above it that are missing. Node's recursive `mkdir` tries for ever where the parent exists
 * and refuses with ENOENT, as /proc does; this one rejects.
 */
export async function makeFolder(folder: string): Promise<void> {
  if ((await pathKind(folder)) === 'folder') return;
  const parent = path.dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  await mkdir(folder).catch(async (error: unknown) => {
    // Another process may have made it in between.
    if ((await pathKind(folder)) !== 'folder') throw error;
  });
}

/** Writes through a temporary name in the same folder and renames, so that a reader sees all or nothing. */
export async function writeAtomically(
  file: string,
  content: string | Uint8Array | AsyncIterable<string>,
): Promise<void> {
  await makeFolder(path.dirname(file));
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await writeFile(handle, content);
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
