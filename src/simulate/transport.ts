// The network and the transport on top of it. The network delays, loses, doubles, damages; the transport sends again what
// has not arrived, with a pause that doubles, and gives each message to its node once. Datagrams go without the transport.
// It gives no node its turn: what has arrived is handed to the caller.
import { must } from '../util/assert.js';
import type { Data, NodeId } from './data.js';
import { drawLatency } from './latency.js';
import { type Ends, type Fate, MESSAGE_RULES } from './message-rules.js';
import type { Message } from './protocol.js';
import { occur, traceMessage } from './record.js';
import {
  drawsOf,
  type Fault,
  type Held,
  type Item,
  type Kernel,
  type Link,
  nodeOf,
  schedule,
  type Transmission,
  type World,
} from './world.js';

/** The pause before a message is sent again doubles so many times at most. */
const DOUBLINGS = 3;
const SHORTEST_PAUSE_MS = 50;
/** A message that is held back and that nothing overtakes arrives so much later. */
const HOLD_MS = 500;

/** Accepts a message for sending; it is under way from now on, and is sent by {@link launch}. */
export function accept(world: World, message: Omit<Message, 'id'>, datagram: boolean): Message {
  const { signer, to } = message;
  const link = linkOf(world, `${signer}>${to}`);
  const named = { ...message, id: `${signer}>${to}/${link.sent++}` };
  world.transmissions[named.id] = {
    message: named,
    datagram,
    attempts: 0,
    sentAt: world.time,
    copies: 0,
    delivered: false,
    voidBefore: 0,
  };
  world.underWay++;
  return named;
}

/** Sends what was accepted, `delayMs` from now. */
export function launch(kernel: Kernel, { id }: Message, delayMs: number): void {
  if (delayMs > 0) schedule(kernel.world, kernel.world.time + delayMs, { kind: 'attempt', message: id });
  else attempt(kernel, id);
}

/** Puts copies of a message on their way, as the faults let it. */
export function attempt(kernel: Kernel, id: string): void {
  const { world } = kernel;
  const sent = world.transmissions[id];
  if (sent === undefined || sent.delivered) return;
  if (sent.attempts === 0) traceMessage(kernel, 'send', sent.message);
  const label = `network/${id}/${sent.attempts++}`;
  sent.sentAt = world.time;
  const fate = fateOf(world, endsOf(sent.message), label);
  if (fate.lost) {
    traceMessage(kernel, 'drop', sent.message);
    fail(kernel, sent);
    return;
  }
  const draws = drawsOf(world, label);
  const damaged = fate.damaged ? { damaged: damage(textOf(sent), draws.real()) } : {};
  for (let copy = 0; copy < (fate.twice ? 2 : 1); copy++) {
    sent.copies++;
    const link = linkOf(world, linkName(sent.message));
    const arrives = throughput(world, link, sent) + drawLatency(world.network, draws) + fate.extraMs;
    const body = copy === 0 ? damaged : {};
    if (fate.heldBy !== undefined && copy === 0)
      hold(world, link, { message: id, fault: fate.heldBy, ...body }, arrives);
    else {
      schedule(world, arrives, { kind: 'arrive', message: id, ...body });
      overtake(world, link, arrives, id);
    }
  }
}

/** The message that an item brings to its receiver; undefined where it does not get there or was there before. */
export function arrive(kernel: Kernel, item: Item & { readonly kind: 'arrive' }): Message | undefined {
  const { world } = kernel;
  const sent = world.transmissions[item.message];
  if (sent === undefined || item.order < sent.voidBefore) return undefined;
  sent.copies--;
  const intact = item.damaged === undefined || checksum(item.damaged) === checksum(textOf(sent));
  if (!intact || !nodeOf(world, sent.message.to).view.up) {
    traceMessage(kernel, 'drop', sent.message);
    fail(kernel, sent);
    return undefined;
  }
  const again = sent.delivered;
  sent.delivered = true;
  if (sent.copies === 0) forget(world, sent);
  if (again) traceMessage(kernel, 'duplicate', sent.message);
  if (again && !sent.datagram) return undefined;
  if (!again) traceMessage(kernel, 'receive', sent.message);
  return sent.message;
}

/** A message that was held back is let go, unless that has happened. */
export function release(world: World, linkName: string, id: string): void {
  const link = linkOf(world, linkName);
  const held = link.held.find(({ message }) => message === id);
  if (held === undefined) return;
  link.held = link.held.filter(({ message }) => message !== id);
  arriveLate(world, held, world.time);
}

/** What a node that goes down has not got across is lost; its datagrams go on. */
export function loseSent(kernel: Kernel, sender: NodeId): void {
  for (const sent of Object.values(kernel.world.transmissions))
    if (sent.message.signer === sender && !sent.datagram) loseForGood(kernel, sent);
}

/** What can never arrive, since its receiver is gone for good. */
export function loseAddressed(kernel: Kernel, receiver: NodeId): void {
  for (const sent of Object.values(kernel.world.transmissions))
    if (sent.message.to === receiver) loseForGood(kernel, sent);
}

/** Loses the copies that are on their way where `across` says; gives their number. */
export function cutInFlight(kernel: Kernel, across: (ends: Ends) => boolean): number {
  const { world } = kernel;
  let count = 0;
  for (const sent of Object.values(world.transmissions)) {
    if (sent.copies === 0 || !across(endsOf(sent.message))) continue;
    count++;
    sent.copies = 0;
    sent.voidBefore = world.order;
    const link = linkOf(world, linkName(sent.message));
    link.held = link.held.filter(({ message }) => message !== sent.message.id);
    traceMessage(kernel, 'drop', sent.message);
    fail(kernel, sent);
  }
  return count;
}

/** Takes a message off the world. */
export function loseForGood(kernel: Kernel, sent: Transmission): void {
  forget(kernel.world, sent);
  if (!sent.delivered) occur(kernel, { kind: 'lost', message: sent.message });
}

function fateOf(world: World, ends: Ends, label: string): Fate {
  const fate: Fate = { lost: false, twice: false, damaged: false, heldBy: undefined, extraMs: 0 };
  if (isHealed(world, ends.from) && isHealed(world, ends.to)) return fate;
  const took: Fault[] = [];
  for (const fault of world.faults) {
    const rule = fault.phase === 'active' ? MESSAGE_RULES[fault.type] : undefined;
    if (rule === undefined) continue;
    const context = {
      participants: world.participants,
      isByzantine: (node: NodeId) => world.nodes[node]?.view.byzantine === true,
      draws: () => drawsOf(world, `${label}/${fault.type}#${fault.id}`),
    };
    if (!rule(fault, ends, fate, context)) continue;
    took.push(fault);
    if (fate.lost) break;
  }
  // What is lost was neither doubled nor damaged: there only the fault that lost it has had an effect.
  for (const fault of fate.lost ? took.slice(-1) : took) fault.count++;
  return fate;
}

/** Services stay as healthy as those that use them. */
function isHealed({ healed, participants }: World, node: NodeId): boolean {
  return healed.length > 0 && (node >= participants || healed.includes(node));
}

/** One copy has not got there. */
function fail(kernel: Kernel, sent: Transmission): void {
  const { world } = kernel;
  if (sent.copies > 0) return;
  if (sent.delivered) forget(world, sent);
  else if (sent.datagram || nodeOf(world, sent.message.to).lost) loseForGood(kernel, sent);
  else {
    const pause = pauseMs(world) * 2 ** Math.min(sent.attempts - 1, DOUBLINGS);
    schedule(world, sent.sentAt + pause, { kind: 'attempt', message: sent.message.id });
  }
}

function pauseMs({ network }: World): number {
  return Math.max(SHORTEST_PAUSE_MS, 2 * network.latency_range[1]);
}

function forget(world: World, sent: Transmission): void {
  delete world.transmissions[sent.message.id];
  world.underWay--;
}

/** When the last byte of it has left, ms: on a link of bounded bandwidth one message waits for the other. */
function throughput(world: World, link: Link, sent: Transmission): number {
  if (world.network.bandwidth === undefined) return world.time;
  const bytes = Buffer.byteLength(textOf(sent));
  link.freeAt = Math.max(world.time, link.freeAt) + (1000 * bytes) / world.network.bandwidth;
  return link.freeAt;
}

function hold(world: World, link: Link, held: Held, arrives: number): void {
  link.held.push(held);
  const { message } = must(world.transmissions[held.message], 'a message that is held');
  schedule(world, arrives + HOLD_MS, { kind: 'release', link: linkName(message), message: held.message });
}

/** What was held back comes as it was when it was held: damage does not mend. */
function arriveLate(world: World, { message, damaged }: Held, at: number): void {
  schedule(world, at, { kind: 'arrive', message, ...(damaged === undefined ? {} : { damaged }) });
}

/** What is held back on the link arrives right after the message that has now got ahead of it. */
function overtake(world: World, link: Link, arrives: number, id: string): void {
  const overtaken = link.held.filter(({ message }) => message !== id);
  if (overtaken.length === 0) return;
  link.held = link.held.filter(({ message }) => message === id);
  for (const held of overtaken) {
    must(world.faults[held.fault], 'the fault that holds a message').count++;
    arriveLate(world, held, arrives);
  }
}

function linkName({ signer, to }: Message): string {
  return `${signer}>${to}`;
}

/** Who really sends and who gets: what a message claims does not change its way. */
function endsOf({ signer, to }: Message): Ends {
  return { from: signer, to };
}

function linkOf(world: World, name: string): Link {
  world.links[name] ??= { sent: 0, freeAt: 0, held: [] };
  return world.links[name];
}

function textOf({ message }: Transmission): string {
  return JSON.stringify(message.body satisfies Data);
}

/** Changes one character; `where` is in [0, 1). */
function damage(text: string, where: number): string {
  const place = Math.floor(where * text.length);
  return text.slice(0, place) + String.fromCharCode(text.charCodeAt(place) ^ 1) + text.slice(place + 1);
}

/** FNV-1a over the characters, 32 bits. */
function checksum(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}
