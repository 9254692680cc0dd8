// The scenarios of a file as something to vary: with all that they inherit, as data that can be written again.

import { extendScenario, indexByName } from '../../scenario/extend.js';
import { parseScenarioText } from '../../scenario/load.js';
import { resolveScenario } from '../../scenario/resolve.js';
import { readWritten } from '../../scenario/written.js';
import { auraError } from '../../util/errors.js';
import { readText } from '../../util/files.js';
import { LIMITS } from '../../util/limits.js';
import { nearest } from '../../util/nearest.js';
import { collect, fail, ok, type Result } from '../../util/result.js';
import { memberConstant } from './members.js';
import type { Original } from './variation.js';

export interface LocatedOriginal {
  readonly original: Original;
  /** Line of its `[[scenario]]` header, counted from 1. */
  readonly line: number;
}

/**
 * All scenarios of a file, or the one of that name.
 *
 * Errors: AUR003 to AUR005, AUR401 to AUR409, AUR530 when the file has none of that name.
 */
export async function loadOriginals(
  file: string,
  name: string | undefined,
): Promise<Result<LocatedOriginal[]>> {
  const text = await readText(file, LIMITS.tomlBytes);
  if (!text.ok) return text;
  const valid = await parseScenarioText(text.value, file);
  if (!valid.ok) return valid;
  const written = await readWritten(text.value, file);
  if (!written.ok) return written;
  const index = indexByName(written.value);
  const wanted = written.value.filter(({ scenario }) => name === undefined || scenario.name === name);
  if (wanted.length === 0) return fail(noSuchScenario(file, name ?? '', [...index.keys()]));
  const extended = collect(wanted.map(each => extendScenario(each, index)));
  if (!extended.ok) return extended;
  return ok(
    extended.value.map(({ merged, chain: [own] }) => {
      const resolved = resolveScenario(merged).scenario;
      const members = memberConstant(resolved)?.members;
      return {
        original: { scenario: merged, resolved, members, hasSpec: false },
        line: own.header.line,
      };
    }),
  );
}

function noSuchScenario(file: string, name: string, known: readonly string[]) {
  const near = nearest(name, known);
  const hint =
    near === undefined
      ? `its scenarios are ${known.map(other => `"${other}"`).join(', ')}`
      : `did you mean "${near}"?`;
  return auraError('AUR530', `${file} has no scenario "${name}"`, { hint });
}
