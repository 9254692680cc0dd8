// The lottery: which ticket a requester draws in an epoch. A signature of the requester over the epoch, which nobody else
// can make and which it cannot choose, is hashed with the number of the attempt; everybody can check the outcome. Two equal
// tickets must not be drawn, so each requester goes on until it has one of its own share of the urn.
// Source: the use of signatures in lotteries of Gilad and others, "Algorand", 2017.
import type { NodeId } from '../../data.js';
import { hashOf } from '../crypto.js';
import { isSignedBy, nameOf, type Signable, signedBy } from '../electorate.js';
import type { LockingSetting } from './setting.js';
import type { Ticket } from './state.js';

/** After so many attempts for each ticket in the urn a ticket counts as out of reach. */
const ATTEMPTS_PER_TICKET = 40;

/** The ticket that a requester draws in an epoch if nobody says which; null where none of the urn is its own. */
export function drawTicket(setting: LockingSetting, requester: NodeId, epoch: number): Ticket | null {
  const place = setting.requesters.indexOf(requester);
  const isOwn = (index: number): boolean => index % setting.requesters.length === place;
  if (place < 0 || !setting.tickets.some((_, index) => isOwn(index))) return null;
  return attempts(setting, requester, epoch, isOwn);
}

/** The proof for one ticket. */
export function drawThisTicket(
  setting: LockingSetting,
  requester: NodeId,
  epoch: number,
  ticket: number,
): Ticket | null {
  const wanted = setting.tickets.indexOf(ticket);
  return wanted < 0 ? null : attempts(setting, requester, epoch, index => index === wanted);
}

/** Whether the requester may have this ticket. */
export function isTicketOf(setting: LockingSetting, requester: NodeId, drawn: Ticket): boolean {
  const { epoch, attempt, proof, ticket } = drawn;
  if (!(attempt >= 0 && attempt < ATTEMPTS_PER_TICKET * setting.tickets.length)) return false;
  if (setting.tickets[indexOf(setting, proof, attempt)] !== ticket) return false;
  return isSignedBy(setting, requester, proof, ...ticketParts(setting, requester, epoch));
}

function attempts(
  setting: LockingSetting,
  requester: NodeId,
  epoch: number,
  fits: (index: number) => boolean,
): Ticket | null {
  const proof = signedBy(setting, requester, ...ticketParts(setting, requester, epoch));
  for (let attempt = 0; attempt < ATTEMPTS_PER_TICKET * setting.tickets.length; attempt++) {
    const index = indexOf(setting, proof, attempt);
    const ticket = setting.tickets[index];
    if (ticket !== undefined && fits(index)) return { epoch, ticket, attempt, proof };
  }
  return null;
}

function ticketParts(setting: LockingSetting, requester: NodeId, epoch: number): Signable {
  return ['lock ticket', nameOf(setting, requester), epoch];
}

/** The place of the ticket among all; 48 bits are spread so evenly over so few that nobody gains by it. */
function indexOf({ tickets }: LockingSetting, proof: string, attempt: number): number {
  return Number.parseInt(hashOf('lock ticket', proof, attempt).slice(0, 12), 16) % tickets.length;
}
