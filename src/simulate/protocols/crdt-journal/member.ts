// A member of the group as it learns: it keeps its state on disk, takes in what arrives, answers for exchanges, and sees when
// it is done. It trusts no message beyond what signatures prove. What it does of itself is in member-steps.ts.
import type { NodeId } from '../../data.js';
import type { Happening } from '../../participant.js';
import { deviceKey } from '../crypto.js';
import { askedOnce, closed, IDLE, isIdle, peerOfTimer, timerOf } from './link.js';
import {
  accuse,
  type JournalContext,
  type MemberTurn,
  moved,
  peersOf,
  saved,
  waitFor,
} from './member-turn.js';
import { hashOfOp, isGenuine, type SignedOp } from './operation.js';
import { sending } from './packet.js';
import type { Setting } from './setting.js';
import { type Arrived, knownTo, knows, type Member, type Message, withAt } from './state.js';

/** So long nothing may happen until a member takes it that all is done. */
const SETTLED_EPOCHS = 2;

export function startMember({ setting }: JournalContext): MemberTurn {
  const none = setting.names.map(() => []);
  return saved({
    role: 'member',
    journal: [],
    digests: [],
    acked: none,
    outbox: none,
    links: setting.names.map(() => IDLE),
    seen: setting.names.map(() => 0),
    inbox: [],
    active: 0,
    ended: false,
  });
}

/** Finds out from the disk what it owes; exchanges that were open still are. */
export function restartMember(disk: Member, ctx: JournalContext): MemberTurn {
  const outbox = disk.outbox.map((_, peer) =>
    peersOf(ctx).includes(peer) ? owedTo(disk, peer, ctx.setting.bug) : [],
  );
  const waiting = disk.links.flatMap((link, peer) => (isIdle(link) ? [] : [waitFor(link, peer, ctx)]));
  return saved({ ...disk, outbox }, ...waiting);
}

/** In the order of ids, which is that of stamps. */
function owedTo(member: Member, peer: NodeId, bug: string | null): string[] {
  const held = member.acked[peer] ?? [];
  const known = knownTo(member);
  const missing = known.filter(({ hash }) => !held.includes(hash));
  if (bug !== 'watermark') return missing.map(({ hash }) => hash);
  // Planted: what is older than the newest operation that the peer has is taken to be there as well.
  const newest = Math.max(0, ...known.filter(({ hash }) => held.includes(hash)).map(({ id }) => id.stamp));
  return missing.filter(({ id }) => id.stamp > newest).map(({ hash }) => hash);
}

// ---- what it learns ----

export function tellMember(member: Member, happening: Happening<Message>, ctx: JournalContext) {
  if (happening.kind === 'epoch') return look(member, ctx);
  if (happening.kind === 'timer') return askToClose(member, peerOfTimer(happening.name), ctx);
  const { from, signer, body } = happening;
  if (from !== signer) return accusing(member, signer, 'sends in the name of another');
  switch (body.kind) {
    case 'data':
      return takeIn(member, from, body, ctx);
    case 'ack': {
      const link = member.links[from] ?? IDLE;
      const { n, open } = link;
      if (n !== body.n || open === null || open.hash !== body.hash || hasAnswer(member, from))
        return undefined;
      return saved({ ...member, inbox: [...member.inbox, { kind: 'ack', from, n, what: open }] });
    }
    case 'close':
      return beClosed(member, from, body.n, ctx);
    case 'closed':
      return endExchange(member, from, body.n, ctx);
    default:
      return undefined;
  }
}

/**
 * It has finished when all that members want to write is with everybody and nothing has happened for a while; or when
 * nothing has happened for so long that some peer must be gone. What is owed to that one stays owed.
 */
function look(member: Member, { epoch, setting }: JournalContext): MemberTurn | undefined {
  const quiet = epoch - member.active;
  if (member.ended) return undefined;
  if (quiet >= SETTLED_EPOCHS && isComplete(member, setting))
    return saved({ ...member, ended: true }, { kind: 'finish', as: 'success' });
  if (quiet < setting.giveUpEpochs && epoch < setting.timeoutEpochs) return undefined;
  const reason = `nothing new for ${quiet} epochs`;
  return saved({ ...member, ended: true }, { kind: 'finish', as: 'timeout', reason });
}

function isComplete(member: Member, { names, members, writes, removes }: Setting): boolean {
  const isQuiet = member.journal.length === 0 && member.inbox.length === 0 && member.links.every(isIdle);
  const held = (author: string | undefined): number =>
    member.digests.filter(({ id }) => id.author === author).length;
  return isQuiet && members.every(id => held(names[id]) >= (writes[id] ?? 0) + (removes[id] ?? 0));
}

function takeIn(
  member: Member,
  from: NodeId,
  { n, what }: Message & { readonly kind: 'data' },
  ctx: JournalContext,
): MemberTurn | undefined {
  if (n <= (member.seen[from] ?? 0)) return undefined;
  const flaw = flawOf(member, from, what, ctx);
  if (flaw !== undefined) return accusing(member, from, flaw);
  const arrived: Arrived = { kind: 'data', from, n, what };
  return saved({ ...member, seen: withAt(member.seen, from, n), inbox: [...member.inbox, arrived] });
}

/** Why an operation is not taken from this sender. */
function flawOf(
  member: Member,
  from: NodeId,
  what: SignedOp,
  { setting }: JournalContext,
): string | undefined {
  const { names, members, devices } = setting;
  if (knows(member, what.hash) && what.hash === hashOfOp(what.op)) return undefined;
  const author = names.indexOf(what.op.id.author);
  if (!members.includes(author) && !devices.includes(author)) return 'brings an operation of a stranger';
  if (!isGenuine(what, deviceKey(what.op.id.author).public))
    return 'brings an operation whose signature does not verify';
  const { id, body } = what.op;
  if (devices.includes(author) && (id.stamp !== 1 || body.tag !== 'Put'))
    return 'writes more than a device that leaves may';
  if (body.tag === 'Tombstone' && body.value.stamp >= id.stamp) return 'hides what is newer';
  return members.includes(from) || devices.includes(from) ? undefined : 'takes no part';
}

/** It still has the exchange before it, and will answer; or else it will never take it any more. */
function beClosed(member: Member, from: NodeId, n: number, ctx: JournalContext): MemberTurn | undefined {
  if (member.inbox.some(each => each.kind === 'data' && each.from === from && each.n === n)) return undefined;
  const seen = Math.max(n, member.seen[from] ?? 0);
  return saved(
    { ...member, seen: withAt(member.seen, from, seen) },
    sending(ctx, from, { kind: 'closed', n }),
  );
}

function endExchange(member: Member, peer: NodeId, n: number, ctx: JournalContext): MemberTurn | undefined {
  const link = member.links[peer] ?? IDLE;
  if (isIdle(link) || link.n !== n || hasAnswer(member, peer)) return undefined;
  const links = withAt(member.links, peer, closed(link));
  return moved({ ...member, links }, ctx, { kind: 'cancel', name: timerOf(peer) });
}

function askToClose(member: Member, peer: NodeId | undefined, ctx: JournalContext): MemberTurn | undefined {
  const link = peer === undefined ? undefined : member.links[peer];
  if (peer === undefined || link === undefined || isIdle(link) || hasAnswer(member, peer)) return undefined;
  const asked = askedOnce(link);
  return saved(
    { ...member, links: withAt(member.links, peer, asked) },
    sending(ctx, peer, { kind: 'close', n: link.n }),
    waitFor(asked, peer, ctx),
  );
}

function hasAnswer({ inbox }: Member, from: NodeId): boolean {
  return inbox.some(each => each.kind === 'ack' && each.from === from);
}

function accusing(member: Member, who: NodeId, reason: string): MemberTurn {
  return { state: member, effects: [accuse(who, reason)] };
}
