// One attack template compiled: rendered for a scenario, held against the format of scenarios, and stripped of what does
// not fit its size. Whatever is wrong is said with the place in the template. Reads no files.
import type { AttackTemplate } from '../../generated/attack-template.js';
import type {
  Assertion,
  ByzantineStrategy,
  NetworkConditions,
  Partition,
  Scenario,
  ScenarioFile,
  Timing,
} from '../../generated/scenario.js';
import { checkOwnAssertions, findContradictions } from '../scenario/check.js';
import { resolveScenario } from '../scenario/resolve.js';
import { must } from '../util/assert.js';
import { collect, fail, ok, type Result } from '../util/result.js';
import type { SchemaCheck } from '../util/schema-check.js';
import type { TomlDocument } from '../util/toml.js';
import type { TomlPath } from '../util/toml-places.js';
import { compileList, compileValue } from './attack-values.js';
import type { AttackView } from './attack-view.js';

export interface AttackConditions {
  readonly network: NetworkConditions;
  readonly strategies: readonly ByzantineStrategy[];
  readonly timing: Timing;
  readonly assertions: readonly Assertion[];
}

/** Lists whose entries may be left out, by their keys in the template and in a scenario. */
const LISTS = [['network', 'partitions'], ['byzantine', 'strategies'], ['assertions']] as const;

/** Gives what a template adds to a scenario; `all` also what it leaves out there. Errors: AUR522 and AUR523. */
type Render = (view: AttackView, all: boolean) => Result<AttackConditions>;

/** `check` is that of scenario files. Errors: AUR522 for expressions that cannot be parsed. */
export function compileTemplate(
  template: AttackTemplate,
  document: TomlDocument,
  check: SchemaCheck<ScenarioFile>,
): Result<Render> {
  const { partitions = [], ...rest } = template.network ?? {};
  const tables = collect([
    compileValue(rest, ['network'], document),
    compileValue(template.timing ?? {}, ['timing'], document),
  ]);
  const entries = [partitions, template.byzantine?.strategies ?? [], template.assertions ?? []];
  const lists = collect(LISTS.map((at, i) => compileList(entries[i] ?? [], at, document)));
  if (!tables.ok) return tables;
  if (!lists.ok) return lists;
  return ok((view, all) => {
    const both = collect(tables.value.map(render => render(view)));
    const rendered = collect(lists.value.map(list => (all ? list.renderAll(view) : list.render(view))));
    if (!both.ok) return both;
    if (!rendered.ok) return rendered;
    const [network, timing] = both.value;
    const [cuts, strategies, assertions] = rendered.value.map(list => list.map(({ value }) => value));
    const data = {
      name: 'attack',
      setup: { participants: Math.max(1, view.participants), threshold: Math.max(1, view.threshold) },
      network: Object.assign({}, network, { partitions: cuts }),
      timing,
      byzantine: { participants: [...view.byzantine], strategies },
      assertions,
    };
    const places = rendered.value.map(list => list.map(({ index }) => index));
    return conditionsIn(data, places, document, check);
  });
}

/** The conditions that a rendered scenario has. `places` are the indices in the template of entries of {@link LISTS}. */
function conditionsIn(
  data: object,
  places: readonly (readonly number[])[],
  document: TomlDocument,
  check: SchemaCheck<ScenarioFile>,
): Result<AttackConditions> {
  const checked = check({ scenario: [data] });
  if (!checked.ok)
    return fail(
      ...checked.violations.map(({ path, message, hint }) => {
        const at = placeIn(places, path.slice(2));
        return document.errorAt(at, 'value', 'AUR523', message.replaceAll('`scenario.', '`'), hint);
      }),
    );
  const scenario = must(checked.value.scenario[0], 'the scenario of an attack');
  const found = scenario.network?.partitions ?? [];
  const kept = found.flatMap((partition, i) => (separates(partition) ? [i] : []));
  const partitions = found.filter((_, i) => kept.includes(i));
  const valid = { ...scenario, network: { ...scenario.network, partitions } };
  const wrong = contradictionsOf(valid);
  if (wrong.length === 0) return ok(partsOf(valid));
  const left = [kept.map(i => places[0]?.[i] ?? i), ...places.slice(1)];
  return fail(
    ...wrong.map(({ path, message }) => document.errorAt(placeIn(left, path), 'value', 'AUR523', message)),
  );
}

/** A path of the rendered scenario as one of the template: entries that are left out shift those after them. */
function placeIn(places: readonly (readonly number[])[], at: TomlPath): TomlPath {
  for (const [i, keys] of LISTS.entries()) {
    const position = at[keys.length];
    if (!keys.every((key, k) => at[k] === key) || typeof position !== 'number') continue;
    return [...keys, places[i]?.[position] ?? position, ...at.slice(keys.length + 1)];
  }
  return at;
}

function contradictionsOf(scenario: Scenario) {
  const resolved = resolveScenario(scenario).scenario;
  return [...findContradictions(scenario, resolved), ...checkOwnAssertions(scenario, resolved)];
}

function partsOf({ network, byzantine, timing, assertions }: Scenario): AttackConditions {
  const { partitions = [], ...rest } = network ?? {};
  return {
    network: { ...rest, ...(partitions.length > 0 && { partitions }) },
    strategies: byzantine?.strategies ?? [],
    timing: timing ?? {},
    assertions: assertions ?? [],
  };
}

/** Whether a partition lasts and has two groups of somebody: few participants may leave one empty. */
function separates(partition: Partition): boolean {
  const { groups, start_ms = 0, heal_ms } = Array.isArray(partition) ? { groups: partition } : partition;
  const lasts = heal_ms === undefined || heal_ms > start_ms;
  return lasts && groups.length > 1 && groups.every(group => group.length > 0);
}
