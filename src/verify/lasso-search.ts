// Behaviours of a machine that break a temporal property: explicit-state model checking of its graph of states with the
// automaton of the property's negation (Vardi and Wolper, "An automata-theoretic approach to automatic program
// verification", 1986), the emptiness of which is a question of strongly connected components. What is a behaviour, and
// in which order breaches are looked for, is told in docs/temporal-logic.md.
import type { Way } from '../engine/index.js';
import { assert } from '../util/assert.js';
import { ok, type Result } from '../util/result.js';
import { type CyclePath, findFairCycle } from './fair-cycle.js';
import { Product } from './product.js';
import type { StateGraph } from './state-graph.js';
import { type Automaton, type TemporalProperty, TemporalRun } from './temporal/index.js';

/**
 * How a behaviour breaks a property: whatever follows (`prefix`), by going round (`cycle`), because it ends where no
 * step changes anything (`deadlock`), or because it stops though it could go on (`stutter`).
 */
export type BrokenBy = 'prefix' | 'cycle' | 'deadlock' | 'stutter';

export interface Lasso {
  /** The first gives the initial state; the last one of a cycle leads back to the state before its loop. */
  readonly ways: readonly Way[];
  /** Index of the state that follows the last one. */
  readonly loop: number;
  readonly by: BrokenBy;
}

export type LassoSearch =
  | { readonly kind: 'broken'; readonly lasso: Lasso }
  /** Every behaviour satisfies the property: all states were looked at. */
  | ({ readonly kind: 'holds' } & AtStake)
  | ({ readonly kind: 'undecided'; readonly reason: string } & AtStake);

/** What the search came upon beside a breach. */
interface AtStake {
  /**
   * A shortest way to a state from which the behaviour only has to go on as it does to break the property; undefined
   * where none was met.
   */
  readonly stake: readonly Way[] | undefined;
}

/** Nodes of the product that may be made for each state that may be computed. */
const NODES_PER_STATE = 4;

/** Nodes after which cycles are looked for the first time, and how much more each time. */
const FIRST_CHECK = 2_000;
const CHECK_FACTOR = 4;

/**
 * Looks for a behaviour that breaks the property, within the budget of the graph: properties that share a graph share
 * its states. Errors: those of the spec in any state that was reached.
 */
export function findLasso(graph: StateGraph, property: TemporalProperty): Result<LassoSearch> {
  const automaton = property.breaking();
  const product = new Product(graph, automaton);
  const search = new Search(graph, automaton, product, property.asksEnabled);
  const outcome = search.run();
  if (!outcome.ok) return outcome;
  const waysOf = (nodes: readonly number[]) => graph.ways(nodes.map(node => product.stateOf(node)));
  if (outcome.value === undefined || outcome.value === 'undecided') {
    const { staked } = search;
    const stake = staked === undefined ? ok(undefined) : waysOf(product.pathTo(staked));
    if (!stake.ok) return stake;
    if (outcome.value === undefined) return ok({ kind: 'holds', stake: stake.value });
    const reason = `not all states were looked at: the budget is ${graph.budget}`;
    return ok({ kind: 'undecided', reason, stake: stake.value });
  }
  const { nodes, loop, by } = outcome.value;
  const ways = waysOf(nodes);
  if (!ways.ok) return ways;
  assertBroken(property, ways.value, loop);
  return ok({ kind: 'broken', lasso: { ways: ways.value, loop, by } });
}

interface NodePath {
  readonly nodes: readonly number[];
  readonly loop: number;
  readonly by: BrokenBy;
}

class Search {
  /** The first node at which a behaviour may stop for ever. */
  private stutter: number | undefined;
  /** Nodes of which it is known whether a behaviour may stop there: those with lower numbers. */
  private stopped = 0;
  /** The first node that can go on and waits for nothing. */
  staked: number | undefined;

  constructor(
    private readonly graph: StateGraph,
    private readonly automaton: Automaton,
    private readonly product: Product,
    /** Whether the property itself says where a behaviour may not stop. */
    private readonly stopsFairly: boolean,
  ) {}

  run(): Result<NodePath | undefined | 'undecided'> {
    const { product, automaton } = this;
    if (automaton.start === undefined) return ok(undefined);
    const initial = this.graph.initial();
    if (!initial.ok) return initial;
    if (initial.value === undefined) return ok('undecided');
    for (const state of initial.value) product.begin(state, automaton.start);
    for (let check = FIRST_CHECK; ; ) {
      if (product.unconditional !== undefined) return ok(this.stay(product.unconditional, 'prefix'));
      const stop = this.stop();
      if (!stop.ok) return stop;
      if (stop.value !== undefined) return this.conclude(stop.value);
      const node = product.expanded;
      if (node === product.size) return this.conclude(undefined);
      if (product.size > NODES_PER_STATE * this.graph.budget) return this.conclude('undecided');
      const expanded = product.expand();
      if (!expanded.ok) return expanded;
      if (!expanded.value) return this.conclude('undecided');
      const [from, end] = product.edges(node);
      if (from < end && !product.placeOf(node).waits) this.staked ??= node;
      if (product.expanded < check) continue;
      check *= CHECK_FACTOR;
      const cycle = this.cycle();
      if (!cycle.ok || cycle.value !== undefined) return cycle;
    }
  }

  /**
   * A behaviour that stops for ever and breaks the property, if that settles the search. Where the property says itself
   * where a behaviour may not stop, any will do, as soon as it is met; otherwise it has to be one that cannot go on.
   */
  private stop(): Result<NodePath | undefined> {
    const { product, graph, stopsFairly } = this;
    for (const until = stopsFairly ? product.size : product.expanded; this.stopped < until; this.stopped++) {
      const node = this.stopped;
      const accepts = this.automaton.accepts(product.placeOf(node), graph.state(product.stateOf(node)));
      if (!accepts.ok) return accepts;
      if (!accepts.value) continue;
      const isEnd = this.isEnd(node);
      if (!isEnd.ok) return isEnd;
      if (isEnd.value || stopsFairly) return ok(this.stay(node, isEnd.value ? 'deadlock' : 'stutter'));
      this.stutter ??= node;
    }
    return ok(undefined);
  }

  /** Whether no step changes the state; false when the budget does not suffice to tell. */
  private isEnd(node: number): Result<boolean> {
    const number = this.product.stateOf(node);
    const after = this.graph.after(number);
    return after.ok ? ok(after.value?.every(next => next === number) === true) : after;
  }

  // A cycle says more than an end, an end more than stopping on the way.
  private conclude<T>(otherwise: T): Result<NodePath | T> {
    const cycle = this.cycle();
    if (!cycle.ok) return cycle;
    if (cycle.value !== undefined) return ok(cycle.value);
    if (otherwise !== undefined && otherwise !== 'undecided') return ok(otherwise);
    return ok(this.stutter === undefined ? otherwise : this.stay(this.stutter, 'stutter'));
  }

  private cycle(): Result<NodePath | undefined> {
    const found = findFairCycle(this.graph, this.automaton, this.product);
    return found.ok ? ok(found.value && goingRound(found.value)) : found;
  }

  private stay(node: number, by: BrokenBy): NodePath {
    const nodes = this.product.pathTo(node);
    return { nodes, loop: nodes.length - 1, by };
  }
}

function goingRound({ nodes, at }: CyclePath): NodePath {
  return { nodes, loop: at + 1, by: 'cycle' };
}

/**
 * Fails where the evaluation on a given trace, which shares nothing with the search but the formula, finds that a lasso
 * keeps the property.
 */
export function assertBroken(property: TemporalProperty, ways: readonly Way[], loop: number): void {
  const run = new TemporalRun(property, { loop });
  for (const { state } of ways) run.next(state);
  const { verdict } = run.end({ loop });
  assert(verdict === 'violated', `the lasso that was found is ${verdict}`);
}
