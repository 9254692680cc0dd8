// Packets in the words of the spec, and names of nodes: what the steps of the journal have as parameters.
import type { Data, NodeId } from '../../data.js';
import { field, hashOfOp, type Op, opFrom } from './operation.js';
import type { Setting } from './setting.js';
import type { Arrived, JournalEffect, Message } from './state.js';

/** A packet as the spec has it: an operation, or the acknowledgement of one. */
export type Packet = {
  readonly kind: 'Gossip' | 'Ack';
  readonly from: string;
  readonly to: string;
  readonly op: Op;
};

export function nameOf({ setting }: { readonly setting: Setting }, id: NodeId): string {
  return setting.names[id] ?? '';
}

/** The participant of that name; undefined where there is none. */
export function idNamed(
  { setting }: { readonly setting: Setting },
  name: Data | undefined,
): NodeId | undefined {
  const id = typeof name === 'string' ? setting.names.indexOf(name) : -1;
  return id < 0 ? undefined : id;
}

/** What has arrived at a node. */
export function packetOf(
  { kind, from, what }: Arrived,
  ctx: { readonly setting: Setting; readonly self: NodeId },
): Packet {
  return {
    kind: kind === 'ack' ? 'Ack' : 'Gossip',
    from: nameOf(ctx, from),
    to: nameOf(ctx, ctx.self),
    op: what.op,
  };
}

/** Whether a step's parameter is the packet. */
export function isPacket(data: Data | undefined, { kind, from, to, op }: Packet): boolean {
  const given = field(data, 'kind');
  const other = opFrom(field(data, 'op'));
  return (
    (given === kind || field(given, 'tag') === kind) &&
    field(data, 'from') === from &&
    field(data, 'to') === to &&
    other !== undefined &&
    hashOfOp(other) === hashOfOp(op)
  );
}

/** A message, as a datagram or not. */
export function sending(
  { setting }: { readonly setting: Setting },
  to: NodeId,
  body: Message,
): JournalEffect {
  return setting.reliable ? { kind: 'send', to, body } : { kind: 'send', to, body, datagram: true };
}

/**
 * What a schedule's step has on top for a node: that nothing of it is under way any more, as a transport that sees to it
 * that packets arrive tells when it could not.
 */
export const LOST = 'nothingUnderWay';
/** On top of a replay: the operation as it was signed. The adversary reads everything. */
export const SIGNED = 'asSigned';
