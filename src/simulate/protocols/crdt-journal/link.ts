// Stop and wait between two nodes, over datagrams that may be lost, late, doubled or out of order. An exchange has a number
// and one data datagram, which is never sent again. When no answer comes, its sender asks for it to be closed: the receiver
// then either still has it (and says nothing, it will answer) or promises never to take it any more. Only that, or the
// answer itself, ends the exchange. So nothing is ever sent while something is under way, with no assumption on delays.
// Watson's Delta-t (1981) knows by a clock that an old number is dead; here an answer says so.
import type { SignedOp } from './operation.js';

/** One direction towards a peer. All of it is on disk. */
export type Link = {
  /** The number of the last exchange, from 1; 0 for none. */
  readonly n: number;
  /** What is being sent, until the exchange is over. */
  readonly open: SignedOp | null;
  /** Times that it was asked to be closed. */
  readonly asked: number;
};

export const IDLE: Link = { n: 0, open: null, asked: 0 };

/** The pause before asking again doubles so many times at most. */
const DOUBLINGS = 2;

export function isIdle({ open }: Link): boolean {
  return open === null;
}

export function opened({ n }: Link, what: SignedOp): Link {
  return { n: n + 1, open: what, asked: 0 };
}

export function closed(link: Link): Link {
  return { ...link, open: null, asked: 0 };
}

export function askedOnce(link: Link): Link {
  return { ...link, asked: link.asked + 1 };
}

/** How long to wait for an answer, ms. */
export function patienceMs({ asked }: Link, firstMs: number): number {
  return firstMs * 2 ** Math.min(asked, DOUBLINGS);
}

/** The name of the timer of the link to a peer. */
export function timerOf(peer: number): string {
  return `${TIMER}${peer}`;
}

/** The peer that a timer is for; undefined for a timer of something else. */
export function peerOfTimer(name: string): number | undefined {
  return name.startsWith(TIMER) ? Number(name.slice(TIMER.length)) : undefined;
}

const TIMER = 'answer/';
