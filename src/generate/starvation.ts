// What the walks that starve a temporal property stand on: the machine, and the automaton of the behaviours that break
// the property beside it. While the automaton only has to go on as it does, the property is at stake; where it has no
// way to go on, what was asked for has happened. So nothing here knows what a property looks like.
import { type EngineState, type Machine, StateStore, type Way } from '../engine/index.js';
import type { Action } from '../model/model.js';
import type { TakenAction } from '../model/taken-action.js';
import { must } from '../util/assert.js';
import type { Random } from '../util/random.js';
import { ok, type Result } from '../util/result.js';
import type { Automaton, Place } from '../verify/temporal/index.js';
import { StarvingWalk } from './starving-walk.js';

export interface Starved {
  /** The last one is the step by which what was asked for has happened. */
  readonly ways: readonly Way[];
  /** Steps for which it was at stake. */
  readonly starved: number;
  /** Whether it has not: a behaviour that stops for ever in the last state breaks the property. */
  readonly isBroken: boolean;
}

export interface StarvationGround {
  readonly machine: Machine;
  readonly automaton: Automaton;
  /** Whether the property itself says where a behaviour may not stop. */
  readonly stopsFairly: boolean;
  readonly taken: TakenAction;
  /** A way by which the property is put at stake, where one is known: every other walk begins with it. */
  readonly stake: readonly Way[] | undefined;
  /** In steps after `init`. */
  readonly maxLength: number;
  /** 0 to 1: how often a fault, a byzantine step or one of the environment goes before an honest one. */
  readonly intensity: number;
}

/** Share of what is left of a schedule that may pass before it heals. */
const STARVED_SHARE = 0.7;

/** How often a step that puts the property at stake is taken where there is one. */
const STAKE_SHARE = 0.5;

/** A way and what it makes of the place of the automaton; no place where the property is not at stake after it. */
export interface Candidate {
  readonly way: Way;
  readonly place: Place | undefined;
}

/** Thrown out of a walk when no more states may be computed. */
class Spent {}

export class Starvation {
  private readonly store: StateStore;
  /** How often each action was taken, in all walks. */
  private readonly counts = new Map<string, number>();
  private computed = 0;
  private walks = 0;

  constructor(
    private readonly ground: StarvationGround,
    private readonly random: Random,
    private readonly budget: number,
  ) {
    this.store = new StateStore(ground.machine.compiled.variables.length);
  }

  /** States computed so far. */
  get states(): number {
    return this.computed;
  }

  /** One walk; undefined where it led to nothing. */
  walk(): Result<Starved | undefined> {
    const { automaton, stake } = this.ground;
    if (automaton.start === undefined) return ok(undefined);
    const begin = this.walks++ % 2 === 0 ? stake : undefined;
    try {
      return new StarvingWalk(this, automaton.start).run(begin);
    } catch (error) {
      if (error instanceof Spent) return ok(undefined);
      throw error;
    }
  }

  waysFrom(state: EngineState | undefined): Result<readonly Way[]> {
    const ways: Way[] = [];
    const visited = this.ground.machine.ways(state, undefined, way => {
      if (this.computed >= this.budget) throw new Spent();
      this.computed++;
      ways.push(way);
      return true;
    });
    return visited.ok ? ok(ways) : visited;
  }

  /** What a step makes of a place: the places to go on from that the state after it does not rule out. */
  places(from: Place, state: EngineState, next: EngineState): Result<readonly Place[]> {
    const { automaton } = this.ground;
    const found = automaton.options(from, state, () => next);
    if (!found.ok) return found;
    const alive: Place[] = [];
    for (const { to } of found.value.options) {
      const onward = automaton.options(to, next, () => next);
      if (!onward.ok) return onward;
      if (onward.value.options.length > 0) alive.push(to);
    }
    return ok(alive);
  }

  /** Whether a behaviour that stops for ever in this state breaks the property. */
  breaks(place: Place, state: EngineState): Result<boolean> {
    const { automaton, stopsFairly } = this.ground;
    return stopsFairly ? automaton.accepts(place, state) : ok(false);
  }

  numberOf(state: EngineState): number {
    return this.store.add(state);
  }

  /** One of those whose action was taken least so far. */
  rarest(candidates: readonly Candidate[]): Candidate {
    return this.least(candidates, ({ way }) => this.counts.get(labelOf(way)) ?? 0);
  }

  least(candidates: readonly Candidate[], costOf: (candidate: Candidate) => number): Candidate {
    const costs = candidates.map(costOf);
    const lowest = Math.min(...costs);
    const best = candidates.filter((_, i) => costs[i] === lowest);
    return must(best[this.random.below(best.length)], 'a candidate');
  }

  took(way: Way): void {
    const label = labelOf(way);
    this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
  }

  actionOf(way: Way): Action | undefined {
    return this.ground.taken(way);
  }

  /** Of these, as often as not, only those that put the property at stake. */
  staking(candidates: readonly Candidate[]): readonly Candidate[] {
    const staking = candidates.filter(({ place }) => place !== undefined);
    return staking.length > 0 && this.random.real() < STAKE_SHARE ? staking : candidates;
  }

  /** Of these, with the intensity's probability, only what is not honest. */
  harsh(candidates: readonly Candidate[]): readonly Candidate[] {
    if (this.random.real() >= this.ground.intensity) return candidates;
    const adverse = candidates.filter(({ way }) => (this.actionOf(way)?.kind ?? 'honest') !== 'honest');
    return adverse.length > 0 ? adverse : candidates;
  }

  /** How many of the steps that are left may pass before the schedule heals: at least one. */
  starvingSteps(left: number): number {
    return 1 + this.random.below(Math.max(1, Math.floor(left * STARVED_SHARE)));
  }

  get maxLength(): number {
    return this.ground.maxLength;
  }
}

/** What tells the action of a step from others. */
export function labelOf({ action, instance }: Way): string {
  return `${instance}::${action ?? ''}`;
}
