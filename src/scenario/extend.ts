// Inheritance between scenarios (`extends`). Tables of conditions are inherited key by key: the child's own values
// win, the base gives the rest. Lists are inherited whole when the child's is absent or empty, except assertions,
// which are added to the base's. What a scenario claims of itself (name, description, expected outcome) is never
// inherited.
import type { ByzantineConditions, Scenario } from '../../generated/scenario.js';
import { type AuraError, showLocation } from '../util/errors.js';
import { LIMITS } from '../util/limits.js';
import { nearest } from '../util/nearest.js';
import { fail, ok, type Result } from '../util/result.js';
import type { WrittenScenario } from './written.js';

/** A scenario with all that it inherits; it extends nothing any more. */
export interface ExtendedScenario {
  readonly merged: Scenario;
  /** The scenario itself, then its base, then that one's base, and so on. */
  readonly chain: readonly [WrittenScenario, ...WrittenScenario[]];
}

/** Scenarios by name, the first of each name. */
export type ScenarioIndex = ReadonlyMap<string, WrittenScenario>;

/** An AUR405 for each scenario whose name another one before it has. */
export function findDuplicates(all: readonly WrittenScenario[], index: ScenarioIndex): AuraError[] {
  return all.flatMap(each => {
    const first = index.get(each.scenario.name);
    if (first === undefined || first === each) return [];
    const message = `there is another scenario "${each.scenario.name}" at ${showLocation(first.header)}`;
    const { document, path } = each;
    return [document.errorAt([...path, 'name'], 'value', 'AUR405', message, 'rename one of them')];
  });
}

export function indexByName(all: readonly WrittenScenario[]): ScenarioIndex {
  const index = new Map<string, WrittenScenario>();
  for (const each of all) if (!index.has(each.scenario.name)) index.set(each.scenario.name, each);
  return index;
}

/** Errors: AUR403 for a base that does not exist, AUR404 for a cycle, AUR411 for too long a chain. */
export function extendScenario(written: WrittenScenario, index: ScenarioIndex): Result<ExtendedScenario> {
  const chain: [WrittenScenario, ...WrittenScenario[]] = [written];
  let last = written;
  while (last.scenario.extends !== undefined) {
    const base = index.get(last.scenario.extends);
    if (base === undefined) return fail(missingBase(last, last.scenario.extends, index));
    if (chain.includes(base)) return fail(cycle([...chain, base]));
    if (chain.length > LIMITS.extendsDepth) return fail(tooDeep(written));
    chain.push(base);
    last = base;
  }
  const { extends: _, ...merged } = chain
    .map(each => each.scenario)
    .reduceRight((base, child) => inherit(base, child));
  return ok({ merged, chain });
}

function missingBase(child: WrittenScenario, name: string, index: ScenarioIndex): AuraError {
  const near = nearest(name, index.keys());
  const hint =
    near === undefined ? 'load the folder that holds it together with this file' : `did you mean "${near}"?`;
  const message = `"${child.scenario.name}" extends "${name}", which does not exist`;
  return child.document.errorAt([...child.path, 'extends'], 'value', 'AUR403', message, hint);
}

function tooDeep({ document, path, scenario }: WrittenScenario): AuraError {
  const message = `"${scenario.name}" extends more than ${LIMITS.extendsDepth} scenarios in a row`;
  return document.errorAt([...path, 'extends'], 'value', 'AUR411', message);
}

/** `chain` ends with a scenario that it has met before. */
function cycle(chain: readonly [WrittenScenario, ...WrittenScenario[]]): AuraError {
  const [{ document, path }] = chain;
  const names = chain.map(each => `"${each.scenario.name}"`).join(' extends ');
  return document.errorAt([...path, 'extends'], 'value', 'AUR404', `scenarios extend one another: ${names}`);
}

function inherit(base: Scenario, child: Scenario): Scenario {
  const { description: _description, expected_outcome: _outcome, extends: _extends, ...inherited } = base;
  const setup = inheritSetup(base.setup, child.setup);
  const network = inheritTable(base.network, child.network);
  const byzantine = inheritByzantine(base.byzantine, child.byzantine);
  const timing = inheritTable(base.timing, child.timing);
  const chaos = inheritTable(base.chaos, child.chaos);
  return {
    ...inherited,
    ...child,
    ...(setup ? { setup } : {}),
    ...(network ? { network } : {}),
    ...(byzantine ? { byzantine } : {}),
    ...(timing ? { timing } : {}),
    ...(chaos ? { chaos } : {}),
    faults: inheritList(base.faults, child.faults),
    protocols: inheritList(base.protocols, child.protocols),
    phases: inheritList(base.phases, child.phases),
    steps: inheritList(base.steps, child.steps),
    assertions: [...(base.assertions ?? []), ...(child.assertions ?? [])],
  };
}

function inheritTable<T extends object>(base: T | undefined, child: T | undefined): T | undefined {
  return base && child ? { ...base, ...child } : (child ?? base);
}

function inheritList<T>(base: T[] = [], child: T[] = []): T[] {
  return child.length > 0 ? child : base;
}

function inheritSetup(base: Scenario['setup'], child: Scenario['setup']): Scenario['setup'] {
  const setup = inheritTable(base, child);
  const constants = inheritTable(base?.constants, child?.constants);
  return setup && constants ? { ...setup, constants } : setup;
}

/** `count` and `participants` say who is byzantine in two ways: a child that states either takes neither. */
function inheritByzantine(
  base: ByzantineConditions | undefined,
  child: ByzantineConditions | undefined,
): ByzantineConditions | undefined {
  if (base === undefined || child === undefined) return child ?? base;
  const { count: _count, participants: _participants, ...strategies } = base;
  const statesWho = child.count !== undefined || child.participants !== undefined;
  return { ...(statesWho ? strategies : base), ...child };
}
