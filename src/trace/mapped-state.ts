// What an event says of the variables of the spec: by the mapping's rules, and for variables without a rule by the
// name under which the state has them. A value that is the same JSON as in the event before is the same value.
import type { IrType } from '../model/ir.js';
import { typeText } from '../model/type-text.js';
import type { Value } from '../model/value.js';
import { type AuraError, auraError } from '../util/errors.js';
import type { Json } from '../util/json.js';
import { LIMITS } from '../util/limits.js';
import { fail, ok, type Result } from '../util/result.js';
import type { ReadEvent } from './event.js';
import { type EventProblem, problemAt, problemsOf } from './event-problem.js';
import { parsePointer, valueAt } from './json-pointer.js';
import { Misfits } from './misfits.js';
import type { Told } from './observation.js';
import { plainDecoder } from './plain-decode.js';
import type { PlainDecoder } from './plain-parts.js';
import type { SpecTypes } from './spec-types.js';
import type { StateRule, TraceMapping } from './trace-mapping.js';
import { matchName, whyNoMatch } from './variable-names.js';

/** A variable, with what the event before told of it. */
interface Slot {
  readonly variable: string;
  readonly type: IrType;
  /** Position among the variables. */
  readonly index: number;
  readonly decode: PlainDecoder;
  json: Json | undefined;
  told: Told | undefined;
}

/** The types of the entries of a variable that is a map. */
interface Entries {
  readonly variable: string;
  readonly decodeKey: PlainDecoder;
  readonly decodeValue: PlainDecoder;
}

/** A place in events that tells a variable, or with `entries` its entry for the event's node. */
interface Source {
  readonly path: readonly string[];
  readonly slot: Slot;
  readonly entries: Entries | undefined;
}

export class StateMapper {
  private readonly slots = new Map<string, Slot>();
  private readonly sources: Source[] = [];
  private readonly constants: Told[] = [];
  /** What the keys of states mean; undefined is one to pass over. */
  private readonly keys = new Map<string, Slot | EventProblem | undefined>();
  private readonly entries = new Map<string, Entries | EventProblem>();
  private readonly withoutRule: readonly string[];
  /** Whether a rule takes the state as a whole, so that its keys are no variables. */
  private takesState = false;

  private constructor(
    types: SpecTypes,
    { states, ignoredState }: TraceMapping,
    private readonly misfitsMost: number,
    errors: AuraError[],
  ) {
    for (const [variable, type] of types.vars) {
      const slot = { variable, type, index: this.slots.size, decode: plainDecoder(type) };
      this.slots.set(variable, { ...slot, json: undefined, told: undefined });
    }
    for (const key of ignoredState) this.keys.set(key, undefined);
    const ruled = new Set<string>();
    for (const [i, rule] of states.entries()) {
      const added = this.addRule(rule, ruled);
      if (added !== undefined)
        errors.push(auraError('AUR317', `state_mappings[${i}] for ${rule.variable}: ${added}`));
    }
    this.withoutRule = [...types.vars.keys()].filter(name => !ruled.has(name));
  }

  /** At most `misfitsMost` misfits of one value are told. Errors AUR317 for rules that do not fit the spec. */
  static of(types: SpecTypes, mapping: TraceMapping, misfitsMost: number): Result<StateMapper> {
    const errors: AuraError[] = [];
    const mapper = new StateMapper(types, mapping, misfitsMost, errors);
    return errors.length > 0 ? fail(...errors) : ok(mapper);
  }

  /** Variables that have the same value in every state, with the values. */
  get always(): readonly Told[] {
    return this.constants;
  }

  /** What the event tells, in the order of the variables, entries of maps last. */
  told(event: ReadEvent, problems: EventProblem[]): readonly Told[] {
    const whole: (Told | undefined)[] = [];
    const parts: Told[] = [];
    for (const told of this.constants) whole[this.slots.get(told.variable)?.index ?? 0] = told;
    const state = this.takesState ? undefined : event.state;
    if (state !== undefined)
      for (const key in state) {
        const slot = this.slotOf(key, problems);
        if (slot) whole[slot.index] = this.wholeTold(slot, state[key] ?? null, ['state', key], problems);
      }
    for (const { path, slot, entries } of this.sources) {
      const content = valueAt(event.json, path);
      if (content === undefined) continue;
      if (entries === undefined) whole[slot.index] = this.wholeTold(slot, content, path, problems);
      else if (event.node === undefined)
        problems.push(
          problemAt('AUR311', path, {
            message: `${slot.variable} is told by node, but the event has no node`,
          }),
        );
      else {
        const key = { json: event.node, path: ['node'] };
        pushIfAny(parts, this.entryTold(entries, key, { json: content, path }, problems));
      }
    }
    for (const [i, { variable, key, value }] of (event.entries ?? []).entries()) {
      const entries = this.entriesOf(variable, problems);
      if (entries === undefined) continue;
      const at = (part: string) => ['entries', `${i}`, part];
      const told = this.entryTold(
        entries,
        { json: key, path: at('key') },
        { json: value, path: at('value') },
        problems,
      );
      pushIfAny(parts, told);
    }
    const wholes = whole.filter(told => told !== undefined);
    if (parts.length === 0) return wholes;
    // An entry of a map that is told as a whole adds nothing.
    return [...wholes, ...parts.filter(({ variable }) => wholes.every(told => told.variable !== variable))];
  }

  private addRule({ variable, value, perNode }: StateRule, ruled: Set<string>): string | undefined {
    const match = matchName(variable, this.slots.keys());
    if (match.kind !== 'one') {
      const { message, hint } = whyNoMatch(variable, match, 'variable');
      return hint ? `${message} (${hint})` : message;
    }
    const slot = this.slots.get(match.name);
    if (slot === undefined || ruled.has(match.name)) return 'the variable has a rule already';
    ruled.add(match.name);
    if ('const' in value) return this.addConstant(slot, value.const);
    const path = parsePointer(value.path);
    if (path === undefined) return `${value.path} is not a JSON Pointer such as /state/x`;
    if (perNode && slot.type.kind !== 'fun')
      return `per_node needs a variable that is a map, not ${typeText(slot.type)}`;
    this.sources.push({ path, slot, entries: perNode ? entriesOf(slot) : undefined });
    const [root, key] = path;
    if (root === 'state' && key === undefined) this.takesState = true;
    else if (root === 'state' && key !== undefined) this.keys.set(key, undefined);
    return undefined;
  }

  private addConstant(slot: Slot, json: Json): string | undefined {
    const misfits = new Misfits();
    const value = slot.decode(json, misfits);
    if (value === undefined) return problemsOf([], misfits)[0]?.message;
    this.constants.push({ variable: slot.variable, value });
    return undefined;
  }

  private slotOf(key: string, problems: EventProblem[]): Slot | undefined {
    const isKnown = this.keys.has(key);
    const meaning = isKnown ? this.keys.get(key) : this.meaningOf(key);
    if (!isKnown && this.keys.size < LIMITS.traceNames) this.keys.set(key, meaning);
    if (meaning === undefined || 'variable' in meaning) return meaning;
    problems.push(meaning);
    return undefined;
  }

  private meaningOf(key: string): Slot | EventProblem | undefined {
    const match = matchName(key, this.withoutRule);
    if (match.kind !== 'one') return problemAt('AUR314', ['state'], withAdvice(key, match));
    const other = [...this.keys].find(
      ([, slot]) => slot && 'variable' in slot && slot.variable === match.name,
    );
    if (other === undefined) return this.slots.get(match.name);
    const message = `${other[0]} and ${key} are both the variable ${match.name}`;
    return problemAt('AUR314', ['state'], { message });
  }

  private entriesOf(variable: string, problems: EventProblem[]): Entries | undefined {
    let entries = this.entries.get(variable);
    if (entries === undefined) {
      const match = matchName(variable, this.slots.keys());
      const slot = match.kind === 'one' ? this.slots.get(match.name) : undefined;
      if (match.kind !== 'one') entries = problemAt('AUR314', ['entries'], withAdvice(variable, match));
      else
        entries =
          (slot && entriesOf(slot)) ??
          problemAt('AUR314', ['entries'], { message: `${variable} is no map, so it has no entries` });
      if (this.entries.size < LIMITS.traceNames) this.entries.set(variable, entries);
    }
    if ('variable' in entries) return entries;
    problems.push(entries);
    return undefined;
  }

  private wholeTold(
    slot: Slot,
    json: Json,
    path: readonly string[],
    problems: EventProblem[],
  ): Told | undefined {
    if (json === slot.json) return slot.told;
    const value = this.decoded(slot.decode, { json, path }, problems);
    slot.json = value === undefined ? undefined : json;
    slot.told = value === undefined ? undefined : { variable: slot.variable, value };
    return slot.told;
  }

  private entryTold(
    { variable, decodeKey, decodeValue }: Entries,
    key: Content,
    content: Content,
    problems: EventProblem[],
  ): Told | undefined {
    const k = this.decoded(decodeKey, key, problems);
    const value = this.decoded(decodeValue, content, problems);
    return k === undefined || value === undefined ? undefined : { variable, key: k, value };
  }

  private decoded(
    decode: PlainDecoder,
    { json, path }: Content,
    problems: EventProblem[],
  ): Value | undefined {
    const misfits = new Misfits(this.misfitsMost);
    const value = decode(json, misfits);
    if (value === undefined) problems.push(...problemsOf(path, misfits));
    return value;
  }
}

function withAdvice(name: string, match: Parameters<typeof whyNoMatch>[1]) {
  const { message, hint } = whyNoMatch(name, match, 'variable');
  return { message, hint: `${hint ? `${hint}; or ` : ''}name it in state_mappings or in ignored_state` };
}

function entriesOf({ variable, type }: Slot): Entries | undefined {
  if (type.kind !== 'fun') return undefined;
  return { variable, decodeKey: plainDecoder(type.arg), decodeValue: plainDecoder(type.res) };
}

interface Content {
  readonly json: Json;
  readonly path: readonly string[];
}

function pushIfAny(told: Told[], one: Told | undefined): void {
  if (one) told.push(one);
}
