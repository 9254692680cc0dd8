// aura-config.toml: read, checked against its schema, with paths that count from its own folder.
import path from 'node:path';
import type { AuraConfig } from '../../generated/aura-config.js';
import type { Classification } from '../model/classify.js';
import type { ActionKind } from '../model/model.js';
import type { Location } from '../util/errors.js';
import { pathKind, readText } from '../util/files.js';
import { LIMITS } from '../util/limits.js';
import { fail, ok, type Result } from '../util/result.js';
import { loadSchemaCheck } from '../util/schema-check.js';
import type { TomlPath } from '../util/toml-places.js';

const CONFIG_FILE = 'aura-config.toml';

export interface LoadedConfig {
  readonly data: AuraConfig;
  /** Undefined when there is no configuration. */
  readonly file: string | undefined;
  /** A path of the configuration, which counts from its folder, as seen from the current one. */
  pathOf<P extends string | undefined>(configured: P): P | string;
  /** Where the value at `path` stands, for errors about it. */
  locate(path: TomlPath): Location;
}

const EMPTY: LoadedConfig = {
  data: {},
  file: undefined,
  pathOf: configured => configured,
  locate: () => ({ file: CONFIG_FILE, line: 1, column: 1 }),
};

/**
 * The configuration at `file`, or aura-config.toml of the current folder where there is one.
 *
 * Errors: AUR003 to AUR005 for the file, AUR210 for broken TOML, AUR211 and AUR212 for keys and values.
 */
export async function loadConfig(file?: string): Promise<Result<LoadedConfig>> {
  const chosen = file ?? ((await pathKind(CONFIG_FILE)) === 'file' ? CONFIG_FILE : undefined);
  if (chosen === undefined) return ok(EMPTY);
  const text = await readText(chosen, LIMITS.tomlBytes);
  if (!text.ok) return text;
  const { parseToml } = await import('../util/toml.js');
  const document = parseToml(text.value, chosen, 'AUR210');
  if (!document.ok) return document;
  const checked = (await loadSchemaCheck<AuraConfig>('aura-config'))(document.value.data);
  if (!checked.ok) {
    const errors = checked.violations.map(({ path: at, part, message, hint }) =>
      document.value.errorAt(at, part, part === 'key' ? 'AUR211' : 'AUR212', message, hint),
    );
    return fail(...errors);
  }
  const folder = path.dirname(chosen);
  const pathOf: LoadedConfig['pathOf'] = configured =>
    configured === undefined
      ? configured
      : path.isAbsolute(configured)
        ? configured
        : path.join(folder, configured);
  const locate: LoadedConfig['locate'] = at => document.value.locate(at, 'value');
  return ok({ data: checked.value, file: chosen, pathOf, locate });
}

/** What the configuration says about the classes of properties and actions. */
export function classificationOf(config: LoadedConfig): Classification {
  const { invariants = [], properties = {}, actions = {} } = config.data.quint ?? {};
  return {
    invariants,
    properties: new Map(Object.entries(properties)),
    actions: new Map(Object.entries(actions).map(([name, text]) => [name, actionClass(text)])),
  };
}

// The schema allows no other kinds.
function actionClass(text: string): { kind: ActionKind; detail: string } {
  const [kind = '', detail = ''] = text.split(':');
  const kinds: readonly ActionKind[] = ['honest', 'byzantine', 'fault', 'environment'];
  return { kind: kinds.find(known => known === kind) ?? 'honest', detail };
}
