// What both halves of a member need: turns that save themselves, and who its peers are.
import type { NodeId } from '../../data.js';
import type { Context } from '../../participant.js';
import { type Link, patienceMs, timerOf } from './link.js';
import type { Setting } from './setting.js';
import type { JournalEffect, JournalTurn, Member } from './state.js';

export type JournalContext = Context<Setting>;
export type MemberTurn = JournalTurn<Member>;

/** Everything but the outbox goes to the disk with every turn, before anything is sent. */
export function saved(member: Member, ...effects: readonly JournalEffect[]): MemberTurn {
  const disk: Member = { ...member, outbox: member.outbox.map(() => []) };
  return { state: member, effects: [{ kind: 'persist', disk }, ...effects] };
}

/** As {@link saved}, for what is new. */
export function moved(
  member: Member,
  { epoch }: JournalContext,
  ...effects: readonly JournalEffect[]
): MemberTurn {
  return saved({ ...member, active: epoch }, ...effects);
}

export function accuse(who: NodeId, reason: string): JournalEffect {
  return { kind: 'accuse', who, reason };
}

export function waitFor(link: Link, peer: NodeId, { setting }: JournalContext): JournalEffect {
  return { kind: 'timer', name: timerOf(peer), ms: patienceMs(link, setting.patienceMs) };
}

export function peersOf({ setting, self }: JournalContext): readonly NodeId[] {
  return setting.members.filter(id => id !== self);
}
