// Honest runs of a spec with what was seen on the way: the lines into which adverse steps are put. On a line the
// environment moves seldom where somebody honest can, and an adversary or a fault only where nothing else happens. Lines
// lead to new states where they can, so that several of them go different ways.
import { type EngineState, StateStore, sameResult, type Way } from '../engine/index.js';
import type { Random } from '../util/random.js';
import { ok, type Result } from '../util/result.js';
import type { Adversary } from './adverse-steps.js';
import type { CriticalMoments, Reading } from './critical-moments.js';
import { type Counts, filterWays, lookAround, type Meter, type Outlook, pickWay } from './outlook.js';
import type { Ground } from './strategies/strategy.js';

/** A state of a schedule. */
export interface Point {
  /** The step that led here. */
  readonly way: Way;
  readonly reading: Reading;
  /** Undefined where nobody looked: at the end of a schedule. */
  readonly outlook: Outlook | undefined;
  /** How critical the moment is. */
  readonly score: number;
  /** Adverse steps until here. */
  readonly adverse: number;
  /** Those who acted byzantine until here, as texts. */
  readonly acting: ReadonlySet<string>;
}

/** The chance that the environment moves first, before those who are honest have done all they can. */
export const HASTE = 0.2;

export class Wayfarer {
  private readonly known: StateStore;
  /** Numbers of the known states that a line went through. */
  private readonly visited = new Set<number>();
  private readonly counts: Counts = new Map();

  constructor(
    private readonly ground: Ground,
    private readonly adversary: Adversary,
    private readonly moments: CriticalMoments,
    private readonly meter: Meter,
  ) {
    this.known = new StateStore(ground.machine.compiled.variables.length);
  }

  /** An honest line from a start. */
  line(start: Way, random: Random): Result<Point[]> {
    const points: Point[] = [];
    for (let way: Way | undefined = start; way !== undefined; ) {
      const point = this.arrive(points, way, points.length < this.ground.maxLength);
      if (!point.ok) return point;
      points.push(point.value);
      this.visited.add(this.known.add(way.state));
      way = this.onwards(point.value, random);
    }
    return ok(points);
  }

  /** The state that a way leads to, after the points before; looks around where more may follow. */
  arrive(before: readonly Point[], way: Way, lookOn: boolean): Result<Point> {
    const previous = before.at(-1);
    const first = before[0]?.way ?? way;
    const reading = this.moments.read(first.state, way.state);
    const looked = lookOn
      ? lookAround(this.ground.machine, this.adversary, way.state, this.meter)
      : ok(undefined);
    if (!looked.ok) return looked;
    const outlook = looked.value;
    const known = previous?.outlook?.honest;
    const newlyEnabled = [...(outlook?.honest.keys() ?? [])].filter(label => known?.has(label) === false);
    const acting = previous?.acting ?? new Set<string>();
    const isAdverse = previous !== undefined && this.adversary.actionOf(way) !== undefined;
    return ok({
      way,
      reading,
      outlook,
      score: this.moments.score(previous?.reading, reading, newlyEnabled.length),
      adverse: (previous?.adverse ?? 0) + (isAdverse ? 1 : 0),
      acting: this.adversary.joined(acting, way) ?? acting,
    });
  }

  private onwards({ outlook, way, acting }: Point, random: Random): Way | undefined {
    if (outlook === undefined) return undefined;
    const { honest, environment, adverse } = outlook;
    const order = random.real() < HASTE ? [environment, honest, adverse] : [honest, environment, adverse];
    for (const ways of order) {
      const moving = filterWays(
        ways,
        next => differ(next.state, way.state) && this.adversary.joined(acting, next) !== undefined,
      );
      const fresh = filterWays(moving, next => !this.visited.has(this.known.add(next.state)));
      const chosen = pickWay(fresh, this.counts, random) ?? pickWay(moving, this.counts, random);
      if (chosen !== undefined) return chosen;
    }
    return undefined;
  }
}

export function differ(a: EngineState, b: EngineState): boolean {
  return a.some((value, i) => value !== b[i] && !sameResult(value, b[i]));
}
