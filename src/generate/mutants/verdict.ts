// The verdict on one mutant. The steps that it adds are looked for in every state of the spec; from the states to which
// they lead and the spec does not, the mutant goes on, until a property notices or nothing new is left. Depths grow, so
// the first breach is a shortest one.
import type { EngineState, Machine, Way } from '../../engine/index.js';
import { must } from '../../util/assert.js';
import type { AuraError } from '../../util/errors.js';
import type { Random } from '../../util/random.js';
import type { Mutant } from './mutants.js';
import { pathTo } from './reachable.js';
import { type MutantMachines, machinesOf, type Subject } from './subject.js';
import type { Asked } from './watch.js';

export type MutantVerdict = 'killed' | 'survived' | 'equivalent' | 'skipped';

/** A step that the mutant takes and the spec forbids. */
export interface IllegalStep {
  /** Numbers of the states before it, the initial one first. */
  readonly path: readonly number[];
  readonly way: Way;
}

export interface Judged {
  readonly verdict: MutantVerdict;
  /** The property that noticed. */
  readonly property?: string;
  /** Steps after `init` until it did. */
  readonly depth?: number;
  /** The step that made the difference; the first one where none did. */
  readonly illegal?: IllegalStep;
  /** Why it was skipped. */
  readonly error?: AuraError;
  /** States that were computed. */
  readonly states: number;
  /** Whether a bound left something out. */
  readonly bounded: boolean;
}

export interface Bounds {
  /** New states of the mutant. */
  readonly maxStates: number;
  /** States that may be computed; absent for no bound. */
  readonly budget?: number;
  /** States that may be computed to look for a liveness property that notices; absent for none. */
  readonly livenessBudget?: number;
  readonly random: Random;
}

export function judgeMutant(subject: Subject, mutant: Mutant, bounds: Bounds): Judged {
  const machines = machinesOf(subject, mutant);
  if (!machines.ok) return { verdict: 'skipped', states: 0, bounded: false, ...firstOf(machines.errors) };
  const judged = new Trial(subject, machines.value, bounds).run();
  subject.reachable.tidy(STATES_KEPT);
  return judged;
}

/** A state that only the mutant reaches, and how. */
interface Reached {
  readonly number: number;
  readonly depth: number;
  readonly asked: Asked;
  readonly through: IllegalStep;
}

/** States of mutants that are kept for the next one, which may come upon the same. */
const STATES_KEPT = 1_000_000;

/** Longest random walk beyond the bound, in steps, and how many for each state that may be visited. */
const WALK = 20;
const WALKS = 0.02;

class Trial {
  private readonly reached: Reached[] = [];
  private readonly seen = new Set<number>();
  private states = 0;
  private first: IllegalStep | undefined;
  private killed: Judged | undefined;
  private error: AuraError | undefined;
  private isFull = false;

  constructor(
    private readonly subject: Subject,
    private readonly machines: MutantMachines,
    private readonly bounds: Bounds,
  ) {}

  run(): Judged {
    const { count, depths, complete } = this.subject.reachable;
    let next = 0;
    for (let number = 0; number < count && !this.isOver; number++) {
      const depth = must(depths[number], 'depth');
      for (; next < this.reached.length && !this.isOver; next++) {
        const reached = must(this.reached[next], 'state');
        if (reached.depth > depth) break;
        this.goOn(reached);
      }
      if (!this.isOver) this.leave(number, depth);
    }
    for (; next < this.reached.length && !this.isOver; next++) this.goOn(must(this.reached[next], 'state'));
    if (this.isFull && !this.isOver) this.walk();
    if (this.killed !== undefined) return this.killed;
    if (this.first !== undefined) this.askLiveness();
    if (this.killed !== undefined) return this.killed;
    const bounded = this.isFull || this.isSpent || !complete;
    const { states, first } = this;
    const illegal = first && { illegal: first };
    if (this.reached.length > 0) return { verdict: 'survived', states, bounded, ...illegal };
    if (this.error !== undefined) return { verdict: 'skipped', states, bounded, error: this.error };
    return { verdict: 'equivalent', states, bounded, ...illegal };
  }

  private askLiveness(): void {
    const { liveness, reachable } = this.subject;
    const { livenessBudget } = this.bounds;
    if (livenessBudget === undefined) return;
    const found = liveness.brokenBy(this.machines.mutated, livenessBudget);
    if (found === undefined) return;
    const path = found.before.map(state => reachable.store.add(state));
    this.kill(found.property, found.depth, { path, way: found.illegal });
  }

  private get isSpent(): boolean {
    return this.states >= (this.bounds.budget ?? Number.POSITIVE_INFINITY);
  }

  private get isOver(): boolean {
    return this.killed !== undefined || this.isSpent;
  }

  /** Takes the illegal steps of a state of the spec. */
  private leave(number: number, depth: number): void {
    const { reachable } = this.subject;
    const from = reachable.store.get(number);
    let path: readonly number[] | undefined;
    this.each(this.machines.illegal, from, way => {
      if (!this.machines.exact && this.isLegal(from, way.state)) return;
      path ??= pathTo(reachable, number);
      const through = { path, way };
      this.first ??= through;
      this.meet(from, way.state, { depth: depth + 1, asked: this.subject.askedFrom(number), through });
    });
  }

  private isLegal(from: EngineState, to: EngineState): boolean {
    let found = false;
    this.subject.machine.ways(from, to, () => {
      found = true;
      return false;
    });
    return found;
  }

  /** Takes the steps of the mutant in a state that only it reaches. */
  private goOn({ number, depth, asked, through }: Reached): void {
    const from = this.subject.reachable.store.get(number);
    let isEnd = true;
    this.each(this.machines.mutated, from, ({ state }) => {
      isEnd = false;
      this.meet(from, state, { depth: depth + 1, asked, through });
    });
    const broken = isEnd ? this.subject.watch.end(asked, from) : undefined;
    if (broken !== undefined) this.kill(broken, depth, through);
  }

  private each(machine: Machine, from: EngineState, visit: (way: Way) => void): void {
    const enumerated = machine.ways(from, undefined, way => {
      this.states++;
      visit(way);
      return !this.isOver;
    });
    if (!enumerated.ok) this.error ??= enumerated.errors[0];
  }

  /** Looks at a step, and at the state that it leads to if it is new. */
  private meet(from: EngineState, to: EngineState, { depth, asked, through }: Omit<Reached, 'number'>): void {
    const { watch, reachable } = this.subject;
    const after = watch.step(asked, from, to);
    if (after.broken !== undefined) this.kill(after.broken, depth, through);
    const number = reachable.store.add(to);
    if (number < reachable.count || this.seen.has(number)) return;
    this.seen.add(number);
    const { broken, failed } = watch.state(to);
    if (broken !== undefined) this.kill(broken, depth, through);
    else if (failed !== undefined) this.error ??= failed;
    else if (this.reached.length >= this.bounds.maxStates) this.isFull = true;
    else this.reached.push({ number, depth, asked: after.asked, through });
  }

  private kill(property: string, depth: number, illegal: IllegalStep): void {
    this.killed ??= { verdict: 'killed', property, depth, illegal, states: this.states, bounded: false };
  }

  // Beyond the bound the mutant goes on at random.
  private walk(): void {
    const { maxStates, random } = this.bounds;
    const { store } = this.subject.reachable;
    for (let i = 0; i < maxStates * WALKS && !this.isOver; i++) {
      let at = must(this.reached[random.below(this.reached.length)], 'state');
      for (let length = 0; length < WALK && !this.isOver; length++) {
        const from = store.get(at.number);
        const ways: Way[] = [];
        this.each(this.machines.mutated, from, way => ways.push(way));
        const way = ways[random.below(Math.max(1, ways.length))];
        if (way === undefined) break;
        const { depth, through } = at;
        const { asked, broken } = this.subject.watch.step(at.asked, from, way.state);
        const found = broken ?? this.subject.watch.state(way.state).broken;
        if (found !== undefined) this.kill(found, depth + 1, through);
        at = { number: store.add(way.state), depth: depth + 1, asked, through };
      }
    }
  }
}

function firstOf(errors: readonly AuraError[]): { readonly error?: AuraError } {
  const [error] = errors;
  return error === undefined ? {} : { error };
}
