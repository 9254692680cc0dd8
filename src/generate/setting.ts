// Who takes part in a scenario and how many may fail, read off the spec's constants. One table of rules, annotation
// before name; every number comes with the words that say where it came from.
import type { Constant, Model, Property } from '../model/model.js';
import { compareValues, equalValues, showValue, type Value } from '../model/value.js';
import { type AssumptionScope, faultBound } from './assumption.js';

/** A number of a scenario and where it came from. */
export interface Sourced<T> {
  readonly value: T;
  readonly why: string;
}

export interface Setting {
  /** In canonical order: the index is the participant's number in scenarios. Empty when the spec names none. */
  readonly participants: Sourced<readonly Value[]>;
  /** Numbers of the participants that the spec makes byzantine. */
  readonly byzantine: Sourced<readonly number[]>;
  readonly threshold: Sourced<number> | undefined;
  /** Every `const` that has a value, in the order of the spec. */
  readonly constants: readonly { readonly name: string; readonly value: Value }[];
  /** Number of byzantine participants up to which a property is claimed; undefined when the spec does not say. */
  boundOf(property: Property): Sourced<number> | undefined;
}

type Role = 'participants' | 'byzantine' | 'threshold';

const NAMES: Record<Role, RegExp> = {
  participants:
    /^(participants?|nodes?|replicas?|servers?|process(es)?|procs?|validators?|peers?|members?|devices?|clients?)$/i,
  byzantine: /^(byzantine|byz|faulty|corrupt(ed)?|malicious|adversar(y|ies))/i,
  threshold: /^(threshold|quorum|t)$/i,
};

/** Whether a constant of that name plays the role, as far as its name tells. */
export function namesRole(constant: string, role: Role): boolean {
  return NAMES[role].test(bareName(constant));
}

interface Valued {
  readonly constant: Constant;
  readonly value: Value;
}

/** `evaluate` gives the value of a constant, undefined when it has none. */
export function readSetting(model: Model, evaluate: (constant: Constant) => Value | undefined): Setting {
  const known = model.constants.flatMap((constant): Valued[] => {
    const value = evaluate(constant);
    return value === undefined ? [] : [{ constant, value }];
  });
  const participants = participantsOf(known);
  const declared = known.filter(({ constant }) => constant.declaredAs === 'const');
  return {
    participants,
    byzantine: byzantineOf(known, participants.value),
    threshold: thresholdOf(known),
    constants: declared.map(({ constant, value }) => ({ name: constant.name, value })),
    boundOf: property => boundOf(property, known, participants.value.length),
  };
}

function pick(
  known: readonly Valued[],
  role: Role,
  fits: (value: Value) => boolean,
): (Valued & { rule: string }) | undefined {
  const annotated = known.find(({ constant, value }) => constant.annotations.has(role) && fits(value));
  if (annotated) return { ...annotated, rule: `annotated @${role}` };
  const named = known.find(({ constant, value }) => namesRole(constant.name, role) && fits(value));
  return named && { ...named, rule: 'by its name' };
}

function bareName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

function isSet(value: Value): value is Extract<Value, { kind: 'set' }> {
  return typeof value === 'object' && value.kind === 'set';
}

function participantsOf(known: readonly Valued[]): Setting['participants'] {
  const found =
    pick(known, 'participants', value => isSet(value) && value.items.length > 0) ?? holderOf(known);
  if (found === undefined || !isSet(found.value)) return { value: [], why: 'the spec names no participants' };
  return {
    value: [...found.value.items].sort(compareValues),
    why: `size of ${found.constant.name} (${found.rule})`,
  };
}

/** The largest set that holds the byzantine participants and others: they are byzantine among somebody. */
function holderOf(known: readonly Valued[]): (Valued & { rule: string }) | undefined {
  const byzantine = pick(known, 'byzantine', value => isSet(value) && value.items.length > 0);
  if (byzantine === undefined || !isSet(byzantine.value)) return undefined;
  const inside = byzantine.value.items;
  let largest = inside.length;
  let found: Valued | undefined;
  for (const each of known) {
    if (!isSet(each.value) || each.value.items.length <= largest) continue;
    const { items } = each.value;
    if (!inside.every(one => items.some(other => equalValues(one, other)))) continue;
    largest = items.length;
    found = each;
  }
  return found && { ...found, rule: `the largest set that holds ${byzantine.constant.name}` };
}

function byzantineOf(known: readonly Valued[], participants: readonly Value[]): Setting['byzantine'] {
  const found = pick(known, 'byzantine', isSet);
  if (found === undefined || !isSet(found.value))
    return { value: [], why: 'the spec makes no participant byzantine' };
  const members = found.value.items.map(item => participants.findIndex(other => equalValues(other, item)));
  return { value: members.filter(index => index >= 0), why: `${found.constant.name} (${found.rule})` };
}

function thresholdOf(known: readonly Valued[]): Sourced<number> | undefined {
  const found = pick(
    known,
    'threshold',
    value => typeof value === 'bigint' && value >= 1n && value <= 100_000n,
  );
  return found && { value: Number(found.value), why: `${found.constant.name} (${found.rule})` };
}

function boundOf(property: Property, known: readonly Valued[], most: number): Sourced<number> | undefined {
  if (property.assumption === undefined) return undefined;
  const bound = faultBound(property.assumption, most, byzantine => scopeOf(known, byzantine));
  return bound === undefined ? undefined : { value: bound, why: `@assume ${property.assumption}` };
}

// The assumption is asked for every number of byzantine participants: it stands for `byzantine` and for the size
// of the constant that holds them.
function scopeOf(known: readonly Valued[], byzantine: number): AssumptionScope {
  const byzantineSet = pick(known, 'byzantine', isSet)?.constant.name;
  const constantNamed = (name: string) => known.find(({ constant }) => constant.name === name)?.value;
  return {
    integer: name => {
      if (name === 'byzantine') return byzantine;
      const value = constantNamed(name);
      return typeof value === 'bigint' ? Number(value) : undefined;
    },
    sizeOf: name => {
      if (name === byzantineSet) return byzantine;
      const value = constantNamed(name);
      return value !== undefined && isSet(value) ? value.items.length : undefined;
    },
  };
}

/** A constant as scenarios write it: integers and booleans as themselves, everything else as a Quint literal. */
export function plainOrLiteral(value: Value): number | boolean | string {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint' && BigInt(Number(value)) === value) return Number(value);
  return showValue(value);
}
