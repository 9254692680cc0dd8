// From events to moments: the initial state first, observed or not, and then one moment for each event. What an event
// leaves untold is carried over or unknown, by the mode of the states; nothing is ever claimed that no event told.
import { compareValues, equalValues, type MapValue, mapOf, type State, type Value } from '../model/value.js';
import type { EventMapper, EventRole, MappedEvent } from './event-mapper.js';
import { type EventProblem, problemAt } from './event-problem.js';
import type { StateMode } from './execution-header.js';
import { type EventAt, showEventPlace } from './execution-parser.js';
import { Misfits } from './misfits.js';
import type { Observation, Told } from './observation.js';
import { plainDecoder } from './plain-decode.js';

/** An event that is not passed over, where it stands in the order of those events. */
export interface KeptEvent {
  readonly at: EventAt;
  readonly role: EventRole;
  readonly mapped: MappedEvent;
  /** Whether something of it does not fit the spec, which has been told. */
  readonly isBad: boolean;
  /** Positions of the events right before it; absent when that is the one before. */
  readonly after: readonly number[] | undefined;
}

/** What costs memory for each event, and is needed only by some traces. */
export interface Remembered {
  /** For `after` of later events. */
  readonly positions: boolean;
  /** For {@link MomentBuilder.momentOfEvent}. */
  readonly events: boolean;
}

/** A moment, and what is wrong with it beyond what is wrong with its events. */
export interface BuiltMoment {
  readonly moment: Observation;
  /** The event that it comes from, for an unobserved initial state the next one. */
  readonly at: EventAt;
  readonly isBad: boolean;
  readonly problems: readonly EventProblem[];
}

const NOTHING: State = new Map();

export class MomentBuilder {
  /** Events that make up the initial state, until another one comes. */
  private readonly initial: KeptEvent[] = [];
  private started = false;
  private known: State = NOTHING;
  /** Entries of maps that are told one by one and not known as a whole. */
  private readonly parts = new Map<string, MapValue>();
  private readonly keysOfNodes = new Map<string, readonly Value[] | undefined>();
  /** Indices of the moments of the events, by position. */
  private readonly byPosition: number[] = [];
  private readonly byEvent = new Map<number, number>();
  private moments = 0;

  /** `mode` is undefined where the first state is to tell. */
  constructor(
    private readonly mapper: EventMapper,
    private mode: StateMode | undefined,
    private readonly remember: Remembered,
  ) {}

  /** Of the moments so far; undefined until a state has told. */
  get stateMode(): StateMode | undefined {
    return this.mode;
  }

  /** The index of the moment of an event by the index of that; undefined for one that is passed over. */
  momentOfEvent(index: number): number | undefined {
    return this.byEvent.get(index);
  }

  /** The moments that are complete now. */
  add(event: KeptEvent): BuiltMoment[] {
    const { role, at, mapped } = event;
    if (!this.started) {
      const isFirst = this.initial.length === 0;
      const tellsNoAction = at.event.action === undefined && at.event.actions === undefined;
      // Of several orders none says that this event is the first of all.
      const isCertain = !this.remember.positions;
      if (role === 'initial' || (isFirst && isCertain && tellsNoAction && mapped.hasState)) {
        this.initial.push(event);
        this.note(at, 0);
        return [];
      }
    }
    return [...this.start(at), this.step(event)];
  }

  /** The initial state of a trace that has no more events. */
  finish(): BuiltMoment[] {
    const [first] = this.initial;
    return first ? this.start(first.at) : [];
  }

  private start(next: EventAt): BuiltMoment[] {
    if (this.started) return [];
    this.started = true;
    this.moments = 1;
    const [first, ...others] = this.initial;
    const problems: EventProblem[] = [];
    if (first === undefined) {
      const told = this.mapper.always;
      this.known = wholesOf(told);
      const moment = { known: this.known, told, place: `before ${showEventPlace(next)}` };
      return [{ moment, at: next, isBad: false, problems }];
    }
    const told = mergedTold([first, ...others], problems);
    const hasState = this.initial.some(({ mapped }) => mapped.hasState);
    const isBad = this.initial.some(event => event.isBad);
    const known = this.observe(told, hasState, isBad, problems);
    this.gather(told);
    const last = others.at(-1);
    const place = last
      ? `events ${first.at.index} to ${last.at.index}, lines ${first.at.place.line} to ${last.at.place.line}`
      : showEventPlace(first.at);
    const moment = { known: this.withWholeMaps(new Map(known)), told, place };
    this.known = moment.known;
    return [{ moment, at: first.at, isBad, problems }];
  }

  private step({ at, role, mapped, after, isBad }: KeptEvent): BuiltMoment {
    const problems: EventProblem[] = [];
    if (role === 'initial') {
      const message = 'the initial state can only come before all steps';
      const hint = 'map this action to one of the spec, or name it in ignored_events';
      problems.push(problemAt('AUR320', [], { message, hint }));
    }
    const { told, actions, hasState } = mapped;
    const known = this.observe(told, hasState, isBad, problems);
    const index = this.moments++;
    const place = showEventPlace(at);
    this.note(at, index);
    const before = after && momentsBefore(after.map(position => this.byPosition[position] ?? 0));
    const isChained = before === undefined || (before.length === 1 && before[0] === index - 1);
    const moment = {
      known,
      told,
      ...(actions && { actions }),
      place,
      ...(!isChained && { after: before }),
    };
    return { moment, at, isBad, problems };
  }

  private note({ index }: EventAt, moment: number): void {
    if (this.remember.positions) this.byPosition.push(moment);
    if (this.remember.events) this.byEvent.set(index, moment);
  }

  /** What is known after an event that tells this. */
  private observe(told: readonly Told[], hasState: boolean, isBad: boolean, problems: EventProblem[]): State {
    if (hasState) this.mode ??= wholesOf(told).size === this.mapper.types.vars.size ? 'full' : 'partial';
    // A value that does not fit is not missing too.
    const missing = hasState && this.mode === 'full' && !isBad ? this.missing(told) : [];
    if (missing.length > 0) problems.push(incomplete(missing));
    return this.mode === 'delta' ? this.carry(told) : wholesOf(told);
  }

  /** Variables that are told neither as a whole nor by an entry. */
  private missing(told: readonly Told[]): string[] {
    if (told.length >= this.mapper.types.vars.size && told.every(({ key }) => key === undefined)) return [];
    const names = new Set(told.map(({ variable }) => variable));
    return [...this.mapper.types.vars.keys()].filter(name => !names.has(name));
  }

  private carry(told: readonly Told[]): State {
    if (told.length === 0) return this.known;
    const known = new Map(this.known);
    for (const { variable, key, value } of told)
      if (key === undefined) known.set(variable, value);
      else {
        const map = known.get(variable);
        if (typeof map === 'object' && map.kind === 'map') known.set(variable, put(map, key, value));
      }
    this.gather(told);
    this.known = this.withWholeMaps(known);
    return this.known;
  }

  private gather(told: readonly Told[]): void {
    for (const { variable, key, value } of told)
      if (key !== undefined) this.parts.set(variable, put(this.parts.get(variable), key, value));
  }

  /** Adds the maps that have entries for all nodes. */
  private withWholeMaps(known: Map<string, Value>): State {
    for (const [variable, map] of this.parts) {
      const keys = this.nodeKeys(variable);
      const hasAll = keys?.every(key => map.entries.some(([each]) => equalValues(each, key)));
      if (!known.has(variable) && hasAll) known.set(variable, map);
    }
    return known;
  }

  /** The keys that a map by node has; undefined where it is not known which nodes there are. */
  private nodeKeys(variable: string): readonly Value[] | undefined {
    if (!this.keysOfNodes.has(variable)) {
      const { nodes } = this.mapper.mapping;
      const type = this.mapper.types.vars.get(variable);
      const decode = type?.kind === 'fun' ? plainDecoder(type.arg) : undefined;
      const keys = nodes.flatMap(node => decode?.(node, new Misfits()) ?? []);
      this.keysOfNodes.set(variable, keys.length === nodes.length && keys.length > 0 ? keys : undefined);
    }
    return this.keysOfNodes.get(variable);
  }
}

/** Moments right before one, sorted. The initial state is before all, which needs saying only where nothing else is. */
function momentsBefore(moments: readonly number[]): number[] {
  const others = new Set(moments.filter(moment => moment > 0));
  return others.size === 0 ? [0] : [...others].sort((a, b) => a - b);
}

function wholesOf(told: readonly Told[]): Map<string, Value> {
  const known = new Map<string, Value>();
  for (const { variable, key, value } of told) if (key === undefined) known.set(variable, value);
  return known;
}

function put(map: MapValue | undefined, key: Value, value: Value): MapValue {
  return mapOf([...(map?.entries ?? []), [key, value]]);
}

function incomplete(missing: readonly string[]): EventProblem {
  const message = `no value for ${missing.join(', ')}`;
  const hint =
    'with state_mode = "delta" it would be taken for unchanged, with state_mode = "partial" for unknown';
  return problemAt('AUR315', ['state'], { message, hint });
}

/** What several events tell of one state: each variable and each entry once. */
function mergedTold(events: readonly KeptEvent[], problems: EventProblem[]): readonly Told[] {
  const [first, ...others] = events.map(({ mapped }) => mapped.told);
  const merged = [...(first ?? [])];
  for (const told of others.flat()) {
    const same = merged.find(({ variable, key }) => variable === told.variable && sameKey(key, told.key));
    if (same === undefined) merged.push(told);
    else if (!equalValues(same.value, told.value)) {
      const message = `the events of the initial state tell different values of ${told.variable}`;
      problems.push(problemAt('AUR320', ['state'], { message }));
    }
  }
  return merged;
}

function sameKey(a: Value | undefined, b: Value | undefined): boolean {
  return a === undefined || b === undefined ? a === b : compareValues(a, b) === 0;
}
