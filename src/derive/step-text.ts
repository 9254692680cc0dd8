// The step relation that is derived: any of the driving actions, each with its arguments drawn from their domains, behind
// the conditions without which an argument would make a look-up fail.
import type { IrOpDef } from '../model/ir.js';
import type { Action } from '../model/model.js';
import type { Domains, NoDomain, ParameterDomain } from './domains.js';
import { keyGuards } from './key-guards.js';
import type { Sights } from './sights.js';
import type { Segment } from './text-edits.js';

export interface ActionDomains {
  readonly action: string;
  readonly domains: readonly ParameterDomain[];
}

/** An action that no step takes, since no rule has values for a parameter. */
export interface UndrivenAction {
  readonly action: string;
  readonly parameter: string;
  /** The type that is missing. */
  readonly type: string;
  /** A line of the configuration that would help. */
  readonly help: string;
}

export interface Calls {
  readonly branches: readonly (readonly Segment[])[];
  readonly driven: readonly ActionDomains[];
  readonly undriven: readonly UndrivenAction[];
}

/** A call of each action, or why there is none. */
export function callsOf(actions: readonly Action[], sights: Sights, domains: Domains): Calls {
  const branches: (readonly Segment[])[] = [];
  const driven: ActionDomains[] = [];
  const undriven: UndrivenAction[] = [];
  for (const action of actions) {
    const entry = sights.entries.find(({ name, def }) => name === action.name && def.id === action.id);
    if (entry?.def.kind !== 'def') continue;
    const { def } = entry;
    const found = action.parameters.map(parameter => domains.of(action, parameter, def, entry.instances));
    const missing = found.find((domain): domain is NoDomain => 'missing' in domain);
    if (missing !== undefined) {
      const { parameter, missing: type, help } = missing;
      undriven.push({ action: action.name, parameter: parameter.name, type, help });
      continue;
    }
    const known = found.filter((domain): domain is ParameterDomain => !('missing' in domain));
    driven.push({ action: action.name, domains: known });
    const frame = frameOf(action, sights, entry.instances);
    branches.push(branchOf(action, def, known, frame, sights, entry.instances));
  }
  return { branches, driven, undriven };
}

/** The variables that an action leaves alone keep their values: those of other instances, and those it forgets. */
function frameOf({ updates }: Action, sights: Sights, instances: readonly string[]): string[] {
  const assigned = new Set(updates);
  return sights.variables
    .filter(({ full, instances: own }) => !assigned.has(full) || !isReachable(own, instances))
    .map(({ name }) => `${name}' = ${name}`);
}

/** Whether something behind the instances of an action may be what the action assigns. */
function isReachable(variable: readonly string[], action: readonly string[]): boolean {
  return action.every((name, i) => variable[i] === undefined || variable[i] === name);
}

function branchOf(
  action: Action,
  def: IrOpDef,
  domains: readonly ParameterDomain[],
  frame: readonly string[],
  sights: Sights,
  instances: readonly string[],
): Segment[] {
  if (domains.length === 0 && frame.length === 0) return [action.name];
  const written = new Set<string>();
  const names = domains.map(({ parameter }, i) => {
    const wanted = /^[a-zA-Z]\w*$/.test(parameter.name) ? parameter.name : `arg${i + 1}`;
    let name = sights.free(wanted);
    while (written.has(name)) name = sights.free(`${name}_`);
    written.add(name);
    return name;
  });
  const ids = new Map(domains.map(({ parameter }, i) => [parameter.id, names[i] ?? '']));
  const guards = keyGuards(action, def, sights, instances, ids);
  const call = names.length === 0 ? action.name : `${action.name}(${names.join(', ')})`;
  const parts = [...guards, call, ...frame];
  return [
    '{ ',
    ...domains.flatMap(({ expression, given }, i): Segment[] =>
      given === undefined
        ? [`nondet ${names[i]} = ${expression}.oneOf() `]
        : [`nondet ${names[i]} = (`, given, ').oneOf() '],
    ),
    parts.length === 1 ? call : `all { ${parts.join(', ')} }`,
    ' }',
  ];
}
