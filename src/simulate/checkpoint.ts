// Checkpoints: a world as text, with a digest of itself. A world is plain data, so that text and world are the same; the
// digest says that nobody has changed it since, which stands in for a check of its every part.
import { createHash } from 'node:crypto';
import { auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import type { World } from './world.js';

const FORMAT = 'aura-checkpoint';
const VERSION = 1;

interface Checkpoint {
  readonly format: string;
  readonly version: number;
  /** The protocol that runs, for people. */
  readonly protocol: string | null;
  /** SHA-256 of the world's text, in hexadecimal. */
  readonly digest: string;
  readonly world: World;
}

/** One line of JSON. */
export function writeCheckpoint(world: World): string {
  const text = JSON.stringify(world);
  const protocol = JSON.stringify(world.run?.protocol ?? null);
  const head = `"format":"${FORMAT}","version":${VERSION},"protocol":${protocol},"digest":"${digestOf(text)}"`;
  return `{${head},"world":${text}}`;
}

/** Errors: AUR445 for what is no checkpoint or was changed, AUR446 for a newer version. */
export function readCheckpoint(text: string): Result<World> {
  const checkpoint = parse(text);
  if (checkpoint?.format !== FORMAT)
    return fail(auraError('AUR445', 'this is no checkpoint of a simulation'));
  if (checkpoint.version > VERSION) {
    const message = `the checkpoint is of version ${checkpoint.version}, this aura reads up to version ${VERSION}`;
    return fail(auraError('AUR446', message, { hint: 'use a newer aura' }));
  }
  if (checkpoint.digest !== digestOf(JSON.stringify(checkpoint.world)))
    return fail(auraError('AUR445', 'the checkpoint was changed or cut off after it was written'));
  return ok(checkpoint.world);
}

function parse(text: string): Checkpoint | undefined {
  try {
    const parsed = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
