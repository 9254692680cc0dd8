// Breadth-first exploration: every state within reach, once, in the order of the enumeration, so that the first
// violation found is a shortest one. The states are the only memory; how a violation came about is enumerated again
// along the parents.
import { must } from '../util/assert.js';
import { ok, type Result } from '../util/result.js';
import { stateFromRt } from './convert.js';
import { guarded } from './guard.js';
import { IntList } from './int-list.js';
import type { Engine, Machine, Step } from './machine.js';
import { refuel } from './runtime/failure.js';
import type { Violation } from './simulate.js';
import { StateStore } from './state-store.js';

export interface ExploreOptions {
  /** Steps from an initial state; absent for no bound. */
  readonly maxDepth?: number;
  /** Distinct states after which exploration stops; default {@link MAX_STATES}. */
  readonly maxStates?: number;
}

const MAX_STATES = 10_000_000;

export interface Exploration {
  readonly distinctStates: number;
  /** Pairs of a state and a state that one step leads to, loops included, found until the end. */
  readonly transitions: number;
  /** Steps to the farthest state. */
  readonly depth: number;
  /** True when every reachable state was visited: no bound cut anything off, no violation ended the search. */
  readonly complete: boolean;
  /** States without a successor. */
  readonly deadlocks: number;
  readonly violation: Violation | undefined;
}

/** Explores; errors of the spec in any state end it. */
export function explore(machine: Machine, options: ExploreOptions = {}): Result<Exploration> {
  const search = new Search(machine, options);
  const outcome = guarded(machine.compiled.spec.ir.spans, 0, () => search.run());
  return outcome.ok ? search.result() : outcome;
}

class Search {
  private readonly engine: Engine;
  private readonly store: StateStore;
  private readonly maxStates: number;
  /** By number of the state: the state it was first reached from, -1 for initial ones. */
  private readonly parents = new IntList();
  /** By number of the state: the state whose successors met it last, so that a pair is counted once. */
  private readonly metBy = new IntList();
  private transitions = 0;
  private deadlocks = 0;
  private depth = 0;
  private cutOff = false;
  private broken: { readonly invariant: string; readonly state: number } | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly options: ExploreOptions,
  ) {
    this.engine = machine.enumerating();
    this.store = new StateStore(machine.compiled.variables.length);
    this.maxStates = options.maxStates ?? MAX_STATES;
  }

  run(): void {
    this.engine.loaded.load([]);
    this.engine.loaded.clear();
    this.engine.init(() => this.meet(-1));
    let level = 0;
    let end = this.store.size;
    let next = 0;
    this.checkFrom(0);
    while (next < end && this.broken === undefined && !this.cutOff) {
      this.depth = level;
      if (level === this.options.maxDepth) {
        this.cutOff = true;
        break;
      }
      for (; next < end && this.broken === undefined && !this.cutOff; next++) this.expand(next);
      end = this.store.size;
      level++;
    }
  }

  private expand(number: number): void {
    const { loaded, step } = this.engine;
    const before = this.store.size;
    const transitions = this.transitions;
    refuel();
    loaded.load(this.store.get(number));
    loaded.clear();
    step(() => this.meet(number));
    if (this.transitions === transitions) this.deadlocks++;
    this.checkFrom(before);
    if (this.store.size >= this.maxStates) this.cutOff = true;
  }

  private meet(from: number): void {
    const before = this.store.size;
    const number = this.store.add(this.engine.loaded.next());
    if (number === before) {
      this.parents.push(from);
      this.metBy.push(-1);
    }
    if (from < 0 || this.metBy.at(number) === from) return;
    this.metBy.set(number, from);
    this.transitions++;
  }

  // Invariants are checked in the order in which states were found, after the enumeration that found them.
  private checkFrom(first: number): void {
    const { loaded, invariants } = this.engine;
    if (invariants.length === 0) return;
    for (let number = first; number < this.store.size; number++) {
      loaded.load(this.store.get(number));
      const invariant = invariants.find(one => one.check() !== true);
      if (invariant === undefined) continue;
      this.broken = { invariant: invariant.name, state: number };
      return;
    }
  }

  result(): Result<Exploration> {
    const trace = this.broken === undefined ? ok([]) : this.traceTo(this.broken.state);
    if (!trace.ok) return trace;
    const violation = this.broken && {
      invariant: this.broken.invariant,
      step: trace.value.length - 1,
      trace: trace.value,
    };
    return ok({
      distinctStates: this.store.size,
      transitions: this.transitions,
      depth: violation === undefined ? this.depth : violation.step,
      complete: !this.cutOff && violation === undefined,
      deadlocks: this.deadlocks,
      violation,
    });
  }

  private traceTo(last: number): Result<Step[]> {
    const numbers: number[] = [];
    for (let number = last; number >= 0; number = this.parents.at(number)) numbers.unshift(number);
    const states = numbers.map(number =>
      stateFromRt(this.store.get(number), this.machine.compiled.variables),
    );
    const trace: Step[] = [];
    for (const [i, state] of states.entries()) {
      const before = states[i - 1];
      const step =
        before === undefined ? this.machine.allowedInit(state) : this.machine.allowed(before, state);
      if (!step.ok) return step;
      trace.push(must(step.value, 'the step that was found before'));
    }
    return ok(trace);
  }
}
