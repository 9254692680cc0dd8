// The world of a simulation: all that there is, as plain data, so that a checkpoint is this and nothing else. The
// functions of the kernel change it in place; what a protocol made (states, bodies, projections) is never changed, only
// replaced, so that protocols may remember things by identity.

import type { Timing } from '../../generated/scenario.js';
import type { ResolvedByzantine, ResolvedNetwork } from '../scenario/resolved.js';
import { must } from '../util/assert.js';
import { createDraws, type Random } from '../util/random.js';
import type { Data, Fields, NodeId } from './data.js';
import type { OnEffect } from './effect-report.js';
import type { Ending } from './participant.js';
import type { Message, NodeView, Protocol, View } from './protocol.js';
import { type Due, pushDue } from './queue.js';

/** Milliseconds that a node thinks before it takes a step by itself. */
export interface Think {
  readonly minMs: number;
  readonly maxMs: number;
}

export interface World {
  readonly seed: string;
  participants: number;
  readonly network: Pick<ResolvedNetwork, 'latency_range' | 'latency_distribution' | 'bandwidth'>;
  readonly timing: Required<Timing>;
  readonly byzantine: ResolvedByzantine;
  readonly think: Think;
  /** Virtual time, ms. */
  time: number;
  /** Items that were ever put into the queue. */
  order: number;
  readonly queue: Item[];
  /** The participants and then the services of the protocol. */
  nodes: Node[];
  readonly faults: Fault[];
  /** Participants that no fault hits any more. */
  healed: NodeId[];
  /** By `sender>receiver`; a link is there from its first message on. */
  links: Record<string, Link>;
  /** Messages under way by their ids. */
  transmissions: Record<string, Transmission>;
  underWay: number;
  /** Whether a schedule says what is done; otherwise nodes act by themselves and epochs pass. */
  scheduled: boolean;
  run: Run | null;
  /** Protocols that were begun. */
  runs: number;
  /** Trace events that were ever made, and those that nobody has taken yet. */
  events: number;
  out: SimulatedEvent[];
  readonly accusations: Accusation[];
  readonly endings: EndingOf[];
}

/** The protocol that runs. */
export interface Run {
  readonly protocol: string;
  readonly names: readonly string[];
  readonly setting: Data;
  readonly timeoutEpochs: number;
  history: Data;
  epoch: number;
  /** Steps of the spec so far. */
  steps: number;
  /** The state of the spec as it was told last. */
  projected: Fields;
  /** Honest participants that have not finished and are not gone for good. */
  open: number;
  /** Nodes that are not up. */
  down: number;
  /** Nodes that are about to take a step by themselves. */
  thinking: number;
}

export interface Node {
  view: NodeView;
  /** Its clock minus the virtual time, ms. */
  skew: number;
  /** The faults that hold it down; {@link BY_SCHEDULE} for a crash that a schedule asked for. */
  downBy: number[];
  pausedBy: number[];
  /** Its device is gone for good. */
  lost: boolean;
  /** Turns so far, over all protocols. */
  turns: number;
  thinking: boolean;
  thoughts: number;
  timersSet: number;
  /** Order of the queue's item for each timer that is set. */
  timers: Record<string, number>;
  /** What waits until it is no longer paused. */
  waiting: Item[];
  readonly strategies: PlayedStrategy[];
}

/** Stands for the schedule where a fault's number is expected. */
export const BY_SCHEDULE = -1;

export interface PlayedStrategy {
  readonly type: string;
  readonly parameters: Fields;
  memory: Data;
  active: boolean;
  count: number;
}

export interface Fault {
  readonly id: number;
  readonly type: string;
  /** Absent: the whole network. */
  readonly participants?: readonly NodeId[];
  readonly parameters: Fields;
  /** It begins once, and is never active again when it is over. */
  phase: 'waiting' | 'active' | 'over';
  /** The nodes that it holds, of those that it was injected to. */
  nodes: NodeId[];
  /** What it hit: nodes, messages or timers. */
  count: number;
}

export interface Link {
  /** Messages ever sent. */
  sent: number;
  /** When the last byte of those sent so far has left, ms. */
  freeAt: number;
  /** Held back until one that is sent later has got ahead. */
  held: Held[];
}

export interface Held {
  readonly message: string;
  /** The fault that holds it. */
  readonly fault: number;
  /** Its body, where it was damaged on its way. */
  readonly damaged?: string;
}

export interface Transmission {
  readonly message: Message;
  readonly datagram: boolean;
  attempts: number;
  /** When it was sent last. */
  sentAt: number;
  /** Copies that are on their way. */
  copies: number;
  delivered: boolean;
  /** What was put into the queue for it before this is void. */
  voidBefore: number;
}

export type Happens =
  | { readonly kind: 'arrive'; readonly message: string; readonly damaged?: string }
  | { readonly kind: 'attempt'; readonly message: string }
  | { readonly kind: 'release'; readonly link: string; readonly message: string }
  | { readonly kind: 'timer'; readonly node: NodeId; readonly name: string }
  | { readonly kind: 'epoch' }
  /** An epoch that a paused node has still to be told of. */
  | { readonly kind: 'notice'; readonly node: NodeId }
  | { readonly kind: 'think'; readonly node: NodeId }
  | { readonly kind: 'inject'; readonly fault: number }
  | { readonly kind: 'undo'; readonly fault: number };

export type Item = Due & Happens;

/** An event of the execution trace (docs/execution-trace.md). */
export type SimulatedEvent = {
  readonly seq: number;
  readonly time: number;
  readonly node?: string;
  readonly action?: string;
  readonly params?: Fields;
  readonly state?: Fields;
  readonly message?: {
    readonly id: string;
    readonly kind: 'send' | 'receive' | 'drop' | 'duplicate';
    readonly from: string;
    readonly to: string;
  };
  readonly fault?: Fields;
};

/** What one node says of another. Those of byzantine nodes are here as well. */
export interface Accusation {
  readonly time: number;
  /** Which of the protocols that were begun in the world, from 1: one protocol may run several times. */
  readonly run: number;
  readonly protocol: string;
  readonly by: NodeId;
  readonly who: NodeId;
  readonly reason: string;
}

export interface EndingOf {
  readonly time: number;
  readonly protocol: string;
  readonly node: NodeId;
  readonly as: Ending;
  readonly reason?: string;
}

/** A world with what gives it life; none of this is in a checkpoint. */
export interface Kernel {
  readonly world: World;
  readonly protocol: Protocol;
  readonly run: Run;
  /** Whether messages and faults are traced. */
  readonly verbose: boolean;
  readonly onEffect: OnEffect | undefined;
  /** What the mapping sees of each node, as the nodes have it. */
  readonly views: NodeView[];
}

export function nodeOf({ nodes }: World, id: NodeId): Node {
  return must(nodes[id], `node ${id}`);
}

/** Changes what the mapping sees of a node. Its keys keep their order, so that a restored world has the same text. */
export function changeNode({ world, views }: Kernel, id: NodeId, change: Partial<NodeView>): void {
  const node = nodeOf(world, id);
  const { state, disk, vault, up, byzantine, ending } = { ...node.view, ...change };
  node.view = { state, disk, vault, up, byzantine, ending };
  views[id] = node.view;
}

/** Good until the next thing happens: the list of its nodes is the kernel's own. */
export function viewOf({ run, views }: Kernel): View {
  return { setting: run.setting, nodes: views, epoch: run.epoch, history: run.history };
}

/** Puts something into the queue, not before now, and gives its order. Times are whole microseconds. */
export function schedule(world: World, at: number, happens: Happens): number {
  const order = world.order++;
  pushDue(world.queue, { at: Math.max(world.time, roundMs(at)), order, ...happens });
  return order;
}

export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** The stream of one draw of the world: a function of the seed and the label alone. */
export function drawsOf(world: World, label: string): Random {
  return createDraws(`${world.seed}/${label}`);
}
