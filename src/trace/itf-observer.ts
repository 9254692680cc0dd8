// From the states of an ITF trace to what they tell of a spec. Names are matched to those of the spec, what Quint's
// simulator says of actions is read out of its two variables, and what aura keeps in `#meta` is put back in its place.
import { equalValues, type State, type Value } from '../model/value.js';
import { type AuraError, auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import type { Fit } from './fit.js';
import { fitByShape } from './fit-by-shape.js';
import type { ItfFrame, ItfState, JsonObject } from './itf.js';
import { fitOfType, type ItfTypes } from './itf-typed.js';
import type { Observation, ObservedFrame, Told, ToldAction } from './observation.js';
import {
  FOREIGN_FRAME,
  type MomentMeta,
  metaValue,
  readFrameMeta,
  readMomentMeta,
} from './observation-meta.js';
import type { SpecTypes } from './spec-types.js';
import { ACTION_TAKEN, NONDET_PICKS } from './steps-itf.js';
import { matchName, whyNoMatch } from './variable-names.js';

/**
 * The types of the spec under the names that a trace may have for its variables. Picks stay as they are written, since
 * their types depend on the action.
 */
export function typesByTraceName(types: SpecTypes): ItfTypes {
  const get = (name: string) => {
    const match = matchName(name, types.vars.keys());
    return match.kind === 'one' ? types.vars.get(match.name) : undefined;
  };
  return { vars: { get }, env: types.env, fitOf: name => (name === NONDET_PICKS ? asWritten : undefined) };
}

/** Leaves a value as it is written. */
export const asWritten: Fit = value => value;

export class ItfObserver {
  /** The spec's name of each name of the trace; undefined for one that is no variable. */
  private readonly names = new Map<string, string | undefined>();
  /** Names that are neither variables nor known to be constants. */
  private readonly strange = new Map<string, AuraError>();
  private count = 0;
  private meta: JsonObject | undefined;
  private told: ObservedFrame = FOREIGN_FRAME;

  /** Without types every name and value is taken as it is. `file` stands for the source in errors. */
  constructor(
    private readonly file: string,
    private readonly types: SpecTypes | undefined,
    private readonly eventsOnly: boolean,
  ) {}

  /** What a state tells; `frame` is what has been read so far of what surrounds it. */
  observe(state: ItfState, frame: ItfFrame): Result<Observation> {
    const index = this.count++;
    const meta = readMomentMeta(state.meta ?? {});
    if (meta === undefined || (index === 0 && readFrameMeta(frame.meta ?? {}) === undefined))
      return fail(this.error('AUR302', `states[${index}]: its #meta holds keys of aura with other content`));
    for (const name of state.values.keys()) {
      const fault = this.names.has(name) ? undefined : this.learn(name, frame, index);
      if (fault) return fail(fault);
    }
    const known = this.eventsOnly ? new Map<string, Value>() : this.knownIn(state.values, meta);
    const told = this.eventsOnly ? [] : this.toldIn(state.values, known, meta);
    if (told === undefined)
      return fail(this.error('AUR302', `states[${index}]: its #meta tells of values that it does not have`));
    const actions = index === 0 ? undefined : this.actionsIn(state.values, meta);
    return ok({
      known,
      told,
      ...(actions && { actions }),
      place: meta.place ?? `state ${index}`,
      ...(meta.after && { after: meta.after }),
    });
  }

  /** What is wrong with a trace that ends here. */
  finish({ params = [] }: ItfFrame): AuraError | undefined {
    for (const [name, error] of this.strange) if (!params.includes(name)) return error;
    return this.count > 0 ? undefined : auraError('AUR313', `${this.file} has no states`);
  }

  frame({ meta, loop }: ItfFrame): ObservedFrame {
    if (meta !== undefined && meta !== this.meta) {
      this.meta = meta;
      this.told = readFrameMeta(meta) ?? FOREIGN_FRAME;
    }
    return loop === undefined ? this.told : { ...this.told, loop };
  }

  private learn(name: string, { vars, params }: ItfFrame, index: number): AuraError | undefined {
    this.names.set(name, undefined);
    if (name.startsWith('mbt::') || params?.includes(name)) return undefined;
    if (this.types === undefined) {
      this.names.set(name, name);
      return undefined;
    }
    const match = matchName(name, this.types.vars.keys());
    if (match.kind === 'one') {
      const other = [...this.names].find(([, known]) => known === match.name);
      this.names.set(name, match.name);
      return other && this.error('AUR314', `${other[0]} and ${name} are both the variable ${match.name}`);
    }
    const { message, hint } = whyNoMatch(name, match, 'variable');
    const error = this.error('AUR314', `states[${index}]: ${message}`, hint);
    // A constant may be listed behind the states.
    if (vars.includes(name)) return error;
    this.strange.set(name, error);
    return undefined;
  }

  private knownIn(values: State, { unobserved }: MomentMeta): Map<string, Value> {
    const without = new Set(unobserved.map(name => this.names.get(name) ?? name));
    const known = new Map<string, Value>();
    for (const [name, value] of values) {
      const variable = this.names.get(name);
      if (variable !== undefined && !without.has(variable)) known.set(variable, value);
    }
    return known;
  }

  /** What the state itself tells, in the order of the variables; undefined when `#meta` tells what is not there. */
  private toldIn(values: State, known: State, { told }: MomentMeta): readonly Told[] | undefined {
    if (told === undefined) {
      const order = this.types?.vars.keys() ?? known.keys();
      return [...order].flatMap(variable => {
        const value = known.get(variable);
        return value === undefined ? [] : [{ variable, value }];
      });
    }
    const byVariable = new Map([...values].map(([name, value]) => [this.names.get(name), value]));
    const found = told.map(({ variable: name, key: json }): Told | undefined => {
      const variable = this.names.get(name) ?? name;
      const value = byVariable.get(variable);
      if (value === undefined) return undefined;
      if (json === undefined) return { variable, value };
      const type = this.types?.vars.get(variable);
      const key = metaValue(json, type?.kind === 'fun' ? type.arg : undefined);
      const entry = key === undefined ? undefined : entryOf(value, key);
      return key !== undefined && entry !== undefined ? { variable, key, value: entry } : undefined;
    });
    const all = found.filter(one => one !== undefined);
    return all.length === told.length ? all : undefined;
  }

  private actionsIn(values: State, { actions }: MomentMeta): readonly ToldAction[] | undefined {
    if (actions)
      return actions.map(({ name, values: given }) => {
        const types = this.types?.actions.get(name);
        const decoded = Object.entries(given).flatMap(([key, json]): [string, Value][] => {
          const value = metaValue(json, types?.get(key));
          return value === undefined ? [] : [[key, value]];
        });
        return { name, values: new Map(decoded) };
      });
    const label = values.get(ACTION_TAKEN);
    // For Quint a branch without a name is taken by "".
    if (typeof label !== 'string' || label === '') return undefined;
    const match = matchName(label, this.types?.actions.keys() ?? []);
    const name = match.kind === 'one' ? match.name : label;
    return [{ name, values: this.picksIn(values.get(NONDET_PICKS), name) }];
  }

  /**
   * The picks that an action may have made. Quint also shows those of branches that were not taken: what does not fit
   * the action is left out.
   */
  private picksIn(picks: Value | undefined, action: string): Map<string, Value> {
    const taken = new Map<string, Value>();
    const types = this.types?.actions.get(action);
    for (const [name, option] of typeof picks === 'object' && picks.kind === 'record' ? picks.fields : []) {
      if (typeof option !== 'object' || option.kind !== 'variant' || option.tag !== 'Some') continue;
      const type = types?.get(name);
      if (types !== undefined && type === undefined) continue;
      const typed = type ? fitOfType(type, new Map()) : fitByShape;
      const value = typed(option.value, { path: [], reason: '' });
      if (value !== undefined) taken.set(name, value);
    }
    return taken;
  }

  private error(code: AuraError['code'], message: string, hint?: string): AuraError {
    return auraError(code, `${this.file}: ${message}`, hint === undefined ? {} : { hint });
  }
}

function entryOf(map: Value, key: Value): Value | undefined {
  if (typeof map !== 'object' || map.kind !== 'map') return undefined;
  return map.entries.find(([each]) => equalValues(each, key))?.[1];
}
