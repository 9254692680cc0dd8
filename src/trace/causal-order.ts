// One order of events that agrees with causality, always the same for the same events, and with it the partial order
// that it is one of: for each event those right before it, without those that follow from others.
import { must } from '../util/assert.js';
import { LIMITS } from '../util/limits.js';
import { compareText } from '../util/order.js';
import { type Causality, causalityOf, type OrderedBy, type OrderFault } from './causality.js';

export interface OrderInput extends OrderedBy {
  /** Whether the event is a step or the initial state; others only order these. */
  readonly kept: boolean;
  readonly initial: boolean;
}

export interface CausalOrder {
  /** Positions of the kept events in the input, in their order. */
  readonly sequence: readonly number[];
  /**
   * For each event of `sequence` the positions in `sequence` of those right before it; undefined when `sequence` is the
   * only order there is.
   */
  readonly before: readonly (readonly number[])[] | undefined;
}

/** Orders by causality; what that leaves open by time, then `seq`, node and place in the file. */
export function causalOrder(events: readonly OrderInput[]): CausalOrder | OrderFault {
  const causality = causalityOf(events);
  if ('code' in causality) return causality;
  if (events.length * causality.nodes > LIMITS.causalCells)
    return {
      code: 'AUR304',
      message: `${events.length} events of ${causality.nodes} nodes are too many for causal order`,
      at: 0,
    };
  const order = linearExtension(events, causality);
  if (!Array.isArray(order)) return order;
  return new Reduction(events, causality).reduce(order);
}

/** By initial states first, then time, `seq`, node and place in the file. */
export function compareEvents(times: readonly number[]) {
  return (events: readonly OrderInput[], a: number, b: number): number => {
    const [x, y] = [must(events[a], 'an event'), must(events[b], 'an event')];
    return (
      Number(y.initial) - Number(x.initial) ||
      (times[a] ?? 0) - (times[b] ?? 0) ||
      (x.seq ?? 0) - (y.seq ?? 0) ||
      compareText(x.node ?? '', y.node ?? '') ||
      a - b
    );
  };
}

/** The time of each event; one without takes that of the event before it in the file. */
export function timesOf(events: readonly OrderInput[]): number[] {
  let time = Number.MIN_SAFE_INTEGER;
  return events.map(event => {
    time = event.time ?? time;
    return time;
  });
}

function linearExtension(events: readonly OrderInput[], { before }: Causality): number[] | OrderFault {
  const open = before.map(({ length }) => length);
  const followers: number[][] = events.map(() => []);
  for (const [i, ones] of before.entries()) for (const one of ones) followers[one]?.push(i);
  const compare = compareEvents(timesOf(events));
  const ready = new Heap((a, b) => compare(events, a, b));
  for (const [i, count] of open.entries()) if (count === 0) ready.push(i);
  const order: number[] = [];
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    order.push(next);
    for (const follower of followers[next] ?? []) {
      const left = (open[follower] ?? 0) - 1;
      open[follower] = left;
      if (left === 0) ready.push(follower);
    }
  }
  return order.length === events.length ? order : cycleFault(events, before, open);
}

/** A cycle among the events that are left, shown by some of them. */
function cycleFault(
  events: readonly OrderInput[],
  before: readonly (readonly number[])[],
  open: readonly number[],
): OrderFault {
  const seen = new Map<number, number>();
  const path: number[] = [];
  let at = open.findIndex(count => count > 0);
  while (!seen.has(at)) {
    seen.set(at, path.length);
    path.push(at);
    at = must(
      before[at]?.find(one => (open[one] ?? 0) > 0),
      'an event of the cycle',
    );
  }
  const cycle = path.slice(seen.get(at)).reverse();
  const shown = cycle.slice(0, 5).map(i => events[i]?.index);
  const rest = cycle.length > shown.length ? ` and ${cycle.length - shown.length} more` : '';
  const message = `events ${shown.join(', ')}${rest} come before one another in a circle`;
  return { code: 'AUR319', message, at: cycle[0] ?? 0 };
}

class Reduction {
  /** Of each kept event: how many kept events of each node come before it or are it. */
  private readonly pasts = new Map<number, Int32Array>();
  /** Of each event the kept ones that stand for it: itself, or those right before it. */
  private readonly standing = new Map<number, readonly number[]>();
  private readonly counts: Int32Array;
  private readonly positions = new Map<number, number>();

  constructor(
    private readonly events: readonly OrderInput[],
    private readonly causality: Causality,
  ) {
    this.counts = new Int32Array(causality.nodes);
  }

  reduce(order: readonly number[]): CausalOrder {
    const sequence: number[] = [];
    const before: (readonly number[])[] = [];
    for (const event of order) {
      const direct = this.maximal(
        new Set((this.causality.before[event] ?? []).flatMap(one => this.standing.get(one) ?? [])),
      );
      if (this.events[event]?.kept !== true) {
        this.standing.set(event, direct);
        continue;
      }
      this.keep(event, direct);
      this.positions.set(event, sequence.length);
      sequence.push(event);
      before.push(direct.map(one => must(this.positions.get(one), 'a position')));
    }
    return { sequence, before: this.isChain(sequence, before) ? undefined : before };
  }

  /** Those that do not come before another one. */
  private maximal(events: ReadonlySet<number>): number[] {
    const list = [...events];
    return list.filter(one => {
      const node = this.causality.nodeOf[one] ?? 0;
      const count = this.pasts.get(one)?.[node] ?? 0;
      return !list.some(other => other !== one && (this.pasts.get(other)?.[node] ?? 0) >= count);
    });
  }

  private keep(event: number, direct: readonly number[]): void {
    const past = new Int32Array(this.causality.nodes);
    for (const one of direct)
      for (const [node, count] of (this.pasts.get(one) ?? []).entries())
        if (count > (past[node] ?? 0)) past[node] = count;
    const node = this.causality.nodeOf[event] ?? 0;
    const count = (this.counts[node] ?? 0) + 1;
    this.counts[node] = count;
    past[node] = count;
    this.pasts.set(event, past);
    this.standing.set(event, [event]);
  }

  // The events of the initial state are one moment, whatever their order.
  private isChain(sequence: readonly number[], before: readonly (readonly number[])[]): boolean {
    const steps = sequence.findIndex(event => this.events[event]?.initial !== true);
    return before.every((ones, i) => {
      if (steps < 0 || i < steps) return true;
      const others = ones.filter(one => one >= steps);
      return i === steps ? others.length === 0 : others.length === 1 && others[0] === i - 1;
    });
  }
}

/** A binary heap of which the least comes first. */
class Heap {
  private readonly items: number[] = [];

  constructor(private readonly compare: (a: number, b: number) => number) {}

  push(item: number): void {
    let i = this.items.push(item) - 1;
    for (let parent = (i - 1) >> 1; i > 0 && this.isLess(i, parent); parent = (i - 1) >> 1) {
      this.swap(i, parent);
      i = parent;
    }
  }

  pop(): number | undefined {
    const [first] = this.items;
    const last = this.items.pop();
    if (last === undefined || this.items.length === 0) return first;
    this.items[0] = last;
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2])
        if (child < this.items.length && this.isLess(child, least)) least = child;
      if (least === i) return first;
      this.swap(i, least);
      i = least;
    }
  }

  private isLess(i: number, j: number): boolean {
    return this.compare(this.items[i] ?? 0, this.items[j] ?? 0) < 0;
  }

  private swap(i: number, j: number): void {
    const kept = this.items[i] ?? 0;
    this.items[i] = this.items[j] ?? 0;
    this.items[j] = kept;
  }
}
