// The behaviours of a spec that agree with a trace which leaves something open: unobserved variables, actions that are
// not logged, events without states, several orders of the events of several nodes. Depth first with a memo of what
// was visited, because the first complete match is what is asked for most often and breadth first explodes; after it
// the search goes on until all is found or the budget is spent. What is found is a graph: its paths from a start to an
// end are the behaviours.
import { setImmediate } from 'node:timers/promises';
import { agrees, type EngineState, type Machine, StateStore, type Way } from '../engine/index.js';
import type { Observation, ObservedFrame } from '../trace/observation.js';
import { must } from '../util/assert.js';
import { auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import type { TakenAction } from './action-names.js';
import { agreesWithEntries, type Constraint, constraintAfter, constraintOf, isTold } from './constraint.js';
import { type Cut, LinearOrder, type Order, PartialOrder } from './order.js';

/** A state of the spec at a place in the trace. */
export interface Node {
  readonly state: EngineState;
  /** Number of the state: equal numbers, equal states. */
  readonly number: number;
  /** Moments that have been matched. */
  readonly depth: number;
  /** Increases along every edge. */
  readonly rank: number;
  readonly next: Set<Node>;
  /** Index of the moment that it was matched with last; undefined between two moments. */
  readonly moment: number | undefined;
  /** The action that led here when it was found first; undefined for a stutter or an action without a name. */
  readonly action: string | undefined;
  readonly previous: Node | undefined;
  /** The state after the moment that was matched last: what an event leaves untold is carried over from there. */
  readonly base: EngineState;
}

/** Where the search came furthest. */
export interface Furthest {
  readonly node: Node;
  /** Indices of the moments of which none could follow. */
  readonly blocked: readonly number[];
  /** Of a moment that spans several actions, how many of them were matched. */
  readonly done: number;
}

export interface SearchResult {
  readonly starts: readonly Node[];
  /** Nodes at which every moment is matched. */
  readonly ends: readonly Node[];
  readonly nodes: number;
  /** States that were looked at. */
  readonly searched: number;
  readonly exhaustive: boolean;
  /** Undefined when no initial state agrees. */
  readonly furthest: Furthest | undefined;
}

export interface SearchOptions {
  readonly moments: readonly Observation[];
  readonly frame: ObservedFrame;
  /** States that may be looked at. */
  readonly budget: number;
  /** Whether a step is one of what a trace calls by this name. */
  readonly sameAction: (way: TakenAction, name: string) => boolean;
  /** Where to begin instead of an initial state: a state that agrees with the first moment. */
  readonly from?: EngineState;
  readonly signal?: AbortSignal;
}

/** Nodes between two occasions for Ctrl-C. */
const PIECE = 32;

/** Where a node stands. */
interface Position {
  readonly cut: Cut;
  /** Of a moment that spans several actions and has begun: its index and how many of them are done. */
  readonly begun: { readonly moment: number; readonly done: number } | undefined;
  readonly hidden: number;
  readonly nodes: Map<string, Node>;
}

/** Errors are those of evaluating the spec, and AUR607. */
export function search(machine: Machine, options: SearchOptions): Promise<Result<SearchResult>> {
  return new Search(machine, options).run();
}

class Search {
  private readonly store: StateStore;
  private readonly order: Order;
  private readonly positions = new Map<string, Position>();
  private readonly stack: { node: Node; position: Position }[] = [];
  private readonly starts: Node[] = [];
  private readonly ends: Node[] = [];
  private readonly constraints = new Map<number, Constraint>();
  private furthest: { readonly node: Node; readonly position: Position } | undefined;
  /** Ranks between two moments: one for each action of a moment that spans most, times those that may be hidden. */
  private readonly ranks: { readonly moment: number; readonly action: number };
  private nodes = 0;
  private searched = 0;

  constructor(
    private readonly machine: Machine,
    private readonly options: SearchOptions,
  ) {
    this.store = new StateStore(machine.compiled.variables.length);
    this.order = options.frame.interleaved
      ? new PartialOrder(options.moments)
      : new LinearOrder(options.moments.length);
    const action = options.frame.hidden.most + 1;
    const spanned = options.moments.reduce((most, { actions }) => Math.max(most, actions?.length ?? 0), 0);
    this.ranks = { moment: (spanned + 1) * action, action };
  }

  async run(): Promise<Result<SearchResult>> {
    const begun = this.begin();
    if (!begun.ok) return begun;
    const { budget, signal } = this.options;
    for (let expanded = 1; this.stack.length > 0 && this.searched < budget; expanded++) {
      if (expanded % PIECE === 0) await setImmediate();
      if (signal?.aborted) return fail(auraError('AUR607', 'the search was interrupted'));
      const { node, position } = must(this.stack.pop(), 'an open node');
      const grown = this.expand(node, position);
      if (!grown.ok) return grown;
    }
    const { starts, ends, nodes, searched } = this;
    const furthest = this.furthest && this.whereFurthest(this.furthest);
    return ok({
      starts,
      ends,
      nodes,
      searched,
      furthest,
      exhaustive: this.stack.length === 0 && searched < this.options.budget,
    });
  }

  private whereFurthest({ node, position }: { node: Node; position: Position }): Furthest {
    const { begun, cut } = position;
    const blocked = begun ? [begun.moment] : this.order.isEnd(cut) ? [] : this.order.enabled(cut);
    return { node, blocked, done: begun?.done ?? 0 };
  }

  private begin(): Result<void> {
    const first = must(this.options.moments[0], 'the first moment');
    const cut = this.order.after(this.order.start, 0);
    const position = this.position(cut, undefined, 0);
    const enter = (state: EngineState, action: string | undefined): void => {
      const before = this.nodes;
      const node = this.enter(position, state, 0, action, undefined);
      if (this.nodes > before) this.starts.push(node);
    };
    if (this.options.from !== undefined) {
      enter(this.options.from, undefined);
      return ok(undefined);
    }
    const constraint = constraintOf(this.machine.compiled, first);
    return this.machine.ways(undefined, constraint.target, way => {
      this.searched++;
      if (agreesWithEntries(this.machine.compiled, way.state, constraint)) enter(way.state, way.action);
      return this.searched < this.options.budget;
    });
  }

  private expand(node: Node, position: Position): Result<void> {
    if (this.order.isEnd(position.cut)) return ok(undefined);
    const enabled = position.begun === undefined ? this.order.enabled(position.cut) : [position.begun.moment];
    // What is pushed last is tried first.
    const hidden = position.begun === undefined ? this.takeHidden(node, position) : ok(undefined);
    if (!hidden.ok) return hidden;
    for (const index of [...enabled].reverse()) {
      const matched = this.match(node, position, index);
      if (!matched.ok) return matched;
    }
    return ok(undefined);
  }

  private takeHidden(node: Node, position: Position): Result<void> {
    const { actions, most } = this.options.frame.hidden;
    if (actions.length === 0 || position.hidden >= most) return ok(undefined);
    return this.machine.ways(node.state, undefined, way => {
      this.searched++;
      if (actions.some(name => this.options.sameAction(way, name)))
        this.link(node, this.position(position.cut, undefined, position.hidden + 1), way, undefined);
      return this.searched < this.options.budget;
    });
  }

  private match(node: Node, position: Position, index: number): Result<void> {
    const moment = must(this.options.moments[index], 'a moment');
    const told = moment.actions ?? [];
    const binding = this.options.frame.actions === 'certain' && told.length > 0;
    const done = position.begun?.done ?? 0;
    if (binding && done + 1 < told.length) return this.matchPart(node, position, index, done);
    const constraint = this.constraint(node, position, index, moment);
    const arrival = this.position(this.order.after(position.cut, index), undefined, 0);
    if (!binding && this.agrees(node.state, constraint)) this.link(node, arrival, undefined, index);
    const likely: Way[] = [];
    const result = this.machine.ways(node.state, constraint.target, way => {
      this.searched++;
      const isNamed =
        told.length > 0 && isTold(way, must(told[done] ?? told[0], 'the action'), this.options.sameAction);
      if (agreesWithEntries(this.machine.compiled, way.state, constraint) && (isNamed || !binding)) {
        if (isNamed && !binding) likely.push(way);
        else this.link(node, arrival, way, index);
      }
      return this.searched < this.options.budget;
    });
    for (const way of likely) this.link(node, arrival, way, index);
    return result;
  }

  // An action inside a moment that spans several: nothing was observed between them.
  private matchPart(node: Node, position: Position, index: number, done: number): Result<void> {
    const told = must(this.options.moments[index]?.actions?.[done], 'the action');
    const arrival = this.position(position.cut, { moment: index, done: done + 1 }, 0);
    return this.machine.ways(node.state, undefined, way => {
      this.searched++;
      if (isTold(way, told, this.options.sameAction)) this.link(node, arrival, way, undefined);
      return this.searched < this.options.budget;
    });
  }

  private constraint(node: Node, position: Position, index: number, moment: Observation): Constraint {
    const { interleaved, untold } = this.options.frame;
    if (interleaved && untold === 'carried')
      return constraintAfter(this.machine.compiled, moment, node.base, this.order.known(position.cut));
    let known = this.constraints.get(index);
    if (known === undefined) {
      known = interleaved
        ? constraintAfter(this.machine.compiled, moment, node.state, new Set())
        : constraintOf(this.machine.compiled, moment);
      this.constraints.set(index, known);
    }
    return known;
  }

  private agrees(state: EngineState, constraint: Constraint): boolean {
    return agrees(state, constraint.target) && agreesWithEntries(this.machine.compiled, state, constraint);
  }

  private link(from: Node, position: Position, way: Way | undefined, moment: number | undefined): void {
    const before = this.nodes;
    const node = this.enter(position, way?.state ?? from.state, moment, way?.action, from);
    from.next.add(node);
    if (way === undefined && this.nodes > before) this.searched++;
  }

  private enter(
    position: Position,
    state: EngineState,
    moment: number | undefined,
    action: string | undefined,
    previous: Node | undefined,
  ): Node {
    const number = this.store.add(state);
    const base = moment === undefined && previous !== undefined ? previous.base : state;
    // Between two moments, what will be carried over is part of where one stands.
    const key = base === state ? `${number}` : `${number}/${this.store.add(base)}`;
    let node = position.nodes.get(key);
    if (node === undefined) {
      const depth = position.cut.size;
      const rank =
        depth * this.ranks.moment + (position.begun?.done ?? 0) * this.ranks.action + position.hidden;
      const shared = this.store.get(number);
      const kept = base === state ? shared : base;
      node = { state: shared, number, depth, rank, next: new Set(), moment, action, previous, base: kept };
      position.nodes.set(key, node);
      this.nodes++;
      this.stack.push({ node, position });
      if (this.furthest === undefined || rank > this.furthest.node.rank) this.furthest = { node, position };
      if (this.order.isEnd(position.cut)) this.ends.push(node);
    }
    return node;
  }

  private position(cut: Cut, begun: Position['begun'], hidden: number): Position {
    const key = `${cut.key}/${begun ? `${begun.moment}.${begun.done}` : ''}/${hidden}`;
    let position = this.positions.get(key);
    if (position === undefined) {
      position = { cut, begun, hidden, nodes: new Map() };
      this.positions.set(key, position);
    }
    return position;
  }
}
