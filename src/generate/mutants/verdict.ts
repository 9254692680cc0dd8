// The verdict on one mutant. The steps that it adds are looked for in every state of the spec; from the states to which
// they lead and the spec does not, the mutant goes on, until a property notices or nothing new is left. Depths grow, so
// the first breach is a shortest one.
import type { EngineState, Machine, Way } from '../../engine/index.js';
import { must } from '../../util/assert.js';
import type { AuraError } from '../../util/errors.js';
import type { Random } from '../../util/random.js';
import { leavesOut, type Mutant } from './mutants.js';
import { ownWay } from './own-way.js';
import { pathTo } from './reachable.js';
import { isStep } from './spec-ways.js';
import { type MutantMachines, machinesOf, type Subject } from './subject.js';
import type { Asked } from './watch.js';

/** `undecided`: what the mutant does differently, the spec does too farther on, or may do. */
export type MutantVerdict = 'killed' | 'survived' | 'undecided' | 'equivalent' | 'skipped';

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

/** Whether a mutant without the guard allows nothing new: then no weaker form of the guard does. */
export function isHarmless(mutant: Mutant, { verdict, illegal, bounded }: Judged): boolean {
  return leavesOut(mutant) && verdict === 'equivalent' && illegal === undefined && !bounded;
}

/** A state that only the mutant reaches, or reaches with something else asked, and how. */
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

/**
 * Where not all is known of the spec: states of it that are visited to see whether it does the same, one in so many of
 * those of the mutant and at least so many, and how often that is asked.
 */
const OWN_SHARE = 0.05;
const OWN_MIN = 1_000;
const OWN_TRIES = 5;

class Trial {
  private readonly reached: Reached[] = [];
  private readonly seen = new Map<number, readonly Asked[]>();
  /** The first illegal steps that lead to new states, from different states. */
  private readonly entries: IllegalStep[] = [];
  private isNew = false;
  /** Breaches that the spec is found to come to as well. */
  private doubts = 0;
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
    const { count, depths } = this.subject.reachable;
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
    const bounded = this.isFull || this.isSpent || !this.subject.complete;
    const { states, first } = this;
    const illegal = first && { illegal: first };
    if (this.isNew || this.doubts > 0) {
      const verdict = this.isUnlike() ? 'survived' : 'undecided';
      return { verdict, states: this.states, bounded, ...illegal };
    }
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
    return this.isSettled || this.isSpent;
  }

  private get isSettled(): boolean {
    return this.killed !== undefined || this.doubts >= OWN_TRIES;
  }

  /** Whether some illegal step leads to a state that the spec does not come to. */
  private isUnlike(): boolean {
    if (this.subject.complete) return true;
    return this.doubts === 0 && this.entries.some(entry => !this.isOwn(entry, undefined));
  }

  /** Whether the spec itself comes to the state after the illegal step, or breaks the property. */
  private isOwn(illegal: IllegalStep, property: string | undefined): boolean {
    const most = Math.max(OWN_MIN, Math.ceil(this.bounds.maxStates * OWN_SHARE));
    const budget = (this.bounds.budget ?? Number.POSITIVE_INFINITY) - this.states;
    const { found, computed } = ownWay(this.subject, illegal, property, { most, budget });
    this.states += computed;
    return found;
  }

  /** Takes the illegal steps of a state of the spec. */
  private leave(number: number, depth: number): void {
    const { reachable } = this.subject;
    const from = reachable.store.get(number);
    let path: readonly number[] | undefined;
    this.each(this.machines.illegal, from, way => {
      if (!this.machines.exact && isStep(this.subject.machine, from, way.state)) return;
      path ??= pathTo(reachable, number);
      const through = { path, way };
      this.first ??= through;
      for (const asked of this.subject.asked.in(number))
        this.meet(from, way.state, { depth: depth + 1, asked, through });
    });
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
    if (this.isSettled) return;
    const after = watch.step(asked, from, to);
    if (after.broken !== undefined) {
      this.kill(after.broken, depth, through);
      return;
    }
    const number = reachable.store.add(to);
    const isKnown = number < reachable.count;
    if (isKnown && this.subject.asked.in(number).includes(after.asked)) return;
    if (isKnown && reachable.store.add(from) === number && this.isIdle(after.asked, to)) return;
    const seen = this.seen.get(number) ?? [];
    if (seen.includes(after.asked)) return;
    this.seen.set(number, [...seen, after.asked]);
    const { broken, failed } = isKnown ? NOTHING : watch.state(to);
    if (broken !== undefined) this.kill(broken, depth, through);
    else if (failed !== undefined) this.error ??= failed;
    else this.goTo(isKnown, { number, depth, asked: after.asked, through });
  }

  private goTo(isKnown: boolean, reached: Reached): void {
    if (!isKnown) this.enter(reached.through);
    if (this.reached.length >= this.bounds.maxStates) this.isFull = true;
    else this.reached.push(reached);
  }

  // A step that changes nothing makes what the state asks anyway known earlier. Where a second one adds no more, the rest
  // of the run is asked the same.
  private isIdle(asked: Asked, state: EngineState): boolean {
    return this.subject.watch.step(asked, state, state).asked === asked;
  }

  private enter(through: IllegalStep): void {
    // Legal steps of a known state may lead to states of the spec that are not known.
    const { store, count } = this.subject.reachable;
    if (!this.subject.complete && store.add(through.way.state) < count) return;
    this.isNew = true;
    if (this.subject.complete || this.entries.length >= OWN_TRIES) return;
    if (this.entries.every(({ path }) => path !== through.path)) this.entries.push(through);
  }

  private kill(property: string, depth: number, illegal: IllegalStep): void {
    if (this.isSettled) return;
    const { complete } = this.subject;
    if (!complete && this.isOwn(illegal, property)) this.doubts++;
    else
      this.killed = { verdict: 'killed', property, depth, illegal, states: this.states, bounded: !complete };
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

/** Of a state of the spec: its invariants are known to hold. */
const NOTHING = { broken: undefined, failed: undefined };

function firstOf(errors: readonly AuraError[]): { readonly error?: AuraError } {
  const [error] = errors;
  return error === undefined ? {} : { error };
}
