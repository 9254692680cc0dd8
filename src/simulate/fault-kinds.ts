// The faults that there are: what each does to a node, what undoes it, and what it may be told. What faults do to messages
// stands in message-rules.ts. A new fault is a new entry, and no branch in the kernel.
import type { Fields, NodeId } from './data.js';
import { isCut } from './message-rules.js';
import { letUp, loseDevice, pause, restart, resume, takeDown, turnClock } from './nodes.js';
import { cutInFlight } from './transport.js';
import { BY_SCHEDULE, type Fault, type Kernel, nodeOf } from './world.js';

export interface FaultKind {
  readonly description: string;
  /** What it may be told, with what holds without it. */
  readonly parameters: Fields;
  /** Whether it has to name participants. Messages are hit without names too: then on all links. */
  readonly names: boolean;
  /** The fault that it ends, where that is all it does. */
  readonly ends?: string;
  /** To one of its nodes; whether that changed anything. */
  inject?(kernel: Kernel, node: NodeId, fault: Fault): boolean;
  /** Exactly what was injected to the node, and no more. */
  undo?(kernel: Kernel, node: NodeId, fault: Fault): void;
  /** To the network, when it begins; how many messages it hit. */
  begin?(kernel: Kernel, fault: Fault): number;
}

const CUT: Pick<FaultKind, 'begin'> = {
  begin: (kernel, fault) => {
    if (fault.parameters.in_flight !== 'drop') return 0;
    const { participants } = kernel.world;
    const isByzantine = (node: NodeId): boolean => nodeOf(kernel.world, node).view.byzantine;
    return cutInFlight(kernel, ends => isCut(fault, ends, { participants, isByzantine }));
  },
};

/** Half of the messages: enough to be felt, and what is sent again gets through. */
const RATE = { rate: 0.5 };

/** Parameters that have to be one of some words. */
export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  disk: ['kept', 'lost'],
  allow: ['byzantine', 'nobody'],
  in_flight: ['drop', 'deliver'],
};

export const FAULT_KINDS: Readonly<Record<string, FaultKind>> = {
  crash: {
    description:
      'the node goes down; undone, it comes back with its disk, or without it where `disk` is "lost"',
    parameters: { disk: 'kept' },
    names: true,
    inject: (kernel, node, fault) => takeDown(kernel, node, fault.id, fault.parameters.disk !== 'lost'),
    undo: (kernel, node, fault) => {
      letUp(kernel, node, fault.id);
    },
  },
  restart: {
    description:
      'the node comes back, whatever holds it down; one that is up goes down and comes back at once',
    parameters: { disk: 'kept' },
    names: true,
    inject: (kernel, node, fault) => {
      if (nodeOf(kernel.world, node).view.up)
        takeDown(kernel, node, BY_SCHEDULE, fault.parameters.disk !== 'lost');
      return restart(kernel, node);
    },
  },
  device_loss: {
    description: 'the node and all that it kept are gone for good; nothing undoes it',
    parameters: {},
    names: true,
    inject: (kernel, node, fault) => loseDevice(kernel, node, fault.id),
  },
  pause: {
    description: 'the node stands still, and what happens to it waits',
    parameters: {},
    names: true,
    inject: (kernel, node, fault) => pause(kernel, node, fault.id),
    undo: (kernel, node, fault) => resume(kernel, node, fault.id),
  },
  clock_skew: {
    description:
      'the clock of the node jumps `ms` ahead, or back where that is negative, and its timers with it',
    parameters: { ms: 500 },
    names: true,
    // Counts timers and not nodes: a clock by which nobody is waiting for anything has no effect.
    inject: (kernel, node, fault) => {
      fault.count += turnClock(kernel, node, Number(fault.parameters.ms));
      return false;
    },
    undo: (kernel, node, fault) => {
      fault.count += turnClock(kernel, node, -Number(fault.parameters.ms));
    },
  },
  eclipse: {
    ...CUT,
    names: true,
    description: 'only byzantine nodes reach the node, or nobody where `allow` is "nobody"',
    parameters: { allow: 'byzantine', in_flight: 'drop' },
  },
  disconnect: {
    ...CUT,
    names: true,
    description: 'the node reaches nobody and nobody reaches it',
    parameters: { in_flight: 'drop' },
  },
  partition: {
    ...CUT,
    names: false,
    description:
      'the `groups` do not reach one another; without them those that are named and the others, or two halves',
    parameters: { groups: [], one_way: false, in_flight: 'drop' },
  },
  drop: { description: 'messages are lost', parameters: RATE, names: false },
  duplicate: { description: 'messages arrive twice', parameters: RATE, names: false },
  reorder: { description: 'messages are held back until others overtook', parameters: RATE, names: false },
  corrupt: { description: 'messages are damaged', parameters: RATE, names: false },
  delay: { description: 'messages take `ms` longer', parameters: { ms: 500, rate: 1 }, names: false },
  resume: { description: 'ends pauses', parameters: {}, names: false, ends: 'pause' },
  reconnect: { description: 'ends disconnections', parameters: {}, names: false, ends: 'disconnect' },
  heal: { description: 'ends partitions', parameters: {}, names: false, ends: 'partition' },
};
