// A device on its way out of the group. It may write one operation more, which members pass on, and may read on, but
// nobody waits for it. Well behaved, it hands its operation to one member and is done; what a byzantine one does on top
// is in strategies.ts. Of several devices one sends at a time: they hand the turn round with each epoch.

import type { NodeId } from '../../data.js';
import type { Context, Happening, LocalAction } from '../../participant.js';
import { deviceKey } from '../crypto.js';
import { askedOnce, closed, IDLE, isIdle, opened, patienceMs, peerOfTimer, timerOf } from './link.js';
import { hashOfOp, isGenuine, type Op, opFrom, type SignedOp, signedFrom, signOp } from './operation.js';
import { idNamed, LOST, nameOf, SIGNED, sending } from './packet.js';
import type { Setting } from './setting.js';
import { type Device, type JournalEffect, type JournalTurn, type Message, withAt } from './state.js';

type JournalContext = Context<Setting>;
type DeviceTurn = JournalTurn<Device>;

export function startDevice({ setting, self }: JournalContext): DeviceTurn {
  const turn = setting.devices[0] === self;
  return saved({ role: 'device', links: setting.names.map(() => IDLE), heard: [], sent: 0, turn });
}

export function restartDevice(disk: Device, { setting }: JournalContext): DeviceTurn {
  const waiting = disk.links.flatMap((link, peer): JournalEffect[] =>
    isIdle(link) ? [] : [{ kind: 'timer', name: timerOf(peer), ms: patienceMs(link, setting.patienceMs) }],
  );
  return saved(disk, ...waiting);
}

export function tellDevice(device: Device, happening: Happening<Message>, ctx: JournalContext) {
  if (happening.kind === 'epoch') return passTurn(device, ctx);
  if (happening.kind === 'timer') return askToClose(device, peerOfTimer(happening.name), ctx);
  const { from, signer, body } = happening;
  if (from !== signer) return undefined;
  if (body.kind === 'turn')
    return ctx.setting.devices.includes(from) ? saved({ ...device, turn: true }) : undefined;
  if (body.kind === 'copy') return hear(device, body.what);
  const link = device.links[from];
  if (body.kind !== 'closed' || link === undefined || isIdle(link) || link.n !== body.n) return undefined;
  const links = withAt(device.links, from, closed(link));
  return saved({ ...device, links }, { kind: 'cancel', name: timerOf(from) });
}

function hear(device: Device, what: SignedOp): DeviceTurn | undefined {
  const isNew = !device.heard.some(({ hash }) => hash === what.hash);
  if (!isNew || !isGenuine(what, deviceKey(what.op.id.author).public)) return undefined;
  return saved({ ...device, heard: [...device.heard, what] });
}

function passTurn(device: Device, { setting, self }: JournalContext): DeviceTurn | undefined {
  const { devices } = setting;
  if (!device.turn || devices.length < 2 || !device.links.every(isIdle)) return undefined;
  const next = devices[(devices.indexOf(self) + 1) % devices.length] ?? self;
  return saved({ ...device, turn: false }, { kind: 'send', to: next, body: { kind: 'turn' } });
}

function askToClose(device: Device, peer: NodeId | undefined, ctx: JournalContext): DeviceTurn | undefined {
  const link = peer === undefined ? undefined : device.links[peer];
  if (peer === undefined || link === undefined || isIdle(link)) return undefined;
  const asked = askedOnce(link);
  return saved(
    { ...device, links: withAt(device.links, peer, asked) },
    sending(ctx, peer, { kind: 'close', n: link.n }),
    { kind: 'timer', name: timerOf(peer), ms: patienceMs(asked, ctx.setting.patienceMs) },
  );
}

/** Its one operation, to the first member. */
export function readyOfDevice(device: Device, ctx: JournalContext): readonly LocalAction[] {
  const [first] = ctx.setting.members;
  if (device.sent > 0 || first === undefined || !mayInject(device, ctx)) return [];
  return [showing(ctx, first, 'x')];
}

/** Whether it is its turn, nothing of its own is under way, and it has not done its share of all mischief. */
export function mayInject({ turn, links, sent }: Device, { setting }: JournalContext): boolean {
  return turn && links.every(isIdle) && sent < Math.floor(setting.maxMischief / setting.devices.length);
}

/** The step in which a device shows a member one of the operations that it signs under its first id. */
export function showing(ctx: JournalContext, member: NodeId, word: 'x' | 'y'): LocalAction {
  const b = nameOf(ctx, ctx.self);
  const o: Op = { id: { author: b, stamp: 1 }, body: { tag: 'Put', value: word } };
  return { action: 'equivocate', params: { b, p: nameOf(ctx, member), o } };
}

export function actOfDevice(device: Device, step: LocalAction, ctx: JournalContext): DeviceTurn | undefined {
  const { action, params } = step;
  const { setting, self } = ctx;
  const target = idNamed(ctx, params.p);
  const op = opFrom(params.o);
  const link = target === undefined ? undefined : device.links[target];
  if (op === undefined || target === undefined || link === undefined || !setting.members.includes(target))
    return undefined;
  if (!device.links.every(isIdle) && params[LOST] !== true) return undefined;
  const overheard = signedFrom(params[SIGNED]);
  const known = [...device.heard, ...(overheard ? [overheard] : [])].find(
    ({ hash }) => hash === hashOfOp(op),
  );
  const what =
    action === 'equivocate' ? forkOf(op, nameOf(ctx, self)) : action === 'replay' ? known : undefined;
  if (what === undefined) return undefined;
  const next = opened(link, what);
  const { b = null, p = null, o = null } = params;
  return saved(
    {
      ...device,
      links: device.links.map((each, peer) => (peer === target ? next : closed(each))),
      heard: device.heard.some(({ hash }) => hash === what.hash) ? device.heard : [...device.heard, what],
      sent: device.sent + 1,
    },
    sending(ctx, target, { kind: 'data', n: next.n, what }),
    { kind: 'timer', name: timerOf(target), ms: patienceMs(next, setting.patienceMs) },
    { kind: 'emit', action, params: { b, p, o } },
  );
}

function forkOf(op: Op, author: string): SignedOp | undefined {
  const isFork =
    op.id.author === author &&
    op.id.stamp === 1 &&
    op.body.tag === 'Put' &&
    (op.body.value === 'x' || op.body.value === 'y');
  return isFork ? signOp(op, deviceKey(author).secret) : undefined;
}

function saved(device: Device, ...effects: readonly JournalEffect[]): DeviceTurn {
  return { state: device, effects: [{ kind: 'persist', disk: device }, ...effects] };
}
