// Which spec files a command is about: a file, the .qnt files of a folder, or those of the configured folder.
import path from 'node:path';
import { auraError } from '../util/errors.js';
import { listFolder, pathKind } from '../util/files.js';
import { LIMITS } from '../util/limits.js';
import { fail, ok, type Result } from '../util/result.js';
import type { LoadedConfig } from './config.js';

/**
 * Paths as the user would write them, in code unit order.
 *
 * Errors: AUR001 when nothing says where to look, AUR003 for a missing path, AUR008 for a folder without specs.
 */
export async function findSpecs(
  spec: string | undefined,
  config: LoadedConfig,
): Promise<Result<{ files: string[]; isFolder: boolean }>> {
  const where = spec ?? config.pathOf(config.data.quint?.spec_directory);
  if (where === undefined)
    return fail(
      auraError('AUR001', 'no spec is given', {
        hint: 'give --spec FILE, or set quint.spec_directory in aura-config.toml',
      }),
    );
  const kind = await pathKind(where);
  if (kind === 'absent') return fail(auraError('AUR003', `cannot read ${where}: no such file or folder`));
  if (kind !== 'folder') return ok({ files: [where], isFolder: false });
  const files = (await listFolder(where))
    .filter(name => name.endsWith('.qnt'))
    .map(name => path.join(where, name));
  if (files.length === 0) return fail(auraError('AUR008', `${where} holds no .qnt file`));
  if (files.length > LIMITS.specFiles)
    return fail(
      auraError('AUR005', `${where} holds ${files.length} specs, the limit is ${LIMITS.specFiles}`),
    );
  return ok({ files, isFolder: true });
}
