// Searches for the states that come closest to falsifying a property. Best-first, with several orders that take turns:
// nearest first alone is stuck on the first plateau, and newest first alone does not know where to go.
//
// After Lipovetzky and Geffner, "Best-first width search: exploration and exploitation in classical planning", 2017;
// queues in turn as in Roeger and Helmert, "The more, the merrier: combining heuristic estimators for satisficing
// planning", 2010.
import { type EngineState, StateStore, type Way } from '../../engine/index.js';
import { must } from '../../util/assert.js';
import { ok, type Result } from '../../util/result.js';
import type { Find } from '../find.js';
import { type Aim, compileAim } from '../search/aim.js';
import { Novelty } from '../search/facts.js';
import { Heap } from '../search/heap.js';
import type { Assignment, Ground, Spent, Strategy } from './strategy.js';

/** How many schedules are kept of a property that is not violated. */
const NEAREST = 3;

/** One part for each property. */
export const targetedPropertyViolation: Strategy = {
  name: 'targeted_property_violation',
  parts: ({ targets }) => targets.length,
  search: (ground, assignment) => {
    const property = must(ground.targets[assignment.part], 'the property of the part');
    const aim = compileAim(ground.machine.compiled, property);
    return aim.ok ? new Search(ground, assignment, aim.value).run() : aim;
  },
};

/** A state that was reached; its number in the store is its index. */
interface Node {
  readonly number: number;
  readonly parent: Node | undefined;
  readonly depth: number;
  readonly distance: number;
  /** Whether it has a fact that no state at this distance had before. */
  readonly isNew: boolean;
  /** Whether it has one in what the property reads. */
  readonly isNewWhereItMatters: boolean;
  readonly tie: number;
  expanded: boolean;
}

type Order = (node: Node) => readonly [number, number];

/** Smaller first; they take turns. */
const ORDERS: readonly Order[] = [
  ({ isNew, distance }) => [isNew ? 0 : 1, distance],
  ({ isNewWhereItMatters, distance }) => [isNewWhereItMatters ? 0 : 1, distance],
  ({ distance, isNew }) => [distance, isNew ? 0 : 1],
];

function queueBy(order: Order): Heap<Node> {
  return new Heap((a, b) => {
    const [firstA, secondA] = order(a);
    const [firstB, secondB] = order(b);
    return firstA !== firstB ? firstA < firstB : secondA !== secondB ? secondA < secondB : a.tie < b.tie;
  });
}

class Search {
  private readonly store: StateStore;
  private readonly novelty: Novelty;
  private readonly queues = ORDERS.map(queueBy);
  /** The nearest first, of the equally near the ones that were found last. */
  private nearest: Node[] = [];
  private states = 0;
  private wanted = true;
  private cutOff = false;
  private violation: Node | undefined;

  constructor(
    private readonly ground: Ground,
    private readonly assignment: Assignment,
    private readonly aim: Aim,
  ) {
    this.store = new StateStore(ground.machine.compiled.variables.length);
    this.novelty = new Novelty(aim.matters);
  }

  run(): Result<Spent> {
    const started = this.expand(undefined);
    if (!started.ok) return started;
    let exhausted = false;
    for (let turn = 0; this.goesOn() && !exhausted; turn++) {
      const node = this.next(turn);
      if (node === undefined) exhausted = true;
      else {
        const expanded = this.expand(node);
        if (!expanded.ok) return expanded;
      }
    }
    const told = this.violation === undefined ? this.tellNearest() : this.tell(this.violation);
    return told.ok ? ok({ states: this.states, exhausted: exhausted && !this.cutOff }) : told;
  }

  private goesOn(): boolean {
    return this.wanted && this.violation === undefined && this.states < this.assignment.budget;
  }

  /** The node whose turn it is; undefined when no queue has one. */
  private next(turn: number): Node | undefined {
    for (let i = 0; i < this.queues.length; i++) {
      const queue = must(this.queues[(turn + i) % this.queues.length], 'a queue');
      for (let node = queue.pop(); node !== undefined; node = queue.pop()) if (!node.expanded) return node;
    }
    return undefined;
  }

  /** Visits what a state leads to, or the initial states. A state at distance 0 that leads nowhere else is told of. */
  private expand(node: Node | undefined): Result<void> {
    if (node !== undefined) node.expanded = true;
    let failed: Result<void> = ok(undefined);
    let leadsOn = false;
    const from = node && this.store.get(node.number);
    const visited = this.ground.machine.ways(from, undefined, ({ state }) => {
      this.states++;
      const number = this.store.size;
      const found = this.store.add(state);
      leadsOn ||= found !== node?.number;
      if (found === number) failed = this.meet(number, node);
      return failed.ok && this.goesOn();
    });
    if (!visited.ok || !failed.ok) return visited.ok ? failed : visited;
    const stuck = node !== undefined && node.distance === 0 && !leadsOn;
    return stuck && this.goesOn() ? this.tell(node) : ok(undefined);
  }

  private meet(number: number, parent: Node | undefined): Result<void> {
    const state = this.store.get(number);
    const distance = this.aim.distance(state);
    if (!distance.ok) return distance;
    const node: Node = {
      number,
      parent,
      depth: parent === undefined ? 0 : parent.depth + 1,
      distance: distance.value,
      ...this.novelty.meet(state, distance.value),
      tie: this.assignment.random.real(),
      expanded: false,
    };
    if (node.distance === 0 && this.aim.decisive) this.violation = node;
    if (node.isNewWhereItMatters || parent === undefined) this.remember(node);
    if (node.depth < this.ground.maxLength) for (const queue of this.queues) queue.push(node);
    // A shorter way to this state might have led on, and none is looked for.
    else this.cutOff = true;
    return ok(undefined);
  }

  private remember(node: Node): void {
    const at = this.nearest.findIndex(({ distance }) => node.distance <= distance);
    this.nearest.splice(at < 0 ? this.nearest.length : at, 0, node);
    this.nearest.length = Math.min(this.nearest.length, NEAREST);
  }

  private tellNearest(): Result<void> {
    for (const node of this.nearest) {
      if (!this.wanted) break;
      const told = this.tell(node);
      if (!told.ok) return told;
    }
    return ok(undefined);
  }

  private tell(node: Node): Result<void> {
    const ways = this.waysTo(node);
    if (!ways.ok) return ways;
    const { name } = this.aim.property;
    const find: Find = {
      strategy: 'targeted_property_violation',
      ways: ways.value,
      aim: name,
      distance: node.distance,
      ...(node === this.violation && { violates: name }),
    };
    this.wanted = this.assignment.keep(find);
    return ok(undefined);
  }

  // Only states are kept while searching; how one leads to the next is found again.
  private waysTo(node: Node): Result<Way[]> {
    const states: EngineState[] = [];
    for (let at: Node | undefined = node; at !== undefined; at = at.parent)
      states.unshift(this.store.get(at.number));
    const ways: Way[] = [];
    for (const [i, state] of states.entries()) {
      const visited = this.ground.machine.ways(states[i - 1], state, way => {
        ways.push(way);
        return false;
      });
      if (!visited.ok) return visited;
    }
    return ok(ways);
  }
}
