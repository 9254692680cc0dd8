// Walks from an initial state to the greatest length, one step at random after the other, weighted towards the branches
// of the step that were taken least so far. A weight is bounded: a branch that is hardly ever possible would otherwise
// be taken whenever it is, and the walks would all look alike.

import { guarded } from '../../engine/guard.js';
import type { Way } from '../../engine/index.js';
import { must } from '../../util/assert.js';
import type { Random } from '../../util/random.js';
import { ok, type Result } from '../../util/result.js';
import { type Branches, stepBranches } from '../search/branches.js';
import type { Assignment, Ground, Spent, Strategy } from './strategy.js';

const PARTS = 4;

/** Attempts to start in a row after which there is nothing to start with. */
const STARTS = 100;

/** Parts are independent and alike. */
export const randomWalk: Strategy = {
  name: 'random_walk',
  parts: () => PARTS,
  search: (ground, assignment) => {
    const branches = stepBranches(ground.machine);
    return branches.ok ? walks(ground, assignment, branches.value) : branches;
  },
};

function walks(ground: Ground, { random, budget, keep }: Assignment, branches: Branches): Result<Spent> {
  const weighted = new WeightedBranches(branches, random);
  const { spans } = ground.machine.compiled.spec.ir;
  let states = 0;
  let inVain = 0;
  while (states < budget && inVain < STARTS) {
    const most = Math.min(ground.maxLength + 1, budget - states);
    const walk = guarded(spans, 0, () => weighted.walk(most));
    if (!walk.ok) return walk;
    states += walk.value.length;
    inVain = walk.value.length === 0 ? inVain + 1 : 0;
    if (walk.value.length > 0 && !keep({ strategy: 'random_walk', ways: walk.value })) break;
  }
  return ok({ states, exhausted: inVain === STARTS });
}

class WeightedBranches {
  private readonly taken: number[];
  private readonly order: number[];
  private readonly weights: number[];
  private total = 0;

  constructor(
    private readonly branches: Branches,
    private readonly random: Random,
  ) {
    this.taken = Array.from({ length: branches.count }, () => 0);
    this.order = this.taken.map((_, i) => i);
    this.weights = this.taken.slice();
  }

  /** At most so many ways, fewer where no step is possible with the picks that were drawn. */
  walk(most: number): Way[] {
    this.branches.draw(this.random);
    const ways: Way[] = [];
    for (let way = this.branches.start(); way !== undefined; way = this.step(way)) {
      ways.push(way);
      if (ways.length >= most) break;
    }
    return ways;
  }

  private step({ state }: Way): Way | undefined {
    let sum = 0;
    for (let i = 0; i < this.order.length; i++) {
      this.order[i] = i;
      this.weights[i] = this.weight(i);
      sum += must(this.weights[i], 'a weight');
    }
    for (let left = this.order.length; left > 0; left--) {
      const at = this.drawn(left, sum);
      const branch = must(this.order[at], 'a branch');
      const way = this.branches.attempt(branch, state);
      if (way !== undefined) {
        this.taken[branch] = must(this.taken[branch], 'a count') + 1;
        this.total++;
        return way;
      }
      sum -= must(this.weights[branch], 'a weight');
      this.order[at] = must(this.order[left - 1], 'a branch');
    }
    return undefined;
  }

  /** From 1 / (1 + 1/n) for the only one of n that was ever taken to n for one that never was. */
  private weight(branch: number): number {
    const share = this.total === 0 ? 0 : must(this.taken[branch], 'a count') / this.total;
    return 1 / (1 / this.branches.count + share);
  }

  /** Where in the first `left` of the order the branch stands that is drawn by weight. */
  private drawn(left: number, sum: number): number {
    let rest = this.random.real() * sum;
    for (let i = 0; i < left - 1; i++) {
      rest -= must(this.weights[must(this.order[i], 'a branch')], 'a weight');
      if (rest < 0) return i;
    }
    return left - 1;
  }
}
