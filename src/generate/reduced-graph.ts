// States that a search has met, one of each set of states that differ by an exchange of symmetric values only, and how
// each was reached. What is kept of a state is the state that was met, not the one that stands for the set, so that the
// steps to it are a run of the spec. Steps are kept as numbers; they are enumerated again when somebody asks for them.
import { type EngineState, type Machine, StateStore, type Symmetry, type Way } from '../engine/index.js';
import { must } from '../util/assert.js';
import { ok, type Result } from '../util/result.js';

/** A step: from a state by number, -1 for none, under a label, to a state by number. */
export interface Edge {
  readonly from: number;
  readonly label: number;
  readonly to: number;
}

export class ReducedGraph {
  private readonly met: StateStore;
  /** The states that stand for others, by the same numbers; absent where every state stands for itself. */
  private readonly leasts: StateStore | undefined;
  /** By number of the state: the steps that lead to it, one a label, the first one first. */
  private readonly arrivals: Edge[][] = [];
  private readonly depths: number[] = [];
  private readonly labels = new Map<string, number>();
  private readonly ways = new Map<number, Way>();
  /** States of paths that were asked for, which a symmetric state may stand for in the graph. */
  private onPaths: StateStore | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly symmetry: Symmetry,
  ) {
    const width = machine.compiled.variables.length;
    this.met = new StateStore(width);
    this.leasts = symmetry.groups.length > 0 ? new StateStore(width) : undefined;
  }

  get size(): number {
    return this.met.size;
  }

  state(number: number): EngineState {
    return this.met.get(number);
  }

  /** Steps from an initial state. */
  depth(number: number): number {
    return must(this.depths[number], 'depth');
  }

  /** The state in which the steps to this one start. */
  root(number: number): number {
    const { from } = this.firstArrival(number);
    return from < 0 ? number : this.root(from);
  }

  arrivalsAt(number: number): readonly Edge[] {
    return must(this.arrivals[number], 'arrivals');
  }

  /** The number of the action that a way takes. */
  labelOf({ action, instance }: Way): number {
    const key = `${instance} ${action ?? ''}`;
    const known = this.labels.get(key) ?? this.labels.size;
    this.labels.set(key, known);
    return known;
  }

  /** Adds where a way leads; says whether it is the first of its label to lead to such a state. */
  meet(from: number, way: Way): { readonly edge: Edge; readonly isNew: boolean } {
    const before = this.size;
    const to = this.numberOf(way.state, true);
    const edge = { from, label: this.labelOf(way), to };
    if (to === before) {
      this.arrivals.push([]);
      this.depths.push(from < 0 ? 0 : this.depth(from) + 1);
    }
    const known = must(this.arrivals[to], 'arrivals');
    const isNew = known.every(({ label }) => label !== edge.label);
    if (isNew) known.push(edge);
    return { edge, isNew };
  }

  /** The steps to the state that an edge leads from, the edge, and `then` a step under one more label. */
  path(edge: Edge, then?: number): Result<Way[]> {
    const path: Way[] = [];
    for (let at = edge.from; at >= 0; at = this.firstArrival(at).from) {
      const way = this.wayOf(this.firstArrival(at));
      if (!way.ok) return way;
      path.unshift(way.value);
    }
    const last = this.wayOf(edge);
    if (!last.ok) return last;
    path.push(last.value);
    if (then === undefined) return ok(path);
    const more = this.find(last.value.state, way => this.labelOf(way) === then);
    return more.ok ? ok([...path, more.value]) : more;
  }

  /** The same for the same steps through the same states. */
  keyOf(ways: readonly Way[]): string {
    this.onPaths ??= new StateStore(this.machine.compiled.variables.length);
    const store = this.onPaths;
    return ways.map(way => `${this.labelOf(way)}:${store.add(way.state)}`).join();
  }

  private firstArrival(number: number): Edge {
    return must(this.arrivalsAt(number)[0], 'the step that led here first');
  }

  // The first step to a state leads to the very state that is kept; others to one that it stands for.
  private wayOf(edge: Edge): Result<Way> {
    const isFirst = this.firstArrival(edge.to) === edge;
    const known = isFirst ? this.ways.get(edge.to) : undefined;
    if (known !== undefined) return ok(known);
    const from = edge.from < 0 ? undefined : this.state(edge.from);
    const fits = (way: Way): boolean =>
      this.labelOf(way) === edge.label && (isFirst || this.numberOf(way.state, false) === edge.to);
    const way = this.find(from, fits, isFirst ? this.state(edge.to) : undefined);
    if (way.ok && isFirst) this.ways.set(edge.to, way.value);
    return way;
  }

  private find(
    from: EngineState | undefined,
    fits: (way: Way) => boolean,
    target?: EngineState,
  ): Result<Way> {
    let found: Way | undefined;
    const visited = this.machine.ways(from, target, way => {
      if (fits(way)) found = way;
      return found === undefined;
    });
    return visited.ok ? ok(must(found, 'the step that was found before')) : visited;
  }

  // What is not to be added has been met, so its number is found without adding.
  private numberOf(state: EngineState, add: boolean): number {
    if (this.leasts === undefined) return this.met.add(state);
    const number = this.leasts.add(this.symmetry.canonical(state));
    if (add && number === this.met.size) this.met.add(state);
    return number;
  }
}
