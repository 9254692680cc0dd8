// In which orders the moments of a trace may have happened. A cut is a set of moments that is closed under "happened
// before" (Mattern, "Virtual time and global states of distributed systems", 1989); the order says which moments may
// come next at a cut.
import type { Observation } from '../trace/observation.js';
import { must } from '../util/assert.js';

export interface Cut {
  /** Equal keys, equal cuts. */
  readonly key: string;
  /** How many moments it holds. */
  readonly size: number;
}

export interface Order {
  readonly start: Cut;
  isEnd(cut: Cut): boolean;
  /** Indices of the moments that may come next, in the order of the trace. */
  enabled(cut: Cut): readonly number[];
  /** The cut with one moment more. */
  after(cut: Cut, moment: number): Cut;
  /** Variables that some moment of the cut tells. */
  known(cut: Cut): ReadonlySet<string>;
}

/** One order only: that of the trace. */
export class LinearOrder implements Order {
  readonly start: Cut = { key: '0', size: 0 };

  constructor(private readonly length: number) {}

  isEnd(cut: Cut): boolean {
    return cut.size === this.length;
  }

  enabled(cut: Cut): readonly number[] {
    return [cut.size];
  }

  after({ size }: Cut): Cut {
    return { key: `${size + 1}`, size: size + 1 };
  }

  known(): ReadonlySet<string> {
    return new Set();
  }
}

/** A cut of a partial order: all moments before `prefix`, and some beyond it. */
interface PartialCut extends Cut {
  readonly prefix: number;
  readonly beyond: readonly number[];
  readonly enabled: readonly number[];
  readonly known: ReadonlySet<string>;
}

/** Every order in which each moment comes after those that {@link Observation.after} names. */
export class PartialOrder implements Order {
  readonly start: Cut;
  private readonly cuts = new Map<string, PartialCut>();
  /** Moments that directly follow each moment. */
  private readonly followers: readonly number[][];

  constructor(private readonly moments: readonly Observation[]) {
    const followers: number[][] = moments.map(() => []);
    for (let i = 0; i < moments.length; i++) for (const before of this.before(i)) followers[before]?.push(i);
    this.followers = followers;
    const enabled = [...moments.keys()].filter(i => this.before(i).length === 0);
    const start: PartialCut = { key: '0:', size: 0, prefix: 0, beyond: [], enabled, known: new Set() };
    this.cuts.set(start.key, start);
    this.start = start;
  }

  isEnd(cut: Cut): boolean {
    return cut.size === this.moments.length;
  }

  enabled(cut: Cut): readonly number[] {
    return this.partial(cut).enabled;
  }

  known(cut: Cut): ReadonlySet<string> {
    return this.partial(cut).known;
  }

  after(cut: Cut, moment: number): Cut {
    const from = this.partial(cut);
    const beyond = new Set([...from.beyond, moment]);
    let prefix = from.prefix;
    while (beyond.delete(prefix)) prefix++;
    const sorted = [...beyond].sort((a, b) => a - b);
    const key = `${prefix}:${sorted.join(',')}`;
    let next = this.cuts.get(key);
    if (next === undefined) {
      const holds = (i: number) => i < prefix || beyond.has(i);
      const freed = (this.followers[moment] ?? []).filter(i => this.before(i).every(holds));
      const enabled = [...from.enabled.filter(i => i !== moment), ...freed].sort((a, b) => a - b);
      const told = this.moments[moment]?.told.map(({ variable }) => variable) ?? [];
      const known = new Set([...from.known, ...told]);
      next = { key, size: prefix + sorted.length, prefix, beyond: sorted, enabled, known };
      this.cuts.set(key, next);
    }
    return next;
  }

  private partial({ key }: Cut): PartialCut {
    return must(this.cuts.get(key), 'a cut');
  }

  private before(i: number): readonly number[] {
    return this.moments[i]?.after ?? (i === 0 ? [] : [i - 1]);
  }
}
