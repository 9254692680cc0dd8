// What happened before what among the events of several nodes (Lamport, "Time, clocks, and the ordering of events in a
// distributed system", 1978): the events of one node in their order, a message's sending before its receiving, and what
// vector clocks say (Mattern, 1989). Only what is certain becomes an edge: one too many would reject traces falsely.

import { must } from '../util/assert.js';
import type { ErrorCode } from '../util/error-codes.js';
import type { EventMessage } from './event.js';

/** What the order of events depends on. */
export interface OrderedBy {
  /** In the file. */
  readonly index: number;
  readonly node: string | undefined;
  readonly seq: number | undefined;
  readonly time: number | undefined;
  readonly clock: ReadonlyMap<string, number> | undefined;
  readonly message: EventMessage | undefined;
  readonly after: readonly number[] | undefined;
}

/** Why events cannot be ordered, and the event (its position in the input) that shows it. */
export interface OrderFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly at: number;
}

export interface Causality {
  /** Number of the node of each event. An event that lists what it comes after is a node of its own. */
  readonly nodeOf: readonly number[];
  readonly nodes: number;
  /** Positions of events that come directly before each event; some may follow from others. */
  readonly before: readonly (readonly number[])[];
}

export function causalityOf(events: readonly OrderedBy[]): Causality | OrderFault {
  const { nodeOf, nodes, names } = numberNodes(events);
  const lines = programOrders(events, nodeOf, nodes);
  const before: number[][] = events.map(() => []);
  for (const line of lines)
    for (const [i, event] of line.entries()) if (i > 0) before[event]?.push(must(line[i - 1], 'an event'));
  const fault =
    clockEdges(events, lines, names, before) ?? messageEdges(events, before) ?? listedEdges(events, before);
  return fault ?? { nodeOf, nodes, before };
}

function numberNodes(events: readonly OrderedBy[]) {
  const names = new Map<string, number>();
  let nodes = 0;
  const nodeOf = events.map(({ node = '', after }) => {
    if (after !== undefined) return nodes++;
    const known = names.get(node);
    if (known !== undefined) return known;
    names.set(node, nodes);
    return nodes++;
  });
  return { nodeOf, nodes, names };
}

/** The events of each node: in the order of their numbers where all have one, otherwise of the file. */
function programOrders(events: readonly OrderedBy[], nodeOf: readonly number[], nodes: number): number[][] {
  const lines: number[][] = Array.from({ length: nodes }, () => []);
  for (const [i, node] of nodeOf.entries()) lines[node]?.push(i);
  for (const line of lines)
    if (line.every(i => events[i]?.seq !== undefined))
      line.sort((a, b) => (events[a]?.seq ?? 0) - (events[b]?.seq ?? 0) || a - b);
  return lines;
}

/** An event of a node with the node's own count in its clock. */
interface Tick {
  readonly event: number;
  readonly count: number;
}

function clockEdges(
  events: readonly OrderedBy[],
  lines: readonly number[][],
  names: ReadonlyMap<string, number>,
  before: number[][],
): OrderFault | undefined {
  const ticks = new Map<string, Tick[]>();
  for (const [name, number] of names) {
    const own: Tick[] = [];
    let last: number | undefined;
    for (const event of lines[number] ?? []) {
      const { clock, node } = must(events[event], 'an event');
      if (clock === undefined) continue;
      const count = clock.get(name);
      if (node === undefined || count === undefined)
        return contradiction(event, 'its clock has no count of the node itself');
      const lower = last === undefined ? undefined : goesBack(events[last], clock);
      if (lower !== undefined)
        return contradiction(
          event,
          `the vector clock of ${name} goes backwards: ${lower.node} was ${lower.was} at event ${events[last ?? 0]?.index} and is ${lower.is} here`,
        );
      last = event;
      own.push({ event, count });
    }
    ticks.set(name, own);
  }
  for (const own of ticks.values())
    for (const [i, { event }] of own.entries()) {
      const { clock, node } = must(events[event], 'an event');
      const earlier = events[own[i - 1]?.event ?? -1]?.clock;
      for (const [other, count] of clock ?? []) {
        // What the node knew before comes before this through its own events.
        if (other === node || count === 0 || count === earlier?.get(other)) continue;
        const known = lastKnown(ticks.get(other) ?? [], count);
        if (known !== undefined) before[event]?.push(known);
      }
    }
  return undefined;
}

function goesBack(earlier: OrderedBy | undefined, clock: ReadonlyMap<string, number>) {
  for (const [node, was] of earlier?.clock ?? []) {
    const is = clock.get(node) ?? 0;
    if (is < was) return { node, was, is };
  }
  return undefined;
}

/**
 * The last event of a node that is certain to come before one which knows of `count` of its events. Of several events
 * with one count only the first is certain: a clock may not move at every event.
 */
function lastKnown(ticks: readonly Tick[], count: number): number | undefined {
  let [low, high] = [0, ticks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ticks[middle]?.count ?? 0) < count) low = middle + 1;
    else high = middle;
  }
  return ticks[low]?.count === count ? ticks[low]?.event : ticks[low - 1]?.event;
}

/** A message that was never sent comes from a node that is not logged: then nothing follows. */
function messageEdges(events: readonly OrderedBy[], before: number[][]): OrderFault | undefined {
  const sent = new Map<string, number[]>();
  for (const [i, { message }] of events.entries()) {
    if (message?.kind !== 'send') continue;
    const sends = sent.get(message.id);
    if (sends) sends.push(i);
    else sent.set(message.id, [i]);
  }
  for (const [i, { message, node }] of events.entries()) {
    if (message === undefined || message.kind === 'send') continue;
    const receiver = message.to ?? (message.kind === 'receive' ? node : undefined);
    const [send, second] = (sent.get(message.id) ?? []).filter(s => {
      const { message: other, node: sender } = must(events[s], 'an event');
      const isTo = receiver === undefined || other?.to === undefined || other.to === receiver;
      return isTo && (message.from === undefined || sender === undefined || sender === message.from);
    });
    if (second !== undefined)
      return contradiction(
        i,
        `the message ${message.id} was sent twice, at events ${events[send ?? 0]?.index} and ${events[second]?.index}: which of them is it?`,
      );
    if (send !== undefined && send !== i) before[i]?.push(send);
  }
  return undefined;
}

function listedEdges(events: readonly OrderedBy[], before: number[][]): OrderFault | undefined {
  if (events.every(({ after }) => after === undefined)) return undefined;
  const bySeq = new Map<number, number[]>();
  for (const [i, { seq }] of events.entries())
    if (seq !== undefined) bySeq.set(seq, [...(bySeq.get(seq) ?? []), i]);
  for (const [i, { after }] of events.entries())
    for (const seq of after ?? []) {
      const [event, second] = bySeq.get(seq) ?? [];
      if (event === undefined) return contradiction(i, `it comes after ${seq}, which is the seq of no event`);
      if (second !== undefined)
        return contradiction(i, `it comes after ${seq}, which is the seq of several events`);
      before[i]?.push(event);
    }
  return undefined;
}

function contradiction(at: number, message: string): OrderFault {
  return { code: 'AUR319', message, at };
}
