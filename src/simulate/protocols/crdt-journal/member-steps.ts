// What a member does of itself: it deals with what has arrived, passes on what it owes, one operation at a time to each peer,
// compacts what all hold, and writes what its user wants. Each is a step of the spec.
import type { NodeId } from '../../data.js';
import type { LocalAction } from '../../participant.js';
import { deviceKey } from '../crypto.js';
import { closed, IDLE, isIdle, opened, timerOf } from './link.js';
import {
  accuse,
  type JournalContext,
  type MemberTurn,
  moved,
  peersOf,
  saved,
  waitFor,
} from './member-turn.js';
import {
  digestOf,
  field,
  hashOfOp,
  idFrom,
  type Op,
  opFrom,
  type SignedOp,
  sameId,
  signOp,
} from './operation.js';
import { idNamed, isPacket, LOST, nameOf, packetOf, sending } from './packet.js';
import {
  type Arrived,
  clockOf,
  type JournalEffect,
  knownTo,
  knows,
  type Member,
  visibleTo,
  withAt,
} from './state.js';

export function readyOfMember(member: Member, ctx: JournalContext): readonly LocalAction[] {
  const p = nameOf(ctx, ctx.self);
  const arrived = member.inbox.map(each => ({
    action: each.kind === 'ack' ? 'receiveAck' : knows(member, each.what.hash) ? 'ignore' : 'accept',
    params: { m: packetOf(each, ctx) },
  }));
  const gossip = peersOf(ctx).flatMap(peer => {
    const next = member.journal.find(({ hash }) => hash === member.outbox[peer]?.[0]);
    if (next === undefined || !isIdle(member.links[peer] ?? IDLE)) return [];
    return [{ action: 'gossip', params: { p, e: { peer: nameOf(ctx, peer), op: next.op } } }];
  });
  const compact = member.journal
    .filter(({ hash }) => isHeldByAll(member, hash, ctx))
    .map(({ op }) => ({ action: 'compact', params: { p, o: op } }));
  return [...arrived, ...gossip, ...compact, ...wishesOfUser(member, ctx)];
}

/** Users take their time: first the one writes, then the next. */
function wishesOfUser(member: Member, ctx: JournalContext): readonly LocalAction[] {
  const { setting, self, epoch } = ctx;
  const p = nameOf(ctx, self);
  const own = ownOps(member, ctx);
  const tombstones = own.filter(({ hides }) => hides !== null).length;
  const turn = setting.members.indexOf(self) + own.length;
  if (epoch < turn * setting.paceEpochs) return [];
  if (own.length - tombstones < (setting.writes[self] ?? 0)) return [{ action: 'write', params: { p } }];
  const visible = visibleTo(member, setting.bug);
  // Something of another one, if there is.
  const target = visible.find(({ author }) => author !== p) ?? visible[0];
  const mayRemove = tombstones < (setting.removes[self] ?? 0) && target !== undefined;
  return mayRemove ? [{ action: 'remove', params: { p, id: target } }] : [];
}

export function actOfMember(member: Member, step: LocalAction, ctx: JournalContext): MemberTurn | undefined {
  const { action, params } = step;
  switch (action) {
    case 'write':
      return append(member, step, { tag: 'Put', value: 'v' }, ctx);
    case 'remove': {
      const id = idFrom(params.id);
      const isShown = id !== undefined && visibleTo(member, ctx.setting.bug).some(each => sameId(each, id));
      return isShown ? append(member, step, { tag: 'Tombstone', value: id }, ctx) : undefined;
    }
    case 'gossip':
      return gossip(member, step, ctx);
    case 'compact': {
      const op = opFrom(params.o);
      return op && compact(member, step, hashOfOp(op), ctx);
    }
    default: {
      const arrived = member.inbox.find(each => isPacket(params.m, packetOf(each, ctx)));
      return arrived && dealWith(member, step, arrived, ctx);
    }
  }
}

function append(
  member: Member,
  { action, params }: LocalAction,
  body: Op['body'],
  ctx: JournalContext,
): MemberTurn | undefined {
  if (ownOps(member, ctx).length >= (ctx.setting.quotas[ctx.self] ?? 0)) return undefined;
  const author = nameOf(ctx, ctx.self);
  const what = signOp({ id: { author, stamp: clockOf(member) + 1 }, body }, deviceKey(author).secret);
  const outbox = owedToAll(member, what.hash, ctx);
  return moved({ ...member, journal: [...member.journal, what], outbox }, ctx, ...copies(what, ctx), {
    kind: 'emit',
    action,
    params,
  });
}

function gossip(
  member: Member,
  { action, params }: LocalAction,
  ctx: JournalContext,
): MemberTurn | undefined {
  const peer = idNamed(ctx, field(params.e, 'peer'));
  const op = opFrom(field(params.e, 'op'));
  const link = peer === undefined ? undefined : member.links[peer];
  if (op === undefined || peer === undefined || link === undefined) return undefined;
  if (!isIdle(link) && params[LOST] !== true) return undefined;
  const what = member.journal.find(({ hash }) => hash === hashOfOp(op));
  if (what === undefined || !member.outbox[peer]?.includes(what.hash)) return undefined;
  const next = opened(link, what);
  return saved(
    { ...member, links: withAt(member.links, peer, next) },
    sending(ctx, peer, { kind: 'data', n: next.n, what }),
    waitFor(next, peer, ctx),
    { kind: 'emit', action, params: { p: params.p ?? null, e: params.e ?? null } },
  );
}

function compact(
  member: Member,
  { action, params }: LocalAction,
  hash: string,
  ctx: JournalContext,
): MemberTurn | undefined {
  const found = member.journal.find(each => each.hash === hash);
  if (found === undefined || !isHeldByAll(member, hash, ctx)) return undefined;
  const journal = member.journal.filter(each => each !== found);
  const digests = [...member.digests.filter(each => each.hash !== hash), digestOf(found)];
  return moved({ ...member, journal, digests }, ctx, { kind: 'emit', action, params });
}

function dealWith(
  member: Member,
  { action, params }: LocalAction,
  arrived: Arrived,
  ctx: JournalContext,
): MemberTurn | undefined {
  const rest = { ...member, inbox: member.inbox.filter(each => each !== arrived) };
  const emit: JournalEffect = { kind: 'emit', action, params };
  const { from } = arrived;
  // Only a schedule asks for it: what was received is lost before it was looked at.
  if (action === 'drop')
    return saved(
      rest,
      ...(arrived.kind === 'ack' ? [waitFor(rest.links[from] ?? IDLE, from, ctx)] : []),
      emit,
    );
  if (arrived.kind === 'ack') {
    if (action !== 'receiveAck') return undefined;
    const links = withAt(rest.links, from, closed(rest.links[from] ?? IDLE));
    const done = holds({ ...rest, links }, from, arrived.what.hash);
    return moved(done, ctx, { kind: 'cancel', name: timerOf(from) }, emit);
  }
  const isNew = !knows(member, arrived.what.hash);
  if (action === 'accept' && isNew) return accept(rest, arrived, ctx, emit);
  // Planted: a digest is not looked at.
  const resurrects = ctx.setting.bug === 'forgets_digests' && !member.journal.some(isOf(arrived.what.hash));
  if (action === 'ignore' && resurrects)
    return accept(rest, arrived, ctx, { kind: 'emit', action: 'accept', params });
  if (action !== 'ignore' || isNew) return undefined;
  return moved(evidence(rest, arrived, ctx), ctx, answer(arrived, ctx), ...suspicion(arrived, ctx), emit);
}

function accept(
  rest: Member,
  arrived: Arrived & { readonly kind: 'data' },
  ctx: JournalContext,
  emit: JournalEffect,
): MemberTurn {
  const { what } = arrived;
  const { setting } = ctx;
  const outbox = owedToAll(rest, what.hash, ctx);
  const next = evidence({ ...rest, journal: [...rest.journal, what], outbox }, arrived, ctx);
  const author = setting.names.indexOf(what.op.id.author);
  const twice = knownTo(rest).some(({ id }) => sameId(id, what.op.id));
  const turn = moved(
    next,
    ctx,
    answer(arrived, ctx),
    ...suspicion(arrived, ctx),
    ...(twice ? [accuse(author, 'signed two operations under one id')] : []),
    ...(setting.devices.includes(author) ? copies(what, ctx, author) : []),
    emit,
  );
  // Planted: the answer goes out before the operation is on disk.
  if (setting.bug !== 'answers_before_disk') return turn;
  return { ...turn, effects: turn.effects.filter(({ kind }) => kind !== 'persist') };
}

/** The outbox with an operation that is new. */
function owedToAll({ outbox }: Member, hash: string, ctx: JournalContext): Member['outbox'] {
  const peers = peersOf(ctx);
  return outbox.map((owed, peer) => (peers.includes(peer) && !owed.includes(hash) ? [...owed, hash] : owed));
}

/** That a member sent an operation shows that it holds it. */
function evidence(member: Member, { from, what }: Arrived & { readonly kind: 'data' }, ctx: JournalContext) {
  return ctx.setting.members.includes(from) ? holds(member, from, what.hash) : member;
}

/** Peers wait for an acknowledgement; a device only for the end of the exchange. */
function answer({ from, n, what }: Arrived & { readonly kind: 'data' }, ctx: JournalContext): JournalEffect {
  const isPeer = ctx.setting.members.includes(from);
  return sending(ctx, from, isPeer ? { kind: 'ack', n, hash: what.hash } : { kind: 'closed', n });
}

/** A device that leaves has nothing to pass on but its own. */
function suspicion({ from, what }: Arrived & { readonly kind: 'data' }, { setting }: JournalContext) {
  const isOwn = setting.names[from] === what.op.id.author;
  return setting.devices.includes(from) && !isOwn ? [accuse(from, 'replays an operation of another')] : [];
}

/** A peer is now known to hold an operation, and is owed it no longer. */
function holds(member: Member, peer: NodeId, hash: string): Member {
  const known = member.acked[peer] ?? [];
  const owed = member.outbox[peer] ?? [];
  return {
    ...member,
    acked: known.includes(hash) ? member.acked : withAt(member.acked, peer, [...known, hash]),
    outbox: withAt(
      member.outbox,
      peer,
      owed.filter(each => each !== hash),
    ),
  };
}

/** Devices that leave may still read. */
function copies(what: SignedOp, { setting }: JournalContext, except?: NodeId): JournalEffect[] {
  return setting.devices
    .filter(device => device !== except)
    .map(to => ({ kind: 'send', to, body: { kind: 'copy', what } }));
}

function isHeldByAll(member: Member, hash: string, ctx: JournalContext): boolean {
  return peersOf(ctx).every(peer => member.acked[peer]?.includes(hash));
}

function ownOps(member: Member, ctx: JournalContext) {
  return knownTo(member).filter(({ id }) => id.author === nameOf(ctx, ctx.self));
}

function isOf(hash: string): (what: SignedOp) => boolean {
  return what => what.hash === hash;
}
