// One schedule that puts a temporal property at stake, keeps what it asks for from happening for a while, and then lets
// it happen. While it starves, rare actions and unkind ones go first; while it heals, each action has its turn, and of
// the faults only those that undo one. It never goes back to a state where it can avoid it.
import type { EngineState, Way } from '../engine/index.js';
import { must } from '../util/assert.js';
import { ok, type Result } from '../util/result.js';
import type { Place } from '../verify/temporal/index.js';
import { endsFault } from './adversary.js';
import { type Candidate, labelOf, type Starvation, type Starved } from './starvation.js';

export class StarvingWalk {
  private readonly ways: Way[] = [];
  private readonly visited = new Set<number>();
  private readonly lastTaken = new Map<string, number>();

  constructor(
    private readonly starvation: Starvation,
    private readonly start: Place,
  ) {}

  /** `begin` are ways to begin with that put the property at stake. */
  run(begin: readonly Way[] | undefined): Result<Starved | undefined> {
    const staked = begin === undefined ? this.approach() : this.follow(begin);
    if (!staked.ok || staked.value === undefined) return staked.ok ? ok(undefined) : staked;
    const begun = this.length;
    const until = begun + this.starvation.starvingSteps(this.starvation.maxLength - begun);
    let place: Place | undefined = staked.value;
    while (place !== undefined) {
      const isBroken = this.starvation.breaks(place, this.state);
      if (!isBroken.ok) return isBroken;
      if (isBroken.value) return ok({ ways: this.ways, starved: this.length - begun, isBroken: true });
      if (this.length >= this.starvation.maxLength) return ok(undefined);
      const next = this.next(place, this.length < until);
      if (!next.ok || next.value === undefined) return next.ok ? ok(undefined) : next;
      this.take(next.value.way);
      place = next.value.place;
    }
    return ok({ ways: this.ways, starved: this.length - begun, isBroken: false });
  }

  private get state(): EngineState {
    return must(this.ways.at(-1), 'a state').state;
  }

  /** Steps taken after the initial state. */
  private get length(): number {
    return this.ways.length - 1;
  }

  private take(way: Way): void {
    this.ways.push(way);
    this.visited.add(this.starvation.numberOf(way.state));
    this.lastTaken.set(labelOf(way), this.length);
    this.starvation.took(way);
  }

  private isNew({ way }: Candidate): boolean {
    return !this.visited.has(this.starvation.numberOf(way.state));
  }

  /** The ways on that change the state, with what they make of this place. */
  private candidates(place: Place): Result<readonly Candidate[]> {
    const { state } = this;
    const here = this.starvation.numberOf(state);
    const ways = this.starvation.waysFrom(state);
    if (!ways.ok) return ways;
    const candidates: Candidate[] = [];
    for (const way of ways.value) {
      if (this.starvation.numberOf(way.state) === here) continue;
      const places = this.starvation.places(place, state, way.state);
      if (!places.ok) return places;
      const staked = places.value.find(({ waits }) => !waits);
      candidates.push({ way, place: staked });
    }
    return ok(candidates);
  }

  /** Takes these ways, up to the one that puts the property at stake. */
  private follow(begin: readonly Way[]): Result<Place | undefined> {
    for (const way of begin) {
      const before = this.ways.at(-1)?.state;
      this.take(way);
      if (!this.start.waits) return ok(this.start);
      if (before === undefined) continue;
      const places = this.starvation.places(this.start, before, way.state);
      if (!places.ok) return places;
      const staked = places.value.find(({ waits }) => !waits);
      if (staked !== undefined) return ok(staked);
    }
    return ok(undefined);
  }

  /** Goes on until the property is at stake. */
  private approach(): Result<Place | undefined> {
    const initial = this.starvation.waysFrom(undefined);
    if (!initial.ok) return initial;
    if (initial.value.length === 0) return ok(undefined);
    this.take(this.starvation.rarest(initial.value.map(way => ({ way, place: undefined }))).way);
    if (!this.start.waits) return ok(this.start);
    while (this.length < this.starvation.maxLength - 1) {
      const candidates = this.candidates(this.start);
      if (!candidates.ok) return candidates;
      const fresh = candidates.value.filter(one => this.isNew(one));
      if (fresh.length === 0) return ok(undefined);
      const { way, place } = this.starvation.rarest(this.starvation.staking(fresh));
      this.take(way);
      if (place !== undefined) return ok(place);
    }
    return ok(undefined);
  }

  private next(place: Place, starves: boolean): Result<Candidate | undefined> {
    const candidates = this.candidates(place);
    if (!candidates.ok) return candidates;
    return ok((starves ? this.starving(candidates.value) : undefined) ?? this.healing(candidates.value));
  }

  /** A step without what is asked for, to a state that is new. */
  private starving(candidates: readonly Candidate[]): Candidate | undefined {
    const open = candidates.filter(one => one.place !== undefined && this.isNew(one));
    return open.length === 0 ? undefined : this.starvation.rarest(this.starvation.harsh(open));
  }

  /** What is asked for, or else the action whose turn it is, without new faults. */
  private healing(candidates: readonly Candidate[]): Candidate | undefined {
    const kind = candidates.filter(({ way }) => this.heals(way));
    const done = kind.find(({ place }) => place === undefined);
    if (done !== undefined) return done;
    const fresh = kind.filter(one => this.isNew(one));
    const open = fresh.length > 0 ? fresh : kind;
    if (open.length === 0) return undefined;
    return this.starvation.least(open, ({ way }) => this.lastTaken.get(labelOf(way)) ?? -1);
  }

  private heals(way: Way): boolean {
    const action = this.starvation.actionOf(way);
    if (action === undefined || action.kind === 'honest' || action.kind === 'environment') return true;
    return endsFault(action) !== undefined;
  }
}
