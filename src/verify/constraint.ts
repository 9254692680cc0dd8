// What a moment of a trace says of the state of the spec, ready for comparison: variables that are known as a whole
// become the target of an enumeration, single entries of maps are compared afterwards. In a trace of several nodes,
// whose events may stand in another order, what is carried over comes from the state before.
import {
  type CompiledSpec,
  decodeState,
  type EngineState,
  encodeState,
  type Step,
  type Way,
} from '../engine/index.js';
import { equalValues, type Value } from '../model/value.js';
import type { Observation, ToldAction } from '../trace/observation.js';
import type { TakenAction } from './action-names.js';

/** One entry of a map that is known although the rest of the map is not. */
interface Entry {
  readonly variable: string;
  readonly key: Value;
  readonly value: Value;
}

export interface Constraint {
  /** Unknown variables are undefined. */
  readonly target: EngineState;
  readonly entries: readonly Entry[];
}

/** What is known after `moment` in the order in which the trace is given. */
export function constraintOf(compiled: CompiledSpec, { known, told }: Observation): Constraint {
  const entries = told.flatMap(({ variable, key, value }) =>
    key === undefined || known.has(variable) ? [] : [{ variable, key, value }],
  );
  return { target: encodeState(compiled, known), entries };
}

/**
 * What is known after `moment` where it follows `before`: what it tells, and all else that is `carried`, a set of
 * variables, as it was.
 */
export function constraintAfter(
  compiled: CompiledSpec,
  { told }: Observation,
  before: EngineState,
  carried: ReadonlySet<string>,
): Constraint {
  const whole = new Map(
    told.flatMap(({ variable, key, value }) => (key === undefined ? [[variable, value]] : [])),
  );
  const target = [...encodeState(compiled, whole)];
  const entries: Entry[] = [];
  const byEntry = new Set<string>();
  for (const { variable, key, value } of told) {
    if (key === undefined) continue;
    byEntry.add(variable);
    entries.push({ variable, key, value });
  }
  const state = decodeState(compiled, before);
  for (const [index, { name }] of compiled.variables.entries()) {
    if (!carried.has(name) || whole.has(name)) continue;
    if (byEntry.has(name)) entries.push(...othersOf(name, state.get(name), entries));
    else target[index] = before[index];
  }
  return { target, entries };
}

// The entries of a map that the moment does not tell stay what they were.
function othersOf(variable: string, value: Value | undefined, told: readonly Entry[]): Entry[] {
  if (value === undefined || typeof value !== 'object' || value.kind !== 'map') return [];
  return value.entries.flatMap(([key, entry]) =>
    told.some(one => one.variable === variable && equalValues(one.key, key))
      ? []
      : [{ variable, key, value: entry }],
  );
}

/** Whether a state that agrees with the target agrees with the entries too. */
export function agreesWithEntries(
  compiled: CompiledSpec,
  state: EngineState,
  { entries }: Constraint,
): boolean {
  if (entries.length === 0) return true;
  const values = decodeState(compiled, state);
  return entries.every(({ variable, key, value }) => {
    const map = values.get(variable);
    if (map === undefined || typeof map !== 'object' || map.kind !== 'map') return false;
    const entry = map.entries.find(([known]) => equalValues(known, key));
    return entry !== undefined && equalValues(entry[1], value);
  });
}

/** Whether a step is what the trace says was done: the action by its name, and each value that it names. */
export function isTold(
  way: Way,
  told: ToldAction,
  sameAction: (way: TakenAction, name: string) => boolean,
): boolean {
  return sameAction(way, told.name) && (told.values.size === 0 || valuesAgree(way.step(), told));
}

// A name that the step does not have says nothing; one that it has twice agrees when either does.
function valuesAgree({ args, picks }: Step, { values }: ToldAction): boolean {
  for (const [name, value] of values) {
    const own = [...args, ...picks].filter(([known]) => known === name);
    if (own.length > 0 && !own.some(([, taken]) => equalValues(taken, value))) return false;
  }
  return true;
}
