// The strategy that strikes when it hurts: honest lines are drawn first, their moments ranked by how critical they are,
// and adverse steps put in at the highest ranked ones, just before and just after them, each with several arguments;
// then the schedule goes on honestly, striking again at critical moments as long as the budget of adverse steps lasts.
// One part for each adverse action, which strikes first in it.
import type { Way } from '../../engine/index.js';
import { must } from '../../util/assert.js';
import type { Random } from '../../util/random.js';
import { ok, type Result } from '../../util/result.js';
import { Adversary } from '../adverse-steps.js';
import { type CriticalMoments, criticalMoments } from '../critical-moments.js';
import type { Find } from '../find.js';
import { differ, HASTE, type Point, Wayfarer } from '../honest-lines.js';
import { type Counts, filterWays, Meter, pickWay } from '../outlook.js';
import type { Assignment, Ground, Spent, Strategy } from './strategy.js';

export const byzantineBehaviorExploration: Strategy = {
  name: 'byzantine_behavior_exploration',
  parts: ground => Math.max(1, new Adversary(ground).actions.length),
  search: (ground, assignment) => new Siege(ground, assignment).run(),
};

/** Honest lines of a round, and strikes that are tried on them. */
const LINES = 4;
const STRIKES = 24;
/** Ways that are tried in one place. After the first more strikes follow, after the others its consequences only. */
const VARIANTS = 3;
const ROUNDS_MAX = 1000;
/** Chances of another strike at a critical moment, and at any other. */
const CHANCE = { critical: 0.7, quiet: 0.1 } as const;
/** The share of all moments that counts as critical. */
const CRITICAL_SHARE = 0.25;

/** Somewhere to strike: behind a point of a line. */
interface Strike {
  readonly line: readonly Point[];
  readonly at: number;
}

class Siege {
  private readonly adversary: Adversary;
  private readonly meter: Meter;
  private readonly wayfarer: Wayfarer;
  private isWanted = true;
  /** The score from which on a moment is critical. */
  private threshold = 1;

  constructor(
    private readonly ground: Ground,
    private readonly assignment: Assignment,
  ) {
    const { machine, model, targets } = ground;
    this.adversary = new Adversary(ground);
    this.meter = new Meter(assignment.budget);
    const moments: CriticalMoments = criticalMoments(machine.compiled, model, targets);
    this.wayfarer = new Wayfarer(ground, this.adversary, moments, this.meter);
  }

  run(): Result<Spent> {
    const starts: Way[] = [];
    const started = this.ground.machine.ways(undefined, undefined, way => {
      if (this.meter.isEmpty) return false;
      this.meter.states++;
      starts.push(way);
      return true;
    });
    if (!started.ok) return started;
    for (let round = 0; round < ROUNDS_MAX && starts.length > 0 && !this.isOver; round++) {
      const before = this.meter.states;
      const done = this.round(starts, this.assignment.random.fork(`round ${round}`));
      if (!done.ok) return done;
      if (this.meter.states === before) break;
    }
    return ok({ states: this.meter.states, exhausted: starts.length === 0 && !this.meter.isEmpty });
  }

  private get isOver(): boolean {
    return this.meter.isEmpty || !this.isWanted;
  }

  private round(starts: readonly Way[], random: Random): Result<void> {
    const lines: Point[][] = [];
    for (let i = 0; i < LINES; i++) {
      const start = must(starts[random.below(starts.length)], 'a start');
      const line = this.wayfarer.line(start, random.fork(`line ${i}`));
      if (!line.ok) return line;
      lines.push(line.value);
      const affordable = this.affordable(line.value);
      if (affordable.some(({ reading }) => reading.violated !== undefined)) this.tell(affordable, 1);
    }
    const strikes = this.strikesOn(lines);
    if (strikes.length === 0) for (const line of lines) this.tell(this.affordable(line), 1);
    for (const [i, strike] of strikes.entries()) {
      const struck = this.strike(strike, random.fork(`strike ${i}`));
      if (!struck.ok) return struck;
      if (this.isOver) break;
    }
    return ok(undefined);
  }

  /** Where to strike, most damaging first: at a moment, just before it, just after it. */
  private strikesOn(lines: readonly (readonly Point[])[]): Strike[] {
    const moments = lines.flatMap(line => line.map(({ score }, at) => ({ line, at, score })));
    moments.sort((a, b) => b.score - a.score || a.at - b.at);
    this.threshold = Math.max(1, moments[Math.floor(CRITICAL_SHARE * moments.length)]?.score ?? 1);
    const chosen = new Map<Point, Strike>();
    for (const { line, at } of moments)
      for (const where of [at, at - 1, at + 1]) {
        const point = line[where];
        const ways = point?.outlook?.adverse;
        if (point === undefined || ways === undefined || ways.size === 0) continue;
        // What comes after a violation is no news.
        if (line.slice(0, where + 1).some(({ reading }) => reading.violated !== undefined)) continue;
        if (point.adverse < this.adversary.budget.steps) chosen.set(point, { line, at: where });
      }
    const all = [...chosen.values()];
    const first = all.filter(({ line, at }) => this.ownWays(line[at]).size > 0);
    return (first.length > 0 ? first : all).slice(0, STRIKES);
  }

  /** Ways of the adverse action that this part is about. */
  private ownWays(point: Point | undefined): ReadonlyMap<string, readonly Way[]> {
    const own = this.adversary.actions[this.assignment.part];
    const adverse = point?.outlook?.adverse ?? new Map<string, readonly Way[]>();
    return filterWays(adverse, way => own !== undefined && this.adversary.actionOf(way) === own);
  }

  private strike({ line, at }: Strike, random: Random): Result<void> {
    const point = must(line[at], 'a point');
    const own = this.ownWays(point);
    const ways = own.size > 0 ? own : must(point.outlook, 'an outlook').adverse;
    const leftAlone = new Set<Way>();
    for (let i = 0; i < VARIANTS && !this.isOver; i++) {
      const way = this.allowed(ways, point.acting, new Map(), random);
      if (way === undefined || leftAlone.has(way)) continue;
      if (i > 0) leftAlone.add(way);
      const told = this.goOn(line.slice(0, at + 1), way, i === 0, random.fork(`variant ${i}`));
      if (!told.ok) return told;
    }
    return ok(undefined);
  }

  /** Takes a first adverse step and goes on until the schedule is long enough. */
  private goOn(before: readonly Point[], strike: Way, strikesAgain: boolean, random: Random): Result<void> {
    const points = [...before];
    const counts: Counts = new Map();
    for (let way: Way | undefined = strike; way !== undefined; ) {
      const point = this.wayfarer.arrive(points, way, points.length < this.ground.maxLength);
      if (!point.ok) return point;
      points.push(point.value);
      if (point.value.reading.violated !== undefined) break;
      way = this.next(point.value, strikesAgain, counts, random);
    }
    this.tell(points, before.length);
    return ok(undefined);
  }

  // Until the budget is spent, what is drawn does not depend on how large it is: a larger budget then leads to schedules
  // that have as many adverse steps as those of a smaller one, or more.
  private next(
    { outlook, score, adverse, acting, way }: Point,
    strikesAgain: boolean,
    counts: Counts,
    random: Random,
  ): Way | undefined {
    if (outlook === undefined) return undefined;
    const mayStrike = adverse < this.adversary.budget.steps;
    const hostile = new Map([...outlook.adverse].filter(([label]) => !outlook.environment.has(label)));
    const strike = () => this.allowed(hostile, acting, counts, random);
    const chance = score >= this.threshold ? CHANCE.critical : CHANCE.quiet;
    const wants = strikesAgain && mayStrike && random.real() < chance;
    const struck = wants ? strike() : undefined;
    if (struck !== undefined) return struck;
    const moving = filterWays(outlook.honest, next => differ(next.state, way.state));
    const hasty =
      mayStrike && random.real() < HASTE ? pickWay(outlook.environment, counts, random) : undefined;
    const honest = hasty ?? pickWay(moving, counts, random);
    if (honest !== undefined || !mayStrike) return honest;
    return pickWay(outlook.environment, counts, random) ?? (strikesAgain ? strike() : undefined);
  }

  /** An adverse way under which not too many act byzantine; a few are tried. */
  private allowed(
    ways: ReadonlyMap<string, readonly Way[]>,
    acting: ReadonlySet<string>,
    counts: Counts,
    random: Random,
  ): Way | undefined {
    for (let i = 0; i < 4; i++) {
      const way = pickWay(ways, counts, random);
      if (way === undefined || this.adversary.joined(acting, way) !== undefined) return way;
    }
    return undefined;
  }

  /** A line as far as the budget lets others than honest ones move on it. */
  private affordable(line: readonly Point[]): readonly Point[] {
    return line.filter(({ adverse }) => adverse <= this.adversary.budget.steps);
  }

  /** Tells of a schedule; `from` is the first point that matters for what it is about. */
  private tell(points: readonly Point[], from: number): void {
    if (!this.isWanted) return;
    const broken = points.findIndex(({ reading }) => reading.violated !== undefined);
    const upTo = broken < 0 ? points : points.slice(0, broken + 1);
    const violates = points[broken]?.reading.violated;
    const aim = violates ?? this.stakedIn(upTo, from);
    const find: Find = {
      strategy: 'byzantine_behavior_exploration',
      ways: upTo.map(({ way }) => way),
      ...(aim !== undefined && { aim }),
      ...(violates !== undefined && { violates, distance: 0 }),
    };
    if (!this.assignment.keep(find)) this.isWanted = false;
  }

  /** The first property that comes to be at stake in one of these points. */
  private stakedIn(points: readonly Point[], from: number): string | undefined {
    const before = points[from - 1]?.reading.atStake;
    const after = points.slice(from);
    const found = this.ground.targets.find(
      (_, i) => before?.[i] !== true && after.some(({ reading }) => reading.atStake[i] === true),
    );
    return found?.name;
  }
}
