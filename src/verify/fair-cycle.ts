// A cycle of a product on which everything happens infinitely often that has to: no eventuality is put off for ever, and
// each recurring condition is met on some step. Whether there is one is exact, component by component; the one that is
// given is short, though not always the shortest: it meets the conditions one after the other, each by a shortest way.
import { InternalError, must } from '../util/assert.js';
import { ok, type Result } from '../util/result.js';
import { components } from './components.js';
import type { Product } from './product.js';
import type { StateGraph } from './state-graph.js';
import type { Automaton } from './temporal/index.js';

/** Whether an edge does what has to be done again and again. */
type Condition = (from: number, edge: number) => Result<boolean>;

/** Components with cycles, and nodes of each to begin at, of which the shortest lasso is taken. */
const COMPONENTS_TRIED = 8;
const ENTRIES_TRIED = 8;

/** The nodes of a lasso whose last is the one before which the loop began: `nodes[at]`. */
export interface CyclePath {
  readonly nodes: readonly number[];
  readonly at: number;
}

/** In the part of the product that is expanded; only cycles on which the state changes. */
export function findFairCycle(
  graph: StateGraph,
  automaton: Automaton,
  product: Product,
): Result<CyclePath | undefined> {
  let best: CyclePath | undefined;
  let tried = 0;
  const expanded = {
    size: product.expanded,
    edges: (node: number) => product.edges(node),
    target: (edge: number) => product.target(edge),
  };
  for (const nodes of components(expanded)) {
    const component = new Component(graph, automaton, product, nodes);
    const fair = component.fairConditions();
    if (!fair.ok) return fair;
    if (fair.value === undefined) continue;
    for (const entry of nodes.slice(0, ENTRIES_TRIED)) {
      const loop = component.loop(entry, fair.value);
      if (!loop.ok) return loop;
      const stem = product.pathTo(entry);
      const path = { nodes: [...stem, ...loop.value], at: stem.length - 1 };
      if (best === undefined || path.nodes.length < best.nodes.length) best = path;
    }
    tried++;
    if (tried === COMPONENTS_TRIED) break;
  }
  return ok(best);
}

class Component {
  private readonly members: ReadonlySet<number>;

  constructor(
    private readonly graph: StateGraph,
    private readonly automaton: Automaton,
    private readonly product: Product,
    private readonly nodes: readonly number[],
  ) {
    this.members = new Set(nodes);
  }

  /** What a loop has to do; undefined when nothing in the component does one of these. */
  fairConditions(): Result<readonly Condition[] | undefined> {
    const { product } = this;
    const start = must(this.nodes[0], 'a node');
    const moves: Condition = (from, edge) =>
      ok(product.stateOf(product.target(edge)) !== product.stateOf(from));
    // What recurs is asked for in all nodes of a component alike: it is never done with.
    const recurring = product.placeOf(start).recurring.map(one => this.remembering(one));
    const conditions = [moves, ...this.putOff(), ...recurring];
    for (const condition of conditions) {
      const met = this.someInner(condition);
      if (!met.ok) return met;
      if (!met.value) return ok(undefined);
    }
    return ok(conditions);
  }

  private putOff(): Condition[] {
    const ids = new Set<number>();
    for (const [, edge] of this.inner()) for (const id of this.product.postponedOn(edge)) ids.add(id);
    return [...ids].map(id => (_, edge) => ok(!this.product.postponedOn(edge).includes(id)));
  }

  private remembering(recurring: Parameters<Automaton['recurs']>[0]): Condition {
    const known = new Map<number, boolean>();
    return (from, edge) => {
      const before = known.get(edge);
      if (before !== undefined) return ok(before);
      const state = this.graph.state(this.product.stateOf(from));
      const to = this.product.stateOf(this.product.target(edge));
      const recurs = this.automaton.recurs(recurring, state, () => this.graph.state(to));
      if (recurs.ok) known.set(edge, recurs.value);
      return recurs;
    };
  }

  private *inner(): Iterable<readonly [from: number, edge: number]> {
    for (const node of this.nodes)
      for (let [edge, end] = this.product.edges(node); edge < end; edge++)
        if (this.members.has(this.product.target(edge))) yield [node, edge];
  }

  private someInner(condition: Condition): Result<boolean> {
    for (const [from, edge] of this.inner()) {
      const met = condition(from, edge);
      if (!met.ok || met.value) return met;
    }
    return ok(false);
  }

  /** The nodes after `entry` on a closed path that meets all conditions; the last is `entry`. */
  loop(entry: number, conditions: readonly Condition[]): Result<readonly number[]> {
    const nodes: number[] = [];
    let open = conditions;
    let at = entry;
    while (open.length > 0) {
      const first = must(open[0], 'a condition');
      const path = this.shortest(at, first);
      if (!path.ok) return path;
      for (const [from, edge] of path.value) {
        const left: Condition[] = [];
        for (const condition of open) {
          const met = condition(from, edge);
          if (!met.ok) return met;
          if (!met.value) left.push(condition);
        }
        open = left;
        at = this.product.target(edge);
        nodes.push(at);
      }
    }
    if (at === entry) return ok(nodes);
    const back = this.shortest(at, (_, edge) => ok(this.product.target(edge) === entry));
    if (!back.ok) return back;
    return ok([...nodes, ...back.value.map(([, edge]) => this.product.target(edge))]);
  }

  /** The edges of a shortest path from a node that ends with an edge of which the condition is true. */
  private shortest(start: number, condition: Condition): Result<(readonly [from: number, edge: number])[]> {
    const cameBy = new Map<number, readonly [from: number, edge: number] | undefined>([[start, undefined]]);
    for (const node of cameBy.keys()) {
      for (let [edge, end] = this.product.edges(node); edge < end; edge++) {
        const to = this.product.target(edge);
        if (!this.members.has(to)) continue;
        const met = condition(node, edge);
        if (!met.ok) return met;
        if (met.value) return ok([...pathBack(cameBy, node), [node, edge]]);
        if (!cameBy.has(to)) cameBy.set(to, [node, edge]);
      }
    }
    throw new InternalError('an edge was found before, now none is');
  }
}

function pathBack(
  cameBy: ReadonlyMap<number, readonly [from: number, edge: number] | undefined>,
  last: number,
): (readonly [from: number, edge: number])[] {
  const path: (readonly [from: number, edge: number])[] = [];
  for (let step = cameBy.get(last); step !== undefined; step = cameBy.get(step[0])) path.unshift(step);
  return path;
}
