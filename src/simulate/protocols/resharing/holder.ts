// A holder of the old key, of the new one, or of both. He deals his old share when the record says that it was asked for,
// checks what is dealt to him and complains where it does not fit, combines his new share from exactly the group that is
// on the record, and erases his old one once the new epoch is active. Everything that he promises is on his disk first.
// He believes the record and nobody else, and no message whose signer is not who it claims to come from.
import { must } from '../../../util/assert.js';
import type { Data, NodeId } from '../../data.js';
import type { Context, Effect, Happening, LocalAction, Turn } from '../../participant.js';
import { scalarFrom, scalarHex } from '../crypto.js';
import { groupKeyIn, storeGroupKey } from '../group-key.js';
import { publicShare } from '../secret-sharing.js';
import { stepInt } from '../setting-values.js';
import { commitmentTo, drawNonces, type SigningPackage, signPart } from '../threshold-signature.js';
import {
  type Dealing,
  FIRST_STATUS,
  type HolderState,
  positionOf,
  type ResharingMessage,
  type ResharingSetting,
  recordNode,
  type Status,
} from './data.js';
import { valueAt } from './setting.js';
import { combineSubShares, dealShare, openDealing, proofAbout } from './sub-shares.js';

type Ctx = Context<ResharingSetting>;
type HolderTurn = Turn<HolderState, ResharingMessage>;
type HolderEffect = Effect<ResharingMessage>;

/** Parameters of a holder's steps, such as `deal(p)`; the acts of `complain` and the adversary name another one too. */
type HolderStep = (state: HolderState, other: NodeId | undefined, ctx: Ctx) => HolderTurn | undefined;

export function startHolder(ctx: Ctx): HolderTurn {
  const { setting, self, vault } = ctx;
  const share = setting.old.includes(self)
    ? (valueAt(setting.oldShares, self) ?? groupKeyIn(vault)?.share ?? null)
    : null;
  return kept({ ...NOTHING, share });
}

export function restartHolder(disk: Data | undefined, ctx: Ctx): HolderTurn {
  if (!isHolder(disk)) {
    const finish: HolderEffect = { kind: 'finish', as: 'aborted', reason: 'lost its disk' };
    return { state: { ...NOTHING, passive: true }, effects: [finish] };
  }
  // Nonces that may have been used are never used again, and what may not have arrived is said again.
  const state: HolderState = { ...disk, signing: null };
  return { state, effects: [...outstanding(state, ctx), ...endings(state, ctx)] };
}

export function holderReceives(
  state: HolderState,
  happening: Happening<ResharingMessage>,
  ctx: Ctx,
): HolderTurn | undefined {
  if (state.passive) return undefined;
  if (happening.kind === 'epoch' && ctx.epoch >= ctx.setting.timeoutEpochs)
    return { state, effects: [...endings(state, ctx, true), { kind: 'finish', as: 'timeout' }] };
  if (happening.kind !== 'message') return undefined;
  const { from, signer, body } = happening;
  if (from !== signer)
    return { state, effects: [{ kind: 'accuse', who: signer, reason: 'sends under another name' }] };
  if (signer !== recordNode(ctx.setting)) return undefined;
  switch (body.kind) {
    case 'status':
      return hearStatus(state, body.status, ctx);
    case 'dealt':
      return hearDealing(state, body.dealing, ctx);
    case 'sign':
      return beginSigning(state, body, ctx);
    case 'package':
      return sign(state, body.session, body.pack, ctx);
    default:
      return undefined;
  }
}

export function holderReady(state: HolderState, ctx: Ctx): readonly LocalAction[] {
  const { setting, self } = ctx;
  if (state.passive) return [];
  const name = must(setting.names[self], 'the name of a holder');
  const steps: LocalAction[] = [];
  if (state.status.epoch === 0 && mayDeal(state)) steps.push({ action: 'deal', params: { p: name } });
  for (const dealer of accusable(state, ctx))
    steps.push({ action: 'complain', params: { q: name, p: must(setting.names[dealer], 'a dealer') } });
  if (mayCombine(state, setting)) steps.push({ action: 'combine', params: { q: name } });
  if (mayErase(state, ctx)) steps.push({ action: 'erase', params: { p: name } });
  return steps;
}

export function holderActs(state: HolderState, step: LocalAction, ctx: Ctx): HolderTurn | undefined {
  if (state.passive) return undefined;
  const { names } = ctx.setting;
  const { p, q } = step.params;
  const other = names.indexOf(String(step.action === 'complain' ? p : q));
  return STEPS[step.action]?.(state, other < 0 ? undefined : other, ctx);
}

const STEPS: Readonly<Record<string, HolderStep>> = {
  deal: (state, _, ctx) => (mayDeal(state) ? deal(state, ctx, dealing => dealing) : undefined),
  complain: (state, against, ctx) => {
    if (against === undefined || !accusable(state, ctx).includes(against)) return undefined;
    const next = { ...state, complained: [...state.complained, against] };
    return kept(next, [
      complaint(next, against, ctx),
      { kind: 'accuse', who: against, reason: 'deals what does not verify' },
    ]);
  },
  combine: (state, _, ctx) => combine(state, ctx),
  erase: (state, _, ctx) => erase(state, ctx),
  // The adversary's. It does not wait until it is asked for, and tries twice: the record refuses it then.
  dealInvalid: (state, victim, ctx) =>
    isByzantine(ctx) && victim !== undefined ? deal(state, ctx, spoil(victim)) : undefined,
  dealPartly: (state, victim, ctx) =>
    isByzantine(ctx) && victim !== undefined ? deal(state, ctx, leaveOut(victim)) : undefined,
};

/** What the adversary does to the sub-share of one holder: it no longer fits. */
function spoil(victim: NodeId): (dealing: Dealing) => Dealing {
  return dealing => ({
    ...dealing,
    boxes: dealing.boxes.map(box =>
      box.node === victim ? { ...box, value: scalarHex((scalarFrom(box.value) ?? 0n) + 1n) } : box,
    ),
  });
}

/** What the adversary does to the sub-share of one holder: it is not there. */
function leaveOut(victim: NodeId): (dealing: Dealing) => Dealing {
  return dealing => ({ ...dealing, boxes: dealing.boxes.filter(box => box.node !== victim) });
}

// ---- dealing and complaining ----

function mayDeal({ status, share, dealing }: HolderState): boolean {
  return status.requested && share !== null && dealing === null;
}

function deal(state: HolderState, ctx: Ctx, change: (dealing: Dealing) => Dealing): HolderTurn | undefined {
  const share = state.share === null ? undefined : scalarFrom(state.share);
  if (share === undefined) return undefined;
  const dealing = change(dealShare(ctx.setting, ctx.self, share, ctx.random('dealing')));
  return kept({ ...state, dealing }, [toRecord(ctx, { kind: 'dealing', dealing })]);
}

function hearDealing(state: HolderState, dealing: Dealing, ctx: Ctx): HolderTurn | undefined {
  if (!ctx.setting.new.includes(ctx.self)) return undefined;
  if (state.received.some(each => each.dealing.dealer === dealing.dealer)) return undefined;
  const value = openDealing(ctx.setting, dealing, ctx.self);
  return kept({ ...state, received: [...state.received, { dealing, value }] });
}

/** Dealers that have nothing good for it. The adversary keeps its complaints to itself. */
function accusable({ received, complained }: HolderState, ctx: Ctx): NodeId[] {
  if (isByzantine(ctx)) return [];
  return received
    .filter(({ value }) => value === null)
    .map(({ dealing }) => dealing.dealer)
    .filter(dealer => !complained.includes(dealer));
}

function complaint({ received }: HolderState, against: NodeId, ctx: Ctx): HolderEffect {
  const { dealing } = must(
    received.find(each => each.dealing.dealer === against),
    'the dealing of a complaint',
  );
  const shown = proofAbout(ctx.setting, dealing, ctx.self, ctx.random(`complaint ${against}`));
  return toRecord(ctx, { kind: 'complaint', against, shown });
}

// ---- combining and handing over ----

function mayCombine({ status, combined, received }: HolderState, { bug }: ResharingSetting): boolean {
  if (status.group.length === 0 || combined?.version === status.version) return false;
  if (combined !== null && bug === 'keeps_shares_of_former_group') return false;
  return status.group.every(dealer =>
    received.some(({ dealing, value }) => dealing.dealer === dealer && value !== null),
  );
}

function combine(state: HolderState, ctx: Ctx): HolderTurn | undefined {
  const { version, group } = state.status;
  const share = mayCombine(state, ctx.setting) ? combineSubShares(group, state.received) : undefined;
  if (share === undefined) return undefined;
  const next: HolderState = { ...state, combined: { version, dealers: group, ...share } };
  const effects: HolderEffect[] = [toRecord(ctx, { kind: 'ready', version }), ...endings(next, ctx)];
  return kept(next, effects);
}

function hearStatus(state: HolderState, status: Status, ctx: Ctx): HolderTurn | undefined {
  const known = state.status;
  if (status.number <= known.number) return undefined;
  // A share of a former group lies on another polynomial than the new ones: alone it looks as good, together it signs not.
  const keeps =
    state.combined?.version === status.version || ctx.setting.bug === 'keeps_shares_of_former_group';
  const next: HolderState = { ...state, status, combined: keeps ? state.combined : null };
  const accusations = status.excluded
    .filter(dealer => !known.excluded.includes(dealer) && dealer !== ctx.self)
    .map((who): HolderEffect => ({ kind: 'accuse', who, reason: 'is excluded on a proven complaint' }));
  return kept(next, [...accusations, ...endings(next, ctx)]);
}

function mayErase({ status, erased }: HolderState, ctx: Ctx): boolean {
  return status.epoch === 1 && ctx.setting.old.includes(ctx.self) && !erased && !isByzantine(ctx);
}

function erase(state: HolderState, ctx: Ctx): HolderTurn | undefined {
  if (!mayErase(state, ctx)) return undefined;
  const name = must(ctx.setting.names[ctx.self], 'the name of a holder');
  const next: HolderState = { ...state, share: null, dealing: null, erased: true };
  return kept(next, [
    { kind: 'emit', action: 'erase', params: { p: name } },
    { kind: 'store', key: 'key_share', value: '' },
    ...endings(next, ctx),
  ]);
}

/** What has to be done and said once the new epoch is active and its share is there; users' signatures may take longer. */
function endings(state: HolderState, ctx: Ctx, isLast = state.status.closed): HolderEffect[] {
  const { setting, self } = ctx;
  if (state.status.epoch !== 1) return [];
  const share = state.combined;
  const effects: HolderEffect[] = [];
  if (share !== null) {
    const verifyingShares = setting.names.map((_, node) =>
      setting.new.includes(node) ? (publicShare(share.commitments, positionOf(node)) ?? '') : '',
    );
    const { publicKey, newThreshold: threshold } = setting;
    effects.push(...storeGroupKey({ publicKey, threshold, share: share.value, verifyingShares }));
  }
  const mustErase = setting.old.includes(self) && !state.erased && !isByzantine(ctx);
  if (!isLast || mustErase || (setting.new.includes(self) && share === null && !isLeftOut(state)))
    return effects;
  const success = share !== null || !setting.new.includes(self);
  const reason = 'a dealer of the group left it without a share';
  effects.push(success ? { kind: 'finish', as: 'success' } : { kind: 'finish', as: 'aborted', reason });
  return effects;
}

/** The group is fixed for good, and one of it has nothing for this holder. */
function isLeftOut({ status, received }: HolderState): boolean {
  return received.some(({ dealing, value }) => value === null && status.group.includes(dealing.dealer));
}

// ---- signing ----

function beginSigning(
  state: HolderState,
  { session, epoch, quorum }: Extract<ResharingMessage, { kind: 'sign' }>,
  ctx: Ctx,
): HolderTurn | undefined {
  if (!quorum.includes(ctx.self) || (state.signing && state.signing.session >= session)) return undefined;
  if (shareOf(state, epoch) === undefined) return undefined;
  const nonces = drawNonces(ctx.random(`nonces ${session}`));
  const commitment = commitmentTo(positionOf(ctx.self), nonces);
  return kept({ ...state, signing: { session, epoch, quorum, nonces } }, [
    toRecord(ctx, { kind: 'nonces', session, commitment }),
  ]);
}

function sign(state: HolderState, session: number, pack: SigningPackage, ctx: Ctx): HolderTurn | undefined {
  const { signing } = state;
  if (stepInt(session) === undefined || signing?.session !== session || signing.nonces === null)
    return undefined;
  const share = shareOf(state, signing.epoch);
  if (share === undefined) return undefined;
  const part = signPart(pack, positionOf(ctx.self), signing.nonces, share);
  const next = { ...state, signing: { ...signing, nonces: null } };
  return kept(next, part === undefined ? [] : [toRecord(ctx, { kind: 'part', session, part })]);
}

function shareOf({ share, combined }: HolderState, epoch: 0 | 1): bigint | undefined {
  const value = epoch === 0 ? share : combined?.value;
  return value == null ? undefined : scalarFrom(value);
}

// ---- states and messages ----

const NOTHING: HolderState = {
  role: 'holder',
  share: null,
  status: FIRST_STATUS,
  dealing: null,
  received: [],
  combined: null,
  complained: [],
  erased: false,
  signing: null,
  passive: false,
};

/** What the record may not have heard of, because it was on its way when this holder went down. */
function outstanding(state: HolderState, ctx: Ctx): HolderEffect[] {
  const { dealing, combined, complained, status } = state;
  const effects: HolderEffect[] = complained.map(against => complaint(state, against, ctx));
  if (dealing !== null) effects.push(toRecord(ctx, { kind: 'dealing', dealing }));
  if (combined?.version === status.version)
    effects.push(toRecord(ctx, { kind: 'ready', version: combined.version }));
  return effects;
}

/** A turn whose state is on the disk before anything of it is seen. */
function kept(state: HolderState, effects: readonly HolderEffect[] = []): HolderTurn {
  return { state, effects: [{ kind: 'persist', disk: state }, ...effects] };
}

function toRecord(ctx: Ctx, body: ResharingMessage): HolderEffect {
  return { kind: 'send', to: recordNode(ctx.setting), body };
}

function isByzantine({ setting, self }: Ctx): boolean {
  return setting.byzantine.includes(self);
}

/** A disk of this protocol holds what a holder wrote, and nothing else writes to it. */
function isHolder(disk: Data | undefined): disk is HolderState {
  return typeof disk === 'object' && disk !== null && 'role' in disk && disk.role === 'holder';
}
