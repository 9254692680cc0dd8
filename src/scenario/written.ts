// One scenario file as it is written: TOML that follows the schema, nothing inherited or filled in yet. Each
// scenario keeps the document that it stands in, because later stages find faults that need a place too.
import type { Scenario, ScenarioFile } from '../../generated/scenario.js';
import { type AuraError, auraError, type Location } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import { loadSchemaCheck, type SchemaCheck } from '../util/schema-check.js';
import { parseToml, type TomlDocument } from '../util/toml.js';
import type { TomlPath } from '../util/toml-places.js';

const VERSION = 1;

export interface WrittenScenario {
  readonly scenario: Scenario;
  readonly document: TomlDocument;
  /** Path of the scenario's table in the document. */
  readonly path: TomlPath;
  /** Place of its `[[scenario]]` header. */
  readonly header: Location;
}

/** Errors: AUR401 for broken TOML, AUR402 for what the schema forbids, AUR406 for a newer version. */
export async function readWritten(text: string, file: string): Promise<Result<WrittenScenario[]>> {
  const parsed = parseToml(text, file, 'AUR401');
  if (!parsed.ok) return parsed;
  const document = parsed.value;
  const newer = refuseNewer(document);
  if (newer) return fail(newer);
  const checked = (await scenarioCheck())(document.data);
  if (!checked.ok) {
    const errors = checked.violations.map(({ path, part, message, hint }) =>
      document.errorAt(path, part, 'AUR402', message, hint),
    );
    return fail(...errors, ...(checked.complete ? [] : [moreErrors(file)]));
  }
  if (checked.value.scenario.length === 0)
    return fail(document.errorAt(['scenario'], 'key', 'AUR402', 'the file holds no scenario'));
  return ok(
    checked.value.scenario.map((scenario, index) => {
      const path = ['scenario', index];
      return { scenario, document, path, header: document.locate(path, 'key') };
    }),
  );
}

/** Compiles the schema ahead of the first file. */
export async function prepareReading(): Promise<void> {
  await scenarioCheck();
}

let compiled: Promise<SchemaCheck<ScenarioFile>> | undefined;

function scenarioCheck(): Promise<SchemaCheck<ScenarioFile>> {
  compiled ??= loadSchemaCheck<ScenarioFile>('scenario');
  return compiled;
}

/** Says that errors of a file are left out. */
export function moreErrors(file: string): AuraError {
  return auraError('AUR409', `${file} may have more errors than those shown`);
}

/** Asked before the schema is, which would only complain about keys that it does not know yet. */
function refuseNewer(document: TomlDocument): AuraError | undefined {
  const { version } = document.data;
  if (typeof version !== 'number' || version <= VERSION) return undefined;
  const message = `the file is in version ${version} of the scenario format, this aura reads up to version ${VERSION}`;
  return document.errorAt(['version'], 'value', 'AUR406', message, 'use a newer aura');
}
