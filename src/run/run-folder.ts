// The folder of a run. It is filled under a temporary name beside its place and takes it when it is complete, so that a
// finished run is there whole or not at all, and running again replaces it.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Scenario } from '../../generated/scenario.js';
import { type AuraError, auraError } from '../util/errors.js';
import { makeFolder, pathKind, sha256, systemReason } from '../util/files.js';
import { canonicalJson, parseJson } from '../util/json.js';
import type { DriverChoice } from './run-job.js';

/** The name of a run's folder: 12 hex digits of a hash of the scenario, which has its seed, and the driver. */
export function runId(scenario: Scenario, driver: DriverChoice): string {
  return sha256(canonicalJson(parseJson(JSON.stringify([scenario, driver])))).slice(0, 12);
}

export class RunFolder {
  private readonly names = new Set<string>();

  private constructor(
    /** Where it is filled. */
    readonly place: string,
    /** Where it ends up. */
    readonly target: string,
  ) {}

  /** Throws the error of the file system, as do all methods. */
  static async open(output: string, id: string): Promise<RunFolder> {
    const target = path.join(output, id);
    const place = path.join(output, `.${id}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
    await makeFolder(place);
    return new RunFolder(place, target);
  }

  path(name: string): string {
    return path.join(this.place, name);
  }

  async write(name: string, content: string): Promise<void> {
    await writeFile(this.path(name), content);
  }

  /** A name in `folder` that none before had, as near to the text as a file's name may be; without its ending. */
  freshName(folder: string, text: string): string {
    mkdirSync(this.path(folder), { recursive: true });
    const plain = text.replace(/[^\w.-]+/g, '_').slice(0, 80) || '_';
    let name = plain;
    for (let i = 2; this.names.has(`${folder}/${name}`); i++) name = `${plain}-${i}`;
    this.names.add(`${folder}/${name}`);
    return name;
  }

  /** Puts it in its place, instead of that of an earlier run. */
  async finish(): Promise<string> {
    const old = `${this.place}.old`;
    const replaces = (await pathKind(this.target)) !== 'absent';
    if (replaces) await rename(this.target, old);
    try {
      await rename(this.place, this.target);
    } catch (error) {
      if (replaces) await rename(old, this.target);
      throw error;
    }
    await rm(old, { recursive: true, force: true });
    return this.target;
  }

  async drop(): Promise<void> {
    await rm(this.place, { recursive: true, force: true });
  }
}

const LEFT = /^\.[0-9a-f]{12}\.(\d+)\.[0-9a-f]{8}\.tmp$/;

/** Removes the folders that runs of this process, or of processes that are no more, have left unfinished. */
export async function removeLeftFolders(output: string): Promise<void> {
  for (const name of await readdir(output).catch(() => [])) {
    const pid = Number(LEFT.exec(name)?.[1]);
    if (!Number.isSafeInteger(pid) || (pid !== process.pid && isAlive(pid))) continue;
    await rm(path.join(output, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One of somebody else's may not be asked, but is there.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** AUR464 for what a failed call of the file system threw; throws anything else on. */
export function folderError(output: string, error: unknown): AuraError {
  if (!(error instanceof Error && 'syscall' in error)) throw error;
  return auraError('AUR464', `cannot write the run into ${output}: ${systemReason(error)}`);
}
