// Writes a set of files into a folder as a whole: the new folder is made beside the old one and takes its place.
// A folder whose manifest matches its files is ours to replace; anything else in the way needs force, what another command
// wrote as well, and even then only our own files go. A folder that cannot be moved, a mount point or where the user stands, is filled file by file.
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readFile, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { auraError } from '../util/errors.js';
import { listFolder, makeFolder, pathKind, sha256, systemReason, writeAtomically } from '../util/files.js';
import { fail, ok, type Result } from '../util/result.js';

export const MANIFEST = 'manifest.json';

/** Who writes a folder, by the format of the manifest. */
const WRITERS = { 'aura-manifest': 'aura scenarios generate', 'aura-vary-result': 'aura scenarios vary' };

/** What a folder is for. */
export interface OutputUse {
  readonly format: keyof typeof WRITERS;
  /** A file that is read: where it lies in the folder it is not ours to replace. */
  readonly source?: string;
}

const GENERATED: OutputUse = { format: 'aura-manifest' };

/** Name in the folder to content. */
export type OutputFiles = ReadonlyMap<string, string>;

/**
 * Checks, before any work is done, that `folder` may be written.
 *
 * Errors: AUR006 when it cannot be, AUR007 when it holds files that are not ours, or the source, and `force` is false.
 */
export async function checkOutputFolder(
  folder: string,
  force: boolean,
  use: OutputUse = GENERATED,
): Promise<Result<void>> {
  const kind = await pathKind(folder);
  if (kind === 'file' || kind === 'other') return fail(auraError('AUR006', `${folder} is not a folder`));
  // The folder is replaced as a whole, so it is the one above that must be writable. Only trying tells: permissions
  // say nothing of a read-only disk or of /proc.
  const nearest = await nearestExisting(path.dirname(await placeOf(folder)));
  try {
    if ((await pathKind(nearest)) !== 'folder')
      return fail(auraError('AUR006', `cannot write ${folder}: ${nearest} is not a folder`));
    await rmdir(await mkdtemp(path.join(nearest, '.aura-')));
  } catch (error) {
    return fail(auraError('AUR006', `cannot write ${folder}: ${systemReason(error)}`));
  }
  if (kind === 'absent' || force) return ok(undefined);
  const held = await heldBack(folder, use);
  if (held === undefined) return ok(undefined);
  return fail(
    auraError('AUR007', held, {
      hint: 'choose another --output, or give --force to replace only the files that aura writes',
    }),
  );
}

/** Why a folder is not simply replaced. */
async function heldBack(folder: string, use: OutputUse): Promise<string | undefined> {
  const { format } = await readManifest(folder);
  if (format !== undefined && format !== use.format) return `${folder} holds what ${WRITERS[format]} wrote`;
  const [source] = await namesOfSource(folder, use);
  if (source !== undefined) return `${folder} holds ${source}, of which these files are made`;
  const foreign = await foreignFiles(folder, use);
  if (foreign.length === 0) return undefined;
  const shown =
    foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? ` and ${foreign.length - 3} more` : '');
  return `${folder} holds files that aura did not write, or that were changed since: ${shown}`;
}

/** Absolute. Behind a symbolic link it is the folder that is replaced, not the link. */
function placeOf(folder: string): Promise<string> {
  return realpath(folder).catch(() => path.resolve(folder));
}

async function nearestExisting(folder: string): Promise<string> {
  const kind = await pathKind(folder);
  const parent = path.dirname(folder);
  return kind !== 'absent' || parent === folder ? folder : nearestExisting(parent);
}

/** Names in a folder that its manifest does not vouch for. */
async function foreignFiles(folder: string, use: OutputUse): Promise<string[]> {
  const names = await listFolder(folder);
  const hashes = await ownFiles(folder, use);
  const foreign: string[] = [];
  for (const name of names) {
    if (name === MANIFEST && hashes.size > 0) continue;
    const content = await readFile(path.join(folder, name)).catch(() => undefined);
    if (content === undefined || hashes.get(name) !== sha256(content)) foreign.push(name);
  }
  return foreign;
}

/** What the manifest of a folder says is ours to replace, by name with its hash. */
async function ownFiles(folder: string, use: OutputUse): Promise<ReadonlyMap<string, string>> {
  const { format, files } = await readManifest(folder);
  if (format !== use.format) return new Map();
  const sources = await namesOfSource(folder, use);
  return new Map([...files].filter(([name]) => !sources.includes(name)));
}

/** The names in the folder that mean the file which is read: itself, and where it is a link also what that leads to. */
async function namesOfSource(folder: string, { source }: OutputUse): Promise<string[]> {
  if (source === undefined) return [];
  const place = await placeOf(folder);
  const beside = path.join(await placeOf(path.dirname(source)), path.basename(source));
  const places = [...new Set([beside, await placeOf(source)])];
  return places.filter(file => path.dirname(file) === place).map(file => path.basename(file));
}

interface Manifest {
  readonly format: keyof typeof WRITERS | undefined;
  readonly files: ReadonlyMap<string, string>;
}

const NO_MANIFEST: Manifest = { format: undefined, files: new Map() };

async function readManifest(folder: string): Promise<Manifest> {
  try {
    const manifest: unknown = JSON.parse(await readFile(path.join(folder, MANIFEST), 'utf8'));
    if (
      typeof manifest !== 'object' ||
      manifest === null ||
      !('format' in manifest) ||
      !('files' in manifest)
    )
      return NO_MANIFEST;
    const { format, files } = manifest;
    if (format !== 'aura-manifest' && format !== 'aura-vary-result') return NO_MANIFEST;
    if (typeof files !== 'object' || files === null) return NO_MANIFEST;
    const hashes = Object.entries(files).flatMap(([name, hash]): [string, string][] =>
      typeof hash === 'string' ? [[name, hash]] : [],
    );
    return { format, files: new Map(hashes) };
  } catch {
    return NO_MANIFEST;
  }
}

/**
 * Replaces the folder by the files, keeping what was not ours.
 *
 * Errors: AUR006; AUR007 where a file would take the place of the source.
 */
export async function writeOutputFolder(
  folder: string,
  files: OutputFiles,
  use: OutputUse = GENERATED,
): Promise<Result<void>> {
  const taken = (await namesOfSource(folder, use)).find(name => files.has(name));
  if (taken !== undefined)
    return fail(
      auraError('AUR007', `a file for ${folder} would take the place of ${taken}, of which it is made`, {
        hint: 'choose another --output',
      }),
    );
  const target = await placeOf(folder);
  const mark = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const fresh = `${target}.${mark}.new`;
  const old = `${target}.${mark}.old`;
  try {
    await makeFolder(fresh);
    for (const [name, content] of files) await writeFile(path.join(fresh, name), content);
    if ((await pathKind(target)) === 'folder') {
      await keepForeign(target, fresh, files, use);
      if (!(await moveAway(target, old))) {
        await fillInPlace(target, files, use);
        return ok(undefined);
      }
    }
    await rename(fresh, target);
    await rm(old, { recursive: true, force: true });
    return ok(undefined);
  } catch (error) {
    if ((await pathKind(target)) === 'absent' && (await pathKind(old)) === 'folder')
      await rename(old, target);
    return fail(auraError('AUR006', `cannot write ${folder}: ${systemReason(error)}`));
  } finally {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function keepForeign(target: string, fresh: string, files: OutputFiles, use: OutputUse): Promise<void> {
  const own = await ownFiles(target, use);
  for (const name of await listFolder(target)) {
    if (name === MANIFEST || own.has(name) || files.has(name)) continue;
    await cp(path.join(target, name), path.join(fresh, name), { recursive: true, preserveTimestamps: true });
  }
}

/** False where it must stay: whoever stands in it would be left in a folder without a name. */
async function moveAway(target: string, old: string): Promise<boolean> {
  const [up] = path.relative(target, process.cwd()).split(path.sep);
  if (up !== '..') return false;
  try {
    await rename(target, old);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EBUSY') return false;
    throw error;
  }
}

// The old manifest stays until the new one replaces it at the end: if this is cut short, the two do not match, and the
// next run knows what was ours.
async function fillInPlace(target: string, files: OutputFiles, use: OutputUse): Promise<void> {
  const own = await ownFiles(target, use);
  for (const name of await listFolder(target))
    if (own.has(name) && !files.has(name)) await rm(path.join(target, name));
  for (const [name, content] of files)
    if (name !== MANIFEST) await writeAtomically(path.join(target, name), content);
  const manifest = files.get(MANIFEST);
  if (manifest !== undefined) await writeAtomically(path.join(target, MANIFEST), manifest);
}
