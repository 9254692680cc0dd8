// The refinement mapping of the journal. A packet of the spec is under way from the turn that sends it until its receiver
// has dealt with it: while it travels, and while it waits in the inbox. It is lost when the network loses it, when its
// receiver is past wanting it, or when the exchange is closed over it. Everything else the spec keeps is read from the
// states of the members; of the past, only what was signed and how often somebody crashed, lost or sent mischief.
import { InternalError, must } from '../../../util/assert.js';
import type { Data, Fields, NodeId } from '../../data.js';
import type { LocalAction } from '../../participant.js';
import type { Occurrence, Placement, Recorded, Message as Transmitted, View } from '../../protocol.js';
import { field, hashOfOp, type Op, opFrom, type SignedOp } from './operation.js';
import { idNamed, isPacket, LOST, nameOf, type Packet, SIGNED } from './packet.js';
import type { Setting } from './setting.js';
import { clockOf, type Member, type Message, type State, visibleTo } from './state.js';

/** A packet under way. */
type UnderWay = {
  readonly id: string;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly n: number;
  readonly packet: Packet;
  /** As it was sent. */
  readonly body: Message;
};

export type History = {
  readonly signed: readonly SignedOp[];
  readonly network: readonly UnderWay[];
  readonly mischief: number;
  readonly faults: number;
  /** The states of members as they were when they last crashed, by node. */
  readonly crashed: { readonly [node: string]: State };
};

type JournalView = View<Setting, State, History>;
type JournalRecord = Recorded<History>;
type Turned = Occurrence<Message> & { readonly kind: 'turn' };

export const EMPTY: History = { signed: [], network: [], mischief: 0, faults: 0, crashed: {} };

// ---- what happened ----

export function recordJournal(occurrence: Occurrence<Message>, view: JournalView): JournalRecord {
  const { history, setting } = view;
  switch (occurrence.kind) {
    case 'turn':
      return occurrence.emitted
        ? recordStep(occurrence, occurrence.emitted, view)
        : recordLearning(occurrence, view);
    case 'crash': {
      const { node } = occurrence;
      if (!setting.members.includes(node) || memberAt(view, node) === undefined) return { history };
      const state = must(view.nodes[node], 'a node').state;
      const crashed = { ...history.crashed, [node]: state };
      return {
        history: { ...history, crashed, faults: history.faults + 1 },
        step: { action: 'crash', params: { p: nameOf(view, node) } },
      };
    }
    case 'restart': {
      // One without its disk stays down for the spec.
      const isBack = memberAt(view, occurrence.node) !== undefined;
      return isBack
        ? { history, step: { action: 'restart', params: { p: nameOf(view, occurrence.node) } } }
        : { history };
    }
    case 'lost':
      return lose(
        history,
        history.network.find(({ id }) => id === occurrence.message.id),
      );
    case 'epoch':
      return { history };
  }
}

function recordStep({ node, sent }: Turned, step: LocalAction, view: JournalView): JournalRecord {
  const { history } = view;
  const { params } = step;
  const isDealtWith = ({ to, packet }: UnderWay): boolean => to === node && isPacket(params.m, packet);
  const network = [
    ...history.network.filter(each => !isDealtWith(each)),
    ...sent.flatMap(message => packetsOf(message, view)),
  ];
  switch (step.action) {
    case 'write':
    case 'remove': {
      const written = must(memberAt(view, node)?.journal.at(-1), 'what was written');
      return { history: { ...history, network, signed: withSigned(history, written) }, step };
    }
    case 'equivocate':
    case 'replay': {
      const [what] = sent.flatMap(({ body }) => (body.kind === 'data' ? [body.what] : []));
      const signed = withSigned(history, must(what, 'what was sent'));
      return { history: { ...history, network, mischief: history.mischief + 1, signed }, step };
    }
    case 'drop':
      return { history: { ...history, network, faults: history.faults + 1 }, step };
    default:
      return { history: { ...history, network }, step };
  }
}

/** A packet that came too late is lost, as is one over which its exchange was closed. */
function recordLearning({ node, received }: Turned, view: JournalView): JournalRecord {
  const { history } = view;
  if (received === undefined) return { history };
  const { id, signer, body } = received;
  const isKept = (packet: UnderWay): boolean => isInInbox(memberAt(view, node), packet);
  const gone = history.network.find(each => {
    if (each.id === id) return !isKept(each);
    const isOver = body.kind === 'close' || body.kind === 'closed' ? each.n === body.n : false;
    const kind = body.kind === 'close' ? 'Gossip' : 'Ack';
    return isOver && each.packet.kind === kind && each.from === signer && each.to === node && !isKept(each);
  });
  return lose(history, gone);
}

function lose(history: History, gone: UnderWay | undefined): JournalRecord {
  if (gone === undefined) return { history };
  const network = history.network.filter(each => each !== gone);
  return {
    history: { ...history, network, faults: history.faults + 1 },
    step: { action: 'drop', params: { m: gone.packet } },
  };
}

function isInInbox(member: Member | undefined, { from, n, body }: UnderWay): boolean {
  return member?.inbox.some(each => each.kind === body.kind && each.from === from && each.n === n) === true;
}

function packetsOf({ id, signer, to, body }: Transmitted<Message>, view: JournalView): UnderWay[] {
  if (body.kind !== 'data' && body.kind !== 'ack') return [];
  const ends = { from: nameOf(view, signer), to: nameOf(view, to) };
  const packet: Packet =
    body.kind === 'data'
      ? { kind: 'Gossip', ...ends, op: body.what.op }
      : { kind: 'Ack', ...ends, op: signedOp(view.history, body.hash) };
  return [{ id, from: signer, to, n: body.n, packet, body }];
}

function signedOp({ signed }: History, hash: string): Op {
  const found = signed.find(each => each.hash === hash);
  return must(found, 'an operation that somebody signed').op;
}

function withSigned({ signed }: History, what: SignedOp): History['signed'] {
  return signed.some(({ hash }) => hash === what.hash) ? signed : [...signed, what];
}

// ---- what the spec's state is ----

export function projectJournal(view: JournalView): Fields {
  const { setting, history } = view;
  const each = (of: (member: MemberFields) => Data): Fields =>
    Object.fromEntries(setting.members.map(id => [nameOf(view, id), of(fieldsAt(view, id))]));
  return {
    journal: each(({ disk }) => disk.journal),
    digests: each(({ disk }) => disk.digests),
    acked: each(({ disk }) => disk.acked),
    outbox: each(({ up, outbox }) => (up ? outbox : [])),
    visible: each(({ visible }) => visible),
    clock: each(({ clock }) => clock),
    status: each(({ up, disk }) => (up ? 'Up' : { tag: 'Down', value: disk })),
    network: history.network.map(({ packet }) => packet),
    signed: history.signed.map(({ op }) => op),
    mischief: history.mischief,
    faults: history.faults,
  };
}

type Projected = {
  readonly disk: { readonly journal: Data; readonly digests: Data; readonly acked: Data };
  readonly outbox: Data;
  readonly visible: Data;
  readonly clock: number;
};

type MemberFields = Projected & { readonly up: boolean };

function fieldsAt(view: JournalView, id: NodeId): MemberFields {
  const node = must(view.nodes[id], 'a node');
  const member = memberAt(view, id);
  if (member !== undefined) return { ...projectMember(member, view), up: node.up };
  // It has lost its disk: for the spec it is down, as it was when it crashed.
  const last = view.history.crashed[id];
  if (last?.role !== 'member') throw new InternalError(`member ${id} has no state`);
  return { ...projectMember(last, view), up: false };
}

/** States do not change: what one comes to is remembered. */
const remembered = new WeakMap<Member, Projected>();

function projectMember(member: Member, view: JournalView): Projected {
  const known = remembered.get(member);
  if (known !== undefined) return known;
  const opOf = (hash: string): Op => signedOp(view.history, hash);
  const entries = (lists: readonly (readonly string[])[]): Data =>
    lists.flatMap((hashes, peer) => hashes.map(hash => ({ peer: nameOf(view, peer), op: opOf(hash) })));
  const projected: Projected = {
    disk: {
      journal: member.journal.map(({ op }) => op),
      digests: member.digests.map(({ hash }) => opOf(hash)),
      acked: entries(member.acked),
    },
    outbox: entries(member.outbox),
    visible: visibleTo(member, view.setting.bug),
    clock: clockOf(member),
  };
  remembered.set(member, projected);
  return projected;
}

function memberAt({ nodes }: Pick<JournalView, 'nodes'>, id: NodeId): Member | undefined {
  const state = nodes[id]?.state;
  return state?.role === 'member' ? state : undefined;
}

// ---- where a step is taken ----

/** Where the bounds of the spec on faults and mischief are reached, there is nobody left who would take such a step. */
export function placeJournal(step: LocalAction, view: JournalView): Placement | undefined {
  const { action, params } = step;
  const { history, setting } = view;
  const hasFaults = history.faults < setting.maxFaults;
  switch (action) {
    case 'write':
    case 'remove':
    case 'compact':
      return actAt(view, params.p, step);
    case 'gossip': {
      const [p, q] = [params.p, field(params.e, 'peer')];
      const isBusy = history.network.some(({ packet: { kind, from, to } }) =>
        kind === 'Gossip' ? from === p && to === q : from === q && to === p,
      );
      return actAt(view, p, { action, params: { ...params, [LOST]: !isBusy } });
    }
    case 'accept':
    case 'ignore':
    case 'receiveAck':
      return actAt(view, field(params.m, 'to'), step);
    case 'equivocate':
    case 'replay': {
      if (history.mischief >= setting.maxMischief) return undefined;
      const isBusy = history.network.some(({ packet }) => packet.from === params.b);
      const op = opFrom(params.o);
      const what = op && history.signed.find(({ hash }) => hash === hashOfOp(op));
      const known = { ...params, [LOST]: !isBusy, ...(what && { [SIGNED]: what }) };
      return actAt(view, params.b, { action, params: known });
    }
    case 'crash':
      return hasFaults ? placeCrash(idNamed(view, params.p), view) : undefined;
    case 'restart': {
      const node = idNamed(view, params.p);
      return node === undefined ? undefined : { kind: 'restart', node };
    }
    case 'drop': {
      const packet = history.network.find(each => isPacket(params.m, each.packet));
      if (packet === undefined || !hasFaults) return undefined;
      const { from, to, body } = packet;
      return isInInbox(memberAt(view, to), packet)
        ? actAt(view, nameOf(view, to), step)
        : { kind: 'lose', from, to, body };
    }
    default:
      return undefined;
  }
}

function actAt(view: JournalView, name: Data | undefined, step: LocalAction): Placement | undefined {
  const node = idNamed(view, name);
  return node === undefined ? undefined : { kind: 'act', node, step };
}

/** Packets outlive their sender in the spec: a schedule's crash waits until they have got where they can. */
function placeCrash(node: NodeId | undefined, view: JournalView): Placement | undefined {
  const isTravelling = (packet: UnderWay): boolean =>
    packet.from === node &&
    view.nodes[packet.to]?.up === true &&
    !isInInbox(memberAt(view, packet.to), packet);
  const waits = view.setting.reliable && view.history.network.some(isTravelling);
  return node === undefined || waits ? undefined : { kind: 'crash', node };
}
