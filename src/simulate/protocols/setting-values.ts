// Reads what a scenario gives to a protocol: values of the spec's constants, and the keys of `[[scenario.protocols]]`.
// It only reads; what does not fit is undefined, and the protocol says what it needs.
import type { Value } from '../../model/value.js';
import type { Data, Fields, NodeId } from '../data.js';

/** The names in a constant that is a set of text; none where it is missing or something else. */
export function namesOf(constants: ReadonlyMap<string, Value>, name: string): string[] {
  const value = constants.get(name);
  if (typeof value !== 'object' || value.kind !== 'set') return [];
  return value.items.filter(item => typeof item === 'string');
}

export function textOf(constants: ReadonlyMap<string, Value>, name: string): string | undefined {
  const value = constants.get(name);
  return typeof value === 'string' ? value : undefined;
}

export function intOf(constants: ReadonlyMap<string, Value>, name: string): number | undefined {
  const value = constants.get(name);
  return typeof value === 'bigint' ? Number(value) : undefined;
}

/** A whole number from 0. */
export function parameterInt(parameters: Fields, name: string): number | undefined {
  const value = parameters[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Numbers of participants, each once, in order. */
export function parameterNodes(parameters: Fields, name: string): NodeId[] | undefined {
  const value = listOf(parameters[name]);
  if (value === undefined) return undefined;
  const nodes = value.filter(item => typeof item === 'number');
  return [...new Set(nodes)].sort((a, b) => a - b);
}

/** The texts of a set or list in the parameters of a step; undefined for anything else. */
export function textsOf(value: Data | undefined): string[] | undefined {
  const items = listOf(value);
  return items?.every(item => typeof item === 'string') ? items : undefined;
}

/** The number of the participant that a step's parameter names; -1 where there is none. */
export function nodeNamed(names: readonly string[], value: Data | undefined): NodeId {
  return typeof value === 'string' ? names.indexOf(value) : -1;
}

/** An integer of a step's parameters: a number, or digits where it may be large. */
export function stepInt(value: Data | undefined): number | undefined {
  if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

function listOf(value: Data | undefined): Data[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
