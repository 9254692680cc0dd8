// What an event says was done, in the words of the spec: the mapping's rules first, then equal names. Two rules for
// one name of an event mean that it stands for either: then it is not known which.
import type { Value } from '../model/value.js';
import { type AuraError, auraError } from '../util/errors.js';
import type { Json } from '../util/json.js';
import { LIMITS } from '../util/limits.js';
import { fail, ok, type Result } from '../util/result.js';
import type { ReadEvent } from './event.js';
import { type EventProblem, problemAt, problemsOf } from './event-problem.js';
import type { JsonObject } from './itf.js';
import { parsePointer, valueAt } from './json-pointer.js';
import { Misfits } from './misfits.js';
import type { ToldAction } from './observation.js';
import { plainDecoder } from './plain-decode.js';
import type { PlainDecoder } from './plain-parts.js';
import type { SpecTypes } from './spec-types.js';
import type { ActionRule, MappedValue } from './trace-mapping.js';
import { matchName, whyNoMatch } from './variable-names.js';

/** The action that gives the initial state. */
const INIT = 'init';

/** Where the value of a parameter comes from. */
interface Source {
  readonly value: string;
  /** Undefined for a constant. */
  readonly path: readonly string[] | undefined;
  readonly constant: Json;
  readonly decode: PlainDecoder;
}

/** An action of the spec that an event stands for. */
interface Target {
  readonly name: string;
  /** Undefined where values are taken by name. */
  readonly sources: readonly Source[] | undefined;
}

/** `targets` is undefined where it is not known which of several it is. */
type Meaning = { readonly targets: readonly Target[] | undefined } | { readonly problem: EventProblem };

export class ActionMapper {
  private readonly decoders = new Map<string, ReadonlyMap<string, PlainDecoder>>();
  private readonly meanings = new Map<string, Meaning>();

  private constructor(private readonly types: SpecTypes) {}

  /** Errors AUR317 for rules that do not fit the spec. */
  static of(types: SpecTypes, rules: readonly ActionRule[]): Result<ActionMapper> {
    const mapper = new ActionMapper(types);
    const errors: AuraError[] = [];
    for (const [i, rule] of rules.entries()) {
      const targets = mapper.targetsOf(rule, message => {
        errors.push(auraError('AUR317', `action_mappings[${i}] for ${rule.protocol}: ${message}`));
      });
      const isOneOfSeveral = mapper.meanings.has(rule.protocol);
      mapper.meanings.set(rule.protocol, { targets: isOneOfSeveral ? undefined : targets });
    }
    return errors.length > 0 ? fail(...errors) : ok(mapper);
  }

  /** Whether the event gives the initial state. */
  isInit({ action, actions }: ReadEvent): boolean {
    const name = action ?? (actions?.length === 1 ? actions[0]?.action : undefined);
    if (name === undefined) return false;
    const meaning = this.meaningOf(name);
    const [only, ...more] = ('targets' in meaning && meaning.targets) || [];
    return only !== undefined && more.length === 0 && only.name === INIT;
  }

  /** What was done; undefined where the event does not say. */
  actionsOf(event: ReadEvent, problems: EventProblem[]): readonly ToldAction[] | undefined {
    const { action, actions = [] } = event;
    if (action !== undefined) return this.told(event, action, event.params, [], problems);
    const told = actions.map((one, i) =>
      this.told(event, one.action, one.params, ['actions', `${i}`], problems),
    );
    const known = told.filter(one => one !== undefined);
    return known.length < told.length || told.length === 0 ? undefined : known.flat();
  }

  private told(
    event: ReadEvent,
    name: string,
    params: JsonObject | undefined,
    path: readonly string[],
    problems: EventProblem[],
  ): readonly ToldAction[] | undefined {
    const meaning = this.meaningOf(name);
    if ('problem' in meaning) {
      problems.push(meaning.problem);
      return undefined;
    }
    return meaning.targets?.map(target => ({
      name: target.name,
      values: target.sources
        ? mappedValues(target.sources, event.json, problems)
        : this.equalNames(target.name, params ?? {}, [...path, 'params'], problems),
    }));
  }

  private meaningOf(name: string): Meaning {
    let meaning = this.meanings.get(name);
    if (meaning === undefined) {
      const match = matchName(name, this.types.actions.keys());
      if (match.kind === 'one') meaning = { targets: [{ name: match.name, sources: undefined }] };
      else {
        const { message, hint } = whyNoMatch(name, match, 'action');
        const advice = `${hint ? `${hint}; or ` : ''}name it in action_mappings or in ignored_events`;
        meaning = { problem: problemAt('AUR316', ['action'], { message, hint: advice }) };
      }
      if (this.meanings.size < LIMITS.traceNames) this.meanings.set(name, meaning);
    }
    return meaning;
  }

  // What the log knows beyond the action's own values is nothing to the spec.
  private equalNames(
    action: string,
    params: JsonObject,
    path: readonly string[],
    problems: EventProblem[],
  ): Map<string, Value> {
    const values = new Map<string, Value>();
    const decoders = this.decodersOf(action);
    for (const name of Object.keys(params)) {
      const decode = decoders.get(name);
      if (decode) take(values, name, params[name] ?? null, decode, [...path, name], problems);
    }
    return values;
  }

  private decodersOf(action: string): ReadonlyMap<string, PlainDecoder> {
    let decoders = this.decoders.get(action);
    if (decoders === undefined) {
      const types = [...(this.types.actions.get(action) ?? [])];
      decoders = new Map(types.map(([value, type]) => [value, plainDecoder(type)]));
      this.decoders.set(action, decoders);
    }
    return decoders;
  }

  private targetsOf({ quint, params }: ActionRule, refuse: (message: string) => void): Target[] {
    const named = quint.flatMap(given => {
      const match = matchName(given, this.types.actions.keys());
      if (match.kind === 'one') return [{ given, name: match.name }];
      const { message, hint } = whyNoMatch(given, match, 'action');
      refuse(hint ? `${message} (${hint})` : message);
      return [];
    });
    if (params === undefined) return named.map(({ name }) => ({ name, sources: undefined }));
    const used = new Set<string>();
    const targets = named.map(({ given, name }) => {
      const sources = [...params].flatMap(([key, value]) => {
        const own = key.startsWith(`${given}.`) ? key.slice(given.length + 1) : key;
        const decode = this.decodersOf(name).get(own);
        if (decode === undefined) return [];
        used.add(key);
        return [sourceOf(own, value, decode, refuse)];
      });
      return { name, sources };
    });
    for (const key of params.keys())
      if (!used.has(key) && named.length === quint.length)
        refuse(`${quint.join(' and ')} ${quint.length > 1 ? 'have' : 'has'} no parameter ${key}`);
    return targets;
  }
}

function mappedValues(
  sources: readonly Source[],
  json: JsonObject,
  problems: EventProblem[],
): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const { value, path, constant, decode } of sources) {
    const content = path === undefined ? constant : valueAt(json, path);
    if (content !== undefined) take(values, value, content, decode, path ?? [], problems);
  }
  return values;
}

function take(
  values: Map<string, Value>,
  name: string,
  json: Json,
  decode: PlainDecoder,
  path: readonly string[],
  problems: EventProblem[],
): void {
  const misfits = new Misfits();
  const value = decode(json, misfits);
  if (value === undefined) problems.push(...problemsOf(path, misfits));
  else values.set(name, value);
}

function sourceOf(
  value: string,
  mapped: MappedValue,
  decode: PlainDecoder,
  refuse: (message: string) => void,
): Source {
  if ('const' in mapped) {
    const misfits = new Misfits();
    if (decode(mapped.const, misfits) === undefined)
      for (const { message } of problemsOf([], misfits)) refuse(`${value}: ${message}`);
    return { value, path: undefined, constant: mapped.const, decode };
  }
  const path = parsePointer(mapped.path);
  if (path === undefined) refuse(`${value}: ${mapped.path} is not a JSON Pointer such as /params/x`);
  return { value, path: path ?? [], constant: null, decode };
}
