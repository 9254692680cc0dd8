// What faults do to messages: rules that are tried in order, one after the other, on each message as it is sent. A rule
// reads the fault and the two ends, and changes the fate of the message; it sees nothing else of the world. Each fault
// draws from a stream of its own, so that one more fault does not shift what the others do.
import type { Random } from '../util/random.js';
import { type Data, isList, type NodeId } from './data.js';
import type { Fault } from './world.js';

/** What becomes of one attempt to send a message. */
export interface Fate {
  lost: boolean;
  twice: boolean;
  damaged: boolean;
  /** The fault that holds it back. */
  heldBy: number | undefined;
  /** On top of the latency. */
  extraMs: number;
}

export interface Ends {
  readonly from: NodeId;
  readonly to: NodeId;
}

/** What a rule may ask of the world. */
export interface RuleContext {
  readonly participants: number;
  isByzantine(node: NodeId): boolean;
  draws(): Random;
}

/** Changes the fate, and says whether it did so. */
export type MessageRule = (fault: Fault, ends: Ends, fate: Fate, context: RuleContext) => boolean;

const drop: MessageRule = (fault, ends, fate, context) => {
  if (!hits(fault, ends, context)) return false;
  fate.lost = true;
  return true;
};

const duplicate: MessageRule = (fault, ends, fate, context) => {
  if (!hits(fault, ends, context)) return false;
  fate.twice = true;
  return true;
};

const corrupt: MessageRule = (fault, ends, fate, context) => {
  if (!hits(fault, ends, context)) return false;
  fate.damaged = true;
  return true;
};

/** Counts when another one has overtaken it, not here. */
const reorder: MessageRule = (fault, ends, fate, context) => {
  if (fate.heldBy === undefined && hits(fault, ends, context)) fate.heldBy = fault.id;
  return false;
};

const delay: MessageRule = (fault, ends, fate, context) => {
  if (!hits(fault, ends, context)) return false;
  fate.extraMs += Number(fault.parameters.ms);
  return true;
};

const cut: MessageRule = (fault, ends, fate, context) => {
  if (!isCut(fault, ends, context)) return false;
  fate.lost = true;
  return true;
};

/** By type of fault; types that do nothing to messages are absent. */
export const MESSAGE_RULES: Readonly<Record<string, MessageRule>> = {
  drop,
  duplicate,
  corrupt,
  reorder,
  delay,
  partition: cut,
  eclipse: cut,
  disconnect: cut,
};

/** Whether the fault stops everything between the two. */
export function isCut(fault: Fault, ends: Ends, context: Omit<RuleContext, 'draws'>): boolean {
  const { participants, isByzantine } = context;
  switch (fault.type) {
    case 'partition':
      return isDivided(fault, ends, participants);
    case 'disconnect':
      return touches(fault, ends);
    case 'eclipse': {
      const { nodes } = fault;
      const other = nodes.includes(ends.from) ? ends.to : nodes.includes(ends.to) ? ends.from : undefined;
      if (other === undefined) return false;
      return fault.parameters.allow !== 'byzantine' || !isByzantine(other);
    }
    default:
      return false;
  }
}

function isDivided({ parameters }: Fault, { from, to }: Ends, participants: number): boolean {
  const { groups, one_way } = parameters;
  if (!isList(groups)) return false;
  const groupOf = (node: NodeId): number =>
    node < participants
      ? groups.findIndex(group => isList(group) && group.includes(node))
      : largestOf(groups);
  const [sender, receiver] = [groupOf(from), groupOf(to)];
  if (sender < 0 || receiver < 0 || sender === receiver) return false;
  return one_way !== true || sender < receiver;
}

/** Where services stand: with the largest group, the last of several. */
function largestOf(groups: readonly Data[]): number {
  const sizes = groups.map(group => (isList(group) ? group.length : 0));
  return sizes.lastIndexOf(Math.max(...sizes));
}

function hits(fault: Fault, ends: Ends, { draws }: RuleContext): boolean {
  if (!touches(fault, ends)) return false;
  const rate = Number(fault.parameters.rate);
  return rate >= 1 || (rate > 0 && draws().real() < rate);
}

/** Whether one of the two is among those that the fault names; without names it hits the whole network. */
function touches(fault: Fault, { from, to }: Ends): boolean {
  return fault.participants === undefined || fault.nodes.includes(from) || fault.nodes.includes(to);
}
