// Attack templates: what chaos adds to a scenario, one file a kind of attack, ours and those of users. Read, checked as
// far as that goes without a scenario, and rendered for one; which scenario gets which attack is asked of the rota.
import path from 'node:path';
import type { AttackTemplate } from '../../generated/attack-template.js';
import type { ScenarioFile } from '../../generated/scenario.js';
import type { PropertyClass } from '../model/model.js';
import { auraError } from '../util/errors.js';
import { listFolder, pathKind, readText } from '../util/files.js';
import { LIMITS } from '../util/limits.js';
import { compareText } from '../util/order.js';
import { packageRoot } from '../util/package-root.js';
import { collect, fail, ok, type Result } from '../util/result.js';
import { loadSchemaCheck, type SchemaCheck } from '../util/schema-check.js';
import { parseToml } from '../util/toml.js';
import { type AttackConditions, compileTemplate } from './attack-template.js';
import type { AttackView } from './attack-view.js';

export interface Attack {
  /** That of its file, without the ending. */
  readonly name: string;
  readonly file: string;
  readonly description: string;
  readonly classes: readonly PropertyClass[];
  /** Errors: AUR522 and AUR523, with the place in the template. */
  render(view: AttackView): Result<AttackConditions>;
}

/** The folder of the templates that come with aura. */
export function ownAttacks(): string {
  return path.join(packageRoot(), 'templates', 'attacks');
}

/**
 * The templates of all folders by name; of two of one name that of the later folder.
 *
 * Errors: AUR003 to AUR005 and AUR008 for folders and files, AUR520 to AUR523 for templates.
 */
export async function loadAttacks(folders: readonly string[]): Promise<Result<Attack[]>> {
  const files = new Map<string, string>();
  for (const folder of folders) {
    if ((await pathKind(folder)) !== 'folder')
      return fail(auraError('AUR003', `cannot read ${folder}: it is no folder of attack templates`));
    const names = (await listFolder(folder)).filter(name => name.endsWith('.toml'));
    if (names.length === 0)
      return fail(
        auraError('AUR008', `${folder} holds no attack template`, { hint: 'attack templates end in .toml' }),
      );
    for (const name of names) files.set(path.basename(name, '.toml'), path.join(folder, name));
  }
  checksOfProcess ??= loadChecks();
  const checks = await checksOfProcess;
  const sorted = [...files].sort(([a], [b]) => compareText(a, b));
  const read: Result<Attack>[] = [];
  for (const [name, file] of sorted) read.push(await loadAttack(name, file, checks));
  return collect(read);
}

interface Checks {
  readonly template: SchemaCheck<AttackTemplate>;
  readonly scenario: SchemaCheck<ScenarioFile>;
}

let checksOfProcess: Promise<Checks> | undefined;

async function loadChecks(): Promise<Checks> {
  return {
    template: await loadSchemaCheck<AttackTemplate>('attack-template'),
    scenario: await loadSchemaCheck<ScenarioFile>('scenario'),
  };
}

async function loadAttack(name: string, file: string, checks: Checks): Promise<Result<Attack>> {
  const text = await readText(file, LIMITS.templateBytes);
  if (!text.ok) return text;
  const parsed = parseToml(text.value, file, 'AUR520');
  if (!parsed.ok) return parsed;
  const document = parsed.value;
  const checked = checks.template(document.data);
  if (!checked.ok)
    return fail(
      ...checked.violations.map(({ path: at, part, message, hint }) =>
        document.errorAt(at, part, 'AUR521', message, hint),
      ),
    );
  const compiled = compileTemplate(checked.value, document, checks.scenario);
  if (!compiled.ok) return compiled;
  const render = compiled.value;
  const sample = render(SAMPLE, true);
  if (!sample.ok) return sample;
  const { description, classes } = checked.value;
  return ok({ name, file, description, classes, render: view => render(view, false) });
}

/** The spec is not known yet: every constant that a template asks for is there. */
const ANY_CONSTANT: AttackView['constants'] = new Proxy(
  {},
  {
    has: () => true,
    get: () => 1,
    getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }),
  },
);

/** A scenario of an ordinary size: what a template gives for it must be right before there is another. */
const SAMPLE: AttackView = {
  participants: 5,
  threshold: 3,
  fault_bound: 2,
  intensity: 0.5,
  ratio: 0.4,
  property: 'Property',
  property_class: 'GeneralSafety',
  constants: ANY_CONSTANT,
  byzantine: [3, 4],
  honest: [0, 1, 2],
  steps: 10,
  duration_ms: 1000,
};
