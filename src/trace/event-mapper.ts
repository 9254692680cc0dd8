// One event of a log in the words of a spec: what was done and what it tells of the state. Events that are no steps
// are told apart here, because they still take part in the order of the others.
import { auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import type { ReadEvent } from './event.js';
import { type EventProblem, problemAt } from './event-problem.js';
import type { Hidden } from './execution-header.js';
import { ActionMapper } from './mapped-action.js';
import { StateMapper } from './mapped-state.js';
import type { Told, ToldAction } from './observation.js';
import type { SpecTypes } from './spec-types.js';
import type { TraceMapping } from './trace-mapping.js';
import { matchName, whyNoMatch } from './variable-names.js';

/** What an event is: the initial state or a part of it, a step, or nothing to the spec. */
export type EventRole = 'initial' | 'step' | 'none';

export interface MappedEvent {
  /** Absent when it is not known what was done. */
  readonly actions: readonly ToldAction[] | undefined;
  readonly told: readonly Told[];
  /** Whether the event has a state, be it empty. */
  readonly hasState: boolean;
}

interface MapperOptions {
  readonly eventsOnly: boolean;
  /** Misfits that are told of one value. */
  readonly misfitsMost: number;
}

export class EventMapper {
  private readonly ignored: ReadonlySet<string>;

  private constructor(
    readonly types: SpecTypes,
    readonly mapping: TraceMapping,
    private readonly actions: ActionMapper,
    private readonly state: StateMapper,
    private readonly eventsOnly: boolean,
  ) {
    this.ignored = new Set(mapping.ignoredEvents);
  }

  /** Errors AUR317 for rules that do not fit the spec. */
  static of(types: SpecTypes, mapping: TraceMapping, options: MapperOptions): Result<EventMapper> {
    const actions = ActionMapper.of(types, mapping.actions);
    const state = StateMapper.of(types, mapping, options.misfitsMost);
    if (!actions.ok) return state.ok ? actions : fail(...actions.errors, ...state.errors);
    if (!state.ok) return state;
    return ok(new EventMapper(types, mapping, actions.value, state.value, options.eventsOnly));
  }

  roleOf(event: ReadEvent): EventRole {
    const { action, actions, state, entries } = event;
    if (action !== undefined && this.ignored.has(action)) return 'none';
    if (this.actions.isInit(event)) return 'initial';
    return action === undefined && actions === undefined && state === undefined && entries === undefined
      ? 'none'
      : 'step';
  }

  map(event: ReadEvent, problems: EventProblem[]): MappedEvent {
    if (event.action !== undefined && event.actions !== undefined)
      problems.push(problemAt('AUR311', ['actions'], { message: 'there is an "action" too' }));
    const actions = this.actions.actionsOf(event, problems);
    if (this.eventsOnly) return { actions, told: [], hasState: false };
    const told = this.state.told(event, problems);
    return { actions, told, hasState: event.state !== undefined };
  }

  /** What is known of a moment that no event tells. */
  get always(): readonly Told[] {
    return this.eventsOnly ? [] : this.state.always;
  }

  /** The hidden actions by their names in the spec. Errors AUR317 for names that it does not have. */
  hidden(given: Hidden): Result<Hidden> {
    const matches = given.actions.map(name => ({ name, match: matchName(name, this.types.actions.keys()) }));
    const errors = matches.flatMap(({ name, match }) => {
      if (match.kind === 'one') return [];
      const { message, hint } = whyNoMatch(name, match, 'action');
      return [auraError('AUR317', `hidden actions: ${message}`, hint === undefined ? {} : { hint })];
    });
    if (errors.length > 0) return fail(...errors);
    return ok({
      ...given,
      actions: matches.flatMap(({ match }) => (match.kind === 'one' ? [match.name] : [])),
    });
  }
}
