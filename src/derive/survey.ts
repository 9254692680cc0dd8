// Which actions of a spec are possible, how often, and what keeps the others from ever being taken: an exploration,
// breadth-first for half of the states and then by walks that prefer actions seen least, so that what lies deep is met
// too. Looks only; says nothing of properties.
import {
  type CompiledSpec,
  compileSpec,
  createMachine,
  decodeState,
  type EngineState,
  type Machine,
  StateStore,
  tryAction,
} from '../engine/index.js';
import type { SourceSpan } from '../model/ir.js';
import type { Action, Model } from '../model/model.js';
import { type TakenAction, takenActions } from '../model/taken-action.js';
import { createRandom, type Random } from '../util/random.js';
import { ok, type Result } from '../util/result.js';
import { withMarkedSteps } from './marked-steps.js';

export interface SurveyOptions {
  readonly init: string;
  readonly step: string;
  /** Distinct states. */
  readonly maxStates: number;
  readonly seed: string;
}

/** What keeps an action from being taken. */
export interface Blocker {
  /** A guard that was never true, one that failed most often, or a set to draw from that was always empty. */
  readonly kind: 'never true' | 'mostly false' | 'empty domain';
  readonly span: SourceSpan | undefined;
  /** How often it was tried. */
  readonly tried: number;
}

export interface ActionSurvey {
  readonly name: string;
  /** States that were looked at in which it is possible. */
  readonly enabledIn: number;
  /** Steps by it. */
  readonly steps: number;
  /** Present for an action that was never possible, where a reason was found. */
  readonly blocker?: Blocker;
}

export interface Survey {
  /** Distinct states whose steps were all looked at. */
  readonly states: number;
  /** Whether these are all states within reach. */
  readonly complete: boolean;
  /** Of these, the states that no step leaves. */
  readonly deadlocks: number;
  readonly actions: readonly ActionSurvey[];
}

const WALK_LENGTH = 40;
/** States in which actions that were never possible are tried guard by guard. */
const TRIED_STATES = 60;

/** Errors: those of evaluating the spec, in any state. */
export function survey(compiled: CompiledSpec, model: Model, options: SurveyOptions): Result<Survey> {
  const marked = compileSpec(withMarkedSteps(model));
  if (!marked.ok) return marked;
  const machine = createMachine(marked.value, options);
  if (!machine.ok) return machine;
  const search = new SurveySearch(compiled, machine.value, model, options);
  const done = search.run();
  if (!done.ok) return done;
  return ok(search.result());
}

interface Counts {
  enabledIn: number;
  steps: number;
}

class SurveySearch {
  private readonly store: StateStore;
  private readonly counts = new Map<string, Counts>();
  private readonly initials: EngineState[] = [];
  private readonly looked = new Set<number>();
  private readonly taken: TakenAction;
  private deadlocks = 0;
  private complete = false;

  constructor(
    private readonly compiled: CompiledSpec,
    /** Of the spec with marked steps. */
    private readonly machine: Machine,
    private readonly model: Model,
    private readonly options: SurveyOptions,
  ) {
    this.store = new StateStore(compiled.variables.length);
    this.taken = takenActions(model);
    for (const { name } of model.actions) this.counts.set(name, { enabledIn: 0, steps: 0 });
  }

  run(): Result<void> {
    const { maxStates, seed } = this.options;
    const begun = this.machine.ways(undefined, undefined, ({ state }) => {
      const before = this.store.size;
      if (this.store.add(state) === before) this.initials.push(state);
      return this.store.size < maxStates;
    });
    if (!begun.ok) return begun;
    const breadth = Math.max(1, Math.floor(maxStates / 2));
    let next = 0;
    for (; next < this.store.size && next < breadth; next++) {
      const looked = this.look(next);
      if (!looked.ok) return looked;
    }
    this.complete = next === this.store.size;
    return this.complete || this.initials.length === 0
      ? ok(undefined)
      : this.walk(createRandom(`${seed}/survey`));
  }

  private walk(random: Random): Result<void> {
    // States that are met again cost as much as new ones.
    let left = this.options.maxStates - this.looked.size;
    while (left > 0) {
      let state = this.initials[random.below(this.initials.length)];
      for (let i = 0; i < WALK_LENGTH && state !== undefined; i++) {
        left--;
        const chosen = this.look(this.store.add(state), random);
        if (!chosen.ok) return chosen;
        state = chosen.value;
      }
    }
    return ok(undefined);
  }

  /** Counts what is possible in a state the first time it is looked at; gives one of the states that come next. */
  private look(number: number, random?: Random): Result<EngineState | undefined> {
    const isNew = !this.looked.has(number);
    this.looked.add(number);
    const seen = new Set<Counts>();
    const ways: { readonly state: EngineState; readonly counts: Counts | undefined }[] = [];
    let isStuck = true;
    const done = this.machine.ways(this.store.get(number), undefined, way => {
      isStuck = false;
      const { state, action = '' } = way;
      const counts = this.counts.get(action) ?? this.counts.get(this.taken(way)?.name ?? '');
      if (isNew && counts !== undefined) {
        counts.steps++;
        if (!seen.has(counts)) counts.enabledIn++;
        seen.add(counts);
      }
      if (random === undefined) this.store.add(state);
      else ways.push({ state, counts });
      return true;
    });
    if (!done.ok) return done;
    if (isNew && isStuck) this.deadlocks++;
    return ok(random === undefined ? undefined : choose(ways, random));
  }

  result(): Survey {
    const never = this.model.actions.filter(({ name }) => this.counts.get(name)?.steps === 0);
    const blockers = never.length === 0 ? new Map<string, Blocker>() : this.blockers(never);
    return {
      states: this.looked.size,
      complete: this.complete,
      deadlocks: this.deadlocks,
      actions: this.model.actions.map(({ name }) => {
        const { enabledIn, steps } = this.counts.get(name) ?? { enabledIn: 0, steps: 0 };
        const blocker = blockers.get(name);
        return { name, enabledIn, steps, ...(blocker !== undefined && { blocker }) };
      }),
    };
  }

  private blockers(actions: readonly Action[]): Map<string, Blocker> {
    const numbers = [...this.looked];
    const every = Math.max(1, Math.floor(numbers.length / TRIED_STATES));
    const reasons = new Map(actions.map(action => [action.name, new Reasons(action, this.compiled)]));
    const byId = new Map(actions.map(action => [action.id, reasons.get(action.name)]));
    const domains = new Map(
      actions.flatMap(action =>
        action.calls.flatMap(({ bindings }) =>
          bindings.flatMap(({ expr }) => {
            const set = expr.kind === 'app' ? expr.args[0] : undefined;
            return set === undefined ? [] : [[set.id, reasons.get(action.name)] as const];
          }),
        ),
      ),
    );
    for (let i = 0; i < numbers.length; i += every) {
      tryAction(this.compiled, this.options.step, {
        from: decodeState(this.compiled, this.store.get(numbers[i] ?? 0)),
        onGuard: ({ expr }, action, held) => byId.get(action?.id ?? -1)?.guard(expr.id, held),
        onAttempt: ({ failed }) => {
          if (failed !== undefined && failed.error === undefined)
            domains.get(failed.expr.id)?.empty(failed.expr.id);
        },
      });
    }
    return new Map(
      [...reasons].flatMap(([name, reason]) => {
        const blocker = reason.blocker();
        return blocker === undefined ? [] : [[name, blocker] as const];
      }),
    );
  }
}

/** Half of the time at random, half of the time by the action that was seen least. */
function choose(
  ways: readonly { readonly state: EngineState; readonly counts: Counts | undefined }[],
  random: Random,
): EngineState | undefined {
  if (ways.length === 0) return undefined;
  const chosen = ways[random.below(ways.length)];
  if (random.below(2) === 0) return chosen?.state;
  const least = Math.min(...ways.map(({ counts }) => counts?.steps ?? 0));
  const rare = ways.filter(({ counts }) => (counts?.steps ?? 0) === least);
  return rare[random.below(rare.length)]?.state;
}

/** What was seen of the guards of one action. */
class Reasons {
  private readonly guards = new Map<number, { held: number; failed: number }>();
  private readonly empties = new Map<number, number>();

  constructor(
    readonly action: Action,
    private readonly compiled: CompiledSpec,
  ) {}

  guard(id: number, held: boolean): void {
    const known = this.guards.get(id) ?? { held: 0, failed: 0 };
    if (held) known.held++;
    else known.failed++;
    this.guards.set(id, known);
  }

  empty(id: number): void {
    this.empties.set(id, (this.empties.get(id) ?? 0) + 1);
  }

  blocker(): Blocker | undefined {
    const spanOf = (id: number) => this.compiled.spec.ir.spans.get(id);
    const never = [...this.guards].find(([, { held }]) => held === 0);
    if (never !== undefined) return { kind: 'never true', span: spanOf(never[0]), tried: never[1].failed };
    const [most] = [...this.guards].sort(([, a], [, b]) => b.failed - a.failed);
    if (most !== undefined)
      return { kind: 'mostly false', span: spanOf(most[0]), tried: most[1].held + most[1].failed };
    const [empty] = this.empties;
    return empty && { kind: 'empty domain', span: spanOf(empty[0]), tried: empty[1] };
  }
}
