// Modules of the user's own: TypeScript or JavaScript, as they stand. What they export is unknown until it is looked at.
import path from 'node:path';
import { auraError } from './errors.js';
import { systemReason } from './files.js';
import { fail, ok, type Result } from './result.js';

/**
 * What the module in `file` exports, by name; the members of an object that it exports as its default count too, where
 * it exports none of the same name. `what` names it in errors, such as `the property checker`.
 *
 * Error: AUR003 for a module that cannot be loaded, with what it said.
 */
export async function loadModule(file: string, what: string): Promise<Result<Record<string, unknown>>> {
  const { createJiti } = await import('jiti');
  let loaded: unknown;
  try {
    loaded = await createJiti(import.meta.url).import(path.resolve(file));
  } catch (error) {
    return fail(auraError('AUR003', `cannot load ${what} ${file}: ${systemReason(error)}`));
  }
  const named = membersOf(loaded);
  return ok({ ...membersOf(named.default), ...named });
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
