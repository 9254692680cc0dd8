// A spec as a transition system: its initial states and its steps, enumerated or picked at random, each with the
// action, the arguments and the picks that lead there. Two programs are emitted on demand, one that enumerates and
// one that picks. Nothing here decides what to explore: see simulate.ts and explore.ts.
import type { State, Value } from '../model/value.js';
import { must } from '../util/assert.js';
import { auraError } from '../util/errors.js';
import type { Random } from '../util/random.js';
import { fail, ok, type Result } from '../util/result.js';
import { type CompiledSpec, findOp, type OpRef } from './compiled-spec.js';
import { fromRt, stateFromRt, stateToRt, toRt } from './convert.js';
import { guarded } from './guard.js';
import type { Loaded, Program, RootKind, RtState } from './program.js';
import { useRandom } from './runtime/picks.js';
import { isRtValue, type RtValue } from './runtime/values.js';

/** One way to reach `state`. */
export interface Step {
  /** The first named action that was entered after the last choice of an `any`; undefined if none has a name. */
  readonly action: string | undefined;
  readonly args: readonly (readonly [string, Value])[];
  /** What each `nondet` on the way took, by name, in the order of their first use. */
  readonly picks: readonly (readonly [string, Value])[];
  readonly state: State;
}

/** An action to take, with what is not left open: arguments for its parameters, values for some of its picks. */
export interface GivenAction {
  /** A name in the main module. */
  readonly action: string;
  readonly args?: readonly Value[];
  readonly picks?: readonly (readonly [string, Value])[];
}

/** Told of each way; returns false to hear of no more. */
export type StepVisitor = (step: Step) => boolean | undefined;

export interface MachineOptions {
  /** Names in the main module. */
  readonly init: string;
  readonly step: string;
  /** Names of boolean definitions that {@link Machine.violated} checks. */
  readonly invariants?: readonly string[];
  /** Retry a `nondet` whose body was false when its bounds are below this; Quint's default is 100. */
  readonly retryBelow?: number;
}

/** A program with its roots: what the drivers of this folder work with. */
export interface Engine {
  readonly program: Program;
  readonly loaded: Loaded;
  readonly init: (...args: unknown[]) => unknown;
  readonly step: (...args: unknown[]) => unknown;
  readonly invariants: readonly { readonly name: string; readonly check: (...args: unknown[]) => unknown }[];
  /** How often the emitted module was given another state to work on. */
  readonly turns: { count: number };
}

/** A step as emitted code left it in its registers. */
export interface RawStep {
  readonly state: RtState;
  readonly label: number;
  readonly args: readonly unknown[];
  readonly picks: readonly unknown[];
}

/** Reads the registers after an action has succeeded. */
export function rawStep(loaded: Loaded): RawStep {
  return { state: loaded.next(), label: loaded.label(), args: loaded.labelArgs(), picks: loaded.picks() };
}

/** One way to reach `state`, made presentable only on demand. */
export interface Way {
  readonly state: RtState;
  /** As of {@link Step.action}. */
  readonly action: string | undefined;
  /** Path of the instance that the action belongs to, such as `main::inst`; empty for none. */
  readonly instance: string;
  step(): Step;
}

export interface Machine {
  readonly compiled: CompiledSpec;
  readonly options: MachineOptions;
  /**
   * The ways to go on from `from`, or to start where it is undefined, that agree with `target` in each variable which
   * that defines. Returning false ends the visit.
   */
  ways(
    from: RtState | undefined,
    target: RtState | undefined,
    visit: (way: Way) => boolean | undefined,
  ): Result<void>;
  /** Every way to start. */
  initialStates(visit: StepVisitor): Result<void>;
  /** Every way to go on from `state`. */
  successors(state: State, visit: StepVisitor): Result<void>;
  /** Every way to take this action. */
  taking(state: State, given: GivenAction, visit: StepVisitor): Result<void>;
  /** Some way to start, undefined when the picks that were drawn lead nowhere. */
  randomInit(random: Random): Result<Step | undefined>;
  randomStep(state: State, random: Random): Result<Step | undefined>;
  /** A way to get from one state to the other, undefined when there is none. */
  allowed(from: State, to: State): Result<Step | undefined>;
  /** A way to start in `state`. */
  allowedInit(state: State): Result<Step | undefined>;
  /** The first of the invariants that does not hold in `state`. */
  violated(state: State): Result<string | undefined>;
  enumerating(): Engine;
  picking(): Engine;
  stepOf(engine: Engine, raw: RawStep): Step;
}

/** Thrown through emitted code by a visitor that has heard enough. */
class Enough {}

/** A transition system of the spec's main module; AUR204 or AUR604 for names that it lacks. */
export function createMachine(compiled: CompiledSpec, options: MachineOptions): Result<Machine> {
  const names = [options.init, options.step, ...(options.invariants ?? [])];
  for (const name of names) {
    const found = findOp(compiled, name);
    if (!found.ok) return found;
    if (found.value.def.expr.kind === 'lambda')
      return fail(
        auraError('AUR605', `${name} has parameters, so it cannot stand for init, step or an invariant`),
      );
  }
  return ok(new SpecMachine(compiled, options));
}

/** What an enumeration is held to. */
interface Bound {
  readonly args?: readonly RtValue[];
  readonly target?: RtState;
  readonly forced?: readonly (RtValue | undefined)[];
}

class SpecMachine implements Machine {
  private enumerator: Engine | undefined;
  private picker: Engine | undefined;
  private readonly given = new Map<
    string,
    { readonly engine: Engine; readonly root: (...args: unknown[]) => unknown }
  >();

  constructor(
    readonly compiled: CompiledSpec,
    readonly options: MachineOptions,
  ) {}

  enumerating(): Engine {
    this.enumerator ??= buildEngine(this.compiled, this.options, 'enumerate');
    return this.enumerator;
  }

  picking(): Engine {
    this.picker ??= buildEngine(this.compiled, this.options, 'random');
    return this.picker;
  }

  initialStates(visit: StepVisitor): Result<void> {
    const engine = this.enumerating();
    return this.enumerate(engine, engine.init, undefined, this.presenting(engine, visit));
  }

  successors(state: State, visit: StepVisitor): Result<void> {
    const engine = this.enumerating();
    return this.enumerate(engine, engine.step, this.toRt(state), this.presenting(engine, visit));
  }

  private presenting(engine: Engine, visit: StepVisitor): (raw: RawStep) => boolean | undefined {
    return raw => visit(this.stepOf(engine, raw));
  }

  taking(state: State, given: GivenAction, visit: StepVisitor): Result<void> {
    const found = findOp(this.compiled, given.action);
    if (!found.ok) return found;
    const params = found.value.def.expr.kind === 'lambda' ? found.value.def.expr.params.length : 0;
    const args = (given.args ?? []).map(toRt);
    if (args.length !== params)
      return fail(auraError('AUR605', `${given.action} takes ${params} arguments, ${args.length} are given`));
    const { engine, root } = this.actionRoot(given.action, found.value);
    const picks = new Map(given.picks ?? []);
    const forced = engine.program.pickSlots.map(slot => {
      const value = picks.get(slot.name);
      return value === undefined ? undefined : toRt(value);
    });
    return this.enumerate(engine, root, this.toRt(state), this.presenting(engine, visit), { args, forced });
  }

  randomInit(random: Random): Result<Step | undefined> {
    return this.pick(undefined, random);
  }

  randomStep(state: State, random: Random): Result<Step | undefined> {
    return this.pick(this.toRt(state), random);
  }

  allowed(from: State, to: State): Result<Step | undefined> {
    return this.firstWay(this.toRt(from), this.toRt(to));
  }

  allowedInit(state: State): Result<Step | undefined> {
    return this.firstWay(undefined, this.toRt(state));
  }

  ways(
    from: RtState | undefined,
    target: RtState | undefined,
    visit: (way: Way) => boolean | undefined,
  ): Result<void> {
    const engine = this.enumerating();
    const root = from === undefined ? engine.init : engine.step;
    const { labels } = engine.program;
    const visitRaw = (raw: RawStep): boolean | undefined => {
      // What an action leaves unassigned was never compared.
      if (target?.some((value, i) => value !== undefined && raw.state[i] === undefined)) return true;
      return visit({
        state: raw.state,
        action: labels[raw.label]?.name,
        instance: labels[raw.label]?.path ?? '',
        step: () => this.stepOf(engine, raw),
      });
    };
    return this.enumerate(engine, root, from, visitRaw, target === undefined ? {} : { target });
  }

  private firstWay(from: RtState | undefined, target: RtState): Result<Step | undefined> {
    let found: Step | undefined;
    const result = this.ways(from, target, way => {
      found = way.step();
      return false;
    });
    return result.ok ? ok(found) : result;
  }

  violated(state: State): Result<string | undefined> {
    const { loaded, invariants, turns } = this.enumerating();
    turns.count++;
    return guarded(this.compiled.spec.ir.spans, 0, () => {
      loaded.load(this.toRt(state));
      return invariants.find(invariant => invariant.check() !== true)?.name;
    });
  }

  stepOf({ program }: Engine, raw: RawStep): Step {
    const label = program.labels[raw.label];
    return {
      action: label?.name,
      args: (label?.params ?? []).flatMap((name, i) => named(name, raw.args[i])),
      picks: program.pickSlots.flatMap((slot, i) => named(slot.name, raw.picks[i])),
      state: stateFromRt(raw.state, this.compiled.variables),
    };
  }

  private toRt(state: State): RtState {
    return stateToRt(state, this.compiled.variables);
  }

  private pick(state: RtState | undefined, random: Random): Result<Step | undefined> {
    const engine = this.picking();
    return guarded(this.compiled.spec.ir.spans, 0, () => {
      useRandom(random, this.options.retryBelow);
      engine.loaded.load(state ?? []);
      engine.loaded.clear();
      const done = (state === undefined ? engine.init : engine.step)() === true;
      return done ? this.stepOf(engine, rawStep(engine.loaded)) : undefined;
    });
  }

  // A visitor may ask the same machine something else: then the emitted module is put back where it was.
  private enumerate(
    engine: Engine,
    root: (...args: unknown[]) => unknown,
    state: RtState | undefined,
    visit: (raw: RawStep) => boolean | undefined,
    bound: Bound = {},
  ): Result<void> {
    const { loaded, turns } = engine;
    const prepare = (): number => {
      loaded.load(state ?? []);
      loaded.target(bound.target);
      loaded.force(bound.forced ?? []);
      turns.count++;
      return turns.count;
    };
    return guarded(this.compiled.spec.ir.spans, 0, () => {
      let turn = prepare();
      loaded.clear();
      const found = (): void => {
        const raw = rawStep(loaded);
        if (visit(raw) === false) throw new Enough();
        if (turns.count === turn) return;
        turn = prepare();
        loaded.resume(raw.state, raw.label, raw.args, raw.picks);
      };
      try {
        root(...(bound.args ?? []), found);
      } catch (error) {
        if (!(error instanceof Enough)) throw error;
      }
    });
  }

  private actionRoot(name: string, ref: OpRef) {
    let known = this.given.get(name);
    if (known === undefined) {
      const program = this.compiled.newProgram();
      program.addDef(ref, 'enumerate');
      const loaded = program.load();
      const root = must(loaded.roots[0], 'root');
      known = {
        engine: { program, loaded, init: root, step: root, invariants: [], turns: { count: 0 } },
        root,
      };
      this.given.set(name, known);
    }
    return known;
  }
}

function named(name: string, value: unknown): [string, Value][] {
  return isRtValue(value) ? [[name, fromRt(value)]] : [];
}

function buildEngine(compiled: CompiledSpec, options: MachineOptions, kind: RootKind): Engine {
  const program = compiled.newProgram();
  const root = (name: string, rootKind: RootKind): number => {
    const ref = findOp(compiled, name);
    return program.addDef(must(ref.ok ? ref.value : undefined, name), rootKind);
  };
  const init = root(options.init, kind);
  const step = root(options.step, kind);
  const invariants = (options.invariants ?? []).map(name => ({ name, index: root(name, 'value') }));
  const loaded = program.load();
  return {
    program,
    loaded,
    init: must(loaded.roots[init], 'init'),
    step: must(loaded.roots[step], 'step'),
    invariants: invariants.map(({ name, index }) => ({ name, check: must(loaded.roots[index], name) })),
    turns: { count: 0 },
  };
}
