// The graph of states walked together with the automaton of the behaviours that break a property: a node is a state and
// what the rest of the behaviour has to make true from there. Nodes are numbered breadth first, so that the path by
// which a node was met is a shortest one. Numbers only: there may be millions.
import type { EngineState } from '../engine/index.js';
import { assert, must } from '../util/assert.js';
import { ok, type Result } from '../util/result.js';
import type { StateGraph } from './state-graph.js';
import type { Automaton, Place } from './temporal/index.js';

const PLACES_MAX = 2 ** 20;

export class Product {
  private readonly numbers = new Map<number, number>();
  /** By node: its state, its place, and the node that it was met from, -1 for the first ones. */
  private readonly states: number[] = [];
  private readonly places: Place[] = [];
  private readonly parents: number[] = [];
  /** By node that was expanded: the first of its edges; one more for the end of the last. */
  private readonly firstEdge: number[] = [0];
  private readonly targets: number[] = [];
  private readonly postponed: (readonly number[])[] = [];
  private readonly sets = new Map<string, readonly number[]>();
  private free: number | undefined;

  constructor(
    private readonly graph: StateGraph,
    private readonly automaton: Automaton,
  ) {}

  /** Adds a node to start from. */
  begin(state: number, place: Place): void {
    this.node(state, place, -1);
  }

  get size(): number {
    return this.states.length;
  }

  /** How many nodes have been expanded: those with the lowest numbers. */
  get expanded(): number {
    return this.firstEdge.length - 1;
  }

  /** The first node that asks nothing more: however its behaviour goes on, the property is broken. */
  get unconditional(): number | undefined {
    return this.free;
  }

  /** Expands the next node; false when the budget of the graph ran out. */
  expand(): Result<boolean> {
    const node = this.expanded;
    const [number, place] = [this.stateOf(node), this.placeOf(node)];
    const after = this.graph.after(number);
    if (!after.ok) return after;
    if (after.value === undefined) return ok(false);
    const state = this.graph.state(number);
    const options = optionsAfter(this.automaton, place, state);
    for (const next of after.value) {
      const found = options(memo(() => this.graph.state(next)));
      if (!found.ok) return found;
      const { options: ways, dependsOnStep } = found.value;
      if (!dependsOnStep && ways.some(({ to }) => isFree(to))) this.free ??= node;
      for (const { to, postponed } of ways) {
        this.targets.push(this.node(next, to, node));
        this.postponed.push(this.shared(postponed));
      }
    }
    this.firstEdge.push(this.targets.length);
    return ok(true);
  }

  stateOf(node: number): number {
    return must(this.states[node], 'node');
  }

  placeOf(node: number): Place {
    return must(this.places[node], 'node');
  }

  /** Numbers of the edges of an expanded node: from the first, up to but without the second. */
  edges(node: number): readonly [number, number] {
    return [must(this.firstEdge[node], 'expanded'), must(this.firstEdge[node + 1], 'expanded')];
  }

  target(edge: number): number {
    return must(this.targets[edge], 'edge');
  }

  /** Ids of the eventualities that the edge puts off. */
  postponedOn(edge: number): readonly number[] {
    return must(this.postponed[edge], 'edge');
  }

  /** The nodes on a shortest path to this one, itself included. */
  pathTo(node: number): number[] {
    const path: number[] = [];
    for (let at = node; at >= 0; at = must(this.parents[at], 'node')) path.unshift(at);
    return path;
  }

  private node(state: number, place: Place, parent: number): number {
    assert(place.number < PLACES_MAX, 'too many places of the automaton');
    const key = state * PLACES_MAX + place.number;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const node = this.states.push(state) - 1;
    this.places.push(place);
    this.parents.push(parent);
    this.numbers.set(key, node);
    if (isFree(place)) this.free ??= node;
    return node;
  }

  private shared(set: readonly number[]): readonly number[] {
    const key = set.join();
    const known = this.sets.get(key) ?? set;
    this.sets.set(key, known);
    return known;
  }
}

function isFree({ residuals }: Place): boolean {
  return residuals.length === 0;
}

/** Asks the automaton once where the step does not matter. */
function optionsAfter(automaton: Automaton, place: Place, state: EngineState) {
  let known: ReturnType<Automaton['options']> | undefined;
  return (next: () => EngineState): ReturnType<Automaton['options']> => {
    const found = known ?? automaton.options(place, state, next);
    if (found.ok && !found.value.dependsOnStep) known = found;
    return found;
  };
}

function memo<T>(make: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: make() };
    return known.value;
  };
}
