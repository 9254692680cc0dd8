// Reads a rendered scenario file back and compares it with what was meant. A template that loses or bends a number
// is found here and not by the one who runs the scenario.
import { isDeepStrictEqual } from 'node:util';
import type { Scenario } from '../../generated/scenario.js';
import { parseScenarioText } from '../scenario/load.js';
import { readWritten } from '../scenario/written.js';
import { auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';

/** The text itself. Errors: AUR502, with those of the reader as the reason where the text is not even a scenario. */
export async function verifyRendering(text: string, file: string, meant: Scenario): Promise<Result<string>> {
  const read = await readWritten(text, file);
  const loaded = read.ok ? await parseScenarioText(text, file) : read;
  if (!read.ok || !loaded.ok) {
    const problem = auraError('AUR502', 'the template rendered a file that is no scenario file', {
      hint: 'its errors follow',
    });
    return fail(problem, ...(loaded.ok ? [] : loaded.errors));
  }
  const [first, ...more] = read.value.map(({ scenario }) => scenario);
  if (more.length === 0 && isDeepStrictEqual(first, meant)) return ok(text);
  const key = first && differingKey(first, meant);
  return fail(
    auraError(
      'AUR502',
      `the rendered scenario "${meant.name}" differs from what was meant${key ? ` in \`${key}\`` : ''}`,
      { hint: 'correct the template' },
    ),
  );
}

function differingKey(read: Scenario, meant: Scenario): string | undefined {
  const fields = new Map<string, unknown>(Object.entries(read));
  const wanted = new Map<string, unknown>(Object.entries(meant));
  return [...new Set([...fields.keys(), ...wanted.keys()])].find(
    key => !isDeepStrictEqual(fields.get(key), wanted.get(key)),
  );
}
