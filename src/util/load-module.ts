// Modules of the user's own: TypeScript or JavaScript, as they stand. What they export is unknown until it is looked at.
import path from 'node:path';
import { auraError } from './errors.js';
import { pathKind } from './files.js';
import { fail, ok, type Result } from './result.js';

/**
 * What the module in `file` exports, by name; the members of an object that it exports as its default count too, where
 * it exports none of the same name. `what` names it in errors, such as `the property checker`.
 *
 * Error: AUR003 for a module that cannot be loaded, with what it said.
 */
export async function loadModule(file: string, what: string): Promise<Result<Record<string, unknown>>> {
  const kind = await pathKind(file);
  if (kind !== 'file')
    return fail(
      auraError(
        'AUR003',
        `cannot load ${what} ${file}: ${kind === 'absent' ? 'no such file or folder' : 'it is not a file'}`,
      ),
    );
  const { createJiti } = await import('jiti');
  let loaded: unknown;
  try {
    loaded = await createJiti(import.meta.url).import(path.resolve(file));
  } catch (error) {
    return fail(auraError('AUR003', `cannot load ${what} ${file}: ${saidIn(error)}`));
  }
  const named = membersOf(loaded);
  return ok({ ...membersOf(named.default), ...named });
}

/** Without the list of modules that Node puts below, each of which is ours. */
function saidIn(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return said.replace(/\n+Require stack:[\s\S]*$/, '').trim();
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
